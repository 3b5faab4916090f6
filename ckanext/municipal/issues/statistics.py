"""Figures of citizens' requests by period, category and district, from the stored rows. Pure.

Which counts are told is for `suppression` to say. What is told of durations are medians, and means,
of at least k requests. Requests without a date are in no figure.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from ckanext.municipal.issues import suppression
from ckanext.municipal.issues.source import ENDED
from ckanext.municipal.issues.suppression import CLOSED, REQUESTED, REST, SOLVED, STATUSES

Row = dict[str, Any]
Key = tuple[str, str, str]
"""Period, category and district; "" is all of them."""

_CENT = Decimal("0.01")


def figures(requests: Iterable[Mapping[str, Any]], zone: ZoneInfo, k: int) -> Iterator[Row]:
    """Yield the table of figures, by key.

    ``zone`` is the clock by which a request belongs to a month. A row without figures says that
    fewer than ``k`` requests are in the group, or that their number would betray another group's.
    """
    collected = _Collected(requests, zone)
    told: dict[Key, dict[str, int]] = defaultdict(dict)
    for (*key, measure), count in suppression.tell(collected.cells, collected.paths, k).items():
        told[key[0], key[1], key[2]][measure] = count
    durations = collected.durations({key for key, counts in told.items() if REQUESTED in counts})
    open_at_end = collected.open_at_end()
    for key in sorted({*told, *_withheld(told)}):
        row = _row(key, told.get(key, {}), open_at_end.get(key[0], 0), k)
        yield {**row, **_durations(*durations.get(key, ((), ())), told.get(key, {}), k)}


def _row(key: Key, counts: Mapping[str, int], open_at_end: int, k: int) -> Row:
    period, category, district = key
    row: Row = {"period": period, "category_code": category, "district": district}
    row |= {measure: counts.get(measure) for measure in (REQUESTED, CLOSED, SOLVED)}
    row["open_at_end"] = None
    # Parts are told of a period in the whole city, and of a category for all time.
    has_parts = not district and not (period and category)
    if has_parts and REQUESTED in counts and CLOSED in counts:
        requested, closed = counts[REQUESTED], counts[CLOSED]
        still = open_at_end if period else requested - closed
        parts = (still, requested - still, still - (requested - closed))
        row["open_at_end"] = still if not any(0 < part < k for part in parts) else None
    named = (REQUESTED, CLOSED, SOLVED, "open_at_end") if has_parts else (REQUESTED,)
    row["suppressed"] = any(row[name] is None for name in named)
    return row


def _durations(
    to_acknowledge: Iterable[int], to_close: Iterable[int], counts: Mapping[str, int], k: int
) -> Row:
    acknowledged, closed = sorted(to_acknowledge), sorted(to_close)
    mean = len(closed) >= k and CLOSED in counts
    return {
        "median_days_to_acknowledge": _median(acknowledged) if len(acknowledged) >= k else None,
        "median_days_to_close": _median(closed) if len(closed) >= k else None,
        "mean_days_to_close": _days(Decimal(sum(closed)) / len(closed)) if mean else None,
    }


def _median(hundredths: list[int]) -> Decimal:
    low, high = hundredths[(len(hundredths) - 1) // 2], hundredths[len(hundredths) // 2]
    return _days(Decimal(low + high) / 2)


def _days(hundredths: Decimal) -> Decimal:
    return (hundredths / 100).quantize(_CENT)


def _withheld(told: Mapping[Key, Mapping[str, int]]) -> Iterator[Key]:
    """The groups that are withheld, or empty, below groups that are told: this tells nothing of them.

    Months and years only between the first and the last that are told.
    """
    periods, categories, districts = (
        sorted({key[at] for key in told if key[at] and not any(_others(key, at))})
        for at in range(3)
    )
    periods = [each for length in (4, 7) for each in _between(periods, length)]
    for key in (
        *((period, "", "") for period in periods),
        *((period, category, "") for period, category in product(periods, categories)),
        *((period, "", district) for period, district in product(periods, districts)),
        *(("", category, district) for category, district in product(categories, districts)),
    ):
        if key not in told and all(REQUESTED in told.get(each, ()) for each in _above(key)):
            yield key


def _others(key: Key, at: int) -> Iterator[str]:
    return (name for place, name in enumerate(key) if place != at)


def _above(key: Key) -> Iterator[Key]:
    """The groups that a group is a part of, leaving out one of its names; of a month the year too."""
    for at, name in enumerate(key):
        if name:
            yield _with(key, at, name[:4] if at == 0 and len(name) > 4 else "")


def _with(key: Key, at: int, name: str) -> Key:
    changed = list(key)
    changed[at] = name
    return changed[0], changed[1], changed[2]


def _between(periods: list[str], length: int) -> list[str]:
    """Every year (``length`` 4) or month (7) from the first to the last of some periods."""
    some = [each for each in periods if len(each) == length]
    if not some:
        return []
    years = range(int(some[0][:4]), int(some[-1][:4]) + 1)
    months = [""] if length == 4 else [f"-{month:02}" for month in range(1, 13)]
    every = (f"{year:04}{month}" for year in years for month in months)
    return [each for each in every if some[0] <= each <= some[-1]]


class _Collected:
    """What is counted of requests, by month, category and district: no request is kept."""

    def __init__(self, requests: Iterable[Mapping[str, Any]], zone: ZoneInfo) -> None:
        self._zone = zone
        self._counts: Counter[tuple[str, str, str, str]] = Counter()
        self._days: dict[Key, tuple[array[int], array[int]]] = {}
        self._still_open: Counter[str] = Counter()
        self._ways: dict[str, tuple[str, ...]] = {}
        for request in requests:
            if request["requested"]:
                self._add(request)
        self._inner = {code for way in self._ways.values() for code in way[1:]}
        self.cells = {
            (month, self._finest(category), district or REST, status): count
            for (month, category, district, status), count in self._counts.items()
        }
        months = {month for month, *_ in self._counts}
        districts = {district for _, _, district, _ in self._counts}
        self.paths = (
            {month: (month, month[:4], "") for month in months},
            {self._finest(code): self._way(code) for code in self._ways},
            {district or REST: (district or REST, "") for district in districts},
            STATUSES,
        )

    def _add(self, request: Mapping[str, Any]) -> None:
        requested: datetime = request["requested"].astimezone(self._zone)
        month = f"{requested:%Y-%m}"
        *above, code = request["category_path"].split("/")
        self._ways.setdefault(code, (code, *reversed(above), ""))
        ended = request["status"] in ENDED
        solved = SOLVED if request["close_reason"] == "solved" else "unsolved"
        district = request["district"] or ""
        self._counts[month, code, district, solved if ended else "open"] += 1
        days = self._days.setdefault((month, code, district), (array("i"), array("i")))
        for kept, name in zip(days, ("days_to_acknowledge", "days_to_close"), strict=True):
            if request[name] is not None:
                kept.append(int(request[name] * 100))
        closed = request["closed"].astimezone(self._zone) if ended and request["closed"] else None
        for period, form in ((month[:4], "%Y"), (month, "%Y-%m")):
            self._still_open[period] += not ended or bool(closed and f"{closed:{form}}" > period)

    def _finest(self, code: str) -> str:
        """The name of the requests that are filed under a category itself."""
        return f"{code}{REST}" if code in self._inner else code

    def _way(self, code: str) -> tuple[str, ...]:
        finest = self._finest(code)
        return self._ways[code] if finest == code else (finest, *self._ways[code])

    def open_at_end(self) -> Mapping[str, int]:
        """How many requests of each month and year were open at its end."""
        return self._still_open

    def durations(self, keys: Iterable[Key]) -> dict[Key, tuple[array[int], array[int]]]:
        """The hundredths of days to acknowledge and to close the requests of groups."""
        found = {key: (array("i"), array("i")) for key in keys}
        for (month, code, district), days in self._days.items():
            for key in product((month, month[:4], ""), self._ways[code], {district, ""}):
                if key in found:
                    found[key][0].extend(days[0])
                    found[key][1].extend(days[1])
        return found
