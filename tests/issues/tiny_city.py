"""A source in memory and rows made of it without rules: to test what does not depend on either."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from ckanext.municipal.harvest.report import Report
from ckanext.municipal.issues import tables
from ckanext.municipal.issues.request import Batch, SourceRequest, Step
from ckanext.municipal.quality.findings import Finding, Place, Rule, Severity

START = datetime(2024, 5, 1, 9, tzinfo=UTC)
UNREADABLE = Rule("tiny-unreadable", Severity.ERROR, "It cannot be read.", "Write it again.")


class Broken(Exception):
    """The connection to the source is gone."""


def request(number: int, **changes: Any) -> SourceRequest:
    """A request that nothing is special about; those of one ten lie in one cell."""
    when = START + timedelta(hours=number)
    said = {"id": f"{number:05}", "category": "lighting", "lat": float(number // 10), "long": 1.0}
    said |= {"requested": when, "updated": when, "steps": (Step(when, "open"),)}
    return SourceRequest(**{**said, **changes})


class City:
    """A list of requests, read some at a time; ``breaks_after`` so many batches, if it does."""

    def __init__(
        self, requests: Iterable[SourceRequest], *, size: int = 10, incremental: bool = True
    ) -> None:
        self.requests, self.size, self.incremental = list(requests), size, incremental
        self.withdrawn: tuple[str, ...] = ()
        self.present: tuple[str, ...] | None = None
        self.refused: list[SourceRequest] = []
        self.breaks_after: int | None = None
        self.read = 0

    def walk(self, cursor: Any = None) -> Iterator[Batch]:
        """Yield what comes after a cursor, a place in the list."""
        for number, at in enumerate(range(cursor or 0, len(self.requests), self.size)):
            if number == self.breaks_after:
                raise Broken
            some = tuple(self.requests[at : at + self.size])
            self.read += len(some)
            bad = [Finding(UNREADABLE, Place("list", row=at)) for _ in self.refused if not number]
            yield Batch(some, refused=tuple(bad), cursor=at + len(some), total=len(self.requests))
        if self.withdrawn or self.present is not None:
            yield Batch(withdrawn=self.withdrawn, present=self.present)


class PlainRows:
    """Rows that say what the source says."""

    def of(self, request: SourceRequest, _report: Report) -> tuple[tables.Row, list[tables.Row]]:
        """Return a row and its events; the cell is the whole degree of latitude."""
        category = request.category or "other"
        row: tables.Row = dict.fromkeys(tables.schema_of("requests").names)
        row |= {"id": request.id, "status": request.status or "open", "title": request.title}
        row |= {"category_code": category, "category_path": category, "cell": ""}
        row |= {"requested": request.requested, "updated": request.updated}
        row |= {"district": request.district}
        if request.lat is not None:
            row |= {"cell": f"c{request.lat:.0f}", "lat": Decimal(int(request.lat))}
            row |= {"long": Decimal(1)}
        events = [
            {"id": request.id, "sequence": at, "at": step.at, "to_status": "open", "told": "source"}
            for at, step in enumerate(request.steps, 1)
        ]
        return row, events

    def categories(
        self, requests: Iterable[tables.Row], _stored: Iterable[tables.Row]
    ) -> list[tables.Row]:
        """Return a row for each code."""
        names = {"name_el": "Α", "name_en": "A", "sensitive": False}
        return [{"code": code, **names} for code in sorted({r["category_code"] for r in requests})]

    def statistics(self, requests: Iterable[tables.Row]) -> list[tables.Row]:
        """Return one row: how many there are."""
        key = {"period": "", "category_code": "", "district": ""}
        return [{**key, "requested": sum(1 for _ in requests), "suppressed": False}]
