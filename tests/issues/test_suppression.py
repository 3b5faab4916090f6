"""Counts that are told of requests: whoever computes with them learns of no small group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product

import pytest
from attacker import Attacker, Group
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.municipal.issues.suppression import REQUESTED, STATUSES, tell

EXAMPLES = settings.default.max_examples
Paths = Sequence[Mapping[str, tuple[str, ...]]]

MONTHS = {month: (month, month[:4], "") for month in ("2023-01", "2023-02", "2024-01", "2024-02")}
CATEGORIES = {
    "a1": ("a1", "a", ""),
    "a2": ("a2", "a", ""),
    "a…": ("a…", "a", ""),
    "b": ("b", ""),
}
DISTRICTS = {"d1": ("d1", ""), "d2": ("d2", ""), "…": ("…", "")}
PATHS: Paths = (MONTHS, CATEGORIES, DISTRICTS, STATUSES)


def cells_of(paths: Paths, most: int) -> st.SearchStrategy[dict[Group, int]]:
    """Tables with some requests in some of their cells."""
    cell = st.tuples(*(st.sampled_from(sorted(way)) for way in paths))
    return st.dictionaries(cell, st.integers(1, most), max_size=25)


def counts(cells: Mapping[Group, int], paths: Paths) -> Counter[Group]:
    """The numbers of requests of all groups that have any."""
    found: Counter[Group] = Counter()
    for cell, number in cells.items():
        for group in product(*(way[name] for way, name in zip(paths, cell, strict=True))):
            found[group] += number
    return found


@settings(max_examples=EXAMPLES // 20)
@given(cells=cells_of(PATHS, 9), k=st.integers(2, 6))
def test_no_small_count_follows_from_those_that_are_told(cells, k):
    told = tell(cells, PATHS, k)
    true = counts(cells, PATHS)
    assert all(true[group] == count >= k for group, count in told.items())
    attacker = Attacker(PATHS, told)
    bounds = attacker.bounds()
    for group, count in true.items():
        least, most = bounds[group]
        assert least <= count <= most
        if count < k:
            assert least < most, (group, count)
            assert not attacker.follows(group), (group, count)


_MONTHS = {month: (month, month[:4], "") for month in ("2023-01", "2024-01", "2024-02")}
_TWO_LEVELS = {"a1": ("a1", "a", ""), "a…": ("a…", "a", ""), "b": ("b", "")}
_ONE_DISTRICT = {"…": ("…", "")}
_ONE_STATUS = {"open": STATUSES["open"]}
TINY: dict[str, Paths] = {
    "periods and categories": (_MONTHS, _TWO_LEVELS, _ONE_DISTRICT, _ONE_STATUS),
    "with districts": (
        {month: _MONTHS[month] for month in ("2024-01", "2024-02")},
        {"a": ("a", ""), "b": ("b", "")},
        {"d": ("d", ""), "…": ("…", "")},
        _ONE_STATUS,
    ),
    "with statuses": (
        {month: _MONTHS[month] for month in ("2023-01", "2024-02")},
        {"a": ("a", ""), "b": ("b", "")},
        _ONE_DISTRICT,
        {"open": STATUSES["open"], "solved": STATUSES["solved"]},
    ),
}


@pytest.mark.parametrize("paths", TINY.values(), ids=TINY)
@settings(max_examples=EXAMPLES // 20)
@given(data=st.data())
def test_who_tries_all_tables_there_can_be_finds_two_numbers_for_every_small_group(paths, data):
    cells = data.draw(cells_of(paths, 4))
    k = data.draw(st.integers(2, 3))
    told = tell(cells, paths, k)
    small = {group for group, count in counts(cells, paths).items() if count < k}
    found = Attacker(paths, told).possible(small)
    assert all(len(numbers) > 1 for numbers in found.values())


@settings(max_examples=EXAMPLES // 10)
@given(cells=cells_of(PATHS, 9))
def test_the_same_requests_give_the_same_table_in_whatever_order_they_come(cells):
    turned = dict(reversed(cells.items()))
    assert tell(cells, PATHS, 5) == tell(turned, PATHS, 5)


@settings(max_examples=EXAMPLES // 10)
@given(cells=cells_of(PATHS, 9))
def test_no_two_groups_within_each_other_differ_by_few(cells):
    told = tell(cells, PATHS, 5)
    ways = [
        {name: path[at:] for path in way.values() for at, name in enumerate(path)} for way in PATHS
    ]
    for group, count in told.items():
        for wider in product(*(way[name] for way, name in zip(ways, group, strict=True))):
            assert told.get(wider, count) - count not in range(1, 5)


def test_a_city_with_many_requests_everywhere_tells_all_with_two_names_at_most():
    cells = dict.fromkeys(product(*PATHS), 20)
    told = tell(cells, PATHS, 5)
    named = [
        group
        for group in counts(cells, PATHS)
        if group[3] == REQUESTED
        and sum(map(bool, group[:3])) <= 2
        and not any(name.endswith("…") for name in group)
    ]
    assert all(told[group] == counts(cells, PATHS)[group] for group in named)


def test_a_rare_category_takes_no_more_than_one_other_with_it():
    cells = {cell: 20 for cell in product(*PATHS) if cell[1] != "a1"}
    cells["2024-01", "a1", "d1", "open"] = 1
    told = tell(cells, PATHS, 5)
    of_all_time = {c for _, c, d, s in told if c and not _ and not d and s == REQUESTED}
    assert "a1" not in of_all_time
    assert {"a", "b"} <= of_all_time


def test_nothing_is_told_of_fewer_than_k():
    assert tell({("2024-01", "b", "…", "open"): 4}, PATHS, 5) == {}
    assert tell({}, PATHS, 5) == {}
