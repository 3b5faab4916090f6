"""Connections to the DataStore database, by CKAN's own engines and their pools.

Below SQLAlchemy, at the driver: COPY and server-side cursors are the driver's, and it is the same
under SQLAlchemy 1.4 (CKAN 2.11) and 2.0 (CKAN 2.12).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from ckanext.municipal.store.errors import Refused, StoreUnavailable

__all__ = ["Connection", "reading", "writing"]


@contextlib.contextmanager
def writing() -> Iterator[Connection]:
    """Lend a connection that may write; what was not committed is undone at the end.

    Raises StoreUnavailable and Refused in place of the driver's errors.
    """
    with _lent(_backend()._get_write_engine()) as connection:
        yield connection


@contextlib.contextmanager
def reading() -> Iterator[Connection]:
    """Lend a connection of the role that can only read. Raises as ``writing`` does."""
    with _lent(_backend()._get_read_engine()) as connection:
        yield connection


def _backend() -> Any:
    from ckanext.datastore.backend.postgres import DatastorePostgresqlBackend

    return DatastorePostgresqlBackend.get_active_backend()


@contextlib.contextmanager
def _lent(engine: Any) -> Iterator[Connection]:
    try:
        pooled = engine.raw_connection()
    except Exception as error:
        if not isinstance(getattr(error, "orig", error), psycopg2.Error):
            raise
        raise StoreUnavailable(reason=_reason(getattr(error, "orig", error))) from None
    connection = pooled.driver_connection
    try:
        yield connection
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        if not connection.closed and error.pgcode and not error.pgcode.startswith("57P"):
            raise Refused(reason=_reason(error)) from error
        raise StoreUnavailable(reason=_reason(error)) from error
    except psycopg2.Error as error:
        raise Refused(reason=_reason(error)) from error
    finally:
        _give_back(pooled, connection)


def _give_back(pooled: Any, connection: Connection) -> None:
    """Undo what is open and return the connection, or throw it away where it is dead."""
    try:
        connection.rollback()
    except psycopg2.Error:
        pooled.invalidate()
    else:
        pooled.close()


def _reason(error: Any) -> str:
    """Return the first line of a database error: no statement, no values, no address."""
    diagnosis = getattr(getattr(error, "diag", None), "message_primary", None)
    lines = str(diagnosis or error).strip().splitlines()
    return lines[0] if diagnosis and lines else "it cannot be reached"
