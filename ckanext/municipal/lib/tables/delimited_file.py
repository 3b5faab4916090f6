"""Delimited text in a file of any size, for DuckDB: read where it stands if it is regular.

Regular is a file whose every line is one row with as many cells as the header says. That is known
only when DuckDB has read it, so whoever reads the fast way (`fast`) proves it by the count of rows,
and goes the exact way (`exact`) where they differ: Python's csv reader, which takes any text.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from ckanext.municipal.lib.tables import refusals
from ckanext.municipal.lib.tables.delimited import Dialect, dialect_of, first_records
from ckanext.municipal.lib.tables.heading import Heading, find_heading
from ckanext.municipal.lib.tables.model import (
    Limits,
    Record,
    Source,
    UnreadableTable,
    is_blank,
)
from ckanext.municipal.lib.tables.raw import Places, RawTable, Written, csv_relation
from ckanext.municipal.lib.tables.recoding import Encoding, find_encoding, utf8_copy
from ckanext.municipal.lib.texts import N_

_HEAD = 2**20
_PIECE = 2**20
_SHARE = 0.95  # of the rows have one more cell than the header: a delimiter at the end of each
_END = "\x1e"
_YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class DelimitedFile:
    """A text file of which encoding, dialect and header are known; ``path`` is UTF-8.

    ``named`` is whether a row names the columns, ``width`` how many cells rows have as a rule and
    ``kept`` how many of them mean anything, ``data_line`` where the first row of data begins.
    """

    path: Path
    name: str
    folder: Path
    limits: Limits
    encoding: Encoding
    dialect: Dialect
    heading: Heading
    header_row: int
    named: bool
    width: int
    kept: int
    data_line: int
    data_record: int
    preamble: int

    @property
    def header(self) -> tuple[str, ...]:
        """The name of each column, "" where it has none."""
        names = self.heading.names if self.named else ()
        return tuple((*names, *[""] * self.kept)[: self.kept])

    def fast(self) -> RawTable | None:
        """Return the table as DuckDB reads it where it stands, None where that cannot be right."""
        lines = _count_lines(self.path)
        if lines is None or self.encoding.damaged:
            return None
        relation = csv_relation(
            self.path,
            [f"c{place}" for place in range(self.width)],
            delimiter=self.dialect.delimiter,
            quoted=self.dialect.quoted,
            skip=self.data_line - 1,
        )
        return self._table(
            relation,
            first_line=self.data_line,
            rows=lines - self.data_line + 1,
            spare=self.width > self.kept,
        )

    def exact(self) -> RawTable:
        """Return the table as Python's csv reader sees it, written out with the line of each row.

        Raises UnreadableTable: a quotation mark that is never closed, more than the limits.
        """
        short, long, blank = Places(), Places(), Places()
        written = Written(self.folder / "rows.csv", self.kept)
        written.write(self._rows(short, long, blank))
        return self._table(written.relation(), short=short, long=long, blank=blank)

    def _table(self, relation: str, **known: object) -> RawTable:
        return RawTable(
            header=self.header,
            relation=relation,
            header_row=self.header_row if self.named else 0,
            encoding=self.encoding.name,
            damaged=self.encoding.damaged,
            delimiter=self.dialect.delimiter,
            preamble=self.preamble,
            **known,  # type: ignore[arg-type]
        )

    def _rows(
        self, short: Places, long: Places, blank: Places
    ) -> Iterator[tuple[int, Sequence[str]]]:
        for record in islice(self._records(), self.data_record, None):
            cells: Sequence[str] = record.cells  # type: ignore[assignment]
            if len(cells) != self.width and not record.filled:
                blank.add(record.number)
                continue
            if len(cells) < self.kept:
                short.add(record.number, len(cells))
            elif not all(map(is_blank, cells[self.kept :])) or len(cells) > self.width:
                long.add(record.number, len(cells))
            yield record.number, cells

    def _records(self) -> Iterator[Record]:
        """Yield every record of the file with the line on which it begins."""
        with self.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            lines = chain(_bounded_lines(file, self.name), [_END])
            quoting = csv.QUOTE_MINIMAL if self.dialect.quoted else csv.QUOTE_NONE
            reader = csv.reader(lines, delimiter=self.dialect.delimiter, quoting=quoting)
            line, last = 1, 1
            try:
                for count, cells in enumerate(reader):
                    if cells == [_END]:
                        return
                    refusals.check_record(cells, count, line, self.name, self.limits)
                    yield Record(line, cells)  # type: ignore[arg-type]
                    last, line = line, reader.line_num + 1
            except csv.Error:
                raise refusals.too_large(self.name, line, self.limits) from None
        raise refusals.never_closed(self.name, last)


def open_delimited(
    path: Path,
    name: str,
    folder: Path,
    limits: Limits,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> DelimitedFile:
    """Return a text file with its encoding, dialect and header found; unless UTF-8, as a copy.

    Raises UnreadableTable: empty, no text, another format under this name, no table, wider than
    the limits.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    found = Encoding("utf-8") if encoding is None and _begins_as_utf8(head) else None
    if found is None:
        found = find_encoding(path, name, encoding)
    if found.name.replace("_", "-").lower() not in ("utf-8", "utf8", "ascii"):
        copy = folder / "utf-8.csv"
        utf8_copy(path, found, copy)
        path = copy
    return _understood(path, name, folder, limits, encoding=found, delimiter=delimiter)


def recoded(file: DelimitedFile) -> DelimitedFile:
    """Return a file anew that began as UTF-8 and, further down, is not; itself if it is."""
    found = find_encoding(file.path, file.name)
    if found == file.encoding:
        return file
    copy = file.folder / "recoded.csv"
    utf8_copy(file.path, found, copy)
    delimiter = file.dialect.delimiter
    return _understood(
        copy, file.name, file.folder, file.limits, encoding=found, delimiter=delimiter
    )


def _begins_as_utf8(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The end of the piece may divide a letter.
        return len(head) == _HEAD and error.start >= _HEAD - 3 and error.reason != _WRONG
    return True


_WRONG = "invalid start byte"


def _understood(
    path: Path,
    name: str,
    folder: Path,
    limits: Limits,
    *,
    encoding: Encoding,
    delimiter: str | None,
) -> DelimitedFile:
    text = _beginning(path)
    dialect = dialect_of(text, name, delimiter=delimiter, limits=limits)
    records = first_records(text, dialect, name, limits)
    source = Source("", lambda: records, delimiter=dialect.delimiter)
    heading = find_heading(source, records, None)
    if heading is None:
        raise UnreadableTable(
            N_("{file} holds no table. Check the export, or remove it from the source."), file=name
        )
    named = not _is_row_of_figures(records[heading.index])
    data = heading.index + (heading.depth if named else 0)
    width, kept = _widths(heading, records[data:])
    return DelimitedFile(
        path=path,
        name=name,
        folder=folder,
        limits=limits,
        encoding=encoding,
        dialect=dialect,
        heading=heading,
        header_row=records[heading.index].number,
        named=named,
        width=width,
        kept=kept,
        data_line=_line_of(records, data, text, dialect),
        data_record=data,
        preamble=sum(bool(record.filled) for record in records[: heading.index]),
    )


def _beginning(path: Path) -> str:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        text = file.read(_HEAD)
        more = file.read(1)
    end = text.rfind("\n")
    return text[: end + 1] if more and end > 0 else text


def _is_row_of_figures(record: Record) -> bool:
    """Return whether a row holds a number that names no year: then it is data, not names."""
    for cell in record.cells:
        written = str(cell or "").strip(" €+-()")
        digits = written.replace(".", "").replace(",", "")
        if digits.isdecimal() and not (written.isdecimal() and int(written) in _YEARS):
            return True
    return False


def _widths(heading: Heading, records: Sequence[Record]) -> tuple[int, int]:
    """Return how many cells rows have as a rule, and how many of them mean anything."""
    names = len(heading.names)
    counted = Counter(len(record.cells) for record in records if record.filled)
    usual = counted.most_common(1)[0][0] if counted else names
    last = [r.cells[-1] for r in records if r.filled and len(r.cells) == usual]
    empty = all(map(is_blank, last))
    if usual == names + 1 and empty and counted[usual] >= _SHARE * counted.total():
        return usual, names
    if usual == names > 1 and not heading.names[-1] and empty:
        return usual, names - 1
    width = max(names, usual)
    return width, width


def _line_of(records: Sequence[Record], index: int, text: str, dialect: Dialect) -> int:
    """Return the line on which a record begins, which may be the one after the last."""
    if index < len(records):
        return records[index].number
    return text.count("\n") + (0 if text.endswith("\n") or not text else 1) + 1


def _count_lines(path: Path) -> int | None:
    """Return how many lines end in LF, the last one also without; None for what DuckDB cannot read."""
    count, last = 0, b"\n"
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            if b"\0" in piece:
                return None
            count += piece.count(b"\n")
            last = piece[-1:]
    return count + (last != b"\n")


def _bounded_lines(file: TextIO, name: str) -> Iterator[str]:
    """Yield lines with their ends, none longer than a row of a table can be."""
    while line := file.readline(_HEAD * 4):
        if len(line) == _HEAD * 4 and line[-1] not in "\r\n":
            raise UnreadableTable(
                N_(
                    "{file} has a line of more than {size} million characters. Export it again with"
                    " one row on each line."
                ),
                file=name,
                size=_HEAD * 4 // 10**6,
            )
        yield line
