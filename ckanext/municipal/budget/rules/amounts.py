"""Rules about the amounts of one statement, and about the balance of its two sides."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from ckanext.municipal.budget.lines import BudgetLine
from ckanext.municipal.budget.phases import Side, label
from ckanext.municipal.budget.row_reader import TotalsRow
from ckanext.municipal.budget.rules.examples import line, statement, year_of
from ckanext.municipal.budget.rules.registry import (
    Codes,
    Scope,
    YearBudget,
    at_line,
    checks,
    of_side,
)
from ckanext.municipal.budget.statement import Statement
from ckanext.municipal.budget.totals_rows import disagreements
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Finding, Place, Rule, Severity

# What is paid was ordered before, what is ordered committed, what is committed appropriated.
SPENDING = ("revised", "committed", "mandated", "paid")
RECEIVING = ("assessed", "collected")
_ENOUGH = 5  # amounts that agree before two phases are said to be copies of each other
_HUNDRED = Decimal(100)


def _in_order(one: BudgetLine) -> Iterator[tuple[str, Decimal, str, Decimal]]:
    """Neighbouring phases of a line that are known: (earlier, its amount, later, its amount)."""
    known = [(phase, value) for phase in SPENDING if (value := one.amount(phase)) is not None]
    for (earlier, before), (later, after) in pairwise(known):
        yield earlier, before, later, after


def _pair(earlier: str, before: Decimal, later: str, after: Decimal) -> dict[str, Any]:
    said = {"earlier": label(earlier), "before": before, "later": label(later), "after": after}
    return said | {"value": after}


@checks(
    Scope.STATEMENT,
    "phase-order",
    Severity.ERROR,
    message=N_(
        "Service {service}, code {code}: “{later}” {after} is more than “{earlier}” {before}."
    ),
    remedy=N_("Check both amounts: “{earlier}” comes first and covers “{later}”."),
    example=lambda: statement(line("6011", committed="10.00", mandated="10.01")),
)
def phase_order(rule: Rule, of: Statement, codes: Codes) -> Iterator[Finding]:
    """paid ≤ mandated ≤ committed ≤ revised, between the phases that are not blank."""
    for one in of.lines:
        for earlier, before, later, after in _in_order(one):
            if after > before and not _times_hundred(before, after):
                yield at_line(rule, of, one, later, **_pair(earlier, before, later, after))


def _times_hundred(small: Decimal, large: Decimal) -> bool:
    """Whether an amount is another one without its decimal mark: cents tell it from chance."""
    return small % 1 != 0 and large == small * _HUNDRED


@checks(
    Scope.STATEMENT,
    "cents-lost",
    Severity.ERROR,
    message=N_(
        "Service {service}, code {code}: “{later}” {after} is exactly a hundred times “{earlier}”"
        " {before}."
    ),
    remedy=N_("Check whether the decimal mark of “{later}” was lost."),
    example=lambda: statement(line("6011", mandated="639.72", paid="63972")),
)
def cents_lost(rule: Rule, of: Statement, codes: Codes) -> Iterator[Finding]:
    """An amount that is another of its line a hundred times over, with cents in the other."""
    for one in of.lines:
        for earlier, before, later, after in _in_order(one):
            if _times_hundred(before, after):
                yield at_line(rule, of, one, later, **_pair(earlier, before, later, after))


@checks(
    Scope.STATEMENT,
    "collected-over-assessed",
    Severity.WARNING,
    message=N_("Code {code}: collected {collected} is more than assessed {assessed}."),
    remedy=N_("Nothing to do for an advance payment; otherwise check both amounts."),
    example=lambda: statement(line("0111", assessed="10.00", collected="10.01")),
)
def collected_over_assessed(rule: Rule, of: Statement, codes: Codes) -> Iterator[Finding]:
    """Collected ≤ assessed: a warning, for money may be paid before it is assessed."""
    for one in of.lines:
        assessed, collected = one.assessed, one.collected
        if assessed is not None and collected is not None and collected > assessed:
            values = {"assessed": assessed, "collected": collected, "value": collected}
            yield at_line(rule, of, one, "collected", **values)


@checks(
    Scope.STATEMENT,
    "adjustment-sum",
    Severity.ERROR,
    message=N_(
        "Service {service}, code {code}: budgeted {budgeted} and adjustment {adjustment} do not"
        " make revised {revised}."
    ),
    remedy=N_("Check the three amounts; one of them is of another day or line."),
    example=lambda: statement(line("6011", budgeted=10, adjustment=5, revised=14)),
)
def adjustment_sum(rule: Rule, of: Statement, codes: Codes) -> Iterator[Finding]:
    """budgeted + adjustment = revised, where all three are known."""
    for one in of.lines:
        known = (one.budgeted, one.adjustment, one.revised)
        budgeted, adjustment, revised = known
        if budgeted is None or adjustment is None or revised is None:
            continue
        if budgeted + adjustment != revised:
            values = {"budgeted": budgeted, "adjustment": adjustment, "revised": revised}
            yield at_line(rule, of, one, "revised", value=revised, **values)


@checks(
    Scope.STATEMENT,
    "phase-copied",
    Severity.WARNING,
    message=N_("The columns {phases} are the same in all {lines} lines that have an amount."),
    remedy=N_("Check the export: one column may have been filled from another."),
    example=lambda: statement(*(line(f"60{n}", mandated=n, paid=n) for n in range(11, 17))),
)
def phase_copied(rule: Rule, of: Statement, codes: Codes) -> Iterator[Finding]:
    """Execution phases that are equal in every line: one is a copy of the other.

    Phases that are equal are told together. Amounts of zero prove nothing; fewer than five other
    ones may be equal by chance.
    """
    order = SPENDING[1:] if of.side is Side.EXPENDITURE else RECEIVING
    groups: list[list[str]] = []
    for phase in order:
        column = [one.amount(phase) for one in of.lines]
        if groups and column == [one.amount(groups[-1][-1]) for one in of.lines]:
            groups[-1].append(phase)
        else:
            groups.append([phase])
    for phases in groups:
        lines = sum(1 for one in of.lines if one.amount(phases[0]))
        if len(phases) > 1 and lines >= _ENOUGH:
            names = [label(phase) for phase in phases]
            said = {lang: ", ".join(name[lang] for name in names) for lang in ("el", "en")}
            yield of_side(rule, of, phases[-1], phases=said, lines=lines)


@checks(
    Scope.STATEMENT,
    "totals-row",
    Severity.ERROR,
    message=N_("The total “{label}” says {total} under “{phase}”, the lines make {sum}."),
    remedy=N_("Look for a line that is missing or twice, and for the rows that were set aside."),
    example=lambda: statement(
        line("6011", budgeted=10),
        totals_rows=(TotalsRow(3, "ΣΥΝΟΛΟ", "", {"budgeted": Decimal(11)}),),
    ),
)
def totals_row(rule: Rule, of: Statement, codes: Codes) -> Iterator[Finding]:
    """A totals row of the file equals the sum of lines that it can stand for."""
    for row in of.totals_rows:
        for phase, said, made in disagreements(row, of.totals_rows, of.lines):
            place = Place(of.file, row=row.row, field=phase)
            values = {"label": row.label, "phase": label(phase), "total": said, "sum": made}
            yield Finding(rule, place, values | {"side": of.side.value, "value": said})


@checks(
    Scope.STATEMENT,
    "phase-partly-blank",
    Severity.NOTE,
    message=N_("{blank} of {lines} lines have no amount under “{phase}”."),
    remedy=N_("Nothing to do if no amount is meant; write 0 where zero is meant."),
    example=lambda: statement(line("6011", budgeted=1, paid=1), line("6012", budgeted=1)),
)
def phase_partly_blank(rule: Rule, of: Statement, codes: Codes) -> Iterator[Finding]:
    """A phase that some lines have and some leave blank: a blank is not a zero in any sum."""
    for phase in of.phases:
        blank = sum(1 for one in of.lines if one.amount(phase) is None)
        if 0 < blank < len(of.lines):
            yield of_side(rule, of, phase, phase=label(phase), blank=blank, lines=len(of.lines))


@checks(
    Scope.YEAR,
    "unbalanced",
    Severity.ERROR,
    message=N_(
        "The budget of {year} does not balance: revenue {revenue}, expenditure {expenditure}"
        " (difference {difference})."
    ),
    remedy=N_("A voted budget balances: look for lines that one of the two exports lacks."),
    example=lambda: year_of(
        statement(line("6011", budgeted=10)), statement(line("0111", budgeted=9))
    ),
)
def unbalanced(rule: Rule, of: YearBudget) -> Iterator[Finding]:
    """Voted revenue = voted expenditure; the revised ones may differ during the year."""
    sums = {side: one.totals()["budgeted"] for side, one in of.statements.items()}
    revenue, expenditure = sums.get(Side.REVENUE), sums.get(Side.EXPENDITURE)
    if revenue is None or expenditure is None or revenue == expenditure:
        return
    values = {"revenue": revenue, "expenditure": expenditure, "difference": revenue - expenditure}
    file = of.statements[Side.EXPENDITURE].file
    yield Finding(rule, Place(file, field="budgeted"), {"year": of.year, **values})


@checks(
    Scope.STATEMENT,
    "partial-year",
    Severity.NOTE,
    message=N_("The figures of {year} are those of {as_of}: the year was not over."),
    remedy=N_("Do not compare them with whole years; the figures of 31 December replace them."),
    example=lambda: statement(
        line("6011", paid=1), as_of=statement(year=2024).as_of.replace(month=5)
    ),
)
def partial_year(rule: Rule, of: Statement, codes: Codes) -> Iterator[Finding]:
    """The figures are of a moment before the end of their fiscal year."""
    if of.lines and (of.as_of.year, of.as_of.month, of.as_of.day) < (of.year, 12, 31):
        yield of_side(rule, of, year=of.year, as_of=of.as_of.date().isoformat())
