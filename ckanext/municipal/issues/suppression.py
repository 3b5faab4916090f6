"""Which counts of requests may be told, so that no group of fewer than k can be worked out. Pure.

A group is named by a period, a category, a district and a status, each of them at some level: the
whole city in March, the bins of a district that were solved. Counts of groups add up along four
hierarchies (months to years to all time; categories to those above; districts, and the requests
without one, to the city; open and closed, solved and not, to all), so that a count which is left
out can often be computed from those that are told.

What is told:

1. A count of at least k. A zero is no person, but it is not told either: if it were, every count
   that is left out would be known not to be zero, and six groups that share six requests would be
   six groups of one.
2. Of a group with at most two of period, category and district named: three at once would be so
   many small groups that little could be told of anything else. Closed and solved, of a period in
   the whole city or of a category for all time.
3. No two groups of which one is part of the other and that differ by 1 to k - 1: nobody finds a
   small group as the difference of two settings of a filter.
4. Of the parts of a group that is told, those left out have 0 or at least k requests together.
5. For every group of 1 to k - 1 requests, told of or not, there is an alternative: other requests
   that the city could have had, of which exactly the same would be told, but with another number
   in this group. Where there is none at first, counts are left out until there is one.

The fifth is the proof. Whoever computes, by sums, bounds or trying all tables there can be, cannot
tell the city from its alternative, and so not the count. Leaving out more spoils no alternative
that was found before. In the end there always is one: if nothing is told, it is the city with one
request fewer. All of it depends on the counts alone: the same requests give the same table.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

from ckanext.municipal.issues.alternatives import Alternatives, Move
from ckanext.municipal.issues.groups import DISTRICT, STATUS, Group, Groups, Paths, named, renamed

REQUESTED, CLOSED, SOLVED = "requested", "closed", "solved"
STATUSES = {
    "open": ("open", REQUESTED),
    "unsolved": ("unsolved", CLOSED, REQUESTED),
    SOLVED: (SOLVED, CLOSED, REQUESTED),
}
"""The status of a request, and what it counts among."""

REST = "…"
"""Ends the name of what is left of a group when its named parts are taken away."""

_DEAR = (1_000_000, 10_000, 1)
"""How much dearer a count is to leave out, by how many of period, category and district it names."""

_DEAR_PART = (100_000, 100)


def tell(cells: Mapping[Group, int], paths: Sequence[Paths], k: int) -> dict[Group, int]:
    """Return the counts that may be told, by group.

    ``cells`` are numbers of requests by month, category, district and status, each as fine as can
    be; ``paths`` give for each of these four the way up: ``2024-03`` to ``("2024-03", "2024", "")``.
    """
    return _Suppression(cells, paths, k).told


class _Suppression:
    def __init__(self, cells: Mapping[Group, int], paths: Sequence[Paths], k: int) -> None:
        self._k = k
        self._paths = [_with_inner(each) for each in paths]
        self._parts = [_parts(each) for each in self._paths]
        self._cells = dict(sorted(cells.items()))
        self._groups = Groups(self._cells, self._paths)
        self._told: dict[int, int] = {}
        self._tell_apart()
        self._leave_out_with_small_rests()
        self._shown_of_cell: dict[Group, array[int]] = {}
        self._alternatives = Alternatives(self._cells, self._paths, self._weight)
        self._groups.count_with_three_names(self._cells_without_far_move())
        self._find_alternatives()

    @property
    def told(self) -> dict[Group, int]:
        """The counts that are told, by group."""
        return {self._groups.names[each]: count for each, count in self._told.items()}

    def _coarse_first(self, numbers: Iterable[int]) -> list[int]:
        def depth(number: int) -> tuple[int, Group]:
            group = self._groups.names[number]
            return sum(len(self._paths[at][name]) for at, name in enumerate(group)), group

        return sorted(numbers, key=depth)

    def _tell_apart(self) -> None:
        """Rules 1 to 3."""
        large = (
            number
            for number, count in enumerate(self._groups.counts)
            if count >= self._k and _may_be_told(self._groups.names[number])
        )
        for number in self._coarse_first(large):
            count = self._groups.counts[number]
            wider = map(self._groups.number, self._groups.wider(self._groups.names[number]))
            if not any(0 < self._told.get(each, count) - count < self._k for each in wider):
                self._told[number] = count

    def _leave_out_with_small_rests(self) -> None:
        """Rule 4: where the rest is small, the smallest part that is told goes to it."""
        for number, count in list(self._told.items()):
            if number not in self._told:
                continue
            group = self._groups.names[number]
            for at, parts in enumerate(self._parts):
                these = (renamed(group, at, name) for name in parts.get(group[at], ()))
                told = [each for part in these if (each := self._groups.number(part)) in self._told]
                rest = count - sum(self._told[each] for each in told)
                if told and 0 < rest < self._k:
                    del self._told[min(told, key=lambda each: (self._told[each], each))]

    def _cells_without_far_move(self) -> list[Group]:
        """The cells around which a group of three names may have no alternative.

        All others have one that changes every such group at once and shows nothing.
        """
        safe: set[Group] = set()
        left = []
        for cell, requests in self._cells.items():
            if requests < self._k and cell not in safe:
                far = (move for move in self._alternatives.far(cell) if not self._shows(move))
                if move := next(far, None):
                    safe.update(move.before)
                else:
                    left.append(cell)
        return left

    def _find_alternatives(self) -> None:
        """Rule 5, coarse groups first."""
        within: dict[int, list[Group]] = defaultdict(list)
        for cell, requests in self._cells.items():
            if requests < self._k:
                for number in self._groups.around(cell):
                    if self._groups.counts[number] < self._k:
                        within[number].append(cell)
        safe: set[int] = set()
        for number in self._coarse_first(within):
            if number not in safe:
                move, shown = self._best(self._groups.names[number], within[number])
                for each in shown:
                    del self._told[each]
                safe.update(_differences(move, self._groups.around))

    def _best(self, group: Group, cells: Sequence[Group]) -> tuple[Move, list[int]]:
        """Return the alternative that costs least, and what must not be told for its sake.

        Changes, of which there are many and which show in coarse counts, are tried only where every
        exchange does as well.
        """
        best: tuple[Move, list[int]] | None = None
        least = 0
        for moves in (self._alternatives.exchanges, self._alternatives.changes):
            for move in chain.from_iterable(moves(group, cell) for cell in cells):
                shown = self._shows(move)
                cost = sum(self._weight(self._groups.names[each]) for each in shown)
                if best is None or cost < least:
                    best, least = (move, shown), cost
                if not shown:
                    return move, shown
            if best and least < _DEAR[1]:
                break
        assert best is not None  # leaving a request out is always among them
        return best

    def _shows(self, move: Move) -> list[int]:
        """What is told and would be told otherwise of an alternative."""
        shown: dict[int, None] = {}
        for number, more in _differences(move, self._shown_of).items():
            if number in self._told:
                shown[number] = None
            elif self._groups.names[number][STATUS] == CLOSED:
                # The median tells that at least k were closed, of groups that are told: that must stay.
                row, count = self._row_of(number), self._groups.counts[number]
                if row in self._told and count >= self._k > count + more:
                    shown[row] = None
        return list(shown)

    def _shown_of(self, cell: Group) -> Iterable[int]:
        """The groups around a cell of which anything was told when alternatives were first sought."""
        found = self._shown_of_cell.get(cell)
        if found is None:
            shown = (
                number
                for number in self._groups.around(cell)
                if number in self._told
                or (
                    self._groups.names[number][STATUS] == CLOSED
                    and self._row_of(number) in self._told
                )
            )
            found = self._shown_of_cell[cell] = array("i", shown)
        return found

    def _row_of(self, number: int) -> int:
        return self._groups.number(renamed(self._groups.names[number], STATUS, REQUESTED))

    def _weight(self, group: Group) -> int:
        """How much is lost with a count; 0 where it is not told. Of two coarse ones less is lost."""
        names = named(group)
        dear = _DEAR[names] if group[STATUS] == REQUESTED else _DEAR_PART[min(names, 1)]
        return self._told.get(self._groups.number(group), 0) * dear


def _may_be_told(group: Group) -> bool:
    """Rule 2."""
    if any(name.endswith(REST) for name in group):
        return False
    if group[STATUS] == REQUESTED:
        return named(group) <= 2
    return group[STATUS] in (CLOSED, SOLVED) and named(group) <= 1 and not group[DISTRICT]


def _differences(move: Move, groups_of: Callable[[Group], Iterable[int]]) -> dict[int, int]:
    """By how many requests each group differs in an alternative; groups that do not are left out."""
    more: dict[int, int] = {}
    for cell in move.before:
        for number in groups_of(cell):
            more[number] = more.get(number, 0) - 1
    for cell in move.after:
        for number in groups_of(cell):
            more[number] = more.get(number, 0) + 1
    return {number: requests for number, requests in more.items() if requests}


def _with_inner(paths: Paths) -> dict[str, tuple[str, ...]]:
    """The ways up from names of every level."""
    return {name: path[level:] for path in paths.values() for level, name in enumerate(path)}


def _parts(paths: Paths) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = defaultdict(list)
    for name, path in sorted(paths.items()):
        if len(path) > 1:
            parts[path[1]].append(name)
    return parts
