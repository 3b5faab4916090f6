"""Totals that an export writes between its lines: told from lines, and used to check them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from ckanext.municipal.budget.lines import BudgetLine, total
from ckanext.municipal.budget.phases import PHASE_IDS
from ckanext.municipal.budget.row_reader import TotalsRow


def split_headings(lines: Sequence[BudgetLine]) -> tuple[list[BudgetLine], list[TotalsRow]]:
    """Return the lines proper, and those that are the sum of their own sub-accounts.

    A row ``6011`` beside ``6011.01`` and ``6011.02`` of the same service is their heading if each
    of its amounts is the sum of theirs and one is not zero; otherwise it is a line of its own.
    """
    children: dict[tuple[str, str], list[BudgetLine]] = defaultdict(list)
    for line in lines:
        if line.sub_account:
            children[line.service_code, line.code].append(line)
    kept, headings = [], []
    for line in lines:
        parts = [] if line.sub_account else children.get((line.service_code, line.code), [])
        if parts and _is_sum_of(line, parts):
            known = zip(PHASE_IDS, line.amounts, strict=True)
            amounts = {phase: amount for phase, amount in known if amount is not None}
            headings.append(TotalsRow(line.source_row or 0, line.label, line.code, amounts))
        else:
            kept.append(line)
    return kept, headings


def _is_sum_of(line: BudgetLine, parts: Sequence[BudgetLine]) -> bool:
    pairs = [
        (
            line.amount(phase) or Decimal(0),
            total(part.amount(phase) for part in parts) or Decimal(0),
        )
        for phase in PHASE_IDS
    ]
    return any(own for own, _ in pairs) and all(own == of_parts for own, of_parts in pairs)


def disagreements(
    row: TotalsRow, rows: Iterable[TotalsRow], lines: Sequence[BudgetLine]
) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Yield (phase, amount of the totals row, nearest sum of lines) where no sum gives the total.

    A totals row may sum all lines, the lines above it since the totals row before, those below it
    up to the next (a heading with its sum), a service, or all lines of its code. It is right if it
    is any of these, in every phase.
    """
    candidates = list(_summed(row, rows, lines))
    sums = [
        {phase: total(line.amount(phase) for line in part) for phase in row.amounts}
        for part in candidates
    ]
    if any(_agrees(row, of_part) for of_part in sums):
        return
    for phase, amount in row.amounts.items():
        known = [value for of_part in sums if (value := of_part[phase]) is not None]
        if known and amount not in known:
            yield phase, amount, min(known, key=lambda value: abs(value - amount))


def _agrees(row: TotalsRow, sums: dict[str, Decimal | None]) -> bool:
    return all(amount == (sums[phase] or 0) for phase, amount in row.amounts.items())


def _summed(
    row: TotalsRow, rows: Iterable[TotalsRow], lines: Sequence[BudgetLine]
) -> Iterator[Sequence[BudgetLine]]:
    numbers = sorted(other.row for other in rows)
    before = max((number for number in numbers if number < row.row), default=0)
    after = min((number for number in numbers if number > row.row), default=None)
    yield lines
    yield [line for line in lines if before < (line.source_row or 0) < row.row]
    yield [line for line in lines if (line.source_row or 0) < row.row]
    yield [
        line
        for line in lines
        if (line.source_row or 0) > row.row and (after is None or (line.source_row or 0) < after)
    ]
    if row.prefix:
        yield [line for line in lines if line.code.startswith(row.prefix)]
        yield [line for line in lines if line.service_code == row.prefix]
