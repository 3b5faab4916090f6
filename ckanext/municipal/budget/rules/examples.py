"""Small statements for the examples of rules: what breaks a rule, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ckanext.municipal.budget import charts
from ckanext.municipal.budget.lines import BudgetLine
from ckanext.municipal.budget.phases import PHASE_IDS, Side
from ckanext.municipal.budget.rules.registry import YearBudget
from ckanext.municipal.budget.statement import Statement


def line(code: str, label: str = "ΕΞΟΔΑ", service: str = "10", **amounts: Any) -> BudgetLine:
    """Return a line: its account, label, service, and amounts by phase as text or numbers."""
    account = charts.parse(code)
    exact: dict[str, Any] = {phase: Decimal(str(amount)) for phase, amount in amounts.items()}
    side = account.side or Side.EXPENDITURE
    return BudgetLine(
        side=side,
        chart=account.chart,
        service_code=service if side is Side.EXPENDITURE else "",
        service_label="",
        code_raw=code,
        code=account.code,
        sub_account=account.sub_account,
        label=label,
        **exact,
    )


def statement(*lines: BudgetLine, year: int = 2024, **changes: Any) -> Statement:
    """Return the closing statement of a year with these lines; ``changes`` are its other fields."""
    numbered = tuple(replace(one, source_row=row) for row, one in enumerate(lines, start=2))
    made = Statement(
        file="budget.csv",
        side=lines[0].side if lines else Side.EXPENDITURE,
        year=year,
        as_of=datetime(year, 12, 31, tzinfo=UTC),
        chart=lines[0].chart if lines else None,
        phases=tuple(p for p in PHASE_IDS if any(one.amount(p) is not None for one in lines)),
        lines=numbered,
        quarantined=(),
        totals_rows=(),
        findings=(),
        encoding="utf-8",
        sha256="0" * 64,
        bytes=1,
    )
    return replace(made, **changes)


def year_of(*statements: Statement) -> YearBudget:
    """Return the year that statements of its sides make."""
    return YearBudget(statements[0].year, {one.side: one for one in statements})
