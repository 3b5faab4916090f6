"""The five DataStore tables of citizens' requests: their names, their schemas, how they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from ckanext.municipal.harvest.identity import resource_id
from ckanext.municipal.store import read
from ckanext.municipal.store.errors import NoTable, SchemaChanged
from ckanext.municipal.store.read import Where
from ckanext.municipal.store.schema import TableSchema
from ckanext.municipal.store.transaction import Transaction

TABLES = ("requests", "events", "categories", "statistics", "readings")
Row = dict[str, Any]
_IDS_AT_A_TIME = 2_000


def schema_of(table: str) -> TableSchema:
    """Return the schema of one of `TABLES`; whose clock its moments show, `Tables` knows."""
    return TableSchema.load(f"issue_{table}")


def table_id(package_id: str, table: str) -> str:
    """Return the id of the resource, and so of the DataStore table, of one of `TABLES`."""
    return resource_id(package_id, table)


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one dataset, which show their moments by the clock of ``zone``, its source's."""

    package_id: str
    zone: ZoneInfo

    @property
    def lock(self) -> str:
        """The name of the lock that writers of the tables hold."""
        return lock_of(self.package_id)

    def id(self, table: str) -> str:
        """Return the id of one of `TABLES`."""
        return table_id(self.package_id, table)

    def schema(self, table: str) -> TableSchema:
        """Return the schema of one of `TABLES`, by the clock of the source."""
        return schema_of(table).by_clock(self.zone)

    def rows(
        self,
        table: str,
        transaction: Transaction | None = None,
        *,
        fields: Sequence[str] = (),
        where: Where | None = None,
    ) -> Iterator[Row]:
        """Yield the rows of one of `TABLES` by key order, none where there is no table.

        Within a transaction all of its rows, as it sees them; else what everybody sees, of those
        that ``where`` tells, with those ``fields``. Rows come as they are asked for.
        """
        schema = self.schema(table)
        if transaction:
            for row in transaction.rows(self.id(table), schema):
                yield dict(zip(schema.names, row, strict=True))
            return
        names = tuple(fields) or schema.names
        try:
            found = read.rows(self.id(table), schema, fields=names, where=where, sort=schema.key)
            for row in found:
                yield dict(zip(names, row, strict=True))
        except NoTable:
            return

    def of(self, table: str, ids: Sequence[str], *, fields: Sequence[str] = ()) -> Iterator[Row]:
        """Yield the rows of some requests, of any number of them."""
        for start in range(0, len(ids), _IDS_AT_A_TIME):
            some = {"id": ids[start : start + _IDS_AT_A_TIME]}
            yield from self.rows(table, fields=fields, where=some)

    def requests(self, transaction: Transaction | None = None) -> Iterator[Row]:
        """Yield the published requests by id."""
        return self.rows("requests", transaction)

    def prepare(self, transaction: Transaction) -> bool:
        """Make the tables where they are missing; returns whether those that are there stay.

        A table of an older form that cannot be brought to the present one by adding columns, or by
        another clock, is dropped with all others: the walk that follows has to be whole.
        """
        kept = transaction.exists(self.id("requests"))
        try:
            for table in TABLES:
                transaction.merge(self.id(table), self.schema(table), ())
        except SchemaChanged:
            drop(transaction, self.package_id)
            return False
        return kept


def lock_of(package_id: str) -> str:
    """Return the name of the lock that writers of a dataset's tables hold."""
    return f"issues:{package_id}"


def drop(transaction: Transaction, package_id: str) -> None:
    """Drop the tables of a dataset, those that there are."""
    for table in TABLES:
        transaction.drop(table_id(package_id, table))
