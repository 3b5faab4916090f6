"""Figures of requests, read from the table of statistics and from nowhere else.

That table tells no group smaller than the city allows, and leaves out what could be found by
subtracting. A figure counted from the rows of a filter would undo this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ckanext.municipal.issues import tables

SERIES = ("month", "year", "category", "district")
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


def total(package_id: str, group: Group, k: int) -> Row | None:
    """Return the figures of a group, None where it is too small to tell. See `series`."""
    where = {
        "period": group.period,
        "category_code": group.category,
        "district": group.district,
    }
    return next((guarded(row, k) for row in _rows(package_id, where)), None)


def series(package_id: str, by: str, group: Group, k: int) -> list[Row]:
    """Return the figures of the parts of a group, one row a part that is told.

    ``by`` is one of `SERIES`. Months and years come oldest first, categories (all of the table,
    whatever the group's own) and districts the largest first. A count is None where it is not told.
    """
    return _SERIES[by](package_id, group, k)


def guarded(row: Row, k: int) -> Row:
    """Return a row without counts below ``k``: the table has none, if it was made for the same
    ``k``."""
    small = {name: None for name in COUNTS if row[name] is not None and 0 < row[name] < k}
    return {**row, **small, "suppressed": True} if small else row


def _over_time(length: int) -> Callable[[str, Group, int], list[Row]]:
    def found(package_id: str, group: Group, k: int) -> list[Row]:
        where = {"category_code": group.category, "district": group.district}
        return [
            guarded(row, k)
            for row in _rows(package_id, where)
            if len(row["period"]) == length and row["period"].startswith(group.period)
        ]

    return found


def _parts(field: str) -> Callable[[str, Group, int], list[Row]]:
    def found(package_id: str, group: Group, k: int) -> list[Row]:
        where = {
            "period": group.period,
            "category_code": group.category,
            "district": group.district,
        }
        del where[field]
        rows = [guarded(row, k) for row in _rows(package_id, where) if row[field]]
        return sorted(rows, key=lambda row: (-(row["requested"] or 0), row[field]))

    return found


_SERIES = {
    "month": _over_time(len("2026-03")),
    "year": _over_time(len("2026")),
    "category": _parts("category_code"),
    "district": _parts("district"),
}


def _rows(package_id: str, where: dict[str, str]) -> list[Row]:
    return list(tables.rows(package_id, "statistics", where=where))
