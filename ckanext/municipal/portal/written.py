"""Numbers, moments and names as the reader's language writes them: template helpers of every room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import ckan.plugins.toolkit as tk
from babel.dates import format_datetime
from babel.numbers import format_decimal, format_percent

BLANK = "–"
"""What stands where nothing is known, which is not zero."""


def municipal_percent(ratio: Decimal | None) -> str:
    """Return a ratio as a percentage with one decimal: ``16,9%``."""
    return BLANK if ratio is None else format_percent(ratio, "#,##0.0%", locale=tk.h.lang())


def municipal_number(value: Decimal | int | None) -> str:
    """Return a number without decimals that say nothing: ``1.234``, ``2,5``."""
    return BLANK if value is None else format_decimal(value, "#,##0.##", locale=tk.h.lang())


def municipal_width(ratio: Decimal | None) -> str:
    """Return a ratio as a length of a bar 100 long, never beyond it."""
    share = min(max(ratio or Decimal(0), Decimal(0)), Decimal(1))
    return f"{share * 100:.2f}"


def municipal_moment(text: str, *, time: bool = True) -> str:
    """Return a moment as the reader's language writes it: ``29 Απριλίου 2016, 22:54``."""
    pattern = "d MMMM y, HH:mm" if time else "d MMMM y"
    return format_datetime(datetime.fromisoformat(text), pattern, locale=tk.h.lang())


def municipal_instant(noted: datetime | str) -> str:
    """Return a moment that the portal itself noted, in its own time zone (``ckan.display_timezone``).

    A moment that says no zone is of UTC, as all are in CKAN's tables.
    """
    moment = datetime.fromisoformat(noted) if isinstance(noted, str) else noted
    zone = tk.h.get_display_timezone()
    offset = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone).utcoffset()
    pattern = "d MMMM y, HH:mm " + ("ZZZZ" if offset else "'UTC'")
    return format_datetime(moment, pattern, tzinfo=zone, locale=tk.h.lang())


def municipal_day(moment: datetime) -> str:
    """Return the day of a moment: ``29 Απριλίου 2016``."""
    return format_datetime(moment, "d MMMM y", locale=tk.h.lang())


def municipal_month(moment: datetime) -> str:
    """Return the month of a moment: ``Απρίλιος 2016``."""
    return format_datetime(moment, "LLLL y", locale=tk.h.lang())


def municipal_name(names: Mapping[str, str] | None) -> str:
    """Return a name in the reader's language, "" where there is none."""
    known = names or {}
    return known.get(tk.h.lang()) or known.get("en") or known.get("el") or ""
