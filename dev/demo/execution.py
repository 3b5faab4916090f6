"""How the year goes: what is revised, committed, ordered and paid, or assessed and collected.

Everything is a step on a working day, so that snapshots of two days differ only by what happened
between them, and no phase ever overtakes the one before it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dev.demo.plan import EXPENDITURE, REVENUE, Line

PHASES = {
    EXPENDITURE: ("budgeted", "revised", "committed", "mandated", "paid"),
    REVENUE: ("budgeted", "revised", "assessed", "collected"),
}
# habit: (steps a year, share of the voted amount reached by its end, committed from January)
_HABITS = {
    "salary": (12, (0.94, 0.99), True),
    "transfer": (10, (0.85, 0.98), True),
    "supply": (7, (0.55, 0.9), False),
    "works": (4, (0.1, 0.75), False),
    "rent": (9, (0.6, 1.0), False),
    "tax": (24, (0.7, 1.0), False),
    "grant": (8, (0.6, 1.0), False),
    "arrears": (14, (0.08, 0.25), True),
    "cash": (1, (1.0, 1.0), True),
    "reserve": (0, (0.0, 0.0), False),
    "none": (0, (0.0, 0.0), False),
}
_AMENDED = ((3, 16), (6, 15), (10, 5))  # month and day of the council's amendments
_AHEAD = timedelta(days=45)  # what is ordered is committed so long before
_WHOLE = 10_000  # shares are counted in hundredths of a per cent, exactly


@dataclass(frozen=True, slots=True)
class _Step:
    """On a day, a share of the voted amount moves; what is ordered then is paid on ``settled``."""

    on: date
    share: int
    settled: date


def state(lines: Sequence[Line], year: int, on: date) -> list[dict[str, int]]:
    """Return the amounts of each line at the end of a day, in cents, in the order of the lines.

    Keys are the phases of the line's side. Always paid <= mandated <= committed <= revised,
    collected <= assessed, and both sides' revised amounts change alike.
    """
    changes = _amendments(lines, year, on)
    return [_line_state(line, year, on, changes.get(line.key, 0)) for line in lines]


def _line_state(line: Line, year: int, on: date, change: int) -> dict[str, int]:
    steps = _steps(line, year)
    begun = _share(line, sum(step.share for step in steps if step.on <= on))
    settled = _share(line, sum(step.share for step in steps if step.settled <= on))
    amounts = {"budgeted": line.voted, "revised": line.voted + change}
    early = _HABITS[line.habit][2]
    if line.side == REVENUE:
        assessed = line.voted if early and line.habit == "arrears" else begun
        return amounts | {"assessed": assessed, "collected": settled}
    coming = sum(step.share for step in steps if _working(step.on - _AHEAD) <= on)
    committed = line.voted if early else _share(line, coming)
    return amounts | {"committed": committed, "mandated": begun, "paid": settled}


def _share(line: Line, share: int) -> int:
    return line.voted * share // _WHOLE


def _steps(line: Line, year: int) -> list[_Step]:
    count, (low, high), _early = _HABITS[line.habit]
    chance = random.Random(f"{line.key}/{year}/steps")
    reached = round(chance.uniform(low, high) * _WHOLE)
    steps = []
    for number in range(count):
        share = reached // count
        on = _day(line, year, number, count, chance)
        lag = 0 if line.habit == "cash" else chance.randint(2, 25)
        steps.append(_Step(on, share, _working(on + timedelta(days=lag))))
    return steps


def _day(line: Line, year: int, number: int, count: int, chance: random.Random) -> date:
    if line.habit == "salary":
        return _working(date(year, number + 1, 27))
    if line.habit == "cash":
        return date(year, 1, 2)
    first = 364 * number // count
    last = 364 * (number + 1) // count - 1
    return _working(date(year, 1, 1) + timedelta(days=chance.randint(first, last)))


def _working(day: date) -> date:
    """Return the day, or the Friday before it: nothing is booked at week-ends."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _amendments(lines: Sequence[Line], year: int, on: date) -> dict[tuple[str, str, str], int]:
    """Return what the council's amendments until a day added to lines, in cents.

    Each moves a part of the reserve to works, and brings grants that works of the same sum use.
    """
    changes: dict[tuple[str, str, str], int] = {}
    works = [line for line in lines if line.habit == "works"]
    grants = [line for line in lines if line.habit == "grant"]
    reserve = next(line for line in lines if line.habit == "reserve")
    for month, day in _AMENDED:
        if _working(date(year, month, day)) > on:
            break
        chance = random.Random(f"{year}/{month}/amendment")
        moved = reserve.voted // 8
        for line, sum_ in (
            (reserve, -moved),
            (chance.choice(works), moved),
        ):
            changes[line.key] = changes.get(line.key, 0) + sum_
        for _ in range(6):
            granted = chance.randrange(5, 60) * 1_000_000
            for line in (chance.choice(grants), chance.choice(works)):
                changes[line.key] = changes.get(line.key, 0) + granted
    return changes
