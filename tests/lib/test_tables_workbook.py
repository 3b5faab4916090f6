"""Workbooks as offices keep them, and as attackers make them."""

from __future__ import annotations

import contextlib
import datetime
import io
import time
import zipfile
import zlib

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from tables_made import ods, ods_row, rewritten, small_xlsx, xlsx, xlsx_of

from ckanext.municipal.lib import tables
from ckanext.municipal.lib.tables import Limits, UnreadableTable

HEADER = ("Κωδικός", "Περιγραφή", "Ποσό")
SHEET = "xl/worksheets/sheet1.xml"
SMALL = xlsx_of([HEADER, ("00-6011.0001", "Αποδοχές", 1234.56)])
TINY = small_xlsx([HEADER, ("00-6011.0001", "Αποδοχές", 1234.56)])
texts = st.text("αβΓΔ 01.,;<>&\"'", min_size=1, max_size=8).filter(str.strip)
numbers = st.integers(-(10**12), 10**12) | st.integers(-(10**8), 10**8).map(lambda n: n / 100)


def read(data: bytes, **options) -> list[tables.Sheet]:
    """Read a workbook."""
    return tables.read(data, "βιβλίο.xlsx", **options)


@given(st.lists(st.tuples(texts, texts | st.none(), numbers), max_size=6))
def test_a_workbook_is_read_back_as_it_was_written(rows):
    [sheet] = read(small_xlsx([HEADER, *rows]), header=HEADER)
    assert sheet.header == HEADER
    assert [row.cells for row in sheet.rows] == rows
    assert [row.number for row in sheet.rows] == list(range(2, len(rows) + 2))


@given(st.data())
def test_a_workbook_with_any_damage_is_read_or_refused(data):
    at = data.draw(st.integers(0, len(SMALL) - 1))
    kind = data.draw(st.sampled_from(["flip", "cut", "drop"]))
    damaged = {
        "flip": SMALL[:at] + bytes((SMALL[at] ^ data.draw(st.integers(1, 255)),)) + SMALL[at + 1 :],
        "cut": SMALL[:at],
        "drop": SMALL[:at] + SMALL[at + data.draw(st.integers(1, 40)) :],
    }[kind]
    with contextlib.suppress(UnreadableTable):
        read(damaged)


@given(st.binary(max_size=60), st.integers(0, 400))
def test_a_sheet_of_any_xml_is_read_or_refused(noise, at):
    def spoil(xml: bytes) -> bytes:
        return xml[:at] + noise + xml[at:]

    with contextlib.suppress(UnreadableTable):
        read(rewritten(TINY, SHEET, spoil))


def test_codes_stay_text_and_numbers_are_numbers():
    [sheet] = read(xlsx_of([HEADER, ("0111", "Μισθώματα", 12), ("00-6011.0001", None, 0.1)]))
    assert [row.cells for row in sheet.rows] == [
        ("0111", "Μισθώματα", 12),
        ("00-6011.0001", None, 0.1),
    ]
    assert isinstance(sheet.rows[0].cells[2], int)


def test_dates_are_iso_text():
    when = datetime.datetime(2026, 3, 1, 7, 30)  # noqa: DTZ001 - spreadsheets know no zones
    [sheet] = read(xlsx_of([("Ημέρα", "Ώρα"), (datetime.date(2026, 3, 1), when)]))
    assert sheet.rows[0].cells == ("2026-03-01", "2026-03-01 07:30:00")


def test_headings_with_the_unit_on_a_second_line_are_one_line():
    [sheet] = read(xlsx_of([("Ημέρα", "SO2\nμg/m3"), ("2014-01-01", 5)]))
    assert sheet.header == ("Ημέρα", "SO2 μg/m3")


def test_sheets_that_only_inform_are_passed_over():
    def fill(book):
        book.worksheets[0].append(["Πληροφορίες για τα δεδομένα"])
        book.worksheets[0].append(["Επικοινωνία", "2310 000000"])
        data = book.create_sheet("Δαπάνες")
        data.append([])
        data.append(["ΔΗΜΟΣ ΠΑΡΑΔΕΙΓΜΑΤΟΣ"])
        data.append(list(HEADER))
        data.append(["00-6011", "Αποδοχές", 5])
        hidden = book.create_sheet("Κρυφό")
        hidden.sheet_state = "hidden"
        hidden.append(list(HEADER))

    [sheet] = read(xlsx(fill), header=HEADER)
    assert (sheet.name, sheet.header_row) == ("Δαπάνες", 3)
    assert [row.number for row in sheet.rows] == [4]
    assert sheet.preamble[0].cells[0] == "ΔΗΜΟΣ ΠΑΡΑΔΕΙΓΜΑΤΟΣ"


def test_a_sheet_is_picked_by_name_or_place_and_a_wrong_name_is_answered():
    assert read(SMALL, sheet="Φύλλο1") == read(SMALL, sheet=0)
    with pytest.raises(UnreadableTable, match="no sheet “2024”, but: Φύλλο1"):
        read(SMALL, sheet="2024")


def test_headings_in_two_rows_are_joined():
    def fill(book):
        sheet = book.worksheets[0]
        sheet.append(["Κωδικός", "Έτος 2025", None])
        sheet.append([None, "Εγκεκριμένος", "Διαμορφωμένος"])
        sheet.append(["00-6011", 5, 6])
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")

    [sheet] = read(xlsx(fill))
    assert sheet.header == ("Κωδικός", "Έτος 2025 Εγκεκριμένος", "Έτος 2025 Διαμορφωμένος")
    assert [row.cells for row in sheet.rows] == [("00-6011", 5, 6)]


def test_a_merged_cell_holds_for_every_row_it_spans():
    def fill(book):
        sheet = book.worksheets[0]
        for row in (("Έτος", "Μήνας"), (2014, 1), (None, 2), (None, 3), (2015, 1)):
            sheet.append(row)
        sheet.merge_cells("A2:A4")

    [sheet] = read(xlsx(fill))
    assert [row.cells for row in sheet.rows] == [(2014, 1), (2014, 2), (2014, 3), (2015, 1)]


def test_a_table_that_does_not_begin_in_the_corner_keeps_its_row_numbers():
    def fill(book):
        for place, value in {"C5": "Κωδικός", "D5": "Ποσό", "C6": "0111", "D6": 7}.items():
            book.worksheets[0][place] = value

    [sheet] = read(xlsx(fill))
    assert (sheet.header, sheet.header_row, sheet.rows[0].number) == (("Κωδικός", "Ποσό"), 5, 6)


def test_a_million_formatted_empty_rows_cost_little():
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (i, i) for i in range(3, 1_048_577))
    book = rewritten(SMALL, SHEET, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))
    started = time.process_time()
    [sheet] = read(book)
    assert len(sheet.rows) == 1
    assert time.process_time() - started < 10


def test_one_cell_in_the_last_corner_is_refused_before_room_is_made_for_it():
    far = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
    book = rewritten(SMALL, SHEET, lambda xml: xml.replace(b"</sheetData>", far))
    with pytest.raises(UnreadableTable, match="row 1048576 and column 16384"):
        read(book)


@pytest.mark.parametrize("ratio_hidden", [False, True])
def test_a_zip_bomb_is_refused_at_once(ratio_hidden):
    bomb = rewritten(SMALL, SHEET, lambda xml: xml + b" " * (200 * 2**20))
    if ratio_hidden:  # the archive's own list says that the sheet is small
        size = zipfile.ZipFile(io.BytesIO(bomb)).getinfo(SHEET).file_size
        bomb = bomb.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    started = time.process_time()
    with pytest.raises(UnreadableTable, match="unpacks to more than"):
        read(bomb)
    assert time.process_time() - started < 5


def test_a_size_that_the_archive_lies_about_is_damage():
    size = zipfile.ZipFile(io.BytesIO(SMALL)).getinfo(SHEET).file_size
    with pytest.raises(UnreadableTable, match="damaged workbook"):
        read(SMALL.replace(size.to_bytes(4, "little"), (size - 1).to_bytes(4, "little")))


def archive(**members: bytes) -> bytes:
    """Return a zip archive of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in members.items():
            made.writestr(name.replace("__", "/"), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (archive(**{"data.csv": b"a;b"}), "is a zip archive"),
        (archive(word__document_xml=b"<w/>"), "is a document"),
        (archive(xl__workbook_xml=b"<w/>"), "damaged workbook"),
        (SMALL[:400], "damaged workbook"),
        (b"PK\x03\x04" + zlib.compress(b"x" * 99), "damaged workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged workbook"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(99)
            + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_sentence(data, reason):
    with pytest.raises(UnreadableTable, match=reason) as refused:
        read(data)
    assert "βιβλίο.xlsx" in refused.value.message("el")


def test_an_empty_workbook_holds_no_table():
    with pytest.raises(UnreadableTable, match="holds no table"):
        read(xlsx_of([]))


def test_old_xls_workbooks_are_read():
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Δαπάνες")
    for row, values in enumerate([HEADER, ("0111", "Μισθώματα", 12.5)]):
        for column, value in enumerate(values):
            sheet.write(row, column, value)
    out = io.BytesIO()
    book.save(out)
    [read_sheet] = tables.read(out.getvalue(), "παλιό.csv")
    assert read_sheet.header == HEADER
    assert read_sheet.rows[0].cells == ("0111", "Μισθώματα", 12.5)


def test_open_document_spreadsheets_are_read():
    rest = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    [sheet] = read(ods(ods_row("Κωδικός", "Ποσό") + ods_row("0111", "5") + rest))
    assert sheet.header == ("Κωδικός", "Ποσό")
    assert [row.cells for row in sheet.rows] == [("0111", "5")]


def test_a_million_repeated_rows_with_values_are_refused():
    book = ods(ods_row("Κωδικός", "Ποσό") + ods_row("0111", "5", repeated=100_000_000))
    with pytest.raises(UnreadableTable, match="its cells reach to row"):
        read(book)


def test_limits_of_rows_and_columns_hold_for_sheets():
    wide = xlsx_of([[f"στήλη {i}" for i in range(40)], list(range(40))])
    with pytest.raises(UnreadableTable):
        read(wide, limits=Limits(columns=30))


def test_a_real_workbook_is_read_whole(shared):
    [path] = (shared / "data/sensors").glob("*.xlsx")
    [sheet] = read(path.read_bytes())
    assert sheet.header == ("PathID", "Name", "Timestamp", "Value", "Samples")
    assert len(sheet.rows) == 8587
    assert sheet.rows[0].cells[0] == 9
