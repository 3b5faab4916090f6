"""Reading stored tables for actions and pages, over the read-only connection.

Nothing here asks who reads: the action does, before it calls. Rows come in the order of the fields
asked for (all of the schema's by default), numbers as Decimal, timestamps with the schema's zone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg2
import psycopg2.errors
from psycopg2 import sql

from ckanext.municipal.store import connection as connections
from ckanext.municipal.store import lexical, selection, tables
from ckanext.municipal.store.connection import Connection
from ckanext.municipal.store.errors import BadFilter, BadPosition, NoTable
from ckanext.municipal.store.schema import Field, TableSchema, Type
from ckanext.municipal.store.selection import Between, Position, StartsWith, Where

__all__ = ["Between", "Page", "Position", "StartsWith", "count", "page", "rows", "sums"]

_SECONDS = 60  # as long as CKAN's own datastore_search may take


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next page begins (None: these were the last)."""

    rows: tuple[tuple[Any, ...], ...]
    next: Position | None


def rows(
    table_id: str,
    schema: TableSchema,
    *,
    fields: Sequence[str] = (),
    where: Where | None = None,
    search: str = "",
    sort: Sequence[str] = (),
) -> Iterator[tuple[Any, ...]]:
    """Yield all rows that fit, in constant memory; the connection is held until the last.

    ``sort`` names fields, ``-`` before one that falls; NULL comes last. ``search`` are words, all
    of which must be there. Raises NoTable, UnknownField, BadFilter, StoreUnavailable.
    """
    chosen = _fields(schema, fields)
    with _reading(schema) as connection:
        statement = _select(
            schema, table_id, fields=chosen, where=where or {}, search=search, sort=sort
        )
        yield from selection.fetch(connection, statement, schema, chosen)


def page(
    table_id: str,
    schema: TableSchema,
    *,
    limit: int,
    after: Position | None = None,
    offset: int = 0,
    fields: Sequence[str] = (),
    where: Where | None = None,
    search: str = "",
    sort: Sequence[str] = (),
) -> Page:
    """Return at most ``limit`` rows that come after a position, in the order of ``sort``.

    Pages hang together even while rows are added: each begins after the last row of the one
    before, not at a count. ``offset`` passes over so many rows, for addresses that number pages.
    Raises as ``rows`` does, and BadPosition for a position of another order.
    """
    chosen = _fields(schema, fields)
    terms = selection.order(schema, sort)
    width = len(chosen)
    with _reading(schema) as connection:
        statement = _select(
            schema,
            table_id,
            fields=chosen,
            where=where or {},
            search=search,
            sort=sort,
            after=after,
            limit=limit + 1,
            offset=offset,
        )
        try:
            found = list(selection.fetch(connection, statement, schema, chosen))
        except psycopg2.DataError:
            raise BadPosition from None
    more = len(found) > limit
    last = found[limit - 1][width:] if more and limit else ()
    position = Position(tuple(last)) if len(last) == len(terms) else None
    return Page(tuple(row[:width] for row in found[:limit]), position)


def count(
    table_id: str, schema: TableSchema, *, where: Where | None = None, search: str = ""
) -> int:
    """Return how many rows fit. Raises as ``rows`` does."""
    with _reading(schema) as connection, connection.cursor() as cursor:
        statement = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(
            sql.Identifier(table_id), selection.conditions(schema, where or {}, search)
        )
        cursor.execute(statement)
        return (cursor.fetchone() or (0,))[0]


def sums(
    table_id: str,
    schema: TableSchema,
    fields: Sequence[str],
    *,
    by: Sequence[str] = (),
    where: Where | None = None,
    search: str = "",
) -> list[tuple[Any, ...]]:
    """Return rows of: the ``by`` values, the number of rows, and the exact sum of each field.

    The sum of nothing but blanks is None, not zero. Groups are sorted by the ``by`` values.
    Raises as ``rows`` does; BadFilter for a field that is no number.
    """
    summed = _fields(schema, fields) if fields else []
    for field in summed:
        if field.type not in (Type.INTEGER, Type.NUMERIC):
            holds = lexical.expected(field)
            raise BadFilter(table=schema.name, field=field.name, value="sum", expected=holds)
    groups = _fields(schema, by) if by else []
    outputs = [selection.selected(field) for field in groups] + [sql.SQL("count(*)")]
    outputs += [sql.SQL("sum({})").format(sql.Identifier(field.name)) for field in summed]
    statement = sql.SQL("SELECT {} FROM {} WHERE {}").format(
        sql.SQL(", ").join(outputs),
        sql.Identifier(table_id),
        selection.conditions(schema, where or {}, search),
    )
    if groups:
        names = tables.columns(tuple(field.name for field in groups))
        terms = [(field, False) for field in groups]
        grouped = sql.SQL("{} GROUP BY {} ORDER BY {}")
        statement = grouped.format(statement, names, selection.order_by(schema, terms))
    with _reading(schema) as connection:
        return list(selection.fetch(connection, statement, schema, groups))


def _fields(schema: TableSchema, names: Sequence[str]) -> list[Field]:
    return [selection.field_named(schema, name) for name in names or schema.names]


@contextlib.contextmanager
def _reading(schema: TableSchema) -> Iterator[Connection]:
    """Lend a connection for one question. A table that is missing is noticed by the question itself:
    to look for it first would double the statements of every page."""
    with connections.reading() as connection:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", (_SECONDS * 1000,))
        try:
            yield connection
        except psycopg2.errors.UndefinedTable:
            raise NoTable(table=schema.name) from None


def _select(
    schema: TableSchema,
    table_id: str,
    *,
    fields: Sequence[Field],
    where: Where,
    search: str,
    sort: Sequence[str],
    after: Position | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> sql.Composable:
    """Return the statement; with a limit the values that it is ordered by follow the fields."""
    terms = selection.order(schema, sort)
    outputs = [selection.selected(field) for field in fields]
    condition = selection.conditions(schema, where, search)
    if limit is not None:
        # The names keep them apart from the fields, which may be ordered by as they are.
        outputs += [
            sql.SQL(f"{{}}::text AS _by_{at}").format(selection.ordering(schema, field))
            for at, (field, _falls) in enumerate(terms)
        ]
    if after:
        beyond = selection.beyond(schema, terms, after)
        condition = sql.SQL("({}) AND {}").format(condition, beyond)
    return sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT {} OFFSET {}").format(
        sql.SQL(", ").join(outputs),
        sql.Identifier(table_id),
        condition,
        selection.order_by(schema, terms),
        sql.SQL("ALL") if limit is None else sql.Literal(limit),
        sql.Literal(offset),
    )
