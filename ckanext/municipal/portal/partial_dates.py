"""Dates that are known to the year, the month, the day or the second, as metadata has them. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime

_PARTS = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_GREEK = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as it is written (ISO 8601), with the first and the last day that it can mean."""

    text: str
    first: date
    last: date


def parse(text: str) -> PartialDate:
    """Read ``2016``, ``2016-04``, ``2016-04-01``, ``1/4/2016`` (day first) or an ISO date and time.

    Raises ValueError when it is none of these or the day does not exist.
    """
    text = text.strip()
    if match := _GREEK.fullmatch(text):
        day = date(int(match[3]), int(match[2]), int(match[1]))
        return PartialDate(day.isoformat(), day, day)
    if match := _PARTS.fullmatch(text):
        year, month, day_ = int(match[1]), match[2], match[3]
        first = date(year, int(month or 1), int(day_ or 1))
        if day_:
            return PartialDate(text, first, first)
        last_month = int(month or 12)
        last_day = calendar.monthrange(year, last_month)[1]
        return PartialDate(text, first, date(year, last_month, last_day))
    moment = datetime.fromisoformat(text)
    return PartialDate(moment.isoformat(), moment.date(), moment.date())
