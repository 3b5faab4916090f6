"""Other requests that a city could have had: how a few of them may be changed so that little shows.

Sums do not show it when two requests exchange something that they are, as long as the sums hold
both. Two of one month that exchange their districts change nothing that is told of the month, the
districts or their categories, but numbers of categories in districts; two others of the same
categories that exchange theirs back, in another month, undo even this. `suppression` asks for such
moves, from those that show least to those that always work. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product

from ckanext.municipal.issues.groups import (
    CATEGORY,
    DISTRICT,
    PERIOD,
    STATUS,
    Group,
    Paths,
    renamed,
)

_FEW, _SOME, _MANY = 3, 40, 150


@dataclass(frozen=True, slots=True)
class Move:
    """Some requests, one for each cell of ``before``, that could as well be in those of ``after``."""

    before: tuple[Group, ...]
    after: tuple[Group, ...]


class Alternatives:
    """Finds moves among the requests of a city, given by their cells in order.

    ``paths`` give the way up from every name; ``weight`` what it costs to leave out a count.
    """

    def __init__(
        self, cells: Iterable[Group], paths: Sequence[Paths], weight: Callable[[Group], int]
    ) -> None:
        self._paths, self._weight = paths, weight
        self._everything = [_everything(each) for each in paths]
        self._alike: dict[tuple[str | int, ...], list[Group]] = defaultdict(list)
        for cell in cells:
            year, above = self._above(PERIOD, cell), self._above(CATEGORY, cell)
            month, category, district, status = cell
            for key in (
                ("month", month),
                ("category", category),
                ("both", month, category),
                ("annual", year, category),
                ("valued", category, DISTRICT, district),
                ("valued", category, STATUS, status),
                ("near", district, status, year, above),
                ("year", district, status, year),
                ("above", district, status, above),
            ):
                self._alike[key].append(cell)

    def far(self, cell: Group) -> Iterator[Move]:
        """Yield moves that change the number of every group around each of their cells that names
        a period, a category and a district: no such group holds two of the cells."""
        yield from islice(self._double(DISTRICT, cell, far=True), _FEW)

    def exchanges(self, group: Group, cell: Group) -> Iterator[Move]:
        """Yield moves that change the number of a group by what a request of a cell in it exchanges
        with others: the city has as many of everything as before. Those that show least come first."""
        return self._that_change(group, self._exchanges_of(group, cell))

    def changes(self, group: Group, cell: Group) -> Iterator[Move]:
        """Yield moves that change the number of a group by making a request of a cell in it another
        one, in the end by leaving it out, which always changes it."""
        return self._that_change(group, self._changes_of(group, cell))

    def _that_change(self, group: Group, moves: Iterable[Move]) -> Iterator[Move]:
        for move in moves:
            before = sum(self._is_in(each, group) for each in move.before)
            if before != sum(self._is_in(each, group) for each in move.after):
                yield move

    def _exchanges_of(self, group: Group, cell: Group) -> Iterator[Move]:
        names = [at for at in (PERIOD, CATEGORY, DISTRICT) if group[at]]
        whole = self._is_whole(group, cell)
        if len(names) > 1:
            if not whole:
                yield from islice(self._double(STATUS, cell), _FEW)
            if DISTRICT in names:
                yield from islice(self._double(DISTRICT, cell), _FEW)
        if not whole:
            yield from islice(self._exchanged(STATUS, group, cell), _MANY)
        if len(names) > 1 and DISTRICT in names:
            yield from islice(self._exchanged(DISTRICT, group, cell), _SOME)
        if names == [PERIOD, CATEGORY]:
            yield from self._exchanged_categories(group, cell)

    def _changes_of(self, group: Group, cell: Group) -> Iterator[Move]:
        for at in (PERIOD, CATEGORY, DISTRICT):
            if group[at]:
                yield from islice(self._changed(at, group, cell), _SOME)
        if not self._is_whole(group, cell):
            yield from self._changed(STATUS, group, cell)
        yield Move((cell,), ())

    def _is_whole(self, group: Group, cell: Group) -> bool:
        """Whether requests of any status are in a group around a cell."""
        return group[STATUS] == self._paths[STATUS][cell[STATUS]][-1]

    def _double(self, at: int, cell: Group, *, far: bool = False) -> Iterator[Move]:
        """Exchange something with a request of another category in the same month, and exchange it
        back in another month between requests of the same two categories.

        ``far``: neither the months nor the categories have a name above them in common.
        """
        tries = 0
        for other in self._alike["month", cell[PERIOD]]:
            if other[at] == cell[at] or not self._differ(CATEGORY, cell, other, far=far):
                continue
            for third in self._alike["valued", cell[CATEGORY], at, other[at]]:
                if not self._differ(PERIOD, cell, third, far=far):
                    continue
                tries += 1
                if tries > 2 * _MANY:
                    return
                for fourth in self._alike.get(("both", third[PERIOD], other[CATEGORY]), ()):
                    if fourth[at] == cell[at]:
                        after = (*_exchange(at, cell, other), *_exchange(at, third, fourth))
                        yield Move((cell, other, third, fourth), after)
                        break

    def _exchanged(self, at: int, group: Group, cell: Group) -> Iterator[Move]:
        """Exchange district or status with a request of the same month or category."""
        month, category = cell[PERIOD], cell[CATEGORY]
        for other in chain(
            self._alike["both", month, category],
            self._alike["month", month],
            self._alike["annual", self._above(PERIOD, cell), category],
            self._alike["category", category],
        ):
            if other[at] != cell[at] and not self._is_in(other, group):
                yield Move((cell, other), _exchange(at, cell, other))

    def _exchanged_categories(self, group: Group, cell: Group) -> Iterator[Move]:
        """Exchange categories with a request of another month, of the same district and status: the
        one of some that costs least."""
        best: Group | None = None
        least = 0
        for other in islice(self._near(group, cell), _MANY):
            changed = product(self._apart(PERIOD, cell, other), self._apart(CATEGORY, cell, other))
            whole = self._paths[STATUS][cell[STATUS]][-1]
            cost = sum(self._weight((period, category, "", whole)) for period, category in changed)
            if best is None or cost < least:
                best, least = other, cost
            if not cost:
                break
        if best:
            yield Move((cell, best), _exchange(CATEGORY, cell, best))

    def _near(self, group: Group, cell: Group) -> Iterator[Group]:
        year, above = self._above(PERIOD, cell), self._above(CATEGORY, cell)
        _, _, district, status = cell
        for other in chain(
            self._alike["near", district, status, year, above],
            self._alike["year", district, status, year],
            self._alike["above", district, status, above],
        ):
            if not any(self._is_below(at, other, group) for at in (PERIOD, CATEGORY)):
                yield other

    def _changed(self, at: int, group: Group, cell: Group) -> Iterator[Move]:
        """Make another month, category, district or status of a request's, the nearest first."""
        own = set(self._paths[at][cell[at]])
        inner = {name for path in self._paths[at].values() for name in path[1:]}
        finest = (path for name, path in self._paths[at].items() if name not in inner)
        for path in sorted(finest, key=lambda path: (-len(own.intersection(path)), path)):
            if group[at] not in path:
                yield Move((cell,), (renamed(cell, at, path[0]),))

    def _above(self, at: int, cell: Group) -> str:
        return self._paths[at][cell[at]][1]

    def _is_in(self, cell: Group, group: Group) -> bool:
        return all(self._is_below(at, cell, group) for at in range(4))

    def _is_below(self, at: int, cell: Group, group: Group) -> bool:
        return group[at] in self._paths[at][cell[at]]

    def _differ(self, at: int, cell: Group, other: Group, *, far: bool) -> bool:
        if not far:
            return cell[at] != other[at]
        shared = set(self._paths[at][cell[at]]).intersection(self._paths[at][other[at]])
        return shared <= self._everything[at]

    def _apart(self, at: int, cell: Group, other: Group) -> list[str]:
        """The names of every level that only one of two cells is below."""
        one, two = self._paths[at][cell[at]], self._paths[at][other[at]]
        return [*(name for name in one if name not in two), *(n for n in two if n not in one)]


def _exchange(at: int, cell: Group, other: Group) -> tuple[Group, Group]:
    return renamed(cell, at, other[at]), renamed(other, at, cell[at])


def _everything(paths: Paths) -> set[str]:
    """The names that all others are below: "", and the year of a city that has one year only."""
    inner = {name for path in paths.values() for name in path[1:]}
    return set(paths).intersection(*(path for name, path in paths.items() if name not in inner))
