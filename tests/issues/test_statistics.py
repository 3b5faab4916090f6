"""The table of figures: right, and of no use to who looks for a single request."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import product
from statistics import median
from typing import Any

import pytest
from attacker import Attacker
from canonical_city import ATHENS, canonical
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.municipal.issues.source import ENDED
from ckanext.municipal.issues.statistics import figures
from ckanext.municipal.issues.suppression import STATUSES
from ckanext.municipal.issues.tables import schema_of
from ckanext.municipal.store import lexical

K = 5
COUNTS = ("requested", "closed", "solved", "open_at_end")
Row = dict[str, Any]
Key = tuple[str, str, str]
START = datetime(2021, 1, 1, tzinfo=ATHENS)
TREE = {f"c{top}": [f"c{top}-{below}" for below in range(4)] for top in range(6)}
DISTRICTS = ("d1", "d2", "d3", "d4", None)


def stored(
    at: datetime | None,
    path: str = "c0",
    district: str | None = "d1",
    *,
    status: str = "open",
    reason: str | None = None,
    closed: datetime | None = None,
    days: int | None = None,
) -> Row:
    """A row of the table of requests, as far as figures are made of it."""
    return {
        "requested": at,
        "category_path": path,
        "district": district,
        "status": status,
        "close_reason": reason or ("unknown" if status in ENDED else None),
        "closed": closed,
        "days_to_acknowledge": None if days is None else Decimal(days) / 2,
        "days_to_close": None if days is None or status not in ENDED else Decimal(days),
    }


def city(count: int, seed: int = 1, months: int = 36) -> Iterator[Row]:
    """Requests as cities have them: few categories have most, most are closed in the end."""
    chance = random.Random(seed)
    paths = [*TREE, *(f"{top}/{code}" for top, below in TREE.items() for code in below)]
    chance.shuffle(paths)
    often = [1 / (place + 1) for place in range(len(paths))]
    for _ in range(count):
        at = START + timedelta(days=chance.random() * 30.4 * months)
        days = int(chance.expovariate(1 / 25))
        done = chance.random() < 0.95 and days < (months * 30.4 - (at - START).days)
        yield stored(
            at,
            chance.choices(paths, often)[0],
            chance.choice(DISTRICTS),
            status="closed" if done else "open",
            reason=("solved" if chance.random() < 0.7 else "duplicate") if done else None,
            closed=at + timedelta(days=days) if done else None,
            days=days,
        )


def table(requests: Iterable[Row], k: int = K) -> dict[Key, Row]:
    """The table by key; every row can be stored."""
    rows = list(figures(requests, ATHENS, k))
    assert list(lexical.columns(schema_of("statistics"), rows)) or not rows
    return {(row["period"], row["category_code"], row["district"]): row for row in rows}


def groups(request: Row) -> Iterator[Key]:
    """The keys of all groups that a request is in."""
    month = f"{request['requested']:%Y-%m}"
    codes = request["category_path"].split("/")
    yield from product((month, month[:4], ""), (*codes, ""), {request["district"] or "", ""})


@pytest.fixture(scope="module")
def requests() -> list[Row]:
    return list(city(6_000))


@pytest.fixture(scope="module")
def told(requests) -> dict[Key, Row]:
    return table(requests)


def test_every_figure_that_is_told_is_right(requests, told):
    counted: dict[Key, Counter[str]] = {}
    days: dict[Key, list[Decimal]] = {}
    for request in requests:
        for key in groups(request):
            counts = counted.setdefault(key, Counter())
            ended = request["status"] in ENDED
            counts["requested"] += 1
            counts["closed"] += ended
            counts["solved"] += request["close_reason"] == "solved"
            form = {4: "%Y", 7: "%Y-%m"}.get(len(key[0]))
            later = bool(form and ended and f"{request['closed']:{form}}" > key[0])
            counts["open_at_end"] += not ended or later
            if ended:
                days.setdefault(key, []).append(request["days_to_close"])
    for key, row in told.items():
        for name in COUNTS:
            assert row[name] is None or row[name] == counted[key][name], (key, name)
        if row["median_days_to_close"] is not None:
            assert row["median_days_to_close"] == median(days[key])
            assert len(days[key]) >= K
        if row["mean_days_to_close"] is not None:
            mean = sum(days[key]) / len(days[key])
            assert row["mean_days_to_close"] == mean.quantize(Decimal("0.01"))


def test_most_is_told_of_a_city_with_some_requests(requests, told):
    sizes = Counter(key for request in requests for key in groups(request))
    two_names = [key for key, size in sizes.items() if size >= K and sum(map(bool, key)) <= 2]
    shown = sum(told[key]["requested"] is not None for key in two_names if key in told)
    assert shown / len(two_names) > 0.85
    assert all(told[key]["requested"] for key in two_names if sum(map(bool, key)) <= 1)


def test_no_count_is_of_fewer_than_k_requests(told):
    assert not [
        (key, name)
        for key, row in told.items()
        for name in COUNTS
        if row[name] is not None and 0 < row[name] < K
    ]


def test_ten_thousand_pairs_of_filter_settings_betray_no_small_group(told):
    chance = random.Random(2)
    keys = [key for key, row in told.items() if row["requested"] is not None]
    leaks, pairs = [], 0
    while pairs < 10_000:
        key = chance.choice(keys)
        for wider in product({key[0], key[0][:4], ""}, {key[1], key[1][:2], ""}, {key[2], ""}):
            if wider in told:
                pairs += 1
                leaks += [
                    (wider, name, key, other)
                    for name, other in product(COUNTS[:3], COUNTS[:3])
                    if COUNTS.index(other) >= COUNTS.index(name)
                    and (more := told[wider][name]) is not None
                    and (less := told[key][other]) is not None
                    and 0 < more - less < K
                ]
    assert not leaks


def test_no_two_counts_of_a_row_betray_a_small_group(told):
    for row in told.values():
        requested, closed, solved, still = (row[name] for name in COUNTS)
        differences = [
            requested - closed if requested is not None and closed is not None else 0,
            requested - solved if requested is not None and solved is not None else 0,
            closed - solved if closed is not None and solved is not None else 0,
            requested - still if still is not None else 0,
            still - (requested - closed) if still is not None else 0,
        ]
        assert not [each for each in differences if 0 < each < K], row


@pytest.mark.parametrize(("count", "seed"), [(60, 1), (250, 2), (1_500, 3)])
def test_sums_and_bounds_determine_no_small_group_of_a_city(count, seed):
    requests = list(city(count, seed, months=8))
    told = table(requests)
    cells = Counter(
        (
            f"{request['requested']:%Y-%m}",
            finest(request["category_path"]),
            request["district"] or "…",
            "open"
            if request["status"] == "open"
            else "solved"
            if request["close_reason"] == "solved"
            else "unsolved",
        )
        for request in requests
    )
    paths = (
        {cell[0]: (cell[0], cell[0][:4], "") for cell in cells},
        {name: (name, *above, "") for name, above in ways().items()},
        {cell[2]: (cell[2], "") for cell in cells},
        STATUSES,
    )
    known = {
        (*key, name): row[name]
        for key, row in told.items()
        for name in COUNTS[:3]
        if row[name] is not None
    }
    bounds = Attacker(paths, known).bounds()
    true: Counter[tuple[str, ...]] = Counter()
    for cell, number in cells.items():
        for group in product(*(way[name] for way, name in zip(paths, cell, strict=True))):
            true[group] += number
    small = [group for group, number in true.items() if number < K]
    assert small
    assert not [group for group in small if bounds[group][0] == bounds[group][1]]


def finest(path: str) -> str:
    *_, code = path.split("/")
    return f"{code}…" if code in TREE else code


def ways() -> dict[str, tuple[str, ...]]:
    below = {code: (top,) for top, codes in TREE.items() for code in codes}
    return below | {f"{top}…": (top,) for top in TREE}


def test_what_is_withheld_says_so_and_is_not_told_from_what_is_empty(requests, told):
    sizes = Counter(key for request in requests for key in groups(request))
    withheld = [key for key, row in told.items() if row["requested"] is None]
    assert withheld
    assert all(told[key]["suppressed"] for key in withheld)
    assert any(key not in sizes for key in withheld), "also of groups without requests"
    assert any(0 < sizes[key] < K for key in withheld)
    for key in withheld:
        assert not any(
            value for name, value in told[key].items() if name.startswith(("m", "closed"))
        )


def test_a_request_without_a_date_is_in_no_figure():
    dated = [stored(START) for _ in range(6)]
    assert table([*dated, stored(None)]) == table(dated)


def test_a_month_is_that_of_the_city_s_clock():
    new_year = datetime.fromisoformat("2022-12-31T22:30:00+00:00")
    told = table([stored(new_year) for _ in range(6)])
    assert told["2023-01", "", ""]["requested"] == 6


def test_what_was_closed_after_a_month_was_open_at_its_end():
    at = datetime(2023, 5, 20, tzinfo=ATHENS)
    soon, late = at + timedelta(days=3), at + timedelta(days=40)
    some = [stored(at, status="closed", closed=soon, days=3) for _ in range(8)]
    others = [stored(at, status="archived", closed=late, days=40) for _ in range(6)]
    told = table([*some, *others])
    row = told["2023-05", "", ""]
    assert (row["requested"], row["closed"], row["open_at_end"]) == (14, 14, 6)
    assert told["2023", "", ""]["open_at_end"] == 0
    assert told["", "", ""]["open_at_end"] == 0


def test_medians_stand_beside_means_that_a_late_clean_up_distorts():
    at = datetime(2009, 5, 20, tzinfo=ATHENS)
    quick = [stored(at, status="closed", closed=at, days=2) for _ in range(20)]
    clean_up = [stored(at, status="closed", closed=at, days=4700) for _ in range(5)]
    row = table([*quick, *clean_up])["", "", ""]
    assert row["median_days_to_close"] == Decimal("2.00")
    assert row["mean_days_to_close"] == Decimal("941.60")


def test_a_category_counts_those_below_it():
    told = table([stored(START, path) for path in ["c0", "c0/c0-1", "c0/c0-2"] for _ in range(6)])
    assert told["", "c0", ""]["requested"] == 18
    assert told["", "c0-1", ""]["requested"] == 6


def test_few_requests_have_no_figures():
    assert table([stored(START) for _ in range(4)]) == {}
    assert table([]) == {}


REQUESTS = st.lists(
    st.builds(
        stored,
        st.none()
        | st.dates(START.date(), START.date() + timedelta(days=500)).map(
            lambda day: datetime(day.year, day.month, day.day, 12, tzinfo=ATHENS)
        ),
        st.sampled_from(["a", "a/b", "a/b/c", "d"]),
        st.sampled_from(["d1", "d2", None]),
        status=st.sampled_from(["open", "in_progress", "closed", "rejected"]),
        reason=st.sampled_from(["solved", "duplicate"]),
        closed=st.none() | st.just(START + timedelta(days=200)),
        days=st.none() | st.integers(0, 5000),
    ),
    max_size=60,
)


@settings(max_examples=settings.default.max_examples // 10)
@given(requests=REQUESTS, k=st.integers(2, 10))
def test_whatever_requests_there_are_their_figures_can_be_stored(requests, k):
    told = table(requests, k)
    assert told == table(requests[::-1], k)
    for row in told.values():
        assert all(row[name] is None or row[name] == 0 or row[name] >= k for name in COUNTS)


def test_the_rows_of_a_source_have_figures():
    rows = canonical()
    whole = next(iter(rows.statistics(stored(START) for _ in range(6))))
    assert whole["requested"] == 6
