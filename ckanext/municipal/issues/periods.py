"""Periods of the figures, years (``2026``) and months (``2026-03``), as days. Pure."""

from __future__ import annotations

import calendar
from datetime import date


def days_of(period: str) -> tuple[date, date]:
    """Return the first and the last day of a year or month."""
    year, _, month = period.partition("-")
    first, last = (int(month), int(month)) if month else (1, 12)
    _, length = calendar.monthrange(int(year), last)
    return date(int(year), first, 1), date(int(year), last, length)
