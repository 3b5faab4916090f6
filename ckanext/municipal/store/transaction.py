"""One transaction on the DataStore: several tables change together, or none does.

    with store.transaction(lock="budget 2016") as tx:
        changes = tx.replace(resource_id, TableSchema.load("budget_lines"), rows)

A table is loaded before its CKAN resource exists, under the resource's id; the resource is then
created with ``datastore_active=True``. So a reader never meets a resource without its rows.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from psycopg2 import errors, sql

from ckanext.municipal.store import connection as connections
from ckanext.municipal.store import selection, staging, tables
from ckanext.municipal.store.connection import Connection
from ckanext.municipal.store.errors import Busy, SchemaChanged
from ckanext.municipal.store.lexical import Row
from ckanext.municipal.store.schema import TableSchema
from ckanext.municipal.store.staging import Changes


@contextlib.contextmanager
def transaction(lock: str, *, wait: float | None = None) -> Iterator[Transaction]:
    """Open a transaction; it commits at the end of the block, and any exception undoes it.

    Only one transaction with the same ``lock`` text runs at a time, in any process: the second
    waits, for ``wait`` seconds at most (None: as long as it takes), and sees the first's rows.
    Raises Busy, StoreUnavailable, Refused.
    """
    with connections.writing() as connection:
        _begin(connection, lock, wait)
        yield Transaction(connection)
        connection.commit()


def lock_number(lock: str) -> int:
    """Return the 64-bit number of an advisory lock, the same in every process and version."""
    digest = hashlib.blake2b(lock.encode(), digest_size=8, person=b"municipal").digest()
    return int.from_bytes(digest, "big", signed=True)


def _begin(connection: Connection, lock: str, wait: float | None) -> None:
    with connection.cursor() as cursor:
        # The load ends when it ends; sorts and index builds get room (kB, per operation).
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL work_mem = 65536")
        cursor.execute("SET LOCAL maintenance_work_mem = 131072")
        cursor.execute("SET LOCAL lock_timeout = %s", (round((wait or 0) * 1000),))
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (lock_number(lock),))
        except errors.LockNotAvailable:
            raise Busy(lock=lock, seconds=wait) from None
        cursor.execute("SET LOCAL lock_timeout = 0")


class Transaction:
    """What can be done with tables inside ``transaction``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def exists(self, table_id: str) -> bool:
        """Return whether there is such a table."""
        return tables.find(self._connection, table_id) is not None

    def rows(self, table_id: str, schema: TableSchema) -> Iterator[tuple[Any, ...]]:
        """Yield the table's rows in the schema's field order, sorted by key; none if no table.

        Rows come as they are asked for, so memory stays small; ask for all of them before the
        same transaction writes to the table.
        """
        stored = tables.find(self._connection, table_id)
        if stored is None:
            return iter(())
        return selection.stream(self._connection, table_id, schema, present=set(stored.types))

    def replace(self, table_id: str, schema: TableSchema, rows: Iterable[Row]) -> Changes:
        """Make the table hold exactly these rows, writing only what differs.

        A table of another form (a type changed, a field dropped, another key) is built anew in
        the same transaction, with its aliases. Raises MissingValue, WrongValue, WrongShape,
        DuplicateKey (each names the row), ForeignTable.
        """
        stored = tables.find(self._connection, table_id)
        if stored is None or stored.empty or stored.difference(schema):
            return self._build(table_id, schema, rows, stored)
        return self._change(table_id, schema, rows, stored, whole=True)

    def merge(
        self,
        table_id: str,
        schema: TableSchema,
        rows: Iterable[Row],
        delete: Iterable[Row] = (),
    ) -> Changes:
        """Insert or update these rows by key, delete those keys, and leave the others alone.

        A key is a tuple in the order of ``schema.key`` or a mapping; one that is also among the
        rows is not deleted. Raises as ``replace`` does, and SchemaChanged where the table has
        rows of another form.
        """
        stored = tables.find(self._connection, table_id)
        if stored is None or stored.empty:
            return self._build(table_id, schema, rows, stored)
        difference = stored.difference(schema) or _unfillable(stored, schema)
        if difference:
            raise SchemaChanged(table=schema.name, difference=difference)
        return self._change(table_id, schema, rows, stored, whole=False, delete=delete)

    def drop(self, table_id: str) -> bool:
        """Drop the table and its aliases; return whether there was one."""
        if not self.exists(table_id):
            return False
        tables.drop(self._connection, table_id)
        return True

    def _build(
        self,
        table_id: str,
        schema: TableSchema,
        rows: Iterable[Row],
        stored: tables.Stored | None,
    ) -> Changes:
        """Fill a new table straight by COPY; one that was in the way is dropped first."""
        connection = self._connection
        before = 0
        aliases: list[str] = []
        if stored:
            before = 0 if stored.empty else _count(connection, table_id)
            aliases = tables.drop(connection, table_id)
        tables.create(connection, table_id, schema)
        inserted = staging.copy(connection, table_id, schema, rows, new=True)
        tables.finish(connection, table_id)
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT municipal_key")
            try:
                tables.create_key(connection, table_id, schema)
            except errors.UniqueViolation:
                cursor.execute("ROLLBACK TO SAVEPOINT municipal_key")
                found = staging.duplicate(connection, table_id, schema, order="_id")
                raise found from None
        tables.create_indexes(connection, table_id, schema)
        tables.describe(connection, table_id, schema, None)
        tables.create_aliases(connection, table_id, aliases)
        tables.analyze(connection, table_id, inserted)
        return Changes(inserted=inserted, deleted=before)

    def _change(
        self,
        table_id: str,
        schema: TableSchema,
        rows: Iterable[Row],
        stored: tables.Stored,
        *,
        whole: bool,
        delete: Iterable[Row] = (),
    ) -> Changes:
        """Write what differs into a table that has rows."""
        connection = self._connection
        _keep_writers_out(connection, table_id)
        tables.add_columns(connection, table_id, schema, stored)
        tables.reword(connection, table_id, schema, stored)
        staging.stage(connection, staging.STAGE, schema, rows)
        keys = tuple(schema[name] for name in schema.key)
        staging.stage(connection, staging.GONE, replace(schema, fields=keys), delete)
        removed = staging.remove(connection, table_id, schema)
        staging.compare(connection, table_id, schema, whole=whole)
        changes = staging.apply(connection, table_id, schema)
        changes = replace(changes, deleted=changes.deleted + removed)
        staging.clear(connection)
        tables.create_indexes(connection, table_id, schema)
        tables.describe(connection, table_id, schema, stored)
        if changes:
            tables.analyze(
                connection, table_id, changes.inserted + changes.updated + changes.deleted
            )
        return changes


def _unfillable(stored: tables.Stored, schema: TableSchema) -> str:
    """Return which new fields the rows that stay would need a value for."""
    new = [f.name for f in schema.fields if f.required and f.name not in stored.types]
    return "; ".join(f"{name} is required and new" for name in new)


def _keep_writers_out(connection: Connection, table_id: str) -> None:
    """Hold off other writers of this table (an editor's upsert) until the end; readers go on."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(sql.Identifier(table_id))
        )


def _count(connection: Connection, table_id: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table_id)))
        return (cursor.fetchone() or (0,))[0]
