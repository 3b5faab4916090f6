"""Rules of the budget: what is wrong with a statement, a year, or two years side by side.

``check_statement``, ``check_year`` and ``compare_years`` run every registered rule of their scope
and return findings in a stable order. `RULES` lists all rules, also those that fire while a file
is read.
"""

from __future__ import annotations

from ckanext.municipal.budget.rules import amounts, codes, labels, reading, years
from ckanext.municipal.budget.rules.registry import (
    RULES,
    BudgetRule,
    Codes,
    Scope,
    YearBudget,
    shipped_codes,
)
from ckanext.municipal.budget.statement import Statement
from ckanext.municipal.quality.findings import Finding

__all__ = [
    "RULES",
    "BudgetRule",
    "Codes",
    "Scope",
    "YearBudget",
    "check_statement",
    "check_year",
    "compare_years",
]
_MODULES = (amounts, codes, labels, reading, years)  # importing them registers their rules


def check_statement(statement: Statement, codes: Codes = shipped_codes) -> list[Finding]:
    """Return what is wrong with one statement, without what reading it already found.

    ``codes`` gives the code list of a chart and side, None where there is none.
    """
    return [finding for check in _of(Scope.STATEMENT) for finding in check(statement, codes)]


def check_year(year: YearBudget) -> list[Finding]:
    """Return what is wrong between the two sides of one year."""
    return [finding for check in _of(Scope.YEAR) for finding in check(year)]


def compare_years(earlier: YearBudget, later: YearBudget) -> list[Finding]:
    """Return what hinders a comparison of two years of one municipality."""
    return [finding for check in _of(Scope.YEARS) for finding in check(earlier, later)]


def _of(scope: Scope) -> list:
    return [rule.check for rule in RULES.values() if rule.scope is scope and rule.check]
