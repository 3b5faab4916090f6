"""Rows as files: CSV, JSON and Parquet. The same rows give the same bytes, whatever their number.

Each format comes three ways: ``*_bytes`` for small tables, ``*_pieces`` to stream an answer, and
``write_*`` onto an open binary file; the last two use the same little memory for any size.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ckanext.municipal.store import lexical
from ckanext.municipal.store.lexical import Column, Row
from ckanext.municipal.store.parquet import parquet_bytes, write_parquet
from ckanext.municipal.store.schema import Field, TableSchema, Type

__all__ = [
    "EXCEL",
    "STANDARD",
    "CsvForm",
    "csv_bytes",
    "csv_pieces",
    "json_bytes",
    "json_pieces",
    "parquet_bytes",
    "write_csv",
    "write_json",
    "write_parquet",
]

# A spreadsheet takes a cell that begins so for a formula, and runs it.
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_AS_TEXT = (Type.TEXT, Type.JSON)


@dataclass(frozen=True, slots=True)
class CsvForm:
    """How a CSV is written: mark of order (BOM), delimiter, decimal mark, date and time apart by."""

    bom: bool
    delimiter: str
    decimal: str
    time: str


STANDARD = CsvForm(bom=False, delimiter=",", decimal=".", time="T")
"""RFC 4180 in UTF-8, as programs, CSVW and Frictionless expect it: a BOM would become a part of the
first column's name. This is what is published as a resource."""

EXCEL = CsvForm(bom=True, delimiter=";", decimal=",", time=" ")
"""For a double click in a Greek Excel: it takes UTF-8 only after a BOM, parts columns at ``;`` only
and reads ``12,50`` only. Offered beside the standard form, never in its place."""


def csv_bytes(
    schema: TableSchema, rows: Iterable[Row], *, form: CsvForm = STANDARD, raw: bool = False
) -> bytes:
    """Return the rows as CSV with a header of field names. See ``csv_pieces``."""
    return b"".join(csv_pieces(schema, rows, form=form, raw=raw))


def write_csv(
    schema: TableSchema,
    rows: Iterable[Row],
    file: BinaryIO,
    *,
    form: CsvForm = STANDARD,
    raw: bool = False,
) -> int:
    """Write the rows as CSV and return the number of bytes. See ``csv_pieces``."""
    return sum(map(file.write, csv_pieces(schema, rows, form=form, raw=raw)))


def csv_pieces(
    schema: TableSchema, rows: Iterable[Row], *, form: CsvForm = STANDARD, raw: bool = False
) -> Iterator[bytes]:
    """Yield the rows as CSV (RFC 4180, UTF-8, CRLF), piece by piece.

    NULL is an empty cell, an empty text is ``""``. A text cell that a spreadsheet would run as a
    formula gets a ``'`` before it; numbers never do. ``raw`` leaves such cells as they are: for
    machines that read back exactly what was stored. Raises RowErrors.
    """
    header = form.delimiter.join(schema.names) + "\r\n"
    yield header.encode("utf-8-sig" if form.bom else "utf-8")
    for columns in lexical.columns(schema, rows):
        cells = [
            _cells(field, column, form, raw)
            for field, column in zip(schema.fields, columns, strict=True)
        ]
        lines = map(form.delimiter.join, zip(*cells, strict=True))
        yield ("\r\n".join(lines) + "\r\n").encode()


def _cells(field: Field, column: Column, form: CsvForm, raw: bool) -> list[str]:
    if field.type in _AS_TEXT:
        if not raw:
            column = [f"'{text}" if text and text[0] in _FORMULA else text for text in column]
        return quoted(column, form.delimiter)
    if field.type is Type.NUMERIC and form.decimal != ".":
        column = [text and text.replace(".", form.decimal) for text in column]
    if field.type is Type.TIMESTAMP and form.time != "T":
        column = [text and text.replace("T", form.time) for text in column]
    return [text or "" for text in column]


def quoted(column: Column, delimiter: str = ",") -> list[str]:
    """Return texts as CSV cells, in quotes where they need it; NULL is nothing, "" is ``""``."""
    together = "".join(filter(None, column))
    special = [mark for mark in ('"', delimiter, "\r", "\n", " ") if mark in together]
    if not special:
        return ['""' if text == "" else text or "" for text in column]
    return ["" if text is None else _quoted(text, special) for text in column]


def _quoted(text: str, special: list[str]) -> str:
    if text and text == text.strip() and not any(mark in text for mark in special if mark != " "):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def json_bytes(schema: TableSchema, rows: Iterable[Row]) -> bytes:
    """Return the rows as a JSON array of objects. See ``json_pieces``."""
    return b"".join(json_pieces(schema, rows))


def write_json(schema: TableSchema, rows: Iterable[Row], file: BinaryIO) -> int:
    """Write the rows as a JSON array and return the number of bytes. See ``json_pieces``."""
    return sum(map(file.write, json_pieces(schema, rows)))


def json_pieces(schema: TableSchema, rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield the rows as a JSON array (RFC 8259, UTF-8), an object a line, piece by piece.

    Every object has every field, in order. Numbers have the very digits that the CSV has
    (``12.50``), for readers that keep decimals exact. Raises RowErrors.
    """
    opening = "[\n"
    names = [f"{json.dumps(name)}:" for name in schema.names]
    for columns in lexical.columns(schema, rows):
        members = [
            [name + member for member in _members(field, column)]
            for name, field, column in zip(names, schema.fields, columns, strict=True)
        ]
        objects = ("{" + ",".join(row) + "}" for row in zip(*members, strict=True))
        yield (opening + ",\n".join(objects)).encode()
        opening = ",\n"
    yield b"\n]\n" if opening == ",\n" else b"[]\n"


def _members(field: Field, column: Column) -> list[str]:
    if field.type in (Type.TEXT, Type.DATE, Type.TIMESTAMP):
        quote = json.JSONEncoder(ensure_ascii=False).encode
        return ["null" if text is None else quote(text) for text in column]
    return ["null" if text is None else text for text in column]
