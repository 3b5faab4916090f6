"""Somebody who knows the counts that are told and how groups add up, and wants to know the others."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice, pairwise, product

Group = tuple[str, ...]
Paths = Mapping[str, tuple[str, ...]]
_PRIME = 2**61 - 1


class Attacker:
    """Knows the names of everything (``paths``: the way up from each of the finest), and ``told``."""

    def __init__(self, paths: Sequence[Paths], told: Mapping[Group, int]) -> None:
        self._paths, self._told = paths, told
        self.cells = list(product(*paths))
        self.groups: dict[Group, set[int]] = defaultdict(set)
        for number, cell in enumerate(self.cells):
            for group in product(*(way[name] for way, name in zip(paths, cell, strict=True))):
                self.groups[group].add(number)

    def bounds(self) -> dict[Group, tuple[float, float]]:
        """The least and the most that each group can hold, by sums and by parts never being negative,
        until nothing more follows."""
        low: dict[Group, float] = {group: self._told.get(group, 0) for group in self.groups}
        high = {group: self._told.get(group, float("inf")) for group in self.groups}
        sums = list(self._sums())
        changed = True
        while changed:
            changed = False
            for whole, parts in sums:
                least, most = sum(low[p] for p in parts), sum(high[p] for p in parts)
                changed |= _narrow(low, high, whole, least, most)
                for part in parts:
                    others = [p for p in parts if p != part]
                    rest_least = low[whole] - sum(high[p] for p in others)
                    rest_most = high[whole] - sum(low[p] for p in others)
                    changed |= _narrow(low, high, part, rest_least, rest_most)
        return {group: (low[group], high[group]) for group in self.groups}

    def _sums(self) -> Iterator[tuple[Group, list[Group]]]:
        for at, way in enumerate(self._paths):
            parts: dict[str, set[str]] = defaultdict(set)
            for path in way.values():
                for part, whole in pairwise(path):
                    parts[whole].add(part)
            for group in self.groups:
                if group[at] in parts:
                    yield (
                        group,
                        [(*group[:at], p, *group[at + 1 :]) for p in sorted(parts[group[at]])],
                    )

    def follows(self, group: Group) -> bool:
        """Whether a count is a sum of multiples of counts that are told, whatever these are."""
        return not any(self._reduced(self._row(group)))

    def _row(self, group: Group) -> list[int]:
        return [1 if number in self.groups[group] else 0 for number in range(len(self.cells))]

    def _reduced(self, row: list[int]) -> list[int]:
        if not hasattr(self, "_basis"):
            self._basis: list[tuple[int, list[int]]] = []
            for group in self._told:
                left = self._reduced(self._row(group))
                lead = next((at for at, value in enumerate(left) if value), None)
                if lead is not None:
                    inverse = pow(left[lead], -1, _PRIME)
                    self._basis.append((lead, [value * inverse % _PRIME for value in left]))
        for lead, known in self._basis:
            if factor := row[lead]:
                row = [(a - factor * b) % _PRIME for a, b in zip(row, known, strict=True)]
        return row

    def possible(self, groups: Collection[Group]) -> dict[Group, set[int]]:
        """Which counts each of some groups has in all the tables that there can be; of each the
        first two are enough, and some tables are tried by chance before all are in order."""
        found: dict[Group, set[int]] = {group: set() for group in groups}
        chance = random.Random(1)
        for tables in (*(islice(self._tables(chance), 1) for _ in range(200)), self._tables()):
            for table in tables:
                for group, numbers in found.items():
                    numbers.add(sum(table[cell] for cell in self.groups[group]))
                if all(len(numbers) > 1 for numbers in found.values()):
                    return found
        return found

    def _tables(self, chance: random.Random | None = None) -> Iterator[list[int]]:
        """Every table with the counts that are told: a number for each cell."""
        sums = [(self.groups[group], count) for group, count in self._told.items()]
        within = [
            [at for at, (group, _) in enumerate(sums) if n in group] for n in range(len(self.cells))
        ]
        last = [max(group) for group, _ in sums]
        left = [count for _, count in sums]
        table = [0] * len(self.cells)

        def fill(cell: int) -> Iterator[list[int]]:
            if cell == len(table):
                yield table
                return
            mine = within[cell]
            values = list(range(min((left[at] for at in mine), default=4) + 1))
            if chance:
                chance.shuffle(values)
            for value in values:
                if all(left[at] == value for at in mine if last[at] == cell):
                    table[cell] = value
                    for at in mine:
                        left[at] -= value
                    yield from fill(cell + 1)
                    for at in mine:
                        left[at] += value

        return fill(0)


def _narrow(
    low: dict[Group, float], high: dict[Group, float], group: Group, least: float, most: float
) -> bool:
    changed = least > low[group] or most < high[group]
    low[group], high[group] = max(low[group], least), min(high[group], most)
    return changed
