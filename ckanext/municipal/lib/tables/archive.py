"""Workbooks are zip archives: what is inside is measured before anything opens it.

A few kilobytes can unpack to gigabytes, and a single cell in the last corner of a sheet makes
readers reserve room for seventeen thousand million. Both are refused here, by counting.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from ckanext.municipal.lib.tables.model import Limits, UnreadableTable
from ckanext.municipal.lib.texts import N_

_CHUNK = 2**20
_SMALL = 8 * 2**20  # unpacked size below which no ratio is suspicious
_LOCAL_HEADER = 30
_WIDE_CELLS = re.compile(rb'<c\s+r="([A-Z]{2,3})\d+"[^>/]*>\s*<(?:v|is|f)\b')
_CELL_ROW = re.compile(rb'<c\s+r="[A-Z]+(\d+)"')
_REPEATED_ROWS = re.compile(
    rb'<table:table-row\b[^>]*number-rows-repeated="(\d+)"(?:[^>]*[^/])?>(.*?)</table:table-row>',
    re.S,
)
_ODS_CELL = re.compile(rb"<table:table-cell\b[^>]*office:value-type[^>]*>")
_REPEATED_COLUMNS = re.compile(rb'number-columns-repeated="(\d+)"')


def check_workbook(data: bytes, name: str, limits: Limits) -> None:
    """Refuse a zip archive that is no workbook, damaged, or too large once unpacked.

    Raises UnreadableTable.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_sizes(data, members, name, limits)
            _check_kind({member.filename for member in members}, name)
            for member in members:
                _check_extent(archive, member, name, limits)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise _damaged(name) from None


def _damaged(name: str) -> UnreadableTable:
    return UnreadableTable(
        N_("{file} is a damaged workbook. Open it in a spreadsheet program and save it again."),
        file=name,
    )


def _check_sizes(data: bytes, members: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    """Unpack everything into nothing: sizes that an archive states of itself can be lies."""
    total = 0
    for member in members:
        size = 0
        for chunk in _unpacked(data, member):
            size += len(chunk)
            total += len(chunk)
            if total > limits.unpacked or total > max(_SMALL, limits.ratio * len(data)):
                raise UnreadableTable(
                    N_(
                        "{file} unpacks to more than {size} MB, {ratio} times its size or more."
                        " Save only the sheet with the data, without empty formatted rows."
                    ),
                    file=name,
                    size=total // 2**20,
                    ratio=max(1, total // len(data)),
                )
        if size != member.file_size:
            raise zipfile.BadZipFile(member.filename)


def _unpacked(data: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    at = member.header_offset
    lengths = data[at + 26 : at + _LOCAL_HEADER]
    start = at + _LOCAL_HEADER
    start += int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    packed = data[start : start + member.compress_size]
    if member.flag_bits & 1:
        raise RuntimeError("encrypted")
    if member.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError(member.compress_type)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed and not inflate.eof:
        yield inflate.decompress(packed, _CHUNK)
        packed = inflate.unconsumed_tail
    yield inflate.flush()


def _check_kind(names: set[str], name: str) -> None:
    if any(n.startswith("xl/") for n in names) or {"content.xml", "mimetype"} <= names:
        return
    if any(n.startswith(("word/", "ppt/")) for n in names):
        raise UnreadableTable(
            N_("{file} is a document, not a table. Save its table as a workbook or CSV."), file=name
        )
    raise UnreadableTable(
        N_("{file} is a zip archive, not a table. Unpack it, or make the archive the source."),
        file=name,
    )


def _check_extent(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, limits: Limits
) -> None:
    """Refuse a sheet whose cells lie so far apart that the room between them fills memory."""
    if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member.filename):
        rows, columns = _xlsx_extent(archive.read(member))
    elif member.filename == "content.xml":
        rows, columns = _ods_extent(archive.read(member))
    else:
        return
    if columns > limits.columns or rows > limits.rows or rows * columns > limits.cells:
        raise UnreadableTable(
            N_(
                "{file}: its cells reach to row {rows} and column {columns}. Delete what stands"
                " far from the table, and save it again."
            ),
            file=name,
            rows=rows,
            columns=columns,
        )


def _xlsx_extent(xml: bytes) -> tuple[int, int]:
    """Return the last row and column that hold a value (26 columns at least)."""
    columns = {match[1] for match in _WIDE_CELLS.finditer(xml)}
    last = max(xml.rfind(b"<v>"), xml.rfind(b"<is>"), xml.rfind(b"<v "))
    before = _CELL_ROW.findall(xml, max(0, last - 10_000), last) if last > 0 else []
    return int(before[-1]) if before else 0, max(map(_column_number, columns), default=26)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _ods_extent(xml: bytes) -> tuple[int, int]:
    """Return how far repeated cells with a value reach; an upper bound for the rows."""
    rows = xml.count(b"<table:table-row")
    columns = 26
    for repeated, row in _REPEATED_ROWS.findall(xml):
        if _ODS_CELL.search(row):
            rows += int(repeated)
    for cell in _ODS_CELL.findall(xml):
        if repeated := _REPEATED_COLUMNS.search(cell):
            columns += int(repeated[1])
    return rows, columns
