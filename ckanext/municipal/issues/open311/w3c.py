"""Dates and times as GeoReport v2 wants them: the W3C profile of ISO 8601, always with a zone.

https://www.w3.org/TR/NOTE-datetime
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from ckanext.municipal.issues.open311.errors import Fault
from ckanext.municipal.lib.texts import N_

_YEARS = range(1900, 2200)  # room for arithmetic on either side
_FORM = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:[Tt](?P<clock>\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(?P<zone>[Zz]|[+\- ]\d\d:?\d\d)?)?",
    re.ASCII,
)
_LAST_INSTANT = time(23, 59, 59, 999999)

_NO_DATE = N_(
    "{name}: {value} is not a date and time. Write it as 2026-01-31T08:00:00Z, or a day as 2026-01-31."
)
_NO_ZONE = N_("{name}: {value} has no time zone. Add Z for UTC, or an offset such as +02:00.")


def moment(name: str, text: str, zone: ZoneInfo | None, *, end: bool = False) -> datetime:
    """Return the moment that a parameter holds, with its offset.

    A day alone begins at midnight of ``zone``; as the ``end`` of a span it is the day's last
    instant. Without ``zone``, where it is not known yet, that comes without an offset. A ``+`` that
    came as a space, because the client did not escape it, is understood.
    Raises Fault naming the parameter.
    """
    fault = Fault(_NO_DATE, name=name, value=text[:40])
    found = _FORM.fullmatch(text)
    if not found or int(found["date"][:4]) not in _YEARS:
        raise fault
    try:
        if found["clock"] is None:
            return _day(found["date"], zone, end)
        if found["zone"] is None:
            raise Fault(_NO_ZONE, name=name, value=text[:40])
        offset = found["zone"].replace(" ", "+").replace("z", "Z")
        return datetime.fromisoformat(f"{found['date']}T{found['clock']}{offset}")
    except Fault:
        raise
    except ValueError:
        raise fault from None


def _day(date: str, zone: ZoneInfo | None, end: bool) -> datetime:
    day = datetime.strptime(date, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    return datetime.combine(day, _LAST_INSTANT if end else time.min, tzinfo=zone)


def written(value: datetime | None) -> str | None:
    """Return a moment as text with its offset, ``2026-01-31T08:00:00+02:00``."""
    return (
        None
        if value is None
        else (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    )


def clock_span(
    low: datetime | None, high: datetime | None, zone: ZoneInfo
) -> tuple[datetime | None, datetime | None]:
    """Return a span by the clock of ``zone``, without offset, as the tables keep their moments; a
    bound without offset is by that clock already.

    In the night when the clock goes back an hour is there twice; a bound within it takes in the
    whole of it, so that no row between the bounds is lost.
    """
    if low is not None and low.tzinfo:
        low = low.astimezone(zone)
        if _twice(low) and low.fold == 0:
            low = low.replace(minute=0, second=0, microsecond=0)
        low = low.replace(tzinfo=None, fold=0)
    if high is not None and high.tzinfo:
        high = high.astimezone(zone)
        if _twice(high) and high.fold == 1:
            high = high.replace(minute=59, second=59, microsecond=999999)
        high = high.replace(tzinfo=None, fold=0)
    return low, high


def _twice(value: datetime) -> bool:
    first, second = (value.replace(fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second
