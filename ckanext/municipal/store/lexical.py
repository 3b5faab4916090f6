"""Typed values as text, in one form each, checked on the way.

The form is the lexical one of the Table Schema standard, which PostgreSQL, CSV and JSON all read:
``12.50``, ``2016-04-01``, ``2016-04-01T22:54:00``, ``true``. Columns of a few thousand rows at a
time are checked and rendered by built-in functions over whole columns; only a column that fails is
looked through value by value, to say which row it was. Pure: no database.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation
from functools import partial
from itertools import islice
from typing import Any

from ckanext.municipal.store.errors import MissingValue, WrongShape, WrongValue
from ckanext.municipal.store.schema import Field, TableSchema, Type

Row = Sequence[Any] | Mapping[str, Any]
Column = list[str | None]

MAX_DIGITS = 38  # what Parquet's DECIMAL holds, so that every export can
# What an encoder raises for a value that its field cannot hold.
FAULTS = (ValueError, TypeError, OverflowError, DecimalException, RecursionError)
_ROWS_AT_A_TIME = 4_000
_INT64 = 2**63
_EXACT = Context(prec=MAX_DIGITS + 1, traps=[Inexact, InvalidOperation])
_NONE = type(None)

_EXPECTED = {
    Type.TEXT: "text (without NUL characters, and valid Unicode)",
    Type.INTEGER: "a whole number of at most 64 bits",
    Type.NUMERIC: "a Decimal or whole number with at most {decimals} decimals and 38 digits",
    Type.DATE: "a date without time",
    Type.TIMESTAMP: "a date with time, with a time zone only where the schema names one",
    Type.BOOLEAN: "True or False",
    Type.JSON: "a JSON value",
}


def expected(field: Field) -> str:
    """Return what a field holds, in words, for messages."""
    if field.enum:
        return "one of " + ", ".join(field.enum)
    if field.pattern:
        return f"text like {field.pattern.pattern}"
    return _EXPECTED[field.type].format(decimals=field.decimals)


def columns(schema: TableSchema, rows: Iterable[Row]) -> Iterator[list[Column]]:
    """Yield the rows a few thousand at a time, as one list of texts a field; NULL is None.

    Raises MissingValue, WrongValue or WrongShape, naming the row (from 1), its key and the field.
    """
    source = iter(rows)
    first = 1
    encoders = [encoder(field, schema) for field in schema.fields]
    while chunk := list(islice(source, _ROWS_AT_A_TIME)):
        values = list(zip(*_tuples(schema, chunk, first), strict=True))
        blame = _Blame(schema, values, first)
        yield [
            _column(field, encode, column, blame)
            for field, encode, column in zip(schema.fields, encoders, values, strict=True)
        ]
        first += len(chunk)


class _Blame:
    """Says which row of a chunk is at fault."""

    def __init__(self, schema: TableSchema, columns: Sequence[Sequence[Any]], first: int) -> None:
        self.schema, self.columns, self.first = schema, columns, first

    def of(self, field: Field, position: int) -> dict[str, Any]:
        row = [column[position] for column in self.columns]
        key = key_text(self.schema, [row[self.schema.positions[name]] for name in self.schema.key])
        place = {"table": self.schema.name, "row": self.first + position}
        return {**place, "key": key, "field": field.name}


def key_text(schema: TableSchema, values: Sequence[Any]) -> str:
    """Return a row's key as people read it: ``side=revenue, code_raw=0111.01.01``."""
    return ", ".join(f"{name}={value}" for name, value in zip(schema.key, values, strict=True))


def _tuples(schema: TableSchema, chunk: list[Row], first: int) -> list[Sequence[Any]]:
    names, width = schema.names, len(schema.names)
    tuples: list[Sequence[Any]] = []
    for position, row in enumerate(chunk):
        if isinstance(row, Mapping):
            unknown = row.keys() - schema.positions.keys()
            if unknown:
                found = "fields " + ", ".join(sorted(map(str, unknown)))
                raise _shape(schema, first + position, found)
            tuples.append([row.get(name) for name in names])
        elif len(row) != width or isinstance(row, str | bytes):
            raise _shape(schema, first + position, f"{len(row)} values")
        else:
            tuples.append(row)
    return tuples


def _shape(schema: TableSchema, row: int, found: str) -> WrongShape:
    fields = f"{len(schema.names)} fields: {', '.join(schema.names)}"
    return WrongShape(table=schema.name, row=row, key="", found=found, expected=fields)


_Encoder = Callable[[Sequence[Any]], list[str]]


def _column(field: Field, encode: _Encoder, values: Sequence[Any], blame: _Blame) -> Column:
    if _NONE not in set(map(type, values)):
        return [*_rendered(field, encode, values, values, blame)]
    if field.required:
        raise MissingValue(**blame.of(field, values.index(None)))
    present = [value for value in values if value is not None]
    texts = iter(_rendered(field, encode, present, values, blame))
    return [None if value is None else next(texts) for value in values]


def _rendered(
    field: Field,
    encode: _Encoder,
    present: Sequence[Any],
    values: Sequence[Any],
    blame: _Blame,
) -> list[str]:
    try:
        return encode(present)
    except FAULTS:
        faults = (at for at, value in enumerate(values) if not _holds(encode, value))
        position = next(faults, 0)
        shown = repr(values[position])[:80]
        place = blame.of(field, position)
        raise WrongValue(**place, value=shown, expected=expected(field)) from None


def _holds(encode: _Encoder, value: Any) -> bool:
    try:
        return value is None or bool(encode([value]))
    except FAULTS:
        return False


def encoder(field: Field, schema: TableSchema) -> _Encoder:
    """Return what checks and renders values of a field, none of them NULL. Raises FAULTS."""
    return partial(_ENCODERS[field.type], schema, field)


def _only(values: Sequence[Any], *kinds: type) -> None:
    if not set(map(type, values)) <= set(kinds):
        raise TypeError


def _text(_schema: TableSchema, field: Field, values: Sequence[Any]) -> list[str]:
    if not set(map(type, values)) <= {str}:
        if not all(isinstance(value, str) for value in values):
            raise TypeError
        values = [str.__str__(value) for value in values]  # an enumeration's value
    if field.enum and not set(values) <= set(field.enum):
        raise ValueError
    if field.pattern and not all(map(field.pattern.fullmatch, set(values))):
        raise ValueError
    together = "".join(values)
    together.encode()  # a lone surrogate is no text
    if "\0" in together:
        raise ValueError
    return list(values)


def _integer(_schema: TableSchema, _field: Field, values: Sequence[Any]) -> list[str]:
    _only(values, int)
    if values and not (min(values) >= -_INT64 and max(values) < _INT64):
        raise OverflowError
    return list(map(str, values))


def _numeric(_schema: TableSchema, field: Field, values: Sequence[Any]) -> list[str]:
    return numbers(values, field.decimals)


def numbers(values: Sequence[Any], decimals: int) -> list[str]:
    """Return exact numbers as text with exactly so many decimals: ``12.50``, never ``1.25E+1``.

    Raises ValueError, TypeError or DecimalException for floats, NaN, infinities, more decimals
    than the field keeps and more than 38 digits.
    """
    _only(values, Decimal, int)
    point = -decimals - 1
    texts = [
        text
        if decimals and text[point : point + 1] == "." and text[point + 1 :].isdigit()
        else _number(value, decimals)
        for text, value in zip(map(str, values), values, strict=True)
    ]
    if max(map(len, texts), default=0) > MAX_DIGITS and any(
        len(text.lstrip("-").replace(".", "")) > MAX_DIGITS for text in texts
    ):
        raise OverflowError
    zero = f"{0:.{decimals}f}"
    if f"-{zero}" in texts:
        texts = [zero if text == f"-{zero}" else text for text in texts]
    return texts


def _number(value: Decimal | int, decimals: int) -> str:
    exact = Decimal(value).quantize(Decimal(1).scaleb(-decimals), context=_EXACT)
    if not exact.is_finite():
        raise ValueError
    return f"{exact:f}"


def _date(_schema: TableSchema, _field: Field, values: Sequence[Any]) -> list[str]:
    _only(values, dt.date)
    return list(map(str, values))


def _timestamp(schema: TableSchema, _field: Field, values: Sequence[Any]) -> list[str]:
    # By identity: equal moments of two zones, or folds, are not the same text.
    texts: dict[int, str] = {}
    for value in values:
        if id(value) not in texts:
            texts[id(value)] = local_time(schema, value).isoformat()
    return [texts[id(value)] for value in values]


def local_time(schema: TableSchema, value: Any) -> dt.datetime:
    """Return a timestamp as the clock of the schema's place shows it, without zone.

    Raises TypeError for what is no datetime, and ValueError for an aware one where the schema
    names no time zone.
    """
    if not isinstance(value, dt.datetime):
        raise TypeError
    if value.tzinfo is None:
        return value
    if schema.timezone is None:
        raise ValueError
    return value.astimezone(schema.timezone).replace(tzinfo=None)


def _boolean(_schema: TableSchema, _field: Field, values: Sequence[Any]) -> list[str]:
    _only(values, bool)
    return ["true" if value else "false" for value in values]


def _json(_schema: TableSchema, _field: Field, values: Sequence[Any]) -> list[str]:
    texts = [json_text(value) for value in values]
    "".join(texts).encode()
    return texts


def json_text(value: Any) -> str:
    """Return a JSON value as text, the same for equal values. Raises TypeError, ValueError."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


_ENCODERS: Mapping[Type, Callable[[TableSchema, Field, Sequence[Any]], list[str]]] = {
    Type.TEXT: _text,
    Type.INTEGER: _integer,
    Type.NUMERIC: _numeric,
    Type.DATE: _date,
    Type.TIMESTAMP: _timestamp,
    Type.BOOLEAN: _boolean,
    Type.JSON: _json,
}
