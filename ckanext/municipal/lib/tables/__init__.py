"""Any table that a municipal system exports, as rows: CSV of all kinds, XLSX, XLS, ODS.

What a file is, is decided by its bytes, never by its name. Cells are not interpreted: codes stay
text, numbers of text files stay text (see `numbers`), and every row knows its line in the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import islice

from ckanext.municipal.lib.tables.delimited import delimited_source
from ckanext.municipal.lib.tables.heading import SEARCHED, Heading, find_heading
from ckanext.municipal.lib.tables.model import (
    Cell,
    Dropped,
    Limits,
    Row,
    Sheet,
    SheetHead,
    SheetStream,
    Source,
    UnreadableTable,
    Wanted,
    is_blank,
)
from ckanext.municipal.lib.tables.refusals import check_size
from ckanext.municipal.lib.tables.workbook import is_workbook, workbook_sources
from ckanext.municipal.lib.texts import N_

__all__ = [
    "Cell", "Dropped", "Limits", "Row", "Sheet", "SheetHead", "SheetStream", "UnreadableTable",
    "read", "stream",
]  # fmt: skip

# A file of which every row ends with the delimiter: so many of a hundred rows must do so.
_TRAILING_SHARE = 0.95


def read(
    data: bytes,
    name: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | int | None = None,
    header: Wanted = None,
    limits: Limits | None = None,
) -> list[Sheet]:
    """Return the tables of a file, each with all its rows; parameters and errors as `stream`."""
    streams = stream(
        data,
        name,
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
        header=header,
        limits=limits,
    )
    return [Sheet(**_head(one), rows=list(one.rows)) for one in streams]


def stream(
    data: bytes,
    name: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | int | None = None,
    header: Wanted = None,
    limits: Limits | None = None,
) -> Iterator[SheetStream]:
    """Yield the tables of a file, the rows of each read as they are gone through.

    ``name`` is for messages only. ``encoding`` and ``delimiter`` are found out unless stated;
    ``sheet`` picks one sheet by name or place, otherwise every visible one that has the header.
    ``header`` says how to know the header row: the column names that may occur, or a test of the
    whole row; without it the first row as wide as the table is taken. Blank rows are left out, and
    the empty field after the last delimiter where all rows have one more than the header.

    Raises UnreadableTable, with a sentence that names the file and the remedy: empty, no table,
    no text, damaged or protected workbook, no header, larger than the limits.
    """
    limits = limits or Limits()
    check_size(len(data), name, limits)
    if is_workbook(data):
        sources = workbook_sources(data, name, sheet=sheet, limits=limits)
    else:
        sources = iter(
            [
                delimited_source(
                    data, name, encoding=encoding, delimiter=delimiter, wanted=header, limits=limits
                )
            ]
        )
    found = False
    for source in sources:
        records = list(islice(source.records(), SEARCHED))
        if heading := find_heading(source, records, header):
            found = True
            yield _table(source, heading)
    if not found:
        raise _no_header(name, header)


def _no_header(name: str, header: Wanted) -> UnreadableTable:
    if header is None:
        return UnreadableTable(
            N_("{file} holds no table. Check the export, or remove it from the source."), file=name
        )
    if callable(header):
        return UnreadableTable(
            N_("{file}: no row is the header that the source describes. Correct its columns."),
            file=name,
        )
    return UnreadableTable(
        N_("{file}: no row has the column headings {names}. Correct the columns of the source."),
        file=name,
        names=", ".join(sorted(header)[:8]),
    )


def _head(table: SheetHead) -> dict:
    return {item.name: getattr(table, item.name) for item in fields(SheetHead)}


@dataclass(frozen=True, slots=True)
class _Shape:
    """How many cells a row has, and how many of them are kept."""

    width: int
    kept: int
    blank_rows: int
    padded: bool  # rows of a sheet are as wide as its widest; the rest is no fault

    @property
    def trailing(self) -> bool:
        return not self.padded and self.width > self.kept


def _table(source: Source, heading: Heading) -> SheetStream:
    records = iter(source.records())
    preamble = tuple(
        Row(record.number, tuple(record.cells))
        for record in islice(records, heading.index)
        if record.filled
    )
    first = next(records).number
    shape = _shape(source, heading)
    return SheetStream(
        name=source.name,
        header=heading.names[: shape.kept],
        header_row=first,
        preamble=preamble,
        dropped=Dropped(shape.blank_rows, shape.trailing),
        encoding=source.encoding,
        delimiter=source.delimiter,
        rows=_rows(source, heading, shape),
    )


def _shape(source: Source, heading: Heading) -> _Shape:
    """Go through all rows once to see how wide they are and whether the last field is empty."""
    wide = len(heading.names)
    widths: Counter[int] = Counter()
    last_filled = extra_filled = blank = 0
    for record in islice(source.records(), heading.index + heading.depth, None):
        cells = record.cells
        if not record.filled:
            blank += 1
            continue
        widths[len(cells)] += 1
        last_filled += len(cells) >= wide and not is_blank(cells[wide - 1])
        extra_filled += len(cells) == wide + 1 and not is_blank(cells[wide])
    if source.delimiter is None:
        return _Shape(wide, wide, blank, padded=True)
    if widths[wide + 1] >= _TRAILING_SHARE * max(1, widths.total()) and not extra_filled:
        return _Shape(wide + 1, wide, blank, padded=False)
    if wide > 1 and not heading.names[-1] and not last_filled:
        return _Shape(wide, wide - 1, blank, padded=False)
    return _Shape(wide, wide, blank, padded=False)


def _rows(source: Source, heading: Heading, shape: _Shape) -> Iterator[Row]:
    for record in islice(source.records(), heading.index + heading.depth, None):
        cells = record.cells
        if not record.filled:
            continue
        if len(cells) == shape.width or (shape.padded and all(map(is_blank, cells[shape.kept :]))):
            kept = tuple(cells[: shape.kept])
            yield Row(record.number, kept + (None,) * (shape.kept - len(kept)))
        else:
            yield Row(record.number, tuple(cells), ragged=True)
