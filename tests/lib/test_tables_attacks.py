"""Workbooks made to fill memory or to end the process that reads them: a sentence each, soon."""

from __future__ import annotations

import io
import random
import time
import zipfile

import pytest
import xlwt
from memory import growth
from tables_made import ods, ods_row, rewritten, small_xlsx

from ckanext.municipal.lib import tables
from ckanext.municipal.lib.tables import Limits, UnreadableTable

SHEET = "xl/worksheets/sheet1.xml"
MADE = small_xlsx([("Κωδικός", "Ποσό"), ("0111", 5)])
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MILLION = 1_000_000


def with_rows(xml: str) -> bytes:
    """Return a workbook with further rows, its sheet open to a prefix ``x:`` for the same names."""
    last, named = b"</sheetData>", f'<worksheet xmlns:x="{SPACE}" '.encode()
    return rewritten(
        MADE, SHEET, lambda s: s.replace(last, xml.encode() + last).replace(b"<worksheet ", named)
    )


def with_strings(strings: str, rows: str, name: str = "xl/sharedStrings.xml") -> bytes:
    """Return a workbook with these shared strings."""
    link = f'<Relationship Id="r2" Type="{RELATION}/sharedStrings" Target="sharedStrings.xml"/>'
    end = b"</Relationships>"
    links = "xl/_rels/workbook.xml.rels"
    book = io.BytesIO(
        rewritten(with_rows(rows), links, lambda s: s.replace(end, link.encode() + end))
    )
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(name, f'<sst xmlns="{SPACE}">{strings}</sst>')
    return book.getvalue()


def elsewhere(path: str) -> bytes:
    """Return a workbook whose sheet lies where no program puts it, with a cell in the last corner."""
    book, out = with_rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name).replace(b'"worksheets/sheet1.xml"', f'"{path}"'.encode())
            new.writestr(f"xl/{path}" if name == SHEET else name, data)
    return out.getvalue()


def refuse(book: bytes, reason: str, megabytes: int = 150) -> None:
    started = time.process_time()
    with growth() as memory, pytest.raises(UnreadableTable, match=reason):
        tables.read(book, "βιβλίο.xlsx")
    assert time.process_time() - started < 5
    assert memory.mb < megabytes


FAR = {
    "as programs write it": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "another attribute first": '<row r="1048576"><c s="0" r="XFD1048576"><v>1</v></c></row>',
    "single quotes": "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "a prefix": '<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "small letters": '<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
    "spaces and lines": '<row r="1048576"><c\nr = "XFD1048576"\n><v >1</v></c></row>',
    "a comment between": '<row r="1048576"><c r="XFD1048576"><!-- --><v>1</v></c></row>',
    "a > in an attribute": '<row r="1048576"><c x=">" r="XFD1048576"><v>1</v></c></row>',
    "a decoy in a comment": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    '<!-- <row r="3"><c r="A3"><v>1</v></c></row> -->',
    "no address": '<row r="1048576">' + "<c><v>1</v></c>" * 3000 + "</row>",
    "no row number": '<row r="1048575"/><row>' + "<c><v>1</v></c>" * 3000 + "</row>",
    "a column beyond all": '<row r="3"><c r="ZZZZZZ3"><v>1</v></c></row>',
    "a row beyond all": '<row r="4294967295"><c r="A4294967295"><v>1</v></c></row>',
    "one cell at the end": '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
    "wide here, long there": '<row r="3"><c r="BXX3"><v>1</v></c></row>'
    '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
}


@pytest.mark.parametrize("how", FAR)
def test_a_cell_far_away_is_refused_however_it_is_written(how):
    refuse(with_rows(FAR[how]), "its cells reach to row")


@pytest.mark.parametrize("path", ["sheets/a.xml", "styles2.xml", "worksheets/a/b.dat"])
def test_a_cell_far_away_is_refused_wherever_the_sheet_lies(path):
    refuse(elsewhere(path), "its cells reach to row")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="9"><c r="A9"><v>1</v></c></row><row r="5"><c r="A5"><v>1</v></c></row>',
        '<row r="9"><c r="A"><v>1</v></c></row>',
        '<row r="nine"><c><v>1</v></c></row>',
        '<row r="9"><c r="A9"><v>1</v></row>',
        '<row r="' + "9" * 5000 + '"><c><v>1</v></c></row>',
    ],
)
def test_a_sheet_that_no_program_writes_is_damage(rows):
    refuse(with_rows(rows), "damaged workbook")


def test_a_document_type_in_a_sheet_is_damage():
    lol = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    refuse(rewritten(MADE, SHEET, lambda s: lol + s.replace(b"5", b"&b;")), "damaged workbook")


# Shared strings


def one_cell(index: int = 5) -> str:
    return f'<row r="3"><c r="A3" t="s"><v>{index}</v></c><c r="B3"><v>1</v></c></row>'


def test_a_million_empty_shared_strings_are_a_bomb():
    refuse(with_strings("<si><t/></si>" * MILLION, one_cell()), "unpacks to more than")


def test_a_million_short_shared_strings_are_read_in_little_memory():
    book = with_strings("".join(f"<si><t>{n}</t></si>" for n in range(MILLION)), one_cell(7))
    started = time.process_time()
    with growth() as memory:
        [sheet] = tables.read(book, "βιβλίο.xlsx")
    assert sheet.rows[-1].cells == ("7", 1)
    assert time.process_time() - started < 5
    assert memory.mb < 150


def test_a_million_long_shared_strings_are_refused():
    strings = "".join(f"<si><t>{n * 7919:0140d}</t></si>" for n in range(MILLION))
    refuse(with_strings(strings, one_cell()), "more than 128 MB of text")


@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "XL/SHAREDSTRINGS.XML"])
def test_a_long_text_in_every_cell_is_refused(name):
    """A megabyte of a workbook, three gigabytes of text."""
    chance = random.Random(4)
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}"><v>{chance.random()}</v></c></row>'
        for n in range(3, 60_000)
    )
    refuse(with_strings(f"<si><t>{'x' * 30_000}</t></si>", rows, name), "MB of text")


def test_a_text_that_stands_in_many_cells_is_read():
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>1</v></c></row>' for n in range(3, 3000))
    strings = f"<si><t>{'x' * 50_000}</t></si><si><t>Καθαριότητα</t></si>"
    [sheet] = tables.read(with_strings(strings, rows), "βιβλίο.xlsx")
    assert sheet.rows[-1].cells == ("Καθαριότητα", None)


# Open document spreadsheets: cells and rows that stand for many


def cell(text: str = "5", times: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{times}">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def empty(times: int) -> str:
    return f'<table:table-cell table:number-columns-repeated="{times}"/>'


def row(inside: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{inside}</table:table-row>'


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (row(empty(16_383) + cell()), "its cells reach"),
        (row(empty(1_900) + cell(), 900_000), "its cells reach"),
        (row(empty(1), 1_048_000) + row(cell()), "its cells reach"),
        (row(empty(4_000_000_000) + cell()), "its cells reach"),
        (row(cell().replace('"', "'"), 100_000_000), "its cells reach"),
        (row(empty(0) + cell() + empty(-5)).replace('"-5"', '"five"'), "damaged workbook"),
        (row(cell("x" * 30_000, 1000), 1000), "MB of text"),
        (row(cell('a<text:s text:c="2000000000"/>')), "MB of text"),
    ],
)
def test_cells_that_stand_for_many_are_counted_as_many(rows, reason):
    refuse(ods(ods_row("Κωδικός", "Ποσό") + ods_row("0111", "5") + rows), reason)


@pytest.mark.parametrize("rest", [row(empty(16_384), 1_048_000), row(cell() + empty(16_000))])
def test_the_empty_rest_of_a_sheet_counts_nothing(rest):
    [sheet] = tables.read(ods(ods_row("Κωδικός", "Ποσό") + ods_row("0111", "5") + rest), "a.ods")
    assert sheet.rows[0].cells == ("0111", "5")


# Workbooks of the nineties


def old(fill) -> bytes:
    book = xlwt.Workbook()
    fill(book.add_sheet("Φύλλο"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_corners_of_an_old_workbook_are_refused_by_a_process_of_its_own():
    def corners(sheet):
        for place in ((0, 0), (1, 0), (65535, 255)):
            sheet.write(*place, "x")

    with growth() as memory, pytest.raises(UnreadableTable, match="too much memory"):
        tables.read(old(corners), "παλιό.xls")
    assert memory.mb < 50


def test_what_that_process_says_of_an_old_workbook_is_said_here():
    book = old(lambda sheet: [sheet.write(n, 0, f"γραμμή {n}") for n in range(3)])
    with pytest.raises(UnreadableTable, match=r"παλιό\.xls, sheet Φύλλο: more than 1 rows") as said:
        tables.read(book, "παλιό.xls", limits=Limits(rows=1))
    assert "φύλλο" in said.value.message("el").lower()


# Zips in zips


def test_zips_in_zips_in_zips_are_not_unpacked():
    """Five floors of sixteen, in each lowest one 4 MB of nothing: 4 TB in all."""
    made = b"\0" * (4 * 2**20)
    for _ in range(5):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(16):
                archive.writestr(f"{number}.zip", made)
        made = out.getvalue()
    assert len(made) < 2**20
    refuse(made, "unpacks to more than|is a zip archive")
