"""Rows on their way into a table: copied beside it, compared with it, and only what differs moved.

The two temporary tables live in the session of one transaction and are seen by nobody else. Names
with a leading underscore cannot be fields, so they never clash.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2 import sql

from ckanext.municipal.store import fulltext, tables
from ckanext.municipal.store.connection import Connection
from ckanext.municipal.store.copy_text import Stream, encode
from ckanext.municipal.store.errors import DuplicateKey
from ckanext.municipal.store.lexical import Row, key_text
from ckanext.municipal.store.schema import Field, TableSchema, Type

STAGE, GONE, _DIFFERENCE = "_municipal_stage", "_municipal_gone", "_municipal_difference"
_PIECE = 1 << 20  # bytes handed to the driver at a time


@dataclass(frozen=True, slots=True)
class Changes:
    """How many rows a load wrote."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0

    def __bool__(self) -> bool:
        return bool(self.inserted or self.updated or self.deleted)


def copy(
    connection: Connection, table: str, schema: TableSchema, rows: Iterable[Row], *, new: bool
) -> int:
    """Copy rows into a table and return how many; ``new`` if this transaction made it.

    Rows of a new table are frozen at once: no reader has to look up whether they are visible.
    """
    statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT text, FREEZE {})").format(
        sql.Identifier(table), tables.columns(schema.names), sql.Literal(new)
    )
    stream: Any = Stream(encode(schema, rows))
    with connection.cursor() as cursor:
        try:
            cursor.copy_expert(statement, stream, size=_PIECE)
        except psycopg2.Error:
            if stream.error:
                raise stream.error from None
            raise
        return cursor.rowcount


def stage(connection: Connection, name: str, schema: TableSchema, rows: Iterable[Row]) -> None:
    """Copy rows into a temporary table of the schema's columns. Raises RowErrors."""
    parts = [
        sql.SQL(f"{{}} {tables.column_type(field)}").format(sql.Identifier(field.name))
        for field in schema.fields
    ]
    _run(
        connection,
        "CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP",
        sql.Identifier(name),
        sql.SQL(", ").join(parts),
    )
    copy(connection, name, schema, rows, new=False)
    repeated = "SELECT FROM {} GROUP BY {} HAVING count(*) > 1 LIMIT 1"
    if _run(connection, repeated, sql.Identifier(name), tables.columns(schema.key)):
        raise duplicate(connection, name, schema, order="ctid")


def duplicate(
    connection: Connection, table: str, schema: TableSchema, *, order: str
) -> DuplicateKey:
    """Return the error that names the first row whose key an earlier one has.

    ``order`` is the column that tells in which order the rows were copied.
    """
    statement = sql.SQL(
        "WITH numbered AS (SELECT {key}, row_number() OVER (ORDER BY {order}) AS _n FROM {table}),"
        " paired AS (SELECT *, lag(_n) OVER (PARTITION BY {key} ORDER BY _n) AS _first"
        " FROM numbered)"
        " SELECT _n, _first, {key} FROM paired WHERE _first IS NOT NULL ORDER BY _n LIMIT 1"
    ).format(
        key=tables.columns(schema.key), order=sql.Identifier(order), table=sql.Identifier(table)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row, first, *key = cursor.fetchone() or (0, 0, *schema.key)
    return DuplicateKey(table=schema.name, row=row, first=first, key=key_text(schema, key))


def compare(connection: Connection, table: str, schema: TableSchema, *, whole: bool) -> None:
    """Find what differs between the stage and the table, by key.

    With ``whole`` the table's rows that are not in the stage are among what differs.
    """
    rest = [field for field in schema.fields if field.name not in schema.key]
    different = sql.SQL(" OR ").join(map(_different, rest)) if rest else sql.SQL("false")
    _run(
        connection,
        "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT t._id AS _target, s.ctid AS _source"
        " FROM {} AS t {} JOIN {} AS s ON {} WHERE t._id IS NULL OR s.{} IS NULL OR {}",
        sql.Identifier(_DIFFERENCE),
        sql.Identifier(table),
        sql.SQL("FULL" if whole else "RIGHT"),
        sql.Identifier(STAGE),
        _same_key(schema, "t", "s"),
        sql.Identifier(schema.key[0]),
        different,
    )


def _different(field: Field) -> sql.Composable:
    # JSON cannot be compared; its text can, as we write it in one form only.
    cast = "::text" if field.type is Type.JSON else ""
    either = sql.SQL(f"t.{{0}}{cast} IS DISTINCT FROM s.{{0}}{cast}")
    return either.format(sql.Identifier(field.name))


def apply(connection: Connection, table: str, schema: TableSchema) -> Changes:
    """Write what differs, and nothing else. A row that stays keeps its ``_id``."""
    target, difference = sql.Identifier(table), sql.Identifier(_DIFFERENCE)
    deleted = _run(
        connection,
        "DELETE FROM {} AS t USING {} AS d WHERE t._id = d._target AND d._source IS NULL",
        target,
        difference,
    )
    moved = sql.SQL(
        "(SELECT _target, _source, {} AS _words, {} FROM {} AS s JOIN {} ON _source = s.ctid) AS s"
    ).format(
        fulltext.expression(schema, fulltext.language()),
        tables.columns(schema.names),
        sql.Identifier(STAGE),
        difference,
    )
    sets = [sql.SQL("{0} = s.{0}").format(sql.Identifier(name)) for name in schema.names]
    updated = _run(
        connection,
        "UPDATE {} AS t SET _full_text = s._words, {} FROM {} WHERE t._id = s._target",
        target,
        sql.SQL(", ").join(sets),
        moved,
    )
    inserted = _run(
        connection,
        "INSERT INTO {0} (_full_text, {1}) SELECT _words, {1} FROM {2}"
        " WHERE _target IS NULL ORDER BY _source",
        target,
        tables.columns(schema.names),
        moved,
    )
    return Changes(inserted=inserted, updated=updated, deleted=deleted)


def remove(connection: Connection, table: str, schema: TableSchema) -> int:
    """Delete the rows whose keys are staged as gone, but for those staged anew."""
    return _run(
        connection,
        "DELETE FROM {} AS t USING {} AS g WHERE {} AND NOT EXISTS (SELECT FROM {} AS s WHERE {})",
        sql.Identifier(table),
        sql.Identifier(GONE),
        _same_key(schema, "t", "g"),
        sql.Identifier(STAGE),
        _same_key(schema, "s", "g"),
    )


def clear(connection: Connection) -> None:
    """Drop the temporary tables, so that the same transaction can load another table."""
    for name in (STAGE, GONE, _DIFFERENCE):
        _run(connection, "DROP TABLE IF EXISTS {}", sql.Identifier("pg_temp", name))


def _same_key(schema: TableSchema, one: str, other: str) -> sql.Composable:
    parts = [
        sql.SQL("{} = {}").format(sql.Identifier(one, name), sql.Identifier(other, name))
        for name in schema.key
    ]
    return sql.SQL(" AND ").join(parts)


def _run(connection: Connection, statement: str, *parts: sql.Composable) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*parts))
        return cursor.rowcount
