"""Files made from rows: what a spreadsheet, a script and a statistician read is what was stored."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import tracemalloc
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import CODE, EVERY_TYPE, LABEL, SAMPLES, field, schema_of

from ckanext.municipal.store import Type, exports
from ckanext.municipal.store.errors import MissingValue

ROW = (
    "00001",
    'Οδοί, "νέες"\r\nκαι παλιές',
    2016,
    Decimal("-1234.50"),
    dt.date(2016, 4, 1),
    dt.datetime(2016, 4, 1, 22, 54),  # noqa: DTZ001 - local time of the table
    True,
    {"α": [1, None]},
)
BLANK = ("b", *[None] * 7)
EMPTY = ("c", "", *[None] * 6)


def test_csv_is_rfc_4180_in_utf8_without_bom():
    assert exports.csv_bytes(EVERY_TYPE, [ROW, BLANK, EMPTY]).decode() == (
        "code,label,year,paid,day,as_of,present,extra\r\n"
        '00001,"Οδοί, ""νέες""\r\nκαι παλιές",2016,-1234.50,2016-04-01,2016-04-01T22:54:00,true,'
        '"{""α"":[1,null]}"\r\n'
        "b,,,,,,,\r\n"
        'c,"",,,,,,\r\n'
    )


def test_greek_excel_gets_its_bom_semicolons_and_decimal_comma():
    data = exports.csv_bytes(EVERY_TYPE, [ROW], form=exports.EXCEL)
    assert data.startswith(b"\xef\xbb\xbfcode;label;")
    assert b";-1234,50;2016-04-01;2016-04-01 22:54:00;true;" in data


FORMULAS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a"),
    *('=HYPERLINK("http://x")', "=cmd|' /C calc'!A0", "-2+3", "+30 2310", "@", "=", "-"),
    *("=IMPORTXML(A1)", "=DDE(1)", '=" "', "=Α1", "==", "@@", "=\t", "=\n1", "＝", "－－"),
    *("-@", "+=", "=;", "=,", "='", "\t", "\r", "\n", "=0", "=x", "@1", "＠", "+", "=δ", "-x"),
]


@pytest.mark.parametrize("form", [exports.STANDARD, exports.EXCEL], ids=["standard", "excel"])
def test_no_text_cell_is_a_formula_and_numbers_stay_numbers(form):
    assert len(FORMULAS) >= 40
    rows = [(f"k{n}", text, Decimal("-1234.56")) for n, text in enumerate(FORMULAS)]
    data = exports.csv_bytes(SAMPLES, rows, form=form).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(data, newline=""), delimiter=form.delimiter))[1:]
    assert [row[1] for row in found] == [f"'{text}" for text in FORMULAS]
    assert {row[2] for row in found} == {"-1234.56".replace(".", form.decimal)}
    raw = exports.csv_bytes(SAMPLES, rows, form=form, raw=True).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(raw, newline=""), delimiter=form.delimiter))[1:]
    assert [row[1] for row in found] == FORMULAS


def test_json_has_the_digits_of_the_csv():
    data = exports.json_bytes(EVERY_TYPE, [ROW, BLANK])
    assert b'"paid":-1234.50' in data
    first, second = json.loads(data, parse_float=Decimal)
    assert list(first) == list(EVERY_TYPE.names)
    assert first["paid"] == Decimal("-1234.50")
    assert first["label"] == ROW[1]
    assert first["as_of"] == "2016-04-01T22:54:00"
    assert first["extra"] == {"α": [1, None]}
    assert second == {"code": "b"} | dict.fromkeys(EVERY_TYPE.names[1:])


@pytest.mark.parametrize("rows", [[], [ROW], [ROW] * 9_000], ids=["none", "one", "many"])
def test_json_is_one_array_however_many_rows(rows):
    assert len(json.loads(exports.json_bytes(EVERY_TYPE, rows))) == len(rows)


def test_parquet_keeps_types_nulls_and_exact_numbers(tmp_path):
    path = tmp_path / "rows.parquet"
    path.write_bytes(exports.parquet_bytes(EVERY_TYPE, [ROW, BLANK, EMPTY]))
    found = duckdb.sql(f"SELECT * FROM '{path}'")
    assert [str(kind) for kind in found.types[:7]] == [
        *("VARCHAR", "VARCHAR", "BIGINT", "DECIMAL(38,2)", "DATE", "TIMESTAMP", "BOOLEAN"),
    ]
    first, blank, empty = found.fetchall()
    assert first[:7] == ROW[:7]
    assert json.loads(first[7]) == ROW[7]
    assert blank == BLANK
    assert empty == EMPTY


def test_same_rows_same_bytes():
    rows = [(f"{n:06}", f"γραμμή {n % 97}", Decimal(n) / 100) for n in range(30_000)]
    for make in (exports.csv_bytes, exports.json_bytes, exports.parquet_bytes):
        assert make(SAMPLES, rows) == make(SAMPLES, iter(rows))


def test_written_files_are_the_same_bytes(tmp_path):
    rows = [(str(n), None, n) for n in range(10_000)]
    pairs = [
        (exports.write_csv, exports.csv_bytes),
        (exports.write_json, exports.json_bytes),
        (exports.write_parquet, exports.parquet_bytes),
    ]
    for write, make in pairs:
        with (tmp_path / "file").open("wb") as file:
            size = write(SAMPLES, rows, file)
        assert (tmp_path / "file").read_bytes() == make(SAMPLES, rows)
        assert (tmp_path / "file").stat().st_size == size


@pytest.mark.parametrize("write", [exports.write_csv, exports.write_json, exports.write_parquet])
def test_a_large_table_needs_little_memory(write, tmp_path):
    def peak(count):
        rows = ((str(n), "γ" * 50, n) for n in range(count))
        with (tmp_path / "file").open("wb") as file:
            tracemalloc.start()
            write(SAMPLES, rows, file)
            _now, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return most

    assert peak(40_000) < 1.5 * peak(10_000)


def test_a_bad_row_is_named_in_an_export_too():
    with pytest.raises(MissingValue, match="row 2"):
        exports.csv_bytes(SAMPLES, [("a", "", 1), (None, "", 1)])


TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.lists(TEXTS, max_size=5))
def test_any_text_comes_back_from_csv_and_json(texts):
    schema = schema_of(CODE, LABEL)
    rows = [(str(n), text) for n, text in enumerate(texts)]
    found = json.loads(exports.json_bytes(schema, rows))
    assert [each["label"] for each in found] == texts
    data = exports.csv_bytes(schema, rows, raw=True).decode()
    lines = list(csv.reader(io.StringIO(data, newline="")))[1:]
    assert [line[1] for line in lines] == [text or "" for text in texts]
    guarded = exports.csv_bytes(schema, rows).decode()
    for line in list(csv.reader(io.StringIO(guarded, newline="")))[1:]:
        assert line[1][:1] not in set("=+-@\t\r\n＝＋－＠")


@given(st.lists(st.decimals(allow_nan=False, places=2, min_value=-(10**30), max_value=10**30)))
def test_any_amount_comes_back_exactly(amounts):
    schema = schema_of(CODE, field("paid", Type.NUMERIC, decimals=2))
    rows = [(str(n), amount) for n, amount in enumerate(amounts)]
    found = json.loads(exports.json_bytes(schema, rows), parse_float=Decimal)
    assert [each["paid"] for each in found] == amounts
    lines = list(csv.reader(io.StringIO(exports.csv_bytes(schema, rows).decode())))[1:]
    assert [Decimal(line[1]) for line in lines] == amounts
