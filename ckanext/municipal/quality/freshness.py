"""Whether a dataset changes as often as it says. Pure.

A promise is a frequency of the EU table with its interval (ISO 8601: ``P1M``, ``PT1H``). The date by which
the data should have changed is the last change and the interval, by the calendar; a tenth of the
interval, from one day to thirty, is grace. Days are counted from the date that was missed.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

_INTERVAL = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?)?")
_DAY = timedelta(days=1)
_GRACE_SHARE, _LEAST_GRACE, _MOST_GRACE = 10, 1, 30


class Fresh(StrEnum):
    """How a dataset stands with its promise."""

    ON_TIME = "on-time"
    LATE = "late"
    # Never, irregular, continuous, unknown, other: no date can be missed.
    NOT_APPLICABLE = "not-applicable"
    # No frequency is said at all.
    NO_PROMISE = "no-promise"


@dataclass(frozen=True, slots=True)
class Freshness:
    """The state, when the data changed last, by when it should change again, and days since then."""

    state: Fresh
    changed: date | None = None
    due: date | None = None
    days_late: int = 0


def freshness(interval: str | None, changed: datetime | date | None, today: date) -> Freshness:
    """Return how fresh a dataset is.

    ``interval`` is that of its frequency: "" of one without a date to miss, None where none is said.
    ``changed`` is the last change of the data, None where no change is known.
    """
    last = changed.date() if isinstance(changed, datetime) else changed
    if interval is None:
        return Freshness(Fresh.NO_PROMISE, last)
    if not interval or last is None:
        return Freshness(Fresh.NOT_APPLICABLE, last)
    due = after(last, interval)
    late = today > due + grace(last, due)
    days = (today - due).days if late else 0
    return Freshness(Fresh.LATE if late else Fresh.ON_TIME, last, due, days)


def after(day: date, interval: str) -> date:
    """Return the day an interval after another; less than a day is one, as changes are known by the day.

    A month later is the same day of the next month, or its last. Raises ValueError for what is no
    interval, or leads beyond the calendar.
    """
    found = _INTERVAL.fullmatch(interval)
    if not found or not any(found.groups()):
        raise ValueError(f"{interval!r} is no interval; write it like P1M or P7D.")
    years, months, weeks, days, hours = (int(part or 0) for part in found.groups())
    months += 12 * years
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise ValueError(f"{interval!r} after {day} is beyond the calendar.")
    last = calendar.monthrange(year, month + 1)[1]
    moved = date(year, month + 1, min(day.day, last))
    try:
        return moved + timedelta(days=7 * weeks + days + -(-hours // 24))
    except OverflowError as error:
        raise ValueError(f"{interval!r} after {day} is beyond the calendar.") from error


def grace(last: date, due: date) -> timedelta:
    """Return how long after its date a change is still on time."""
    tenth = (due - last).days // _GRACE_SHARE
    return _DAY * min(max(tenth, _LEAST_GRACE), _MOST_GRACE)


def latest(moments: Iterable[datetime | None]) -> datetime | None:
    """Return the last of the moments that are known."""
    return max((moment for moment in moments if moment), default=None)
