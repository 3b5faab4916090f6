"""What the demonstration city votes: the lines of each year's budget, in balance to the cent."""

from __future__ import annotations

import csv
import random
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data"
EXPENDITURE, REVENUE = "expenditure", "revenue"
KAE_2004, GLK_2018 = "kae-2004", "glk-2018"
FIRST_YEAR, NEW_CHART_YEAR, CURRENT_YEAR = 2022, 2026, 2026
YEARS = range(FIRST_YEAR, CURRENT_YEAR + 1)
_GROWTH = 1.03  # of all amounts, a year


@dataclass(frozen=True, slots=True)
class Line:
    """One voted line: amounts in cents; ``habit`` says how it is spent or collected."""

    side: str
    service: str
    code: str
    label: str
    voted: int
    habit: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what tells the line from every other of its year."""
        return self.side, self.service, self.code


def chart_of(year: int) -> str:
    """Return the chart of accounts in force: KAE until 2025, then the one of PD 54/2018."""
    return GLK_2018 if year >= NEW_CHART_YEAR else KAE_2004


def budget(year: int, part: int = 1) -> list[Line]:
    """Return the lines voted for a year, revenue and expenditure equal, in the export's order.

    The same year always gives the same lines. A line keeps its code from year to year. ``part``
    divides all amounts, for a smaller municipality.
    """
    templates = [row for row in _templates() if row["chart"] == chart_of(year)]
    lines = [line for row in templates for line in _lines_of(row, year, part)]
    return _with_faults(_balanced(lines), year)


@lru_cache(maxsize=1)
def _templates() -> list[dict[str, str]]:
    with (DATA / "lines.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def words() -> dict[str, list[str]]:
    """Return the names that labels are made of."""
    return yaml.safe_load((DATA / "words.yaml").read_text(encoding="utf-8"))


def _lines_of(row: dict[str, str], year: int, part: int) -> list[Line]:
    names, lines = words(), []
    for service in row["services"].split() or [""]:
        for copy in range(1, int(row["copies"]) + 1):
            # The seed names the line, so that adding one line changes no other.
            chance = random.Random(f"{row['code']}/{service}/{copy}/{year}")
            size = random.Random(f"{row['code']}/{service}/{copy}").uniform(0.35, 1.6)
            grown = float(row["euros"]) / part * size * _GROWTH ** (year - FIRST_YEAR)
            lines.append(
                Line(
                    side=row["side"],
                    service=service,
                    code=_code(row["chart"], row["code"], copy),
                    label=row["label"].format(**{k: v[copy % len(v)] for k, v in names.items()}),
                    voted=round(grown * chance.uniform(0.9, 1.1) / 100) * 10_000,
                    habit=row["habit"],
                )
            )
    return lines


def _code(chart: str, code: str, copy: int) -> str:
    """Return the code of a line as each chart's exports write it."""
    return f"{code}{copy:03}" if chart == GLK_2018 else f"{code}.01.{copy:02}"


def _balanced(lines: list[Line]) -> list[Line]:
    """Let the cash of last year, or the reserve, make both sides equal."""
    totals = Counter[str]()
    for line in lines:
        totals[line.side] += line.voted
    missing = totals[EXPENDITURE] - totals[REVENUE]
    takes = "cash" if missing >= 0 else "reserve"
    return [
        replace(line, voted=line.voted + abs(missing)) if line.habit == takes else line
        for line in lines
    ]


def _with_faults(lines: list[Line], year: int) -> list[Line]:
    """Write a few faults that real budgets have, for the findings to find.

    From 2024 one park's upkeep has another code, and one label a Latin letter in a Greek word.
    """
    if chart_of(year) != KAE_2004 or year < 2024:
        return lines
    faults = {
        "7332.01.01": {"code": "7332.02.01"},
        "6612.01.01": {"label": "Γραφική ύλη και xαρτί"},
    }
    return [replace(line, **faults.get(line.code, {})) for line in lines]
