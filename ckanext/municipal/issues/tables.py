"""The five DataStore tables of citizens' requests: their names, their schemas, how they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ckanext.municipal.harvest.identity import resource_id
from ckanext.municipal.store import read
from ckanext.municipal.store.errors import NoTable, SchemaChanged
from ckanext.municipal.store.read import Where
from ckanext.municipal.store.schema import TableSchema
from ckanext.municipal.store.transaction import Transaction

TABLES = ("requests", "events", "categories", "statistics", "readings")
Row = dict[str, Any]


def schema_of(table: str) -> TableSchema:
    """Return the schema of one of `TABLES`."""
    return TableSchema.load(f"issue_{table}")


def table_id(package_id: str, table: str) -> str:
    """Return the id of the resource, and so of the DataStore table, of one of `TABLES`."""
    return resource_id(package_id, table)


def rows(
    package_id: str,
    table: str,
    transaction: Transaction | None = None,
    *,
    fields: Sequence[str] = (),
    where: Where | None = None,
) -> Iterator[Row]:
    """Yield the rows of one of `TABLES` by key order, none where there is no table.

    Within a transaction all of its rows, as it sees them; else what everybody sees, of those that
    ``where`` tells, with those ``fields``. Rows come as they are asked for.
    """
    schema = schema_of(table)
    id_ = table_id(package_id, table)
    if transaction:
        for row in transaction.rows(id_, schema):
            yield dict(zip(schema.names, row, strict=True))
        return
    names = tuple(fields) or schema.names
    try:
        found = read.rows(id_, schema, fields=names, where=where, sort=schema.key)
        for row in found:
            yield dict(zip(names, row, strict=True))
    except NoTable:
        return


def requests(transaction: Transaction | None, package_id: str) -> Iterator[Row]:
    """Yield the published requests by id."""
    return rows(package_id, "requests", transaction)


def prepare(transaction: Transaction, package_id: str) -> bool:
    """Make the tables where they are missing; returns whether those that are there stay.

    A table of an older form that cannot be brought to the present one by adding columns is dropped
    with all others: the walk that follows has to be whole.
    """
    kept = transaction.exists(table_id(package_id, "requests"))
    try:
        for table in TABLES:
            transaction.merge(table_id(package_id, table), schema_of(table), ())
    except SchemaChanged:
        for table in TABLES:
            transaction.drop(table_id(package_id, table))
        return False
    return kept
