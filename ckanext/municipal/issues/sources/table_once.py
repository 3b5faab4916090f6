"""Each request of a table once: of several rows with one id, the one that was changed last."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from ckanext.municipal.issues.sources import table_rules as rules
from ckanext.municipal.issues.sources.table_fields import id_of, moment
from ckanext.municipal.issues.sources.table_rows import TableRow
from ckanext.municipal.quality.findings import Finding, Place

_CHANGED = ("updated", "closed", "acknowledged", "requested")
"""Of these fields the first that is filled tells when a row was changed."""

_ROWS_NAMED = 20


class Once:
    """Knows of all rows, after a first walk, which are taken; then gives them out in a second.

    Both walks go through the same rows in the same order. Of each id little is kept: the number
    of a row and when it was changed, as the source writes it.
    """

    def __init__(self, dates: str | Sequence[str], zone: ZoneInfo) -> None:
        self._dates, self._zone = dates, zone
        self._taken: dict[str, tuple[int, Any]] = {}
        self._repeated: Counter[str] = Counter()
        self._met: dict[str, list[Place]] = defaultdict(list)
        self._in_several_tables = 0

    def __len__(self) -> int:
        """Return how many requests there are."""
        return len(self._taken)

    def note(self, number: int, row: TableRow) -> None:
        """Look at a row in the first walk; ``number`` is its own among all rows."""
        id_ = id_of(row)
        if id_ is None:
            return
        changed = next((row.cells[name][0].value for name in _CHANGED if name in row.cells), None)
        if id_ in self._taken:
            self._repeated[id_] += 1
            if self._when(changed) < self._when(self._taken[id_][1]):
                return
        self._taken[id_] = (number, changed)

    def _when(self, changed: Any) -> float:
        found = moment(str(changed), self._dates, self._zone)
        return found.timestamp() if found else float("-inf")

    def takes(self, number: int, id_: str) -> bool:
        """Return whether a row is the one of its id that is taken."""
        return self._taken[id_][0] == number

    def met(self, row: TableRow, id_: str) -> list[Finding]:
        """Meet a row in the second walk; at the last row of an id, return in which rows it stands."""
        if id_ not in self._repeated:
            return []
        self._met[id_].append(row.place)
        if len(self._met[id_]) <= self._repeated[id_]:
            return []
        tables: dict[tuple[str, str], list[Place]] = defaultdict(list)
        for place in self._met.pop(id_):
            tables[place.file, place.sheet].append(place)
        self._in_several_tables += len(tables) > 1
        column = row.cells["id"][0].heading
        return [_twice(id_, column, places) for places in tables.values() if len(places) > 1]

    def last(self) -> list[Finding]:
        """Return what there is to say at the end of the second walk."""
        count = self._in_several_tables
        return [Finding(rules.IN_SEVERAL_TABLES, values={"count": count})] if count else []


def _twice(id_: str, column: str, places: Sequence[Place]) -> Finding:
    rows = ", ".join(str(place.row) for place in places[:_ROWS_NAMED])
    more = ", …" if len(places) > _ROWS_NAMED else ""
    return Finding(rules.TWICE, replace(places[-1], field=column), {"id": id_, "rows": rows + more})
