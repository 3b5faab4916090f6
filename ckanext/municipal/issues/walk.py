"""One reading of a source: its batches into the tables, and at its end what is made from all rows.

A batch and its cursor are one transaction: a process that is killed is resumed at the last batch
that is stored. Batches that change nothing write nothing, not even the cursor: to read them again
costs time only. Every step may be repeated.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ckanext.municipal.harvest import rules
from ckanext.municipal.harvest.report import Report
from ckanext.municipal.issues import model
from ckanext.municipal.issues.reading import COUNTS, Memory, Plan
from ckanext.municipal.issues.request import Batch, Reader, SourceRequest
from ckanext.municipal.issues.tables import Row, Tables
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Finding, Rule, Severity
from ckanext.municipal.store.transaction import Transaction, transaction

_KEYS_AT_A_TIME = 2_000
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
class Target:
    """Where a walk stores: the dataset's tables, the smallest group told, the mark of the reader."""

    tables: Tables
    k: int
    reader: str


class Walk:
    """Goes through a source once. ``changed`` tells whether any stored row is another one now."""

    def __init__(self, target: Target, plan: Plan, rows: Rows, report: Report) -> None:
        self.changed = False
        self.cursor = plan.cursor
        self._kept = False
        self._target, self._plan, self._rows, self._report = target, plan, rows, report
        self._tables = target.tables
        self._package_id = target.tables.package_id
        report.partial = not plan.whole
        self._counts = dict(plan.counts or dict.fromkeys(COUNTS, 0))
        self._recorded = plan.resumed
        self._seen = Seen(self._package_id, plan)
        self._present: set[str] | None = None

    def store(self, reader: Reader) -> None:
        """Read the source to its end and store what it gives."""
        for batch in reader.walk(self._plan.cursor):
            self._store(batch)
            if batch.present is not None:
                self._present = set(batch.present)
            self._report.progress(self._counts["read"], batch.total)

    def look(self, reader: Reader) -> None:
        """Read the source to its end and store nothing: what is wrong with it goes to the report."""
        for batch in reader.walk(self._plan.cursor):
            self._canonical(batch)
            self._report.progress(self._counts["read"], batch.total)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many requests were read, inserted, changed, withdrawn and refused."""
        return self._counts

    def _store(self, batch: Batch) -> None:
        rows, events = self._canonical(batch)
        self._seen.withdraw(batch.withdrawn)
        model.put_cells(self._package_id, rows.values())
        for id_, place in model.shown_places(self._package_id, self._target.k, list(rows)):
            rows[id_].update(place)
        gone = [id_ for id_ in batch.withdrawn if id_ not in rows]
        if batch.cursor is not None:
            self.cursor = batch.cursor
        stale = self._stale_events(rows, events, gone)
        with transaction(self._tables.lock) as tx:
            changes = self._merge(tx, "requests", rows.values(), [(id_,) for id_ in gone])
            self._counts["inserted"] += changes.inserted
            self._counts["changed"] += changes.updated
            self._counts["withdrawn"] += changes.deleted
            changed = bool(changes) | bool(self._merge(tx, "events", events, stale))
            if changed:
                self._seen.keep()
                self._record(tx, finished=False)
        self.changed |= changed
        if gone:
            model.forget_cells(self._package_id, gone)

    def _canonical(self, batch: Batch) -> tuple[dict[str, Row], list[Row]]:
        """The rows of a batch by id, and their events; findings go to the report."""
        self._counts["refused"] += len(batch.refused)
        for finding in batch.refused:
            self._report.quarantine(finding)
        for finding in batch.findings:
            self._report.finding(finding)
        rows: dict[str, Row] = {}
        events: dict[str, list[Row]] = {}
        for request in self._seen.new(batch.requests):
            self._counts["read"] += 1
            made = self._rows.of(request, self._report)
            if made is None:
                self._counts["refused"] += 1
                continue
            rows[request.id], events[request.id] = made
        return rows, [event for some in events.values() for event in some]

    def _stale_events(
        self, rows: Iterable[str], events: Iterable[Row], gone: Sequence[str]
    ) -> list[tuple[Any, ...]]:
        """The keys of stored events that their requests have no more."""
        now = {(event["id"], event["sequence"]) for event in events}
        return [key for key in self._event_keys([*rows, *gone]) if key not in now]

    def _event_keys(self, ids: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        key = self._tables.schema("events").key
        for start in range(0, len(ids), _KEYS_AT_A_TIME):
            some = {"id": ids[start : start + _KEYS_AT_A_TIME]}
            for row in self._tables.rows("events", fields=key, where=some):
                yield tuple(row[name] for name in key)

    def _merge(
        self, tx: Transaction, table: str, rows: Iterable[Row], delete: Iterable[Any] = ()
    ) -> Any:
        return tx.merge(self._tables.id(table), self._tables.schema(table), rows, delete)

    def _record(self, tx: Transaction, *, finished: bool) -> None:
        """Write where this reading is, in the transaction of what it stored."""
        cursor = None if self.cursor is None else json.dumps(self.cursor, ensure_ascii=False)
        row = {
            "read_at": self._plan.read_at,
            "whole": self._plan.whole,
            "finished": finished,
            **self._counts,
            "cursor": cursor,
            "reader": self._target.reader,
        }
        self._merge(tx, "readings", [row])
        self._recorded = True

    def finish(self, share: float, bad_rows: float = 1.0) -> None:
        """End the reading: remove what is gone, decide anew which places are told, make the figures.

        ``share`` of the stored requests (0 to 1) may be gone without a question; with more of them
        gone nothing is deleted, and the report asks. Where more than ``bad_rows`` (0 to 1) of what
        was read was refused, nothing is deleted either: what was not met may be what was refused.
        A reading that changed nothing writes nothing here.
        """
        gone = self._gone()
        self._kept = self._too_many_refused(bad_rows) or self._asks(gone, share)
        if self._kept:
            gone = []
        if gone or self._recorded or self._plan.dirty:
            self._conclude(gone)
        if self._plan.whole:
            self._seen.forget()

    def remembered(self) -> Memory:
        """Return what the ledger is to keep of this walk, once it is finished.

        One that left in place what seems to be gone is followed by a whole one.
        """
        whole = self._plan.read_at if self._plan.whole else self._plan.last_whole
        return Memory(self._target.reader, None if self._kept else whole, self.cursor)

    def _too_many_refused(self, bad_rows: float) -> bool:
        refused = self._counts["refused"]
        read = max(self._counts["read"], refused)
        if not self._plan.whole or self._present is not None or refused <= bad_rows * read:
            return False
        values = {"refused": refused, "share": f"{bad_rows * 100:g} %"}
        self._report.finding(Finding(TOO_MANY_REFUSED, values=values))
        return True

    def _gone(self) -> list[str]:
        """The stored requests that the source has no more, as far as this walk can tell.

        Where the source listed at the end what is there, that counts: a request that was met may
        have gone since, long since if the walk was resumed.
        """
        there = self._seen if self._present is None else self._present
        if not self._plan.whole and self._present is None:
            return []
        stored = self._tables.rows("requests", fields=("id",))
        return [row["id"] for row in stored if row["id"] not in there]

    def _asks(self, gone: Sequence[str], share: float) -> bool:
        if not gone or self._report.confirmed:
            return False
        stored = sum(1 for _ in self._tables.rows("requests", fields=("id",)))
        values = {"absent": len(gone), "known": stored}
        if not self._seen and not self._present:
            self._report.ask(Finding(rules.SOURCE_EMPTY, values=values), len(gone))
        elif len(gone) > max(1, share * stored):
            self._report.ask(Finding(rules.DELETIONS_HELD, values=values), len(gone))
        else:
            return False
        return True

    def _conclude(self, gone: Sequence[str]) -> None:
        model.forget_cells(self._package_id, gone)
        stale = list(self._event_keys(gone))
        with transaction(self._tables.lock) as tx:
            changes = self._merge(
                tx, "requests", self._replaced(set(gone)), [(id_,) for id_ in gone]
            )
            self._counts["withdrawn"] += changes.deleted
            self._merge(tx, "events", (), stale)
            stored = list(self._tables.rows("categories", tx))
            self._replace(tx, "categories", lambda rows: self._rows.categories(rows, stored))
            self._replace(tx, "statistics", self._rows.statistics)
            self._record(tx, finished=True)
        self.changed = True

    def _replace(
        self, tx: Transaction, table: str, made: Callable[[Iterable[Row]], Iterable[Row]]
    ) -> None:
        rows = list(made(self._tables.requests(tx)))
        tx.replace(self._tables.id(table), self._tables.schema(table), rows)

    def _replaced(self, gone: set[str]) -> Iterator[Row]:
        """The stored requests whose published place is another one now that all are there."""
        hidden = {"cell": "", "lat": None, "long": None, "address": None, "district": None}
        places = model.shown_places(self._package_id, self._target.k)
        id_, place = next(places, ("", hidden))
        for row in self._tables.requests():
            while id_ < row["id"]:
                id_, place = next(places, ("\U0010ffff", hidden))
            told = place if id_ == row["id"] else hidden
            if row["id"] not in gone and any(row[name] != told[name] for name in told):
                yield {**row, **told}


class Seen:
    """The ids that a walk has met, with the moment each was last changed.

    Kept in memory, and for whole walks in the database as soon as the walk has stored anything: a
    process that resumes the walk then knows what the one before it met.
    """

    def __init__(self, package_id: str, plan: Plan) -> None:
        self._package_id, self._plan = package_id, plan
        self._met: dict[str, float] = {}
        self._unkept: list[str] = []
        self._number = 0
        if plan.resumed and plan.whole and plan.cursor is not None:
            for number, ids in model.seen_ids(package_id, self._mark).items():
                self._number = max(self._number, number + 1)
                self._met.update(dict.fromkeys(ids, 0.0))

    @property
    def _mark(self) -> str:
        return str(self._plan.read_at.timestamp())

    def __contains__(self, id_: str) -> bool:
        return id_ in self._met

    def __len__(self) -> int:
        return len(self._met)

    def new(self, requests: Iterable[SourceRequest]) -> list[SourceRequest]:
        """Return the requests of a batch, each once: of those with one id the first, unless a later
        one was changed later. The same source gives the same requests at every walk."""
        found: dict[str, SourceRequest] = {}
        for request in requests:
            when = request.updated.timestamp() if request.updated else 0.0
            if request.id in self._met and when <= self._met[request.id]:
                continue
            if request.id not in self._met:
                self._unkept.append(request.id)
            self._met[request.id] = when
            found[request.id] = request
        return list(found.values())

    def withdraw(self, ids: Iterable[str]) -> None:
        """Forget ids that the source says are no longer public."""
        for id_ in ids:
            self._met.pop(id_, None)

    def keep(self) -> None:
        """Write what was met since the last time, so that the walk can be resumed after it."""
        if self._plan.whole and self._unkept:
            model.note_seen(self._package_id, self._mark, self._number, self._unkept)
            self._number += 1
            self._unkept = []

    def forget(self) -> None:
        """Remove what was kept."""
        model.forget_seen(self._package_id)
