"""PostgreSQL advisory locks: who works on what, told by the database itself.

A lock lives as long as the connection of its holder: a process that is killed loses it at that
moment, one that merely takes long keeps it. No timer has to guess which of the two it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
import sqlalchemy.exc
from ckan import model


@contextmanager
def held(name: str) -> Iterator[None]:
    """Hold the lock ``name``; waits for whoever holds it."""
    with _connection() as connection:
        connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": _key(name)})
        try:
            yield
        finally:
            _release(connection, name)


@contextmanager
def held_if_free(name: str) -> Iterator[bool]:
    """Hold the lock ``name`` if nobody does; gives whether it is held."""
    with _connection() as connection:
        query = sa.text("SELECT pg_try_advisory_lock(:key)")
        got = bool(connection.execute(query, {"key": _key(name)}).scalar())
        try:
            yield got
        finally:
            if got:
                _release(connection, name)


@contextmanager
def announced(name: str) -> Iterator[None]:
    """Be one of any number of processes that `is_free` tells about."""
    with _connection() as connection:
        query = sa.text("SELECT pg_advisory_lock_shared(:key)")
        connection.execute(query, {"key": _key(name)})
        try:
            yield
        finally:
            _release(connection, name, "pg_advisory_unlock_shared")


def is_free(name: str) -> bool:
    """Return whether nobody holds the lock ``name`` at this moment."""
    with held_if_free(name) as got:
        return got


@contextmanager
def _connection() -> Iterator[sa.engine.Connection]:
    """A connection of its own, in autocommit: the caller's session may commit and roll back."""
    engine = model.meta.engine
    assert engine is not None
    with engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


def _release(
    connection: sa.engine.Connection, name: str, function: str = "pg_advisory_unlock"
) -> None:
    try:
        connection.execute(sa.text(f"SELECT {function}(:key)"), {"key": _key(name)})
    except sqlalchemy.exc.DBAPIError:
        connection.invalidate()  # the server is gone, and the lock with it


def _key(name: str) -> int:
    digest = hashlib.blake2b(f"municipal-harvest:{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
