"""Rules about the codes of one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ckanext.municipal.budget import charts
from ckanext.municipal.budget.codelists import CodeList
from ckanext.municipal.budget.lines import BudgetLine
from ckanext.municipal.budget.phases import SIDE_LABELS, Side
from ckanext.municipal.budget.rules.examples import line, statement
from ckanext.municipal.budget.rules.registry import Codes, Scope, at_line, checks
from ckanext.municipal.budget.statement import Statement
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Finding, Rule, Severity

_GROUP = 2  # digits of a group in every chart


@checks(
    Scope.STATEMENT,
    "unknown-code",
    Severity.WARNING,
    message=N_("The code list has no {account} ({lines} lines); nearest known: {nearest}."),
    remedy=N_("Correct the code, or add it to the portal's own code list."),
    example=lambda: statement(line("6019.01", budgeted=1)),
)
def unknown_code(rule: Rule, of: Statement, codes: Codes) -> Iterator[Finding]:
    """A code that the list of its chart lacks; told once, at its first line.

    Of a list that ends above the accounts (groups only), a code is known if its group is.
    """
    unknown: dict[str, list[BudgetLine]] = defaultdict(list)
    for one in of.lines:
        known = codes(one.chart, one.side)
        if known is not None and not _is_known(one.code, known):
            unknown[one.code].append(one)
    for account, lines in unknown.items():
        known = codes(lines[0].chart, of.side)
        nearest = (known.nearest_known(account) if known else None) or "–"
        values = {"account": account, "lines": len(lines), "nearest": nearest, "value": account}
        yield at_line(rule, of, lines[0], "code", **values)


def _is_known(code: str, known: CodeList) -> bool:
    if code in known:
        return True
    nearest = known.nearest_known(code)
    depth = max((len(entry.code) for entry in known), default=0)
    return depth < len(code) and nearest is not None and len(nearest) >= _GROUP


@checks(
    Scope.STATEMENT,
    "code-of-other-side",
    Severity.ERROR,
    message=N_("Code {code} is one of {other}, but stands among {side_name}."),
    remedy=N_("Check that the two exports were not mixed up, and the side that the source says."),
    example=lambda: statement(line("0111", budgeted=1), side=Side.EXPENDITURE),
)
def code_of_other_side(rule: Rule, of: Statement, codes: Codes) -> Iterator[Finding]:
    """A code that its chart has on the other side of the budget."""
    for one in of.lines:
        told = charts.parse(one.code_raw, one.chart).side
        if told is not None and told != of.side:
            names = {"other": SIDE_LABELS[told], "side_name": SIDE_LABELS[of.side]}
            yield at_line(rule, of, one, "code", value=one.code_raw, **names)
