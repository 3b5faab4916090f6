"""Figures of requests, read from the table of statistics and from nowhere else.

That table tells no group smaller than the city allows, and leaves out what could be found by
subtracting. A figure counted from the rows of a filter would undo this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.municipal.issues.tables import Tables

_FIELDS = {
    "month": "period",
    "year": "period",
    "category": "category_code",
    "district": "district",
}
SERIES = tuple(_FIELDS)
COUNTS = ("requested", "closed", "solved", "open_at_end")
DAYS = ("median_days_to_acknowledge", "median_days_to_close", "mean_days_to_close")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Some requests: a period (year or month, "" for all time), a category with those below it
    ("" for all), a district ("" for the whole city)."""

    period: str = ""
    category: str = ""
    district: str = ""

    def key(self) -> dict[str, str]:
        """Return the key of the group's own row."""
        return {
            "period": self.period,
            "category_code": self.category,
            "district": self.district,
        }


@dataclass(frozen=True, slots=True)
class Told:
    """What the table tells of a group: its own figures (None where it is too small), and those of
    its parts by series. A count is None where it is not told."""

    total: Row | None
    series: Mapping[str, list[Row]]


def told(tables: Tables, group: Group, by: Iterable[str], k: int) -> Told:
    """Return the figures of a group and of its parts, one row a part that is told.

    ``by`` are some of `SERIES`. Months and years come oldest first; categories (all of the table,
    whatever the group's own) and districts the largest first.
    """
    fields = {name: _FIELDS[name] for name in by}
    rows = {field: _rows(tables, group, field, k) for field in set(fields.values())}
    some = next(iter(rows.values())) if rows else _rows(tables, group, "period", k)
    key = group.key()
    total = next((row for row in some if all(row[name] == key[name] for name in key)), None)
    return Told(total, {name: _part(rows[field], name, group) for name, field in fields.items()})


def guarded(row: Row, k: int) -> Row:
    """Return a row without counts below ``k``: the table has none, if it was made for the same
    ``k``."""
    small = {name: None for name in COUNTS if row[name] is not None and 0 < row[name] < k}
    return {**row, **small, "suppressed": True} if small else row


def _rows(tables: Tables, group: Group, field: str, k: int) -> list[Row]:
    """The rows that differ from the group in one field of the key only; its own is among them."""
    where = {name: value for name, value in group.key().items() if name != field}
    return [guarded(row, k) for row in tables.rows("statistics", where=where)]


def _part(rows: list[Row], name: str, group: Group) -> list[Row]:
    field = _FIELDS[name]
    if field == "period":
        length = len("2026-03" if name == "month" else "2026")
        return [r for r in rows if len(r[field]) == length and r[field].startswith(group.period)]
    return sorted(
        (row for row in rows if row[field]), key=lambda row: (-(row["requested"] or 0), row[field])
    )
