"""Connections of our own, and the locks that several processes respect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
import sqlalchemy.exc
from ckan import model


@contextmanager
def connection() -> Iterator[Any]:
    """Give a connection of our own, outside of CKAN's session; each `begin` on it is a transaction."""
    engine = model.meta.engine
    assert engine is not None
    with engine.connect() as ours:
        yield ours


def lock_dataset(ours: Any, dataset_id: str) -> None:
    """Let nobody else score a dataset until this transaction ends; waits for whoever does."""
    query = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
    ours.execute(query, {"key": f"municipal-quality:{dataset_id}"})


@contextmanager
def taken(ours: Any, kind: str, name: str) -> Iterator[bool]:
    """Have a thing (``host``, ``file``) to ourselves unless another process does; gives whether that is so.

    The database ends it with our connection: a process that is killed keeps nothing.
    """
    key = {"key": f"municipal-quality-{kind}:{name}"}
    with ours.begin():
        query = sa.text("SELECT pg_try_advisory_lock(hashtextextended(:key, 0))")
        got = bool(ours.execute(query, key).scalar())
    try:
        yield got
    finally:
        if got:
            _unlock(ours, key)


def _unlock(ours: Any, key: dict[str, str]) -> None:
    try:
        if ours.in_transaction():
            ours.get_transaction().rollback()
        with ours.begin():
            ours.execute(sa.text("SELECT pg_advisory_unlock(hashtextextended(:key, 0))"), key)
    except sqlalchemy.exc.DBAPIError:
        ours.invalidate()  # the server is gone, and the lock with it
