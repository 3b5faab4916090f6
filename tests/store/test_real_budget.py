"""A real month of a city's budget, stored day after day as a harvest does it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from ckanext.municipal import store
from ckanext.municipal.store import TableSchema, exports, read

pytestmark = pytest.mark.usefixtures("with_plugins")

AS_OF = dt.datetime(2016, 4, 1, 22, 54, tzinfo=ZoneInfo("Europe/Athens"))
PHASES = ["budgeted", "revised", "committed", "mandated", "paid"]


def lines(path):
    """Read an export with nothing of the suite: UTF-16, semicolons, Greek numbers."""
    text = path.read_bytes().decode("utf-16")
    for number, cells in enumerate(list(csv.reader(io.StringIO(text), delimiter=";"))[1:], start=2):
        service, code, label, *amounts = cells[:8]
        values = [Decimal(amount.replace(".", "").replace(",", ".")) for amount in amounts]
        yield {
            "municipality": "6114",
            "year": 2016,
            "as_of": AS_OF,
            "side": "expenditure",
            "service_code": service,
            "code_raw": code,
            "label": label,
            "chart": "kae-2004",
            "source_file": path.name,
            "source_sha256": "0" * 64,
            "source_row": number,
            **dict(zip(PHASES, values, strict=True)),
        }


@pytest.fixture
def days(shared):
    folder = shared / "data" / "budget" / "thessaloniki-2016" / "expenses"
    return sorted(folder.glob("*.csv"))


def test_a_month_of_snapshots_ends_in_the_last_to_the_cent(table_id, days, query):
    schema = TableSchema.load("budget_lines")
    written = []
    for day in days:
        with store.transaction(lock=table_id) as tx:
            written.append(tx.replace(table_id, schema, lines(day)))
    assert written[0] == store.Changes(inserted=1157)
    # Keys and labels stay all month, a few rows a day change; the row's source is the day's file.
    assert all((day.inserted, day.deleted) == (0, 0) for day in written[1:])
    last = list(lines(days[-1]))
    for phase in PHASES:
        expected = sum(line[phase] for line in last)
        assert read.sums(table_id, schema, [phase]) == [(1157, expected)]
    with store.transaction(lock=table_id) as tx:
        assert tx.replace(table_id, schema, lines(days[-1])) == store.Changes()
        rows = list(tx.rows(table_id, schema))
    assert {row[schema.positions["code_raw"]] for row in rows} == {
        line["code_raw"] for line in last
    }
    assert exports.csv_bytes(schema, rows) == exports.csv_bytes(schema, rows)
    assert (
        query(f'SELECT count(*) FROM "{table_id}" WHERE code_raw ~ %s', r"^\d{4}\.\d\d\.\d\d$")[0][
            0
        ]
        > 1000
    )
