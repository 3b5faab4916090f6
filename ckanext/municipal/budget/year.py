"""One year of a budget as its four tables, and what new statements make of them. Pure.

The tables are the memory: ``snapshots`` says which files were read, ``lines`` holds the newest
statement of each side, ``execution`` every earlier one as changes, ``findings`` what is wrong. So
a run that dies leaves nothing to clean up, and one that repeats finds its work done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ckanext.municipal.budget.codelists import CodeList
from ckanext.municipal.budget.execution import ChangeRow, put_snapshot, state_of
from ckanext.municipal.budget.findings_table import finding_rows
from ckanext.municipal.budget.lines import BudgetLine, Key
from ckanext.municipal.budget.phases import PHASE_IDS, Side
from ckanext.municipal.budget.rules import (
    RULES,
    YearBudget,
    check_statement,
    check_year,
    compare_years,
)
from ckanext.municipal.budget.rules.registry import Scope
from ckanext.municipal.budget.statement import Statement
from ckanext.municipal.budget.table_rows import line_rows, snapshot_row
from ckanext.municipal.quality.findings import Finding

Row = Mapping[str, Any]
Codes = Callable[[str, Side], CodeList | None]


@dataclass(frozen=True, slots=True)
class YearOf:
    """Whose year it is, and how it is read: municipality uid, fiscal year, the reader's mark."""

    municipality: str
    year: int
    reader: str
    codes: Codes


@dataclass(frozen=True, slots=True)
class YearTables:
    """The rows of a year's four tables; ``removed`` are keys of execution rows that are gone."""

    lines: Sequence[Row] = ()
    execution: Sequence[Row] = ()
    snapshots: Sequence[Row] = ()
    findings: Sequence[Row] = ()
    removed: Sequence[tuple[str, str, str, datetime]] = field(default=())

    def newest(self, side: Side) -> Row | None:
        """Return the snapshot row of a side's newest statement."""
        own = [row for row in self.snapshots if row["side"] == side.value]
        return max(own, key=lambda row: row["as_of"], default=None)

    def is_known(self, sha256: str, reader: str) -> bool:
        """Tell whether a file of these bytes was read, in the same way."""
        return any(r["sha256"] == sha256 and r["reader"] == reader for r in self.snapshots)


def put_statements(
    stored: YearTables,
    statements: Iterable[Statement],
    of: YearOf,
    *,
    now: datetime,
    earlier: YearBudget | None = None,
) -> YearTables:
    """Return the tables with statements added; one of a moment that is known replaces it.

    ``execution`` of the result holds the rows to write only (``removed`` those to take away), the
    others are whole. ``earlier`` is the year before, for the rules that compare. The same
    statements again give equal rows.
    """
    new = sorted(statements, key=lambda s: (s.side.value, s.as_of, s.file))
    execution = _Execution(stored)
    snapshots = {(row["side"], row["as_of"]): dict(row) for row in stored.snapshots}
    lines = {side: [r for r in stored.lines if r["side"] == side.value] for side in Side}
    found = [row for row in stored.findings if _scope(row) in (Scope.READING, Scope.STATEMENT)]
    for statement in new:
        at = (statement.side.value, statement.as_of)
        execution.put(statement)
        snapshots[at] = _snapshot_row(statement, snapshots.get(at), of, now)
        found = [row for row in found if (row["side"], row["as_of"]) != at]
        found += _rows_of((*statement.quarantined, *statement.findings), statement)
        if statement.as_of >= max(when for side, when in snapshots if side == at[0]):
            lines[statement.side] = list(line_rows(statement, of.municipality, of.codes))
    tables = YearTables(
        lines=[row for side in Side for row in lines[side]],
        snapshots=[snapshots[at] for at in sorted(snapshots)],
    )
    budget = budget_of(tables, of.year, new)
    for statement in budget.statements.values():
        if any(statement is each for each in new):
            found += _rows_of(check_statement(statement, of.codes), statement)
    findings = {row["id"]: row for row in (*_current(found, tables), *_year_rows(budget, earlier))}
    return YearTables(
        lines=tables.lines,
        execution=[row.row() for row in execution.written()],
        snapshots=tables.snapshots,
        findings=[findings[each] for each in sorted(findings)],
        removed=execution.removed(),
    )


def budget_of(tables: YearTables, year: int, fresh: Iterable[Statement] = ()) -> YearBudget:
    """Return the newest statement of each side, made of the tables where it was not just read."""
    read = {(s.side.value, s.as_of): s for s in fresh}
    statements = {}
    for side in Side:
        newest = tables.newest(side)
        if newest:
            statement = read.get((side.value, newest["as_of"]))
            statements[side] = statement or _stored_statement(tables, side, year, newest)
    return YearBudget(year, statements)


def year_findings(
    budget: YearBudget, earlier: YearBudget | None, codes: Codes
) -> Iterator[Finding]:
    """Yield what is wrong with each side, between the two, and beside the year before."""
    for statement in budget.statements.values():
        yield from check_statement(statement, codes)
    yield from check_year(budget)
    if earlier:
        yield from compare_years(earlier, budget)


class _Execution:
    """The change rows of a year while statements are put in, and what became of them."""

    def __init__(self, stored: YearTables) -> None:
        known = [ChangeRow.from_row(row) for row in stored.execution]
        self._before = {(row.key, row.as_of): row for row in known}
        self._rows = {
            side: {(row.key, row.as_of): row for row in known if row.key[0] == side}
            for side in Side
        }
        self._moments = {
            side: {row["as_of"] for row in stored.snapshots if row["side"] == side} for side in Side
        }

    def put(self, statement: Statement) -> None:
        rows, moments = self._rows[statement.side], self._moments[statement.side]
        state = state_of(statement.lines)
        changes = put_snapshot(rows.values(), moments, statement.as_of, state)
        for at in changes.remove:
            rows.pop(at, None)
        rows.update({(row.key, row.as_of): row for row in changes.write})
        moments.add(statement.as_of)

    def _now(self) -> dict[tuple[Key, datetime], ChangeRow]:
        return {at: row for rows in self._rows.values() for at, row in rows.items()}

    def written(self) -> list[ChangeRow]:
        return [row for at, row in sorted(self._now().items()) if self._before.get(at) != row]

    def removed(self) -> list[tuple[str, str, str, datetime]]:
        now = self._now()
        return [(*key, as_of) for key, as_of in sorted(self._before) if (key, as_of) not in now]


def _snapshot_row(
    statement: Statement, known: Row | None, of: YearOf, now: datetime
) -> dict[str, Any]:
    same_file = known is not None and known["sha256"] == statement.sha256
    first_seen = known["first_seen"] if known and same_file else now
    return {**snapshot_row(statement, first_seen), "reader": of.reader}


def _rows_of(findings: Iterable[Finding], statement: Statement) -> list[dict[str, Any]]:
    return finding_rows(findings, side=statement.side.value, as_of=statement.as_of)


def _scope(row: Row) -> Scope | None:
    rule = RULES.get(row["rule"])  # a later version may have no such rule
    return rule.scope if rule else None


def _current(found: Iterable[Row], tables: YearTables) -> Iterator[Row]:
    """What reading found stays for every file; what is wrong with the figures, for the newest."""
    newest = {side.value: (tables.newest(side) or {}).get("as_of") for side in Side}
    for row in found:
        if _scope(row) is Scope.READING or newest.get(row["side"]) == row["as_of"]:
            yield row


def _year_rows(budget: YearBudget, earlier: YearBudget | None) -> list[dict[str, Any]]:
    as_of = max((s.as_of for s in budget.statements.values()), default=None)
    compared = compare_years(earlier, budget) if earlier else []
    return finding_rows((*check_year(budget), *compared), as_of=as_of)


def _stored_statement(tables: YearTables, side: Side, year: int, newest: Row) -> Statement:
    lines = tuple(BudgetLine.from_row(row) for row in tables.lines if row["side"] == side.value)
    return Statement(
        file=newest["file"],
        side=side,
        year=year,
        as_of=newest["as_of"],
        chart=lines[0].chart if lines else None,
        phases=tuple(p for p in PHASE_IDS if newest[f"sum_{p}"] is not None),
        lines=lines,
        quarantined=(),
        totals_rows=(),
        findings=(),
        encoding=newest["encoding"],
        sha256=newest["sha256"],
        bytes=newest["bytes"],
    )
