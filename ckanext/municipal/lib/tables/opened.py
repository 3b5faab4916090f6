"""Any file that holds tables, of any size, opened for DuckDB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ckanext.municipal.lib import tables
from ckanext.municipal.lib.tables import refusals
from ckanext.municipal.lib.tables.content import Content, content_of, linked, unpacked
from ckanext.municipal.lib.tables.delimited_file import DelimitedFile, open_delimited
from ckanext.municipal.lib.tables.json_rows import JsonFile
from ckanext.municipal.lib.tables.model import Cell, Limits, SheetStream
from ckanext.municipal.lib.tables.parquet_file import parquet_table
from ckanext.municipal.lib.tables.raw import Places, RawTable, Written

if TYPE_CHECKING:
    import duckdb

FILE_LIMITS = Limits(bytes=8 * 2**30, unpacked=2 * 2**30, rows=100_000_000)
"""What is read of a file that need not fit into memory."""
_WORKBOOK_LIMITS = Limits()


def open_tables(
    path: Path,
    name: str,
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    limits: Limits = FILE_LIMITS,
) -> Iterator[RawTable | DelimitedFile]:
    """Yield the tables of a file: a text file as such, to be read fast or exactly, others ready.

    ``name`` is for messages, ``folder`` takes copies and is emptied by the caller, ``connection`` is
    `raw.connect`'s. Gzip files and zip archives of one table are unpacked.
    Raises UnreadableTable, with a sentence that names the file and the remedy.
    """
    size = path.stat().st_size
    if not size:
        raise refusals.empty(name)
    refusals.check_size(size, name, limits)
    path, name = unpacked(path, name, folder, limits)
    content = content_of(path)
    if content is Content.WORKBOOK:
        yield from _sheets(path, name, folder)
    elif content is Content.PARQUET:
        yield parquet_table(linked(path, folder), name, limits, connection)
    elif content is Content.JSON:
        yield _json(path, name, folder, limits)
    else:
        yield open_delimited(
            linked(path, folder), name, folder, limits, encoding=encoding, delimiter=delimiter
        )


def _json(path: Path, name: str, folder: Path, limits: Limits) -> RawTable:
    file = JsonFile(path, name, limits)
    header = file.header()
    written = Written(folder / "rows.csv", len(header))
    written.write(file.rows(header))
    return RawTable(header=header, relation=written.relation(), typed=True, encoding=file.encoding)


def _sheets(path: Path, name: str, folder: Path) -> Iterator[RawTable]:
    refusals.check_size(path.stat().st_size, name, _WORKBOOK_LIMITS)
    streams = tables.stream(path.read_bytes(), name, limits=_WORKBOOK_LIMITS)
    for place, sheet in enumerate(streams):
        yield _sheet(sheet, folder / f"sheet-{place}.csv")


def _sheet(sheet: SheetStream, target: Path) -> RawTable:
    long, blank = Places(), Places(count=sheet.dropped.blank_rows)
    written = Written(target, len(sheet.header))
    written.write(_cells(sheet, long))
    return RawTable(
        header=sheet.header,
        relation=written.relation(),
        sheet=sheet.name,
        header_row=sheet.header_row,
        typed=True,
        preamble=len(sheet.preamble),
        blank=blank,
        long=long,
    )


def _cells(sheet: SheetStream, long: Places) -> Iterator[tuple[int, Sequence[Cell]]]:
    for row in sheet.rows:
        if row.ragged:
            long.add(row.number, len(row.cells))
        yield row.number, row.cells
