"""The cells of a row -> our types, each empty with a finding if it is odd."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from ckanext.municipal.issues.sources import table_rules as rules
from ckanext.municipal.issues.sources.table_rows import Cell, TableRow
from ckanext.municipal.lib import dates
from ckanext.municipal.lib.markup import plain_text
from ckanext.municipal.quality.findings import Finding

LONGEST_ID = 200
_NO_DATE = re.compile(r"0000-00-00(?:[ T]00:00:00)?")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})(?![0-9])")
_ISO = re.compile(r"[0-9]{4}-")
_COUNT = re.compile(r"[0-9]{1,9}(?:[.,]0+)?")
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{0,40})?")
_LARGE = 10**30  # no number in a table of requests is; not a number is not below it either


def id_of(row: TableRow) -> str | None:
    """Return the number by which a request is known; None where there is none of use."""
    for cell in row.cells.get("id", ()):
        text = plain_text(_text(cell.value) or "")
        if text and len(text) <= LONGEST_ID:
            return text
    return None


class Fields:
    """The fields of one request. ``findings`` collects what was odd; ``id`` is how they name it."""

    def __init__(self, row: TableRow, id: str, dates: str | Sequence[str], zone: ZoneInfo) -> None:
        self.row, self.id = row, id
        self.findings: list[Finding] = []
        self._dates, self._zone = dates, zone

    def text(self, field: str) -> str | None:
        """Return text as people read it: without markup, None if there is none."""
        cell = self._cell(field)
        return self._said(cell) if cell else None

    def texts(self, field: str) -> tuple[str, ...]:
        """Return the texts of all columns of a field that have one."""
        said = (self._said(cell) for cell in self.row.cells.get(field, ()))
        return tuple(text for text in said if text)

    def moment(self, field: str) -> datetime | None:
        """Return a moment with its zone; zeros stand for none."""
        cell = self._cell(field)
        if cell is None:
            return None
        text = _text(cell.value)
        if text and _NO_DATE.fullmatch(text):
            return None
        found = moment(text, self._dates, self._zone)
        return self._odd(cell) if found is None else found

    def count(self, field: str) -> int | None:
        """Return a whole number, such as how many voted."""
        cell = self._cell(field)
        text = _text(cell.value) if cell else None
        if text and _COUNT.fullmatch(text):
            return int(re.split("[.,]", text)[0])
        return self._odd(cell) if cell else None

    def link(self, field: str) -> str | None:
        """Return the first web address in a cell; exports write several with something between."""
        cell = self._cell(field)
        text = self._said(cell) if cell else None
        found = re.search(r"https?://[^\s,;|]+", text, re.IGNORECASE) if text else None
        return found[0] if found else None

    def _cell(self, field: str) -> Cell | None:
        cells = self.row.cells.get(field)
        return cells[0] if cells else None

    def _said(self, cell: Cell) -> str | None:
        text = _text(cell.value)
        return self._odd(cell) if text is None else (plain_text(text) or None)

    def _odd(self, cell: Cell) -> None:
        place = replace(self.row.place, field=cell.heading)
        values = {"column": cell.heading, "id": self.id}
        self.findings.append(Finding(rules.FIELD_UNREADABLE, place, values))


def moment(text: str | None, dates_as: str | Sequence[str], zone: ZoneInfo) -> datetime | None:
    """Return a moment written as a source writes its dates (`Settings.dates`), or None."""
    try:
        found = _parsed(text or "", dates_as, zone)
    except (ValueError, OverflowError):
        return None
    # At the ends of the calendar another zone would be in no year at all.
    return found if MINYEAR < found.year < MAXYEAR else None


def _parsed(text: str, dates_as: str | Sequence[str], zone: ZoneInfo) -> datetime:
    if not isinstance(dates_as, str):
        return _by_pattern(text, dates_as, zone)
    if dates_as == "month_first":
        text = _MONTH_FIRST.sub(r"\4-\1-\3", text, count=1)
    elif dates_as == "iso" and not _ISO.match(text):
        raise ValueError(text)
    return dates.moment(text, zone)


def _by_pattern(text: str, patterns: Sequence[str], zone: ZoneInfo) -> datetime:
    for pattern in patterns:
        try:
            found = datetime.strptime(text, pattern)  # noqa: DTZ007 - it gets its zone below
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=zone)
    raise ValueError(text)


def coordinate(value: Any, decimal: str) -> float | None:
    """Return a coordinate, of whatever many digits, or None if it is no number.

    With ``decimal`` "auto" the last comma or point is the decimal mark, unless it occurs twice.
    """
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return float(value) if abs(value) < _LARGE else None
    if not isinstance(value, str):
        return None
    text = "".join(value.split()).replace("\u2212", "-")
    if decimal == "auto":
        last = max(",.", key=text.rfind)
        decimal = last if text.count(last) == 1 else ",."[last == ","]
    other = ",."[decimal == ","]
    text = text.replace(other, "").replace(decimal, ".")
    return float(text) if _NUMBER.fullmatch(text) else None


def _text(value: Any) -> str | None:
    """Return a cell as text without blanks around it; None for what is no single value."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(value) if abs(value) < _LARGE else None
    return None
