"""The budget as a Fiscal Data Package: complete, exact, and valid by the Frictionless tools."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import frictionless
import pytest
from budget_exports import EXPENSES, export, read_one

from ckanext.municipal.budget.fiscal_package import (
    Budget,
    PackageFile,
    datapackage,
    long_csv,
    long_rows,
    long_schema,
    package_bytes,
)
from ckanext.municipal.budget.rules.examples import line, statement
from ckanext.municipal.budget.rules.registry import shipped_codes
from ckanext.municipal.budget.table_rows import line_rows
from ckanext.municipal.store import table_schema
from ckanext.municipal.store.exports import csv_bytes
from ckanext.municipal.store.schema import TableSchema

OF = Budget(
    "6114",
    {"el": "Δήμος", "en": "Municipality"},
    2016,
    datetime(2016, 4, 1, 22, 54, tzinfo=ZoneInfo("Europe/Athens")),
)


def package_file(name, data, schema, folder):
    """Write one CSV of a package; return what the package says of it."""
    (folder / f"{name}.csv").write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    titles = {"el": "Γραμμές", "en": "Lines"}
    return PackageFile(name, f"{name}.csv", titles, len(data), digest, schema)


def published(of, folder):
    """Write the package of a statement, wide and long; return the path of its descriptor."""
    wide = TableSchema.load("budget_lines")
    files = [
        package_file(
            "lines",
            csv_bytes(wide, line_rows(of, OF.uid, shipped_codes)),
            table_schema.descriptor(wide),
            folder,
        ),
        package_file(
            "lines-long",
            long_csv(long_rows(of.lines, OF, shipped_codes)),
            long_schema(),
            folder,
        ),
    ]
    descriptor = datapackage(
        OF,
        files,
        name="budget-2016",
        titles={"el": "Προϋπολογισμός 2016", "en": "Budget 2016"},
        descriptions={"el": "Γραμμές.", "en": "Lines."},
        licence={"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"},
    )
    (folder / "datapackage.json").write_bytes(package_bytes(descriptor))
    return folder / "datapackage.json"


def test_a_line_is_one_row_for_each_phase_that_has_an_amount():
    rows = list(long_rows([line("6011.01", budgeted="10.50", paid=0)], OF, shipped_codes))
    assert [(row["phase"], row["amount"]) for row in rows] == [
        ("budgeted", Decimal("10.50")),
        ("paid", 0),
    ]
    first = rows[0]
    assert first["budget_line_id"] == "expenditure/10/6011.01"
    assert (first["level1_code"], first["level4_code"]) == ("6", "6011")
    assert first["level2_label"]
    assert first["service_label"]
    assert (first["phase_el"], first["fiscal_phase"]) == ("Προϋπολογισθέντα", "approved")


def test_codes_of_the_chart_of_2018_have_their_own_levels():
    (row,) = long_rows([line("2130102001", budgeted=1)], OF, shipped_codes)
    levels = [row[f"level{n}_code"] for n in range(1, 5)]
    assert levels == ["2", "21", "213", "21301"]
    assert row["code"] == "2130102"


def test_codes_keep_their_zeros_and_amounts_their_cents():
    data = long_csv(long_rows([line("0111.01", revised="0.10")], OF, shipped_codes))
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8")))
    assert (row["code"], row["amount"], row["currency"]) == ("0111", "0.10", "EUR")
    assert data == long_csv(long_rows([line("0111.01", revised="0.10")], OF, shipped_codes))


def test_a_label_that_a_spreadsheet_would_run_is_kept_as_text():
    lines = [line("6011", "=1+1", adjustment="-5.00"), line("6012", "＝Α", budgeted=1)]
    rows = csv.DictReader(io.StringIO(long_csv(long_rows(lines, OF, shipped_codes)).decode()))
    assert [(row["label"], row["amount"]) for row in rows] == [("'=1+1", "-5.00"), ("'＝Α", "1.00")]


def test_the_package_is_valid_by_frictionless(tmp_path):
    path = published(read_one(export(), EXPENSES), tmp_path)
    report = frictionless.validate(str(path))
    assert report.valid, report.flatten(["rowNumber", "fieldNumber", "type", "message"])


def test_the_package_of_a_real_day_is_valid_by_frictionless(tmp_path, shared):
    folder = shared / "data" / "budget" / "thessaloniki-2016"
    path = published(read_one((folder / EXPENSES).read_bytes(), EXPENSES), tmp_path)
    report = frictionless.validate(str(path))
    assert report.valid, report.flatten(["rowNumber", "fieldNumber", "type", "message"])
    assert [task.stats["rows"] for task in report.tasks] == [1157, 5 * 1157]


def test_a_wrong_file_is_not_valid(tmp_path):
    path = published(statement(line("6011", budgeted=1)), tmp_path)
    (tmp_path / "lines-long.csv").write_bytes(b"budget_line_id\n1\n")
    assert not frictionless.validate(str(path)).valid


def test_every_column_is_described_in_both_languages_and_types_are_used_once():
    fields = long_schema()["fields"]
    assert all(field["titles"]["el"] and field["titles"]["en"] for field in fields)
    types = [field["columnType"] for field in fields if "columnType" in field]
    assert len(types) == len(set(types))
    assert {"value", "phase:id", "direction", "date:fiscal-year", "budget-line-id"} <= set(types)


def test_the_descriptor_speaks_both_languages(tmp_path):
    descriptor = json.loads(published(statement(line("6011", budgeted=1)), tmp_path).read_bytes())
    assert descriptor["titles"]["el"] == "Προϋπολογισμός 2016"
    assert descriptor["fiscalPeriod"] == {"start": "2016-01-01", "end": "2016-12-31"}
    assert descriptor["resources"][0]["hash"].startswith("sha256:")
    with pytest.raises(KeyError):
        datapackage(OF, [], name="x", titles={"el": "μόνο"}, descriptions={})
