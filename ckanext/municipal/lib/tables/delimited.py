"""Delimited text (CSV and its kin): which delimiter, which quotation, which line a row is on."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from ckanext.municipal.lib.encodings import Undecodable, decode
from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.tables import refusals
from ckanext.municipal.lib.tables.heading import SEARCHED, find_heading
from ckanext.municipal.lib.tables.model import (
    Limits,
    Record,
    Source,
    UnreadableTable,
    Wanted,
    is_blank,
)
from ckanext.municipal.lib.texts import N_

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
DELIMITERS = (";", "\t", "|", ",")  # the first of equals wins: commas are decimal marks too
_NOT_TABLES = (
    (
        ("<!doctype", "<html", "<head", "<body", "<script", "<table", "<div"),
        N_("a web page (HTML)"),
    ),
    (("<?xml", "<"), N_("an XML document")),
    (("{", "[{"), N_("a JSON document")),
    (("%pdf",), N_("a PDF document")),
)


@dataclass(frozen=True, slots=True)
class _Text:
    """Decoded text with the way its fields are quoted."""

    text: str
    name: str
    limits: Limits
    quoted: bool = True


def delimited_source(
    data: bytes, name: str, *, encoding: str | None, delimiter: str | None, wanted: Wanted,
    limits: Limits,
) -> Source:  # fmt: skip
    """Return the records of a text file.

    Encoding and delimiter are found out unless stated. Raises UnreadableTable.
    """
    try:
        decoded = decode(data, encoding)
    except Undecodable as error:
        raise UnreadableTable(
            N_("{file} cannot be read as text: {reason}"), file=name, reason=error
        ) from error
    _refuse_other_formats(decoded.text, name)
    text = _Text(decoded.text, name, limits)
    mark = delimiter or _delimiter(text, wanted)
    text = _with_quotation(text, mark)
    return Source("", lambda: _records(text, mark), (), decoded.encoding, mark)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text is divided: the delimiter, and whether quotation marks enclose fields."""

    delimiter: str
    quoted: bool


def dialect_of(text: str, name: str, *, delimiter: str | None, limits: Limits) -> Dialect:
    """Return the dialect of a file from its beginning, cut after a line.

    Raises UnreadableTable where the beginning is that of another format, or of nothing.
    """
    _refuse_other_formats(text, name)
    mark = delimiter or _delimiter(_Text(text, name, limits), None)
    return Dialect(mark, '"' in text and _encloses(text, mark))


def first_records(text: str, dialect: Dialect, name: str, limits: Limits) -> list[Record]:
    """Return the first records of a text, among which a header is looked for."""
    shown = _Text(text, name, limits, dialect.quoted)
    return list(islice(_records(shown, dialect.delimiter), SEARCHED))


def _delimiter(text: _Text, wanted: Wanted) -> str:
    first_line = text.text[:8].splitlines()[0].lower() if text.text else ""
    if first_line.startswith("sep=") and len(first_line) == 5:
        return first_line[4]  # Excel's own note, which it leaves out when reading
    return _sniff(text, wanted)


def _refuse_other_formats(text: str, name: str) -> None:
    start = text[:200].lstrip().lower()
    if not start:
        raise refusals.empty(name)
    for beginnings, kind in _NOT_TABLES:
        if start.startswith(beginnings):
            raise UnreadableTable(
                N_(
                    "{file} is {kind}, not a table. The site may have answered with an error or"
                    " login page: open the address in a browser and check it."
                ),
                file=name,
                kind=ReadableError(kind),
            )


def _reader(text: _Text, delimiter: str, *more_lines: str) -> Iterator[list[str]]:
    return csv.reader(
        chain(_lines(text.text), more_lines),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if text.quoted else csv.QUOTE_NONE,
    )


def _lines(text: str) -> Iterator[str]:
    """Yield lines with their ends. `io.StringIO` would hold all of it again, at four bytes a letter."""
    return (line[0] for line in _LINE.finditer(text))


def _records(text: _Text, delimiter: str) -> Iterator[Record]:
    """Yield each record with the line on which it begins, within the limits."""
    reader = _reader(text, delimiter)
    limits, line = text.limits, 1
    try:
        for count, cells in enumerate(reader):
            refusals.check_record(cells, count, line, text.name, limits)
            yield Record(line, cells)  # type: ignore[arg-type]
            line = reader.line_num + 1  # type: ignore[attr-defined]
    except csv.Error:
        raise refusals.too_large(text.name, line, limits) from None


def _sniff(text: _Text, wanted: Wanted) -> str:
    """Return the delimiter of a text.

    Best is one with which the wanted header is found; then one that divides a row of words alone
    as it does most rows, for a header has no decimal commas; then the one with the evenest rows.
    """
    best, best_rank = DELIMITERS[0], (False, False, 0.0)
    for delimiter in DELIMITERS:
        sample = [record for record in _sample(text, delimiter) if record.filled]
        widths = Counter(map(_width, sample))
        if not widths:
            continue
        width, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
        source = Source("", lambda: (), delimiter=delimiter)
        rank = (
            wanted is not None and find_heading(source, sample, wanted) is not None,
            width > 1 and any(_is_words(record, width) for record in sample[:20]),
            rows / len(sample) if width > 1 else 0.0,
        )
        if rank > best_rank:
            best, best_rank = delimiter, rank
    return best


def _width(record: Record) -> int:
    """Return the number of fields, without an empty one after the last delimiter."""
    return len(record.cells) - (len(record.cells) > 1 and is_blank(record.cells[-1]))


def _is_words(record: Record, width: int) -> bool:
    return _width(record) == width and not any(c.isdigit() for c in "".join(map(str, record.cells)))


def _sample(text: _Text, delimiter: str) -> list[Record]:
    try:
        return list(islice(_records(text, delimiter), SEARCHED))
    except UnreadableTable:
        return []


def _with_quotation(text: _Text, delimiter: str) -> _Text:
    """Tell quotation marks that enclose fields from those that are part of a label.

    A label such as ``"ΕΣΤΙΑ" ΣΥΛΛΟΓΟΣ`` begins with a mark and was not written by a CSV writer. Where
    no field of the file is properly enclosed, marks are letters like any other.
    """
    if '"' not in text.text:
        return text
    if not _encloses(text.text, delimiter):
        return _Text(text.text, text.name, text.limits, quoted=False)
    if line := _never_closed(text, delimiter):
        raise refusals.never_closed(text.name, line)
    return text


def _never_closed(text: _Text, delimiter: str) -> int:
    """Return the line of a field that runs to the end of the file, or 0."""
    line, begun, cells = 1, 1, []
    reader = _reader(text, delimiter, "\x1e")
    try:
        for cells in reader:  # noqa: B007
            begun, line = line, reader.line_num + 1  # type: ignore[attr-defined]
    except csv.Error:
        return line
    return 0 if cells == ["\x1e"] else begun


def _encloses(text: str, delimiter: str) -> bool:
    """Return whether at least one field is enclosed as CSV writers do."""
    ends = (f'"{delimiter}', '"\n', '"\r')
    begins = (f'{delimiter}"', '\n"', '\r"')
    return any(end in text for end in ends) and (
        text.startswith('"') or any(begin in text for begin in begins)
    )
