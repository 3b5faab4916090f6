"""Typed rows and their DataStore tables: one transaction in, streams and files out."""

from ckanext.municipal.store.errors import StoreError
from ckanext.municipal.store.schema import Field, TableSchema, Type
from ckanext.municipal.store.staging import Changes
from ckanext.municipal.store.transaction import Transaction, transaction

__all__ = [
    "Changes",
    "Field",
    "StoreError",
    "TableSchema",
    "Transaction",
    "Type",
    "transaction",
]
