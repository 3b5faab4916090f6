"""Delimited text as municipal systems export it."""

from __future__ import annotations

import contextlib
import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables_made import delimited

from ckanext.municipal.lib import tables
from ckanext.municipal.lib.tables import Limits, UnreadableTable

HEADER = ("Υπηρεσία", "Κ.Α.", "Περιγραφή", "Ποσό")
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
cells = st.text("αβΓΔ 01.,;|\t\"'\n", max_size=8)
table_rows = st.lists(
    st.tuples(st.text("αβγ019", min_size=1, max_size=5), cells, cells, cells), max_size=8
)


def one(data: bytes | str, **options) -> tables.Sheet:
    """Read a file that holds one table."""
    [sheet] = tables.read(data.encode() if isinstance(data, str) else data, "αρχείο.csv", **options)
    return sheet


@given(table_rows, st.sampled_from(";,\t|"), st.sampled_from(["\n", "\r\n"]),
       st.sampled_from(ENCODINGS))  # fmt: skip
def test_a_table_written_in_any_dialect_is_read_back(rows, delimiter, newline, encoding):
    text = delimited([HEADER, *rows], delimiter, newline)
    sheet = one(text.encode(encoding), header=HEADER)
    assert sheet.header == HEADER
    assert [row.cells for row in sheet.rows] == rows
    assert not any(row.ragged for row in sheet.rows)


@given(table_rows)
def test_every_row_knows_its_line_in_an_editor(rows):
    text = delimited([HEADER, *rows], newline="\n")
    for row in one(text, header=HEADER).rows:
        before = delimited([HEADER, *rows[: rows.index(row.cells)]], newline="\n")
        after = text.split("\n")[row.number - 1]
        assert row.number >= before.count("\n") + 1
        assert after.lstrip('"').startswith(str(row.cells[0]))


@given(st.binary(max_size=300) | st.text('αβ;,\t|"\n\r 1.€', max_size=120).map(str.encode))
def test_any_bytes_are_a_table_or_refused(data):
    with contextlib.suppress(UnreadableTable):
        for sheet in tables.read(data, "x.csv"):
            for row in sheet.rows:
                assert row.ragged or len(row.cells) == len(sheet.header)


def test_the_empty_field_after_every_last_delimiter_is_dropped():
    sheet = one("Κ.Α.;Ποσό\n6011.01.01;1,00;\n6012.01.01;2,00;\n")
    assert sheet.header == ("Κ.Α.", "Ποσό")
    assert [row.cells for row in sheet.rows] == [("6011.01.01", "1,00"), ("6012.01.01", "2,00")]
    assert sheet.dropped.trailing_field


def test_one_row_without_that_delimiter_is_marked_and_the_rest_is_read():
    lines = ["Κ.Α.;Ποσό"] + [f"60{i};1,00;" for i in range(10, 40)] + ["6041;1,00"]
    sheet = one("\n".join(lines))
    assert [row.number for row in sheet.rows if row.ragged] == [32]
    assert len(sheet.rows) == 31


def test_a_filled_extra_field_is_never_dropped():
    sheet = one("Κ.Α.;Ποσό\n6011;1,00;5\n6012;2,00;\n")
    assert [row.ragged for row in sheet.rows] == [True, True]
    assert sheet.rows[0].cells == ("6011", "1,00", "5")


def test_a_delimiter_after_the_header_too_makes_no_column():
    sheet = one("Κ.Α.;Ποσό;\n6011;1,00;\n")
    assert sheet.header == ("Κ.Α.", "Ποσό")
    assert sheet.rows[0].cells == ("6011", "1,00")


def test_blank_rows_and_rows_of_two_quotation_marks_are_left_out():
    sheet = one('Κ.Α.;Ποσό\n""\n\n6011;1,00\n;\n  \n6012;2,00\n')
    assert [row.number for row in sheet.rows] == [4, 7]
    assert sheet.dropped.blank_rows == 4


def test_short_and_long_rows_are_marked_with_their_line():
    sheet = one("Κ.Α.;Περιγραφή;Ποσό\n6011;α;1,00\n6012;2,00\n6013;α;β;3,00\n")
    assert [(row.number, row.ragged) for row in sheet.rows] == [(2, False), (3, True), (4, True)]
    assert sheet.rows[1].cells == ("6012", "2,00")


def test_a_label_over_two_lines_keeps_the_lines_of_the_rows_below():
    sheet = one('Κ.Α.;Περιγραφή\n6011;"δύο\nγραμμές"\n6012;μία\n')
    assert [row.number for row in sheet.rows] == [2, 4]
    assert sheet.rows[0].cells[1] == "δύο\nγραμμές"


def test_decimal_commas_do_not_make_a_comma_file():
    assert one("Κ.Α.;Ποσό;Τέλος\n6011;1,00;2,00\n6012;1,50;3,00\n").delimiter == ";"


def test_a_comma_file_with_semicolons_in_a_label_is_read():
    sheet = one('code,label,amount\n6011,"a; b",1.00\n6012,"c; d",2.00\n')
    assert sheet.delimiter == ","
    assert sheet.rows[0].cells[1] == "a; b"


def test_quotation_marks_that_belong_to_a_label_stay():
    sheet = one('Κ.Α.;Περιγραφή\n6011;"ΕΣΤΙΑ" ΣΥΛΛΟΓΟΣ\n6012;ΣΥΛΛΟΓΟΣ "Ο ΗΛΙΟΣ\n')
    assert [row.cells[1] for row in sheet.rows] == ['"ΕΣΤΙΑ" ΣΥΛΛΟΓΟΣ', 'ΣΥΛΛΟΓΟΣ "Ο ΗΛΙΟΣ']


def test_a_quotation_mark_never_closed_is_named_with_its_line():
    with pytest.raises(UnreadableTable, match=r"αρχείο\.csv, line 3: a quotation mark"):
        one('Κ.Α.;Περιγραφή\n6011;"εντάξει"\n6012;"ανοιχτό\n6013;άλλο\n')


def test_excels_own_note_of_the_delimiter_is_no_row():
    sheet = one("sep=|\nΚ.Α.|Ποσό\n6011|1,00\n")
    assert (sheet.delimiter, sheet.header, sheet.header_row) == ("|", ("Κ.Α.", "Ποσό"), 2)


def test_lines_above_the_header_are_kept_apart():
    text = "ΔΗΜΟΣ ΠΑΡΑΔΕΙΓΜΑΤΟΣ\nΑπολογιστικά 2024;;\n\nΚ.Α.;Περιγραφή;Ποσό\n6011;Αποδοχές;1,00\n"
    for wanted in (None, ("Κ.Α.", "Ποσό"), lambda names: "Κ.Α." in names):
        sheet = one(text, header=wanted)
        assert sheet.header_row == 4
        assert [row.number for row in sheet.preamble] == [1, 2]


def test_a_header_is_known_by_names_that_only_look_the_same():
    sheet = one("τίτλος;;\nΥΠΗΡΕΣΙA;K.A.;ποσο\n00;6011;1\n", header=["Υπηρεσία", "Κ.Α.", "Ποσό"])
    assert sheet.header_row == 2


def test_a_file_without_the_described_header_is_refused_by_name():
    with pytest.raises(UnreadableTable, match=r"αρχείο\.csv: no row has the column headings"):
        one("α;β\n1;2\n", header=["Κ.Α.", "Ποσό"])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"<!DOCTYPE html><html>...", r"a web page \(HTML\)"),
        (b"\n <HTML><body>login", r"a web page \(HTML\)"),
        (b"<?xml version='1.0'?><a/>", "an XML document"),
        (b'{"error": 500}', "a JSON document"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\0\0", "cannot be read as text"),
        ("Δήμος;α\n".encode() * 30 + b"\xff;\xfe\n", "line 31"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(data, reason):
    with pytest.raises(UnreadableTable, match=reason) as refused:
        one(data)
    assert "αρχείο.csv" in refused.value.message("el")


@pytest.mark.parametrize("process_limit", [131_072, 10_000_000])
def test_files_beyond_the_limits_are_refused(process_limit):
    before = csv.field_size_limit(process_limit)
    try:
        _refuses_what_is_beyond()
    finally:
        csv.field_size_limit(before)


def _refuses_what_is_beyond():
    with pytest.raises(UnreadableTable, match="more than the 0 MB allowed"):
        one("α;β\n" * 100, limits=Limits(bytes=100))
    with pytest.raises(UnreadableTable, match="line 11: more than"):
        one("α;β\n" * 100, limits=Limits(rows=10))
    with pytest.raises(UnreadableTable, match="line 1: more than"):
        one(";" * 5000, delimiter=";")
    with pytest.raises(UnreadableTable, match="line 2: more than"):
        one("α;β\n1;" + "x" * 200_000)


def test_rows_can_be_gone_through_without_keeping_them():
    data = ("Κ.Α.;Ποσό\n" + "6011;1,00\n" * 1000).encode()
    [sheet] = tables.stream(data, "x.csv")
    assert next(sheet.rows).number == 2
    assert sum(1 for _ in sheet.rows) == 999


@pytest.mark.parametrize(("side", "rows", "columns"), [("expenses", 1157, 8), ("incomes", 267, 7)])
def test_real_exports_are_read_whole(shared, side, rows, columns):
    files = sorted((shared / "data/budget/thessaloniki-2016" / side).glob("*.csv"))
    assert files
    for path in files:
        sheet = one(path.read_bytes())
        assert len(sheet.rows) == rows
        assert len(sheet.header) == columns
        assert not any(row.ragged for row in sheet.rows)
        assert sheet.dropped.trailing_field


def test_a_real_export_of_one_empty_row_has_no_rows(shared):
    for path in (shared / "data/budget/kalamaria").glob("*.csv"):
        sheet = one(path.read_bytes())
        assert sheet.rows == []
        assert "Εγκεκριμμένος" in sheet.header
