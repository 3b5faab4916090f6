"""Dates as Greek offices and files write them; moments always with their zone.

Day before month, always: no Greek office writes the month first, and guessing would make half of
the dates wrong in silence.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.greek import fold
from ckanext.municipal.lib.texts import N_

ATHENS = ZoneInfo("Europe/Athens")
GROUPS = ("year", "month", "day", "hour", "minute", "second")

_MONTHS = (
    ("ιαν", "γεν", "jan"), ("φεβ", "φλεβ", "feb"), ("μαρ", "mar"), ("απρ", "apr"),
    ("μαι", "μαη", "may"), ("ιουν", "jun"), ("ιουλ", "jul"), ("αυγ", "aug"),
    ("σεπ", "sep"), ("οκτ", "oct"), ("νοε", "nov"), ("δεκ", "dec"),
)  # fmt: skip
_ISO = r"(?P<year>\d{4})(?P<s>[-/.])(?P<month>\d{1,2})(?P=s)(?P<day>\d{1,2})"
_DAY_FIRST = r"(?P<day>\d{1,2})(?P<s>[-/.])(?P<month>\d{1,2})(?P=s)(?P<year>\d{4})"
_IN_WORDS = r"(?P<day>\d{1,2})(?:η|ησ)?\s+(?P<month>[^\W\d_]{3,12})\.?,?\s+(?P<year>\d{4})"
_CLOCK = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<half>π\.?\s?μ\.?|μ\.?\s?μ\.?|am|pm)?\s*(?P<offset>z|[+-]\d{2}:?\d{2})?"
)
_FORMS = tuple(
    re.compile(rf"{day}(?:(?:t|,?\s+){_CLOCK})?", re.ASCII if day != _IN_WORDS else 0)
    for day in (_ISO, _DAY_FIRST, _IN_WORDS)
)


class NotADate(ReadableError):
    """A cell or a file name that should hold a date holds something else."""


def day(text: str) -> date:
    """Return a date: ``2016-04-01``, ``1/4/2016``, ``01.04.2016``, ``1η Απριλίου 2016``.

    A time of day after it is read and dropped. Raises NotADate, for two-digit years as well.
    """
    groups = _groups(text)
    return _date(groups, text)


def moment(text: str, zone: ZoneInfo = ATHENS) -> datetime:
    """Return a moment with its zone: a date as `day` takes it, with or without a time.

    ``22:54``, ``22.54``, ``10:54 μ.μ.``, ``T22:54:00Z`` and ``+03:00`` are read; without an offset
    the time is that of ``zone``, without a time it is midnight. Raises NotADate.
    """
    return _moment(_groups(text), zone, text)


def from_groups(groups: Mapping[str, str | None], zone: ZoneInfo = ATHENS) -> datetime:
    """Return the moment that the named groups of a file-name pattern give.

    ``year`` is needed; ``month`` may be a number or a name. Without a month it is the last of the
    year, without a day the last of the month, for a file named after a period shows its end.
    Other groups are ignored. Raises NotADate.
    """
    parts = {name: groups.get(name) for name in GROUPS}
    shown = " ".join(f"{name}={value}" for name, value in parts.items() if value)
    if not parts["year"] or not re.fullmatch(r"[0-9]{4}", parts["year"]):
        raise _not_a_date(shown)
    parts["month"] = parts["month"] or "12"
    if not parts["day"]:
        month = _month(parts["month"])
        if not 1 <= month <= 12 or int(parts["year"]) < 1:
            raise _not_a_date(shown)
        parts["day"] = str(calendar.monthrange(int(parts["year"]), month)[1])
    return _moment(parts, zone, shown)


def _groups(text: str) -> dict[str, str | None]:
    folded = " ".join(fold(text).split())
    for form in _FORMS:
        if len(folded) <= 64 and (match := form.fullmatch(folded)):
            return match.groupdict()
    raise _not_a_date(text)


def _date(groups: Mapping[str, str | None], text: str) -> date:
    try:
        return date(
            int(groups["year"] or ""), _month(groups["month"] or ""), int(groups["day"] or "")
        )
    except ValueError:
        raise _not_a_date(text) from None


def _month(text: str) -> int:
    """Return the number of a month; 0 for a word that names none."""
    if text.isdecimal():
        return int(text)
    folded = fold(text)
    return next((i for i, names in enumerate(_MONTHS, 1) if folded.startswith(names)), 0)


def _moment(groups: Mapping[str, str | None], zone: ZoneInfo, text: str) -> datetime:
    try:
        clock = time(_hour(groups), int(groups["minute"] or 0), int(groups["second"] or 0))
        naive = datetime.combine(_date(groups, text), clock)
        if offset := groups.get("offset"):
            return datetime.fromisoformat(naive.isoformat() + offset.upper())
        # An hour that the change of clocks leaves out becomes the one an hour later.
        return naive.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    except (ValueError, OverflowError):
        raise _not_a_date(text) from None


def _hour(groups: Mapping[str, str | None]) -> int:
    hour, half = int(groups["hour"] or 0), groups.get("half")
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half.startswith(("μ", "pm")) else 0)


def _not_a_date(text: str) -> NotADate:
    return NotADate(
        N_("“{text}” is not a date. Write it as 2016-04-01 or 1/4/2016 (day, month, year)."),
        text=text if len(text) <= 40 else text[:39] + "…",
    )
