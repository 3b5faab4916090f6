"""The course of a request: from the steps and dates of the source to events, moments and durations.

A request begins open. It is acknowledged when it first leaves that state, and closed when it first
comes into a state that is an end, as long as it is in one. Where the source tells no step, events
follow from its dates. An order that cannot be (closed before it was made) leaves the days between
the two empty: none is ever negative. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from ckanext.municipal.issues.request import SourceRequest
from ckanext.municipal.issues.source import ENDED

OPEN, IN_PROGRESS, CLOSED = "open", "in_progress", "closed"
_YEARS = range(1900, 2201)
_DAY = timedelta(days=1)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock that moments are told by: a zone, and whether only the ``days`` are told."""

    zone: ZoneInfo
    days: bool = False

    def moment(self, at: datetime | None) -> datetime | None:
        """Return a moment to the second, or the beginning of its day; None for one that is odd."""
        if at is None or at.year not in _YEARS:
            return None
        at = at.astimezone(self.zone) if at.tzinfo else at.replace(tzinfo=self.zone)
        if self.days:
            return at.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        return at.replace(microsecond=0)

    def between(self, start: datetime | None, end: datetime | None) -> Decimal | None:
        """Return the days between two moments, with two decimals; None where one is missing or the
        second comes first. Days that are told alone are counted by the calendar."""
        if start is None or end is None:
            return None
        if self.days:
            passed = timedelta(days=(end.date() - start.date()).days)
        else:
            passed = timedelta(seconds=end.timestamp() - start.timestamp())
        return Decimal(passed / _DAY).quantize(_CENT) if passed >= timedelta() else None


@dataclass(frozen=True, slots=True)
class Event:
    """A change of status at a moment, in our words and the source's; ``derived`` from the dates."""

    at: datetime
    status: str
    raw: str | None = None
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """Where a request stands and how it got there: ``events`` in order of time, never one before
    another that comes first. ``acknowledged`` and ``closed`` as the module says."""

    status: str
    requested: datetime | None
    acknowledged: datetime | None
    closed: datetime | None
    events: tuple[Event, ...]


def course(
    request: SourceRequest, status: str | None, steps: Iterable[Event], clock: Clock
) -> Course:
    """Return the course of a request.

    ``status`` is what the source's status means, None where it is not known: then the last step
    tells, else the dates. ``steps`` are the steps of the source, their moments by the clock.
    """
    events = sorted(steps, key=lambda event: event.at.timestamp())
    requested, closed = clock.moment(request.requested), clock.moment(request.closed)
    acknowledged = clock.moment(request.acknowledged)
    now = status or (events[-1].status if events else _from_dates(acknowledged, closed))
    if requested and (
        not events or (events[0].status != OPEN and _is_before(requested, events[0].at))
    ):
        events.insert(0, Event(requested, OPEN, derived=True))
    if now != OPEN and not _first(events, _is_under_way):
        late = acknowledged and closed and _is_before(closed, acknowledged)
        _append(events, None if late else acknowledged, IN_PROGRESS)
    if now in ENDED and not _first(events, _is_end):
        _append(events, closed, now)
    return Course(
        status=now,
        requested=requested,
        acknowledged=_first(events, _is_under_way) or acknowledged,
        closed=(_first(events, _is_end) or closed) if now in ENDED else None,
        events=tuple(events),
    )


def rows(id_: str, events: Iterable[Event], clock: Clock) -> list[dict[str, Any]]:
    """Return the events of a request as rows of the table of events."""
    told = list(events)
    around = zip([None, *told], told, [*told[1:], None], strict=False)
    return [
        {
            "id": id_,
            "sequence": number,
            "at": event.at,
            "from_status": before.status if before else None,
            "to_status": event.status,
            "step_raw": event.raw,
            "days_in_step": clock.between(event.at, after.at) if after else None,
            "told": "derived" if event.derived else "source",
        }
        for number, (before, event, after) in enumerate(around, 1)
    ]


def _from_dates(acknowledged: datetime | None, closed: datetime | None) -> str:
    return CLOSED if closed else IN_PROGRESS if acknowledged else OPEN


def _is_before(one: datetime, other: datetime) -> bool:
    # Two moments of one zone are compared by what the clock shows, which goes back in October.
    return one.timestamp() < other.timestamp()


def _append(events: list[Event], at: datetime | None, status: str) -> None:
    """Add an event that follows from a date, unless it would come before one that is there."""
    if at and not (events and _is_before(at, events[-1].at)):
        events.append(Event(at, status, derived=True))


def _first(events: Iterable[Event], wanted: Callable[[Event], bool]) -> datetime | None:
    return next((event.at for event in events if wanted(event)), None)


def _is_under_way(event: Event) -> bool:
    return event.status != OPEN


def _is_end(event: Event) -> bool:
    return event.status in ENDED
