"""Workbooks are zip archives: what is inside is measured before anything opens it.

A few kilobytes can unpack to gigabytes, a single cell in the last corner of a sheet makes readers
reserve room for seventeen thousand million, and a long text may stand in a million cells. All are
refused here, by counting.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from ckanext.municipal.lib.tables.extent import ods_extent, shared_text, xlsx_extent
from ckanext.municipal.lib.tables.model import Limits, UnreadableTable
from ckanext.municipal.lib.texts import N_

_CHUNK = 2**20
_SMALL = 8 * 2**20  # unpacked size below which no ratio is suspicious
_LOCAL_HEADER = 30
_ROW = 10  # what a row costs beside its cells, in cells
_SMALL_ROOM = 2_000_000  # cells below which no emptiness is suspicious
_STRINGS = "xl/sharedstrings.xml"


def check_workbook(data: bytes, name: str, limits: Limits) -> None:
    """Refuse a zip archive that is no workbook, damaged, or too large once unpacked.

    Raises UnreadableTable.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_sizes(data, members, name, limits)
            _check_kind({member.filename for member in members}, name)
            if any(_is_strings(m) and m.file_size > limits.texts for m in members):
                raise _too_much_text(name, limits)
            for member in members:
                _check_extent(archive, member, name, limits)
    except UnreadableTable:
        raise
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError):
        raise _damaged(name) from None


def is_binary(data: bytes) -> bool:
    """Return whether a workbook that was checked may be read as an XLSB, whose sheets are no XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(name.lower().endswith("workbook.bin") for name in archive.namelist())


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
    """Refuse a sheet whose cells lie so far apart, or repeat such texts, that they fill memory."""
    if member.filename == "content.xml":
        extent = ods_extent(archive.read(member))
    elif not _is_strings(member) and b"sheetData" in (sheet := archive.read(member)):
        # Wherever it lies in the archive: the workbook says which of its parts are sheets.
        extent = xlsx_extent(sheet)
        extent.text = _shared_text(archive, sheet, extent.shared, limits)
    else:
        return
    rows, columns = extent.rows, extent.columns
    room = rows * (columns + _ROW)
    sparse = room > max(_SMALL_ROOM, limits.sparse * extent.values)
    if columns > limits.columns or rows > limits.rows or room > limits.cells or sparse:
        raise UnreadableTable(
            N_(
                "{file}: its cells reach to row {rows} and column {columns}. Delete what stands"
                " far from the table, and save it again."
            ),
            file=name,
            rows=rows,
            columns=columns,
        )
    if extent.text > limits.texts:
        raise _too_much_text(name, limits)


def _shared_text(archive: zipfile.ZipFile, sheet: bytes, shared: int, limits: Limits) -> int:
    """Return the bytes of text of a sheet's cells, or 0 where they cannot be too many."""
    strings = [member for member in archive.infolist() if _is_strings(member)]
    if shared * sum(member.file_size for member in strings) <= limits.texts:
        return 0
    return max(shared_text(sheet, archive.read(member)) for member in strings)


def _is_strings(member: zipfile.ZipInfo) -> bool:
    return member.filename.lower() == _STRINGS


def _too_much_text(name: str, limits: Limits) -> UnreadableTable:
    return UnreadableTable(
        N_("{file} holds more than {size} MB of text. Divide it, or save it as CSV."),
        file=name,
        size=limits.texts // 2**20,
    )
