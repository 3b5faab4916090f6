"""The shape of a DataStore table: made as CKAN makes it, compared with its schema, put right.

CKAN's layout: ``_id`` serial, ``_full_text`` with an index and a trigger that fills it where a
writer left it NULL, indexes named by CKAN's own rule, dictionary in the column comments. The
reading role gets its right by the default privileges of ``ckan datastore set-permissions``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from psycopg2 import sql

from ckanext.municipal.lib.texts import LANGUAGES
from ckanext.municipal.store import dictionary, fulltext
from ckanext.municipal.store.connection import Connection
from ckanext.municipal.store.errors import ForeignTable
from ckanext.municipal.store.lexical import MAX_DIGITS
from ckanext.municipal.store.schema import Field, TableSchema, Type

_TABLE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
_TYPES = {
    Type.TEXT: "text",
    Type.INTEGER: "bigint",
    Type.DATE: "date",
    Type.TIMESTAMP: "timestamp without time zone",
    Type.BOOLEAN: "boolean",
    Type.JSON: "json",
}


def column_type(field: Field) -> str:
    """Return the PostgreSQL type of a field, as PostgreSQL itself writes it."""
    if field.type is Type.NUMERIC:
        return f"numeric({MAX_DIGITS},{field.decimals})"
    return _TYPES[field.type]


def columns(names: tuple[str, ...], table: str | None = None) -> sql.Composable:
    """Return a list of column names for SQL, each of the table named if one is."""
    parts = (sql.Identifier(table, name) if table else sql.Identifier(name) for name in names)
    return sql.SQL(", ").join(parts)


@dataclass(frozen=True, slots=True)
class Stored:
    """A table as it is: column types and comments by name (none of CKAN's own), and its key.

    ``words`` is the comment of its full text, which tells in which language that was made.
    """

    types: Mapping[str, str]
    comments: Mapping[str, str | None]
    key: frozenset[str]
    words: str | None
    empty: bool

    def difference(self, schema: TableSchema) -> str:
        """Return in what the table and the schema cannot be brought together, "" if they can.

        A column that the schema has and the table has not is no such difference: it is added.
        """
        wanted = {field.name: column_type(field) for field in schema.fields}
        gone = [f"{name} is not in the schema" for name in self.types if name not in wanted]
        changed = [
            f"{name} is {self.types[name]}, not {kind}"
            for name, kind in wanted.items()
            if self.types.get(name, kind) != kind
        ]
        key = [] if self.key == set(schema.key) else ["the key is another"]
        return "; ".join(gone + changed + self._other_clocks(schema) + key)

    def _other_clocks(self, schema: TableSchema) -> list[str]:
        """Columns that show the clock of another place: their moments would be read as others."""
        told = {name: dictionary.clock_of(comment) for name, comment in self.comments.items()}
        return [
            f"{field.name} is by the clock of {told[field.name]}, not {clock}"
            for field in schema.fields
            if told.get(field.name) and (clock := schema.clock(field)) != told[field.name]
        ]


def find(connection: Connection, table_id: str) -> Stored | None:
    """Return the table of this name, None where there is none.

    Raises ForeignTable for a view (an alias), ValueError for what cannot be a resource's id.
    """
    if not _TABLE_ID.fullmatch(table_id):
        raise ValueError(f"not a table id: {table_id!r}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid, relkind FROM pg_class WHERE oid = to_regclass(%s)", _name(table_id)
        )
        found = cursor.fetchone()
        if not found:
            return None
        oid, kind = found
        if kind != "r":
            raise ForeignTable(table=table_id, kind="view" if kind == "v" else "relation")
        cursor.execute(_COLUMNS, (oid,))
        described = {name: (kind, comment) for name, kind, comment in cursor.fetchall()}
        cursor.execute(_UNIQUE_INDEXES, (oid,))
        keys = [frozenset(names) for (names,) in cursor.fetchall()]
        any_row = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table_id))
        cursor.execute(any_row)
        (filled,) = cursor.fetchone() or (False,)
    return Stored(
        types={name: kind for name, (kind, _comment) in described.items() if name[0] != "_"},
        comments={name: comment for name, (_kind, comment) in described.items() if name[0] != "_"},
        key=keys[0] if len(keys) == 1 else frozenset(),
        words=described.get("_full_text", ("", None))[1],
        empty=not filled,
    )


_COLUMNS = """
    SELECT attname, format_type(atttypid, atttypmod), col_description(attrelid, attnum)
    FROM pg_attribute
    WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped
    ORDER BY attnum
"""
_UNIQUE_INDEXES = """
    SELECT array_agg(attname::text) FROM pg_index
    JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
    WHERE indrelid = %s AND indisunique AND NOT indisprimary
    GROUP BY indexrelid
"""


def _name(table_id: str) -> tuple[str]:
    return (f'"{table_id}"',)


def create(connection: Connection, table_id: str, schema: TableSchema) -> None:
    """Make the table, ready to be filled by COPY and then finished.

    While it is filled, PostgreSQL itself computes ``_full_text`` of each row, which spares a
    second pass over the rows and a call of CKAN's trigger for each.
    """
    words = fulltext.expression(schema, fulltext.language())
    parts = [
        sql.SQL("_id serial PRIMARY KEY"),
        sql.SQL("_full_text tsvector GENERATED ALWAYS AS ({}) STORED").format(words),
    ]
    for field in schema.fields:
        never_null = " NOT NULL" if field.name in schema.key else ""
        kind = sql.SQL(f"{{}} {column_type(field)}{never_null}")
        parts.append(kind.format(sql.Identifier(field.name)))
    _run(connection, "CREATE TABLE {} ({})", sql.Identifier(table_id), sql.SQL(", ").join(parts))


def finish(connection: Connection, table_id: str) -> None:
    """Make a filled table a common DataStore table: full text as a plain column, with trigger."""
    table = sql.Identifier(table_id)
    _run(connection, "ALTER TABLE {} ALTER COLUMN _full_text DROP EXPRESSION", table)
    _run(
        connection,
        "CREATE TRIGGER zfulltext BEFORE INSERT OR UPDATE ON {}"
        " FOR EACH ROW EXECUTE PROCEDURE populate_full_text_trigger()",
        table,
    )


def create_key(connection: Connection, table_id: str, schema: TableSchema) -> None:
    """Make the unique index that DataStore takes for the key. Duplicates: UniqueViolation."""
    index = sql.Identifier(_index_name(table_id, schema.key))
    names = columns(schema.key)
    _run(connection, "CREATE UNIQUE INDEX {} ON {} ({})", index, sql.Identifier(table_id), names)


def create_indexes(connection: Connection, table_id: str, schema: TableSchema) -> None:
    """Make the indexes of the full text and of each field that asks for one, where missing."""
    table = sql.Identifier(table_id)
    words = sql.Identifier(_index_name(table_id, ("_full_text",)))
    _run(connection, "CREATE INDEX IF NOT EXISTS {} ON {} USING gin (_full_text)", words, table)
    for field in schema.fields:
        if field.index:
            index = sql.Identifier(_index_name(table_id, (field.name,)))
            names = columns((field.name,))
            _run(connection, "CREATE INDEX IF NOT EXISTS {} ON {} ({})", index, table, names)


def _index_name(table_id: str, names: tuple[str, ...]) -> str:
    """CKAN's name for an index, so that CKAN finds it made when it looks for it."""
    listed = ", ".join(f'"{name}"' for name in names)
    return hashlib.sha1(f"{table_id}{listed}".encode(), usedforsecurity=False).hexdigest()


def add_columns(connection: Connection, table_id: str, schema: TableSchema, stored: Stored) -> None:
    """Add the columns that the schema has and the table has not; they are NULL."""
    for field in schema.fields:
        if field.name not in stored.types:
            kind = f"ALTER TABLE {{}} ADD COLUMN {{}} {column_type(field)}"
            _run(connection, kind, sql.Identifier(table_id), sql.Identifier(field.name))


def describe(
    connection: Connection, table_id: str, schema: TableSchema, stored: Stored | None
) -> None:
    """Write the Data Dictionary, of those columns only where it differs."""
    comments = dict(stored.comments) if stored else {}
    for name, text in dictionary.comments(schema, comments, _language()).items():
        _comment(connection, table_id, name, text)
    words = fulltext.mark(fulltext.language())
    if not stored or stored.words != words:
        _comment(connection, table_id, "_full_text", words)


def _comment(connection: Connection, table_id: str, name: str, text: str) -> None:
    column = sql.Identifier(table_id, name)
    _run(connection, "COMMENT ON COLUMN {} IS {}", column, sql.Literal(text))


def reword(connection: Connection, table_id: str, schema: TableSchema, stored: Stored) -> None:
    """Make the full text of every row anew, where the portal's language is no more that of the table."""
    language = fulltext.language()
    if stored.words != fulltext.mark(language):
        words = fulltext.expression(schema, language)
        _run(connection, "UPDATE {} SET _full_text = {}", sql.Identifier(table_id), words)


def _language() -> str:
    """The portal's own language, in which CKAN's pages show labels; English if it has no texts."""
    from ckan.plugins import toolkit as tk

    language = str(tk.config.get("ckan.locale_default") or "en")
    return language if language in LANGUAGES else "en"


def analyze(connection: Connection, table_id: str, changed: int) -> None:
    """Tell the planner what the table now holds, and CKAN >= 2.12's cache of row counts.

    The planner is told only where ``changed`` rows, or what was added since it was told last, are a
    fifth of the table: to look at words for the search takes longer than to store a few rows.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples <= %s * 5 OR pg_relation_size(oid)"
            " > relpages * current_setting('block_size')::bigint * 1.2"
            " FROM pg_class WHERE oid = to_regclass(%s)",
            (changed, *_name(table_id)),
        )
        much = (cursor.fetchone() or (True,))[0]
    if much:
        _run(connection, "ANALYZE {}", sql.Identifier(table_id))
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('update_cached_table_row_count(name)') IS NOT NULL")
        if (cursor.fetchone() or (False,))[0]:
            cursor.execute("SELECT update_cached_table_row_count(%s)", (table_id,))


def drop(connection: Connection, table_id: str) -> list[str]:
    """Drop the table and return the names of its aliases, dropped with it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT views.relname::text FROM pg_depend"
            " JOIN pg_rewrite ON pg_rewrite.oid = pg_depend.objid"
            " JOIN pg_class AS views ON views.oid = ev_class AND views.relkind = 'v'"
            " WHERE classid = 'pg_rewrite'::regclass AND refobjid = to_regclass(%s)",
            _name(table_id),
        )
        aliases = [alias for (alias,) in cursor.fetchall()]
        for alias in aliases:
            cursor.execute(sql.SQL("DROP VIEW {}").format(sql.Identifier(alias)))
        cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(table_id)))
        cursor.execute("SELECT to_regclass('_table_stats') IS NOT NULL")
        if (cursor.fetchone() or (False,))[0]:
            cursor.execute("DELETE FROM _table_stats WHERE resource_id = %s", (table_id,))
    return aliases


def create_aliases(connection: Connection, table_id: str, aliases: list[str]) -> None:
    """Make aliases again, as CKAN makes them."""
    for alias in aliases:
        names = sql.Identifier(alias), sql.Identifier(table_id)
        _run(connection, "CREATE VIEW {} AS SELECT * FROM {}", *names)


def _run(connection: Connection, statement: str, *parts: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*parts))
