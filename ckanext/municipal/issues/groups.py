"""Groups of requests, by number: there are hundreds of thousands, and each is looked up often. Pure.

Groups that name a period, a category and a district are as many as all others together, since there
is hardly more than one for each cell: they are counted only where somebody asks for them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

PERIOD, CATEGORY, DISTRICT, STATUS = range(4)
Group = tuple[str, str, str, str]
"""Period, category, district, status, each at some level; "" is all of them. As fine as can be, it
is a cell: a month, a category itself, a district, a status."""

Paths = Mapping[str, tuple[str, ...]]
"""The way up from a name, itself first: ``2024-03`` to ``("2024-03", "2024", "")``."""


class Groups:
    """The groups that requests are in: ``names`` and ``counts`` by number.

    ``cells`` are numbers of requests by cell, in order; ``paths`` the ways up from every name of
    the four, of every level.
    """

    def __init__(self, cells: Mapping[Group, int], paths: Sequence[Paths]) -> None:
        self.names: list[Group] = []
        self.counts: list[int] = []
        self._cells, self._paths = cells, paths
        self._numbers: dict[Group, int] = {}
        self._around: dict[Group, array[int]] = {}
        for cell, requests in cells.items():
            self._around[cell] = array("i")
            self._add(cell, requests, self._with_two_names(cell))

    def number(self, group: Group) -> int:
        """Return the number of a group, -1 for one that has no requests or was not counted."""
        return self._numbers.get(group, -1)

    def around(self, cell: Group) -> Iterable[int]:
        """Return the groups that a cell is part of, which have requests and were counted."""
        found = self._around.get(cell)
        if found is None:
            numbers = map(self._numbers.get, self.wider(cell))
            return [each for each in numbers if each is not None]
        return found

    def wider(self, group: Group) -> Iterator[Group]:
        """Yield every group that one is part of, itself first."""
        month, category, district, status = group
        periods, categories, districts, statuses = self._paths
        return product(periods[month], categories[category], districts[district], statuses[status])

    def count_with_three_names(self, cells: Iterable[Group]) -> None:
        """Count the groups around some cells that name period, category and district."""
        wanted = {group for cell in cells for group in self.wider(cell) if all(group[:STATUS])}
        if wanted:
            for cell, requests in self._cells.items():
                self._add(cell, requests, wanted.intersection(self.wider(cell)))

    def _add(self, cell: Group, requests: int, groups: Iterable[Group]) -> None:
        around = self._around[cell]
        for group in groups:
            number = self._numbers.setdefault(group, len(self.names))
            if number == len(self.names):
                self.names.append(group)
                self.counts.append(0)
            self.counts[number] += requests
            around.append(number)

    def _with_two_names(self, cell: Group) -> Iterator[Group]:
        return (group for group in self.wider(cell) if not all(group[:STATUS]))


def named(group: Group) -> int:
    """Return how many of period, category and district a group names."""
    return sum(1 for name in group[:STATUS] if name)


def renamed(group: Group, at: int, name: str) -> Group:
    """Return a group with another period, category, district or status."""
    changed = list(group)
    changed[at] = name
    return changed[0], changed[1], changed[2], changed[3]
