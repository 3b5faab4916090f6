"""Table files made for tests: delimited text in any dialect, small workbooks of each kind."""

from __future__ import annotations

import csv
import html
import io
import zipfile
from collections.abc import Callable, Sequence

import openpyxl


def delimited(rows: Sequence[Sequence[str]], delimiter: str = ";", newline: str = "\r\n") -> str:
    """Write rows as a CSV writer would, quoting only where it must."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return out.getvalue()


def xlsx(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    """Return a workbook that a function has filled."""
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx_of(rows: Sequence[Sequence[object]], title: str = "Φύλλο1") -> bytes:
    """Return a workbook of one sheet with these rows."""

    def fill(book: openpyxl.Workbook) -> None:
        book.worksheets[0].title = title
        for row in rows:
            book.worksheets[0].append(list(row))

    return xlsx(fill)


_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def small_xlsx(rows: Sequence[Sequence[str | int | float | None]]) -> bytes:
    """Return a workbook of one sheet, with no more than the format asks for: quickly made."""
    lines = []
    for number, row in enumerate(rows, 1):
        inside = "".join(_xlsx_cell(f"{chr(65 + i)}{number}", cell) for i, cell in enumerate(row))
        lines.append(f'<row r="{number}">{inside}</row>')
    members = {
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r0"'
        f' Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="Φύλλο1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1"'
        f' Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SPREADSHEET}"><sheetData>'
        f"{''.join(lines)}</sheetData></worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in members.items():
            archive.writestr(name, xml)
    return out.getvalue()


def _xlsx_cell(place: str, cell: str | int | float | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = f'<is><t xml:space="preserve">{html.escape(cell)}</t></is>'
        return f'<c r="{place}" t="inlineStr">{text}</c>'
    return f'<c r="{place}"><v>{cell!r}</v></c>'


def rewritten(book: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a zip archive with one member changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == member else data)
    return out.getvalue()


def ods(rows: str) -> bytes:
    """Return an OpenDocument spreadsheet of one sheet, its rows given as XML."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<?xml version='1.0' encoding='UTF-8'?><office:document-content {spaces}><office:body>"
        f'<office:spreadsheet><table:table table:name="Φύλλο1">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest'
        ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return out.getvalue()


def ods_row(*cells: str, repeated: int = 1) -> str:
    """Return the XML of a row of text cells."""
    inside = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inside}</table:table-row>'
