"""What waits to be made: datasets that triggers noted, taken by any number of workers.

A row is one dataset and one transaction that changed it. A worker deletes only the rows that were
there before it looked at the dataset; what comes while it works is another row, and another look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import sqlalchemy.exc
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.municipal.feeds.model.tables import package, pending, record

_ALIVE = "municipal-feeds-worker"
_EVERY = sa.union(sa.select(package.c.id), sa.select(record.c.dataset_id))
_DUE = pending.c.due <= sa.func.clock_timestamp()


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many datasets are due, and since when the first of them."""

    datasets: int
    since: datetime | None


@contextmanager
def connection() -> Iterator[Any]:
    """Give a connection of our own, outside of CKAN's session; each `begin` on it is a transaction."""
    engine = model.meta.engine
    assert engine is not None
    with engine.connect() as ours:
        yield ours


def waiting(ours: Any) -> Waiting:
    """Return what is due at this moment."""
    count = sa.func.count(sa.distinct(pending.c.dataset_id))
    with ours.begin():
        row = ours.execute(sa.select(count, sa.func.min(pending.c.since)).where(_DUE)).one()
    return Waiting(*row)


def due(ours: Any, limit: int) -> list[str]:
    """Return datasets that are due, each once; those that waited longest first."""
    query = (
        sa.select(pending.c.dataset_id)
        .where(_DUE)
        .group_by(pending.c.dataset_id)
        .order_by(sa.func.min(pending.c.due), pending.c.dataset_id)
        .limit(limit)
    )
    with ours.begin():
        return list(ours.execute(query).scalars())


@contextmanager
def taken(ours: Any, dataset_id: str) -> Iterator[bool]:
    """Have a dataset to ourselves unless another worker has it; gives whether that is so.

    The database itself ends it with our connection: a worker that is killed keeps nothing.
    """
    key = {"key": f"municipal-feeds:{dataset_id}"}
    with ours.begin():
        query = sa.text("SELECT pg_try_advisory_lock(hashtextextended(:key, 0))")
        got = bool(ours.execute(query, key).scalar())
    try:
        yield got
    finally:
        if got:
            _unlock(ours, "SELECT pg_advisory_unlock(hashtextextended(:key, 0))", key)


def begin(ours: Any, dataset_id: str) -> tuple[list[int], int]:
    """Return the noted transactions of a dataset that are due, and how often they were tried, this time too.

    Committed before the work begins: a dataset that takes its worker down is known for it.
    """
    statement = (
        sa.update(pending)
        .where(pending.c.dataset_id == dataset_id, _DUE)
        .values(attempts=pending.c.attempts + 1)
        .returning(pending.c.transaction, pending.c.attempts)
    )
    with ours.begin():
        noted = ours.execute(statement).all()
    return [row[0] for row in noted], max((row[1] for row in noted), default=0)


def untried(ours: Any, dataset_id: str) -> None:
    """Take back an attempt that failed for reasons outside the dataset."""
    whose = pending.c.dataset_id == dataset_id
    statement = sa.update(pending).where(whose, pending.c.attempts > 0)
    with ours.begin():
        ours.execute(statement.values(attempts=pending.c.attempts - 1))


def settle(ours: Any, dataset_id: str, transactions: Iterable[int]) -> None:
    """Forget noted transactions, within the caller's transaction."""
    these = sa.and_(
        pending.c.dataset_id == dataset_id, pending.c.transaction.in_(list(transactions))
    )
    ours.execute(sa.delete(pending).where(these))


def add(ours: Any, dataset_ids: Iterable[str], due_at: datetime | None = None) -> None:
    """Note datasets, within the caller's transaction; to be looked at now, or not before a moment.

    A later moment is kept apart from what is due: one a dataset, the last one told.
    """
    number = 0 if due_at else sa.func.txid_current()
    rows = [{"dataset_id": dataset_id} for dataset_id in dataset_ids]
    if not rows:
        return
    moment = due_at or sa.func.clock_timestamp()
    statement = insert(pending).values(transaction=number, due=moment)
    keys = ["dataset_id", "transaction"]
    if due_at:
        statement = statement.on_conflict_do_update(index_elements=keys, set_={"due": moment})
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    ours.execute(statement, rows)


def every(ours: Any) -> list[str]:
    """Return the ids of every dataset and every record."""
    with ours.begin():
        return list(ours.execute(_EVERY).scalars())


def add_all(ours: Any) -> int:
    """Note every dataset and every record; returns how many."""
    ids = _EVERY.subquery()
    return _add_selected(ours, sa.select(ids.c.id, sa.func.txid_current()))


def add_made_otherwise(ours: Any, maker: str) -> int:
    """Note what was made by other code or settings than the present, where it is served or was refused."""
    query = sa.select(record.c.dataset_id, sa.func.txid_current())
    return _add_selected(ours, query.where(record.c.maker != maker, record.c.state != "gone"))


def _add_selected(ours: Any, query: Any) -> int:
    names = [pending.c.dataset_id, pending.c.transaction]
    with ours.begin():
        statement = insert(pending).from_select(names, query).on_conflict_do_nothing()
        return int(ours.execute(statement).rowcount)


@contextmanager
def announced(ours: Any) -> Iterator[None]:
    """Be one of any number of workers that `is_worked` tells about, until the connection ends."""
    with ours.begin():
        ours.execute(
            sa.text("SELECT pg_advisory_lock_shared(hashtextextended(:key, 0))"), {"key": _ALIVE}
        )
    try:
        yield
    finally:
        unlock = "SELECT pg_advisory_unlock_shared(hashtextextended(:key, 0))"
        _unlock(ours, unlock, {"key": _ALIVE})


def is_worked() -> bool:
    """Return whether some worker is alive at this moment."""
    with connection() as ours, ours.begin():
        query = sa.text("SELECT pg_try_advisory_xact_lock(hashtextextended(:key, 0))")
        return not ours.execute(query, {"key": _ALIVE}).scalar()


def _unlock(ours: Any, statement: str, key: dict[str, str]) -> None:
    try:
        if ours.in_transaction():
            ours.get_transaction().rollback()
        with ours.begin():
            ours.execute(sa.text(statement), key)
    except sqlalchemy.exc.DBAPIError:
        ours.invalidate()  # the server is gone, and the lock with it
