"""The course of a budget over its snapshots: sums of some lines at every moment. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from ckanext.municipal.budget.execution import Amounts, ChangeRow, State
from ckanext.municipal.budget.phases import PHASE_IDS


@dataclass(frozen=True, slots=True)
class Point:
    """The sums at one moment, by phase (None: blank in every line), and how many lines there are."""

    as_of: datetime
    totals: dict[str, Decimal | None]
    lines: int


@dataclass(slots=True)
class _Sums:
    """Running sums: each change moves them by its difference, so that a year costs its changes."""

    state: State = field(default_factory=dict)
    sums: list[Decimal] = field(default_factory=lambda: [Decimal(0)] * len(PHASE_IDS))
    filled: list[int] = field(default_factory=lambda: [0] * len(PHASE_IDS))

    def take(self, row: ChangeRow) -> None:
        before = self.state.pop(row.key, None)
        if before:
            self._move(before, -1)
        if row.present:
            self.state[row.key] = row.amounts
            self._move(row.amounts, 1)

    def _move(self, amounts: Amounts, sign: int) -> None:
        for place, amount in enumerate(amounts):
            if amount is not None:
                self.sums[place] += sign * amount
                self.filled[place] += sign

    def totals(self) -> dict[str, Decimal | None]:
        return {
            phase: self.sums[place] if self.filled[place] else None
            for place, phase in enumerate(PHASE_IDS)
        }


def course(rows: Iterable[ChangeRow], moments: Iterable[datetime]) -> Iterator[Point]:
    """Yield the sums of the lines that ``rows`` are about at each moment, oldest first.

    ``rows`` are changes of one side of one year, in any order.
    """
    waiting = sorted(rows, key=lambda row: row.as_of, reverse=True)
    sums = _Sums()
    for moment in sorted(moments):
        while waiting and waiting[-1].as_of <= moment:
            sums.take(waiting.pop())
        yield Point(moment, sums.totals(), len(sums.state))
