"""Years of a budget side by side, at a level of the chart where their codes agree.

Sub-accounts are the municipality's own and change every year: of two years of the real budgets a
third of the lines have another code. So years are compared by the codes of the chart, four digits
by default, and line by line only on request: then a line is one series while its code and label
agree, and where the label goes on under another code, the rows are marked as re-coded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ckanext.municipal.budget import charts
from ckanext.municipal.budget.lines import BudgetLine, totals
from ckanext.municipal.budget.phases import Side
from ckanext.municipal.budget.rules.years import recoded_lines, relabelled_lines
from ckanext.municipal.budget.tree import Amounts

LINE = "line"
Place = tuple[str, str]  # chart, code at the level compared


@dataclass(frozen=True, slots=True)
class Recoding:
    """A line that went on under another code: from the code of a year to that of the next."""

    year: int
    code: str
    next_year: int
    next_code: str


@dataclass(frozen=True, slots=True)
class ComparedCode:
    """One code over the years: chart, code, label where lines are compared, sums of each phase by
    year (None for a year that does not have the code), whether its label changed on the way, and
    the re-codings that led to it or away from it."""

    chart: str
    code: str
    label: str
    years: Mapping[int, Amounts | None]
    relabelled: bool
    recodings: tuple[Recoding, ...]


def compare_years(
    budgets: Mapping[int, Iterable[BudgetLine]], side: Side, *, level: int | str | None = None
) -> list[ComparedCode]:
    """Return every code of one side with its sums of each year, in the order of chart and code.

    ``level`` is the length of the code (1, 2, 3, 4 digits of KAE; 1, 2, 3, 5, 7 of the chart of
    2018), ``LINE`` for single lines, None for the whole code. Codes of two charts never meet:
    years on both sides of the change of chart have rows of their own. Raises ValueError for a
    level that no chart has.
    """
    known = {length for chart in charts.CHARTS.values() for length in chart.levels}
    if level not in (None, LINE, *known):
        raise ValueError(f"level is {level!r}, not {LINE} or one of {sorted(known)}")
    years = {
        year: [line for line in lines if line.side is side]
        for year, lines in sorted(budgets.items())
    }
    groups: dict[Place, dict[int, list[BudgetLine]]] = defaultdict(dict)
    for year, lines in years.items():
        for line in lines:
            groups[line.chart, _code(line, level)].setdefault(year, []).append(line)
    moved, renamed = _changes(years, level)
    return [
        ComparedCode(
            chart=place[0],
            code=place[1],
            label=_newest_label(part) if level == LINE else "",
            years={year: totals(part[year]) if year in part else None for year in years},
            relabelled=place in renamed,
            recodings=tuple(moved.get(place, ())),
        )
        for place, part in sorted(groups.items())
    ]


def _code(line: BudgetLine, level: int | str | None) -> str:
    if level == LINE:
        return f"{line.service_code}/{line.account}".lstrip("/")
    return line.code if level is None else line.code[: int(level)]


def _newest_label(part: Mapping[int, Sequence[BudgetLine]]) -> str:
    return part[max(part)][0].label


def _changes(
    years: Mapping[int, Sequence[BudgetLine]], level: int | str | None
) -> tuple[dict[Place, list[Recoding]], set[Place]]:
    """Where lines went to another code of the level compared, and which lines changed label."""
    moved: dict[Place, list[Recoding]] = defaultdict(list)
    renamed: set[Place] = set()
    for (year, before), (next_year, after) in pairwise(years.items()):
        for old, new in recoded_lines(before, after):
            left, arrived = _code(old, level), _code(new, level)
            if old.chart != new.chart or left == arrived:
                continue
            recoding = Recoding(year, left, next_year, arrived)
            for place in ((old.chart, left), (new.chart, arrived)):
                if recoding not in moved[place]:
                    moved[place].append(recoding)
        if level == LINE:
            for _, new in relabelled_lines(before, after):
                renamed.add((new.chart, _code(new, level)))
    return moved, renamed
