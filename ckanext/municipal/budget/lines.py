"""A budget line (γραμμή προϋπολογισμού): what one row of an export says, in canonical terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ckanext.municipal.budget.phases import PHASE_IDS, Side

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One line: side, account, service, label, and an amount in euro for each phase.

    An amount that the export leaves blank is None, which is not zero. ``code`` is the account
    without service and sub-account (four digits of KAE, seven of the chart of 2018), ``code_raw``
    what the export writes, ``source_row`` the line of the file it was read from.
    """

    side: Side
    chart: str
    service_code: str
    service_label: str
    code_raw: str
    code: str
    sub_account: str
    label: str
    proposed: Decimal | None = None
    budgeted: Decimal | None = None
    adjustment: Decimal | None = None
    revised: Decimal | None = None
    committed: Decimal | None = None
    invoiced: Decimal | None = None
    mandated: Decimal | None = None
    prepaid: Decimal | None = None
    paid: Decimal | None = None
    assessed: Decimal | None = None
    written_off: Decimal | None = None
    collected: Decimal | None = None
    receivable: Decimal | None = None
    source_row: int | None = None

    @property
    def key(self) -> Key:
        """What tells the line from every other of its year: side, service, code as written."""
        return (self.side.value, self.service_code, self.code_raw)

    @property
    def account(self) -> str:
        """Code and sub-account, without the service: ``7341.31.01``."""
        return f"{self.code}.{self.sub_account}" if self.sub_account else self.code

    @property
    def amounts(self) -> tuple[Decimal | None, ...]:
        """The amounts of every phase, in the order of `PHASE_IDS`."""
        return tuple(getattr(self, phase) for phase in PHASE_IDS)

    def amount(self, phase: str) -> Decimal | None:
        """Return the amount of one phase by its id."""
        return getattr(self, phase)

    def row(self) -> dict[str, Any]:
        """Return the line as the columns of the table ``budget_lines`` that it fills."""
        row: dict[str, Any] = {name: getattr(self, name) for name in _TEXTS}
        row["side"] = self.side.value
        row.update(zip(PHASE_IDS, self.amounts, strict=True))
        row["source_row"] = self.source_row
        return row

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> BudgetLine:
        """Make a line of a stored row; columns that a line does not have are passed over.

        Amounts may come as numbers or texts of the database, never as float.
        """
        texts: dict[str, Any] = {name: str(row.get(name) or "") for name in _TEXTS}
        amounts: dict[str, Any] = {
            phase: None if row.get(phase) is None else Decimal(row[phase]) for phase in PHASE_IDS
        }
        side = Side(row["side"])
        return cls(side=side, source_row=row.get("source_row"), **texts, **amounts)


_TEXTS = ("chart", "service_code", "service_label", "code_raw", "code", "sub_account", "label")


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum of the amounts that are known, None if none is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def totals(lines: Iterable[BudgetLine]) -> dict[str, Decimal | None]:
    """Return the sum of each phase over lines, None for a phase that is blank in all of them."""
    columns = list(zip(*(line.amounts for line in lines), strict=True))
    if not columns:
        return dict.fromkeys(PHASE_IDS)
    return {phase: total(column) for phase, column in zip(PHASE_IDS, columns, strict=True)}
