"""The registry of budget rules: one small function a rule, with its texts and a breaking example.

Add a function with one of the decorators to a module of this package, and the rule is checked,
documented and tested: docs page and tests are made from `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ckanext.municipal.budget.codelists import FILES, CodeList, code_list
from ckanext.municipal.budget.lines import BudgetLine
from ckanext.municipal.budget.phases import SIDE_LABELS, Side
from ckanext.municipal.budget.statement import Statement
from ckanext.municipal.quality.findings import Finding, Place, Rule, Severity

Codes = Callable[[str, Side], CodeList | None]


class Scope(StrEnum):
    """What a rule looks at: a file being read, a statement, a year's two sides, two years."""

    READING = "reading"
    STATEMENT = "statement"
    YEAR = "year"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class YearBudget:
    """The statements of one fiscal year, one a side at most, usually the newest of each."""

    year: int
    statements: Mapping[Side, Statement]


@dataclass(frozen=True, slots=True)
class BudgetRule:
    """A rule, what it looks at, the function that checks it (None while a file is read), and a
    function that makes the smallest input that breaks it."""

    rule: Rule
    scope: Scope
    check: Callable[..., Iterator[Finding]] | None
    example: Callable[[], Any]


RULES: dict[str, BudgetRule] = {}


def register(entry: BudgetRule) -> None:
    """Add a rule; two of one id are a fault of the program (raises ValueError)."""
    if entry.rule.id in RULES:
        raise ValueError(f"two rules are called {entry.rule.id}")
    RULES[entry.rule.id] = entry


def checks(
    scope: Scope, rule_id: str, severity: Severity, *, message: str, remedy: str, example: Callable
) -> Callable[[Callable[..., Iterator[Finding]]], Callable[..., Iterator[Finding]]]:
    """Register the decorated function as the check of a rule.

    The function takes the rule first, then the input of its scope: a `Statement` and `Codes`, a
    `YearBudget`, or two of them, the earlier first. It yields findings. ``example`` makes an
    input that breaks the rule (for two years: a pair).
    """
    rule = Rule(rule_id, severity, message, remedy)

    def decorate(function: Callable[..., Iterator[Finding]]) -> Callable[..., Iterator[Finding]]:
        def check(*of: Any) -> Iterator[Finding]:
            return function(rule, *of)

        register(BudgetRule(rule, scope, check, example))
        return function

    return decorate


def shipped_codes(chart: str, side: Side) -> CodeList | None:
    """Return the code list that ships for a chart and side, None for a chart without a list."""
    return code_list(chart, side.value) if (chart, side.value) in FILES else None


def at_line(
    rule: Rule, statement: Statement, line: BudgetLine, field: str = "", **values: Any
) -> Finding:
    """Return a finding about one line; its values name side, service and code too."""
    known = {"side": line.side.value, "service": line.service_code, "code": line.code_raw}
    return Finding(rule, Place(statement.file, row=line.source_row, field=field), known | values)


def of_side(rule: Rule, statement: Statement, field: str = "", **values: Any) -> Finding:
    """Return a finding about a whole statement."""
    side = {"side": statement.side.value, "side_name": SIDE_LABELS[statement.side]}
    return Finding(rule, Place(statement.file, field=field), side | values)
