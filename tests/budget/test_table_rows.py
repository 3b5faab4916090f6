"""Rows of the published tables have exactly the columns of their schemas."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from budget_exports import export, read_one

from ckanext.municipal.budget.execution import rebuild, state_of
from ckanext.municipal.budget.findings_table import finding_rows
from ckanext.municipal.budget.lines import BudgetLine
from ckanext.municipal.budget.rules import check_statement
from ckanext.municipal.budget.rules.examples import line, statement
from ckanext.municipal.budget.rules.registry import shipped_codes
from ckanext.municipal.budget.table_rows import line_rows, snapshot_row
from ckanext.municipal.store.schema import TableSchema

SEEN = datetime(2016, 4, 2, tzinfo=UTC)


def test_every_table_gets_the_columns_of_its_schema():
    read = read_one(export())
    made = {
        "budget_lines": next(line_rows(read, "6114", shipped_codes)),
        "budget_snapshots": {**snapshot_row(read, SEEN), "reader": "1"},
        "budget_execution": rebuild({read.as_of: state_of(read.lines)})[0].row(),
        "budget_findings": finding_rows(check_statement(read), as_of=read.as_of)[0],
    }
    for table, row in made.items():
        schema = TableSchema.load(table)
        assert set(row) == set(schema.names), table
        for field in schema.fields:
            assert row[field.name] is not None or not field.required
            if field.enum and row[field.name] is not None:
                assert row[field.name] in field.enum


def test_a_row_of_the_table_gives_back_the_line():
    read = read_one(export())
    rows = list(line_rows(read, "6114", shipped_codes))
    assert [BudgetLine.from_row(row) for row in rows] == list(read.lines)


def test_codes_are_named_in_both_languages_with_their_levels():
    (known, unknown, region, new) = (
        next(line_rows(statement(line(code, budgeted=1)), "1", shipped_codes))
        for code in ("6011.01", "6019", "02.00.073.0832.01", "2130102001")
    )
    assert known["code_name_el"]
    assert known["code_name_en"]
    assert [known[f"level{n}"] for n in range(1, 5)] == ["6", "60", "601", "6011"]
    assert unknown["code_name_el"]  # that of 601
    assert region["code_name_el"] is None
    assert [new[f"level{n}"] for n in range(1, 5)] == ["2", "21", "213", "21301"]


def test_a_snapshot_tells_sums_and_rows():
    row = snapshot_row(read_one(export()), SEEN)
    assert row["rows"] == 4
    assert row["sum_budgeted"] == Decimal("3091104.85")
    assert row["sum_assessed"] is None
    assert row["encoding"] == "utf-16-le"
