"""The figures of a published budget at a moment, read from its tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ckanext.municipal.budget import charts
from ckanext.municipal.budget.codelists import services
from ckanext.municipal.budget.execution import ChangeRow, state_at
from ckanext.municipal.budget.lines import BudgetLine
from ckanext.municipal.budget.phases import PHASE_IDS, Side, phases_of
from ckanext.municipal.budget.tables import schema_of, table_id
from ckanext.municipal.store import read
from ckanext.municipal.store.errors import NoTable
from ckanext.municipal.store.read import Between, Where

_LINE_FIELDS = (
    *("side", "chart", "service_code", "service_label", "code_raw", "code", "sub_account", "label"),
    *PHASE_IDS,
    "source_row",
)
_CHANGE_FIELDS = ("side", "service_code", "code_raw", "as_of", "present", *PHASE_IDS)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One statement that was read: its side, moment, number of lines and the sum of each phase."""

    side: Side
    as_of: datetime
    lines: int
    totals: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Figures:
    """The lines of one side of a year as they were at a snapshot."""

    side: Side
    as_of: datetime
    lines: tuple[BudgetLine, ...]


def snapshots(package_id: str) -> dict[Side, list[Snapshot]]:
    """Return the snapshots of each side that has any, oldest first."""
    fields = ("side", "as_of", "rows", *(f"sum_{phase}" for phase in PHASE_IDS))
    found: dict[Side, list[Snapshot]] = {}
    for name, as_of, lines, *sums in _rows(package_id, "snapshots", fields, sort=("as_of",)):
        side, known = Side(name), dict(zip(PHASE_IDS, sums, strict=True))
        totals = {phase: known[phase] for phase in phases_of(side)}
        found.setdefault(side, []).append(Snapshot(side, as_of, lines, totals))
    return found


def snapshot_at(known: Iterable[Snapshot], moment: datetime | None) -> Snapshot | None:
    """Return the newest of a side's snapshots that is not later than a moment (None: now)."""
    earlier = [one for one in known if moment is None or one.as_of <= moment]
    return max(earlier, key=lambda one: one.as_of, default=None)


def figures_at(
    package_id: str, known: Iterable[Snapshot], moment: datetime | None
) -> Figures | None:
    """Return the lines of a side at its newest snapshot not later than a moment, None before all.

    The newest snapshot is the table of lines; an earlier one is made whole again from the table of
    changes, with the names that its lines have today.
    """
    known = list(known)
    wanted, newest = snapshot_at(known, moment), snapshot_at(known, None)
    if wanted is None or newest is None:
        return None
    current = _lines(package_id, wanted.side)
    if wanted is not newest:
        where = {"side": wanted.side.value, "as_of": Between(high=wanted.as_of)}
        state = state_at(changes(package_id, where), wanted.as_of)
        named = {line.key: line for line in current}
        chart = current[0].chart if current else None
        current = tuple(_line(key, state[key], named, chart) for key in sorted(state))
    return Figures(wanted.side, wanted.as_of, current)


def changes(package_id: str, where: Where) -> list[ChangeRow]:
    """Return the rows of a year's table of changes that fit a filter, oldest first."""
    rows = _rows(package_id, "execution", _CHANGE_FIELDS, where=where, sort=("as_of",))
    return [ChangeRow.from_row(dict(zip(_CHANGE_FIELDS, row, strict=True))) for row in rows]


def findings(package_id: str, limit: int) -> tuple[int, list[dict[str, Any]]]:
    """Return how many findings a year has, and the first of them, the gravest first."""
    schema, table = schema_of("findings"), table_id(package_id, "findings")
    shown: list[dict[str, Any]] = []
    try:
        total = read.count(table, schema)
        for severity in schema["severity"].enum:
            where = {"severity": severity}
            found = read.page(
                table, schema, limit=limit - len(shown), where=where, sort=("rule", "row")
            )
            shown += [dict(zip(schema.names, row, strict=True)) for row in found.rows]
            if len(shown) == limit:
                break
    except NoTable:
        return 0, []
    return total, shown


def _lines(package_id: str, side: Side) -> tuple[BudgetLine, ...]:
    rows = _rows(package_id, "lines", _LINE_FIELDS, where={"side": side.value})
    return tuple(BudgetLine.from_row(dict(zip(_LINE_FIELDS, row, strict=True))) for row in rows)


def _line(
    key: tuple[str, str, str],
    amounts: tuple[Decimal | None, ...],
    named: Mapping[tuple[str, str, str], BudgetLine],
    chart: str | None,
) -> BudgetLine:
    """A line as it was; of one that is gone today only the code is known, and what it tells."""
    side, service, raw = key
    today = named.get(key)
    if today is None:
        account = charts.parse(raw, chart)
        label = services().name(service, "el") or ""
        texts = (account.chart, service, label, raw, account.code, account.sub_account, "")
    else:
        texts = (
            *(today.chart, today.service_code, today.service_label, today.code_raw),
            *(today.code, today.sub_account, today.label),
        )
    by_phase: dict[str, Any] = dict(zip(PHASE_IDS, amounts, strict=True))
    return BudgetLine(Side(side), *texts, **by_phase)


def _rows(
    package_id: str,
    table: str,
    fields: tuple[str, ...],
    *,
    where: Where | None = None,
    sort: tuple[str, ...] = (),
) -> list[tuple[Any, ...]]:
    """Rows of one of a year's tables; none where it has no such table."""
    name, schema = table_id(package_id, table), schema_of(table)
    try:
        return list(read.rows(name, schema, fields=fields, where=where, sort=sort))
    except NoTable:
        return []
