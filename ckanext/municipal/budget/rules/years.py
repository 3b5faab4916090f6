"""Rules about two years of one budget: what cannot be compared, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from ckanext.municipal.budget.lines import BudgetLine
from ckanext.municipal.budget.rules.examples import line, statement, year_of
from ckanext.municipal.budget.rules.registry import Scope, YearBudget, at_line, checks, of_side
from ckanext.municipal.budget.statement import Statement
from ckanext.municipal.lib.greek import header_key
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Finding, Rule, Severity

Place = tuple[str, str]  # service and account: what tells a line of one year from the others
_ENOUGH = 5  # lines that are equal before a year is said to be a copy of another


def relabelled_lines(
    earlier: Iterable[BudgetLine], later: Iterable[BudgetLine]
) -> list[tuple[BudgetLine, BudgetLine]]:
    """Return the lines of one side whose code stayed and whose label did not (before, after).

    Labels are compared without case, accents and punctuation; a missing label says nothing.
    """
    before = _by_place(earlier)
    pairs = [(before[place], one) for place, one in _by_place(later).items() if place in before]
    return [(old, new) for old, new in pairs if _differ(old.label, new.label)]


def recoded_lines(
    earlier: Sequence[BudgetLine], later: Sequence[BudgetLine]
) -> list[tuple[BudgetLine, BudgetLine]]:
    """Return the lines of one side whose label went on under another code (before, after).

    A line counts if its code is gone or means something else now, and a line of the later year has
    its label under a code that is new or meant something else. Where several lines share a label,
    those of the same account go together (another service), then those of the same service, then
    what is left if it is one and one; the rest proves nothing and is passed over.
    """
    before, after = _by_place(earlier), _by_place(later)
    left = _by_label(old for place, old in before.items() if _not_same(old, after.get(place)))
    arrived = _by_label(new for place, new in after.items() if _not_same(new, before.get(place)))
    pairs = []
    for label, olds in left.items():
        news = arrived.get(label, [])
        for same in (_account, _service, _anything):
            pairs += _paired(olds, news, same)
    return pairs


def _account(one: BudgetLine) -> str:
    return one.account


def _service(one: BudgetLine) -> str:
    return one.service_code


def _anything(one: BudgetLine) -> str:
    return ""


def _by_label(lines: Iterable[BudgetLine]) -> dict[str, list[BudgetLine]]:
    found: dict[str, list[BudgetLine]] = defaultdict(list)
    for one in lines:
        if one.label:
            found[header_key(one.label)].append(one)
    return found


def _paired(
    olds: list[BudgetLine], news: list[BudgetLine], same: Callable[[BudgetLine], str]
) -> list[tuple[BudgetLine, BudgetLine]]:
    """Take out of both lists the pairs that are alone in being the same."""
    pairs = []
    for key in dict.fromkeys(map(same, olds)):
        old = [one for one in olds if same(one) == key]
        new = [one for one in news if same(one) == key]
        if len(old) == 1 and len(new) == 1:
            pairs.append((old[0], new[0]))
            olds.remove(old[0])
            news.remove(new[0])
    return pairs


def _by_place(lines: Iterable[BudgetLine]) -> dict[Place, BudgetLine]:
    return {(one.service_code, one.account): one for one in lines}


def _differ(label: str, other: str) -> bool:
    return bool(label and other) and header_key(label) != header_key(other)


def _not_same(one: BudgetLine, other: BudgetLine | None) -> bool:
    return other is None or header_key(one.label) != header_key(other.label)


def _both(earlier: YearBudget, later: YearBudget) -> Iterator[tuple[Statement, Statement]]:
    for side, new in later.statements.items():
        old = earlier.statements.get(side)
        if old is not None and old.chart == new.chart:
            yield old, new


@checks(
    Scope.YEARS,
    "relabelled",
    Severity.NOTE,
    message=N_(
        "Service {service}, code {code}: “{before}” of {earlier} is called “{after}” in {later}."
    ),
    remedy=N_("Compare the two years at the level of the four digits, not of this line."),
    example=lambda: (
        year_of(statement(line("6011", "ΜΙΣΘΟΙ"), year=2023)),
        year_of(statement(line("6011", "ΑΠΟΔΟΧΕΣ"), year=2024)),
    ),
)
def relabelled(rule: Rule, earlier: YearBudget, later: YearBudget) -> Iterator[Finding]:
    """A code that has another label than the year before."""
    years = {"earlier": earlier.year, "later": later.year}
    for old, new in _both(earlier, later):
        for was, is_now in relabelled_lines(old.lines, new.lines):
            values = {"before": was.label, "after": is_now.label, "value": is_now.label}
            yield at_line(rule, new, is_now, "label", **values, **years)


@checks(
    Scope.YEARS,
    "recoded",
    Severity.WARNING,
    message=N_(
        "“{label}” moved from {before} in {earlier} to service {service}, code {code} in {later}."
    ),
    remedy=N_("Read the two lines as one when the years are compared."),
    example=lambda: (
        year_of(statement(line("7341.31", "ΠΕΖΟΔΡΟΜΟΣ"), year=2023)),
        year_of(statement(line("7325.07", "ΠΕΖΟΔΡΟΜΟΣ"), year=2024)),
    ),
)
def recoded(rule: Rule, earlier: YearBudget, later: YearBudget) -> Iterator[Finding]:
    """A label that is under another code than the year before."""
    years = {"earlier": earlier.year, "later": later.year}
    for old, new in _both(earlier, later):
        for was, is_now in recoded_lines(old.lines, new.lines):
            before = f"{was.service_code}/{was.account}".lstrip("/")
            values = {"label": is_now.label, "before": before, "value": before}
            yield at_line(rule, new, is_now, "code", **values, **years)


@checks(
    Scope.YEARS,
    "year-copied",
    Severity.ERROR,
    message=N_("All {lines} lines of {side_name} of {later} are those of {earlier}, to the cent."),
    remedy=N_("One of the two files is a copy of the other: find the true one and replace it."),
    example=lambda: (
        year_of(statement(*(line(f"60{n}", budgeted=n) for n in range(11, 17)), year=2023)),
        year_of(statement(*(line(f"60{n}", budgeted=n) for n in range(11, 17)), year=2024)),
    ),
)
def year_copied(rule: Rule, earlier: YearBudget, later: YearBudget) -> Iterator[Finding]:
    """Every line of a side has the amounts of the year before."""
    for old, new in _both(earlier, later):
        before = {place: one.amounts for place, one in _by_place(old.lines).items()}
        after = {place: one.amounts for place, one in _by_place(new.lines).items()}
        if before == after and sum(1 for amounts in after.values() if any(amounts)) >= _ENOUGH:
            years = {"earlier": earlier.year, "later": later.year}
            yield of_side(rule, new, "", lines=len(after), **years)
