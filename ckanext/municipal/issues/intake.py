"""What a source gives in one reading, a batch at a time as rows that may be stored, and what it no
longer gives. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ckanext.municipal.harvest import rules
from ckanext.municipal.harvest.report import Report
from ckanext.municipal.issues.reading import COUNTS, Plan
from ckanext.municipal.issues.request import Batch, Reader, SourceRequest
from ckanext.municipal.issues.seen import Seen
from ckanext.municipal.issues.tables import Row, Tables
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Finding, Rule, Severity

TOO_MANY_REFUSED = Rule(
    "issues-too-many-refused",
    Severity.ERROR,
    N_(
        "{refused} requests could not be read, more than {share} of all. None that seems to be"
        " gone was deleted."
    ),
    N_(
        "See the rows left out: the program may have been updated. What could be read is published;"
        " the next run reads everything again."
    ),
)


class Rows(Protocol):
    """Makes rows that may be stored of what a reader gives, and what is made from all rows."""

    def of(self, request: SourceRequest, report: Report) -> tuple[Row, list[Row]] | None:
        """Return a request's row and its events, None for one that cannot be used."""
        ...

    def categories(self, requests: Iterable[Row], stored: Iterable[Row]) -> Iterable[Row]:
        """Return the table of categories from the stored requests and the table as it is."""
        ...

    def statistics(self, requests: Iterable[Row]) -> Iterable[Row]:
        """Return the table of figures from the stored requests."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a batch: rows by id, with the place that each has by itself, their events, and
    the ids of requests that the source says are no longer public. ``cursor`` as in `Batch`."""

    rows: dict[str, Row]
    events: list[Row]
    withdrawn: list[str]
    cursor: Any


@dataclass(frozen=True, slots=True)
class Limits:
    """When a reading asks before it deletes: where more than ``share`` of the stored requests are
    gone; and when it deletes nothing: where more than ``bad_rows`` of what was read was refused,
    since what was not met may be what was refused. Both 0 to 1."""

    share: float
    bad_rows: float = 1.0


class Intake:
    """Reads a source once. ``counts`` says how many requests were read and refused, and leaves room
    for what whoever stores them counts."""

    def __init__(self, tables: Tables, plan: Plan, rows: Rows, report: Report) -> None:
        report.partial = not plan.whole
        self.counts = dict(plan.counts or dict.fromkeys(COUNTS, 0))
        self.seen = Seen(tables.package_id, plan)
        self._tables, self._plan, self._rows, self._report = tables, plan, rows, report
        self._present: set[str] | None = None

    def batches(self, reader: Reader) -> Iterator[Taken]:
        """Yield what the source gives to its end; what is wrong with it goes to the report."""
        for batch in reader.walk(self._plan.cursor):
            yield self._taken(batch)
            if batch.present is not None:
                self._present = set(batch.present)
            self._report.progress(self.counts["read"], batch.total)

    def gone(self, limits: Limits) -> list[str] | None:
        """Return the stored requests that the source has no more, as far as this walk can tell; None
        where they have to stay, and the report says why.

        Where the source listed at the end what is there, that counts: a request that was met may
        have gone since, long since if the walk was resumed.
        """
        if self._too_many_refused(limits.bad_rows):
            return None
        if not self._plan.whole and self._present is None:
            return []
        there = self.seen if self._present is None else self._present
        stored = [row["id"] for row in self._tables.rows("requests", fields=("id",))]
        gone = [id_ for id_ in stored if id_ not in there]
        return None if self._asks(gone, len(stored), limits.share) else gone

    def _taken(self, batch: Batch) -> Taken:
        self.counts["refused"] += len(batch.refused)
        for finding in batch.refused:
            self._report.quarantine(finding)
        for finding in batch.findings:
            self._report.finding(finding)
        rows: dict[str, Row] = {}
        events: dict[str, list[Row]] = {}
        for request in self.seen.new(batch.requests):
            self.counts["read"] += 1
            made = self._rows.of(request, self._report)
            if made is None:
                self.counts["refused"] += 1
                continue
            rows[request.id], events[request.id] = made
        self.seen.withdraw(batch.withdrawn)
        withdrawn = [id_ for id_ in batch.withdrawn if id_ not in rows]
        told = [event for some in events.values() for event in some]
        return Taken(rows, told, withdrawn, batch.cursor)

    def _too_many_refused(self, bad_rows: float) -> bool:
        refused = self.counts["refused"]
        read = max(self.counts["read"], refused)
        if not self._plan.whole or self._present is not None or refused <= bad_rows * read:
            return False
        values = {"refused": refused, "share": f"{bad_rows * 100:g} %"}
        self._report.finding(Finding(TOO_MANY_REFUSED, values=values))
        return True

    def _asks(self, gone: Sequence[str], stored: int, share: float) -> bool:
        if not gone or self._report.confirmed:
            return False
        values = {"absent": len(gone), "known": stored}
        if not self.seen and not self._present:
            self._report.ask(Finding(rules.SOURCE_EMPTY, values=values), len(gone))
        elif len(gone) > max(1, share * stored):
            self._report.ask(Finding(rules.DELETIONS_HELD, values=values), len(gone))
        else:
            return False
        return True
