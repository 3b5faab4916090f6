"""The four DataStore tables of a year: their names, their schemas, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ckanext.municipal.budget.year import YearTables
from ckanext.municipal.harvest.identity import resource_id
from ckanext.municipal.store import read
from ckanext.municipal.store.errors import NoTable
from ckanext.municipal.store.schema import TableSchema
from ckanext.municipal.store.transaction import Transaction

TABLES = ("lines", "execution", "snapshots", "findings")
Rows = Callable[[str, TableSchema], Iterable[tuple[Any, ...]]]


def schema_of(table: str) -> TableSchema:
    """Return the schema of one of `TABLES`."""
    return TableSchema.load(f"budget_{table}")


def table_id(package_id: str, table: str) -> str:
    """Return the id of the resource, and so of the DataStore table, of one of `TABLES`."""
    return resource_id(package_id, table)


def stored_year(package_id: str, transaction: Transaction | None = None) -> YearTables:
    """Return what is stored of a year, empty where nothing is.

    Within a transaction what it sees, else what everybody sees.
    """
    rows = transaction.rows if transaction else _rows_or_none
    lines, execution, snapshots, findings = (
        list(_dicts(rows, package_id, table)) for table in TABLES
    )
    return YearTables(lines, execution, snapshots, findings)


def write_year(transaction: Transaction, package_id: str, tables: YearTables) -> bool:
    """Store a year's tables; returns whether any row was written."""
    changes = [
        transaction.replace(table_id(package_id, table), schema_of(table), getattr(tables, table))
        for table in ("lines", "snapshots", "findings")
    ]
    changes.append(
        transaction.merge(
            table_id(package_id, "execution"),
            schema_of("execution"),
            tables.execution,
            delete=tables.removed,
        )
    )
    return any(changes)


def _dicts(rows: Rows, package_id: str, table: str) -> Iterator[dict[str, Any]]:
    schema = schema_of(table)
    for row in rows(table_id(package_id, table), schema):
        yield dict(zip(schema.names, row, strict=True))


def _rows_or_none(table: str, schema: TableSchema) -> Iterator[tuple[Any, ...]]:
    try:
        yield from read.rows(table, schema, sort=schema.key)
    except NoTable:
        return
