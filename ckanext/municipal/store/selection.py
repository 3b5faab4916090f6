"""Questions to a table: what of it, in which order, from where on; and the typed answer.

Names come from the schema only and values travel as parameters, so that no text of a visitor
becomes SQL. Every order ends with the key, so that it is the same each time and a page can begin
right after the last row of the one before.
"""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg2 import sql

from ckanext.municipal.store import fulltext, lexical, tables
from ckanext.municipal.store.connection import Connection
from ckanext.municipal.store.errors import BadFilter, BadPosition, UnknownField
from ckanext.municipal.store.schema import Field, TableSchema, Type

_NUMBERS = itertools.count(1)
_ROWS_AT_A_TIME = 5_000


@dataclass(frozen=True, slots=True)
class Between:
    """A filter: from ``low`` to ``high``, both included; None leaves a side open."""

    low: Any = None
    high: Any = None


@dataclass(frozen=True, slots=True)
class StartsWith:
    """A filter: texts that begin like this, as codes below a heading."""

    text: str


Where = Mapping[str, Any]
"""Filters by field: a value, None for NULL, a list of values, Between or StartsWith."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ends: the values by which its last row is ordered, as PostgreSQL writes them."""

    values: tuple[str | None, ...]

    def token(self) -> str:
        """Return the position as text for an address."""
        packed = json.dumps(self.values, ensure_ascii=False, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def parse(cls, token: str) -> Position:
        """Return the position that a token holds. Raises BadPosition."""
        try:
            values = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        except (ValueError, RecursionError):  # base64's error is a ValueError, as JSON's is
            raise BadPosition from None
        if not isinstance(values, list) or not all(v is None or isinstance(v, str) for v in values):
            raise BadPosition
        return cls(tuple(values))


def order(schema: TableSchema, sort: Sequence[str]) -> list[tuple[Field, bool]]:
    """Return fields to order by, each with whether it falls: ``-paid`` falls, the key comes last.

    Raises UnknownField, and BadFilter for JSON, which has no order.
    """
    terms = [(field_named(schema, name.removeprefix("-")), name.startswith("-")) for name in sort]
    for field, _falls in terms:
        if field.type is Type.JSON:
            raise _bad(schema, field, "sort")
    named = {field.name for field, _falls in terms}
    return terms + [(schema[name], False) for name in schema.key if name not in named]


def field_named(schema: TableSchema, name: str) -> Field:
    """Return a field. Raises UnknownField."""
    if name not in schema.positions:
        raise UnknownField(table=schema.name, field=name, fields=", ".join(schema.names))
    return schema[name]


def ordering(schema: TableSchema, field: Field) -> sql.Composable:
    """Return the expression that a field is ordered by.

    Codes go by character; words by the Greek alphabet, whatever their case and accents; on every
    server alike, whatever its locale.
    """
    name = sql.Identifier(field.name)
    if field.type is not Type.TEXT:
        return name
    words = name if field.name in schema.key or field.enum else _alphabetical(name)
    return sql.SQL('({} COLLATE "C")').format(words)


# Without tonos and diaeresis, small letters for capitals, one sigma.
_MARKED, _PLAIN = "άέήίόύώϊϋΐΰς", "αεηιουωιυιυσ"


def _alphabetical(name: sql.Composable) -> sql.Composable:
    return sql.SQL("translate(lower({}), {}, {})").format(
        name, sql.Literal(_MARKED), sql.Literal(_PLAIN)
    )


def conditions(schema: TableSchema, where: Where, search: str = "") -> sql.Composable:
    """Return the WHERE clause for filters and words. Raises UnknownField, BadFilter."""
    parts = [_condition(schema, field_named(schema, name), value) for name, value in where.items()]
    if search:
        parts.append(sql.SQL("_full_text @@ ({})").format(fulltext.query(_clean(search))))
    return sql.SQL(" AND ").join(parts) if parts else sql.SQL("true")


def _condition(schema: TableSchema, field: Field, value: Any) -> sql.Composable:
    name = sql.Identifier(field.name)
    match value:
        case None:
            return sql.SQL("{} IS NULL").format(name)
        case Between(low, high):
            parts = [
                sql.SQL(f"{{}} {sign} {{}}").format(name, _literal(schema, field, bound))
                for sign, bound in ((">=", low), ("<=", high))
                if bound is not None
            ]
            return sql.SQL(" AND ").join(parts) if parts else sql.SQL("true")
        case StartsWith(text):
            if field.type is not Type.TEXT:
                raise _bad(schema, field, text)
            return sql.SQL("starts_with({}, {})").format(name, sql.Literal(_clean(text)))
        case list() | tuple() | set() | frozenset():
            if not value:
                return sql.SQL("false")
            literals = [_literal(schema, field, each) for each in value]
            return sql.SQL("{} IN ({})").format(name, sql.SQL(", ").join(literals))
        case _:
            return sql.SQL("{} = {}").format(name, _literal(schema, field, value))


def _literal(schema: TableSchema, field: Field, value: Any) -> sql.Composable:
    if field.type is Type.JSON or (field.enum and value not in field.enum):
        raise _bad(schema, field, value)
    if field.type is Type.TEXT:
        if not isinstance(value, str):
            raise _bad(schema, field, value)
        return sql.Literal(_clean(str.__str__(value)))
    try:
        (text,) = lexical.encoder(field, schema)([value])
    except lexical.FAULTS:
        raise _bad(schema, field, value) from None
    return sql.SQL(f"{{}}::{tables.column_type(field)}").format(sql.Literal(text))


def _clean(text: str) -> str:
    """No stored text holds these, and the driver would refuse them."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _bad(schema: TableSchema, field: Field, value: Any) -> BadFilter:
    holds = lexical.expected(field)
    return BadFilter(table=schema.name, field=field.name, value=repr(value)[:80], expected=holds)


def beyond(
    schema: TableSchema, terms: list[tuple[Field, bool]], position: Position
) -> sql.Composable:
    """Return the condition for rows after a position; NULL comes last in either direction."""
    if len(position.values) != len(terms):
        raise BadPosition
    alternatives: list[sql.Composable] = []
    equal: list[sql.Composable] = []
    for (field, falls), text in zip(terms, position.values, strict=True):
        name = ordering(schema, field)
        if text is None:
            equal.append(sql.SQL("{} IS NULL").format(name))
            continue
        value = sql.SQL(f"{{}}::{tables.column_type(field)}").format(sql.Literal(_clean(text)))
        further = sql.SQL(f"({{0}} {'<' if falls else '>'} {{1}} OR {{0}} IS NULL)")
        step = [*equal, further.format(name, value)]
        alternatives.append(sql.SQL("({})").format(sql.SQL(" AND ").join(step)))
        equal.append(sql.SQL("{} = {}").format(name, value))
    return sql.SQL("({})").format(sql.SQL(" OR ").join(alternatives))


def order_by(schema: TableSchema, terms: list[tuple[Field, bool]]) -> sql.Composable:
    """Return the ORDER BY list."""
    parts = [
        sql.SQL(f"{{}} {'DESC' if falls else 'ASC'} NULLS LAST").format(ordering(schema, field))
        for field, falls in terms
    ]
    return sql.SQL(", ").join(parts)


def selected(field: Field, present: set[str] | None = None) -> sql.Composable:
    """Return what to select for a field: NULL where the table has no such column yet."""
    if present is not None and field.name not in present:
        return sql.SQL("NULL")
    cast = "::text" if field.type is Type.JSON else ""
    return sql.SQL(f"{{}}{cast}").format(sql.Identifier(field.name))


def stream(
    connection: Connection, table_id: str, schema: TableSchema, *, present: set[str]
) -> Iterator[tuple[Any, ...]]:
    """Yield all rows of a table by key order, as they come over the wire."""
    statement = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
        sql.SQL(", ").join(selected(field, present) for field in schema.fields),
        sql.Identifier(table_id),
        order_by(schema, order(schema, ())),
    )
    yield from fetch(connection, statement, schema, schema.fields)


def fetch(
    connection: Connection,
    statement: sql.Composable,
    schema: TableSchema,
    fields: Sequence[Field],
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a statement through a server-side cursor, as the fields' Python types."""
    readers = {at: made for at, each in enumerate(fields) if (made := _reader(each, schema))}
    with connection.cursor(name=f"municipal_{next(_NUMBERS)}") as cursor:
        cursor.itersize = _ROWS_AT_A_TIME
        cursor.execute(statement)
        if not readers:
            yield from cursor
            return
        for row in cursor:
            values = list(row)
            for at, read in readers.items():
                if values[at] is not None:
                    values[at] = read(values[at])
            yield tuple(values)


def _reader(field: Field, schema: TableSchema) -> Callable[[Any], Any] | None:
    if field.type is Type.JSON:
        return json.loads
    if field.type is Type.TIMESTAMP and schema.timezone:
        zone = schema.timezone
        return lambda value: value.replace(tzinfo=zone)
    return None
