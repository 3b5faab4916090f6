"""Scores: one row a public dataset, and one a day on which it changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.municipal.quality.model.tables import dataset, history
from ckanext.municipal.quality.score.metrics import Dimension

_SCORE = ("points", *(each.value for each in Dimension))


def row(ours: Any, dataset_id: str) -> dict[str, Any] | None:
    """Return what is kept of a dataset, None where it is not scored."""
    found = ours.execute(sa.select(dataset).where(dataset.c.dataset_id == dataset_id)).first()
    return dict(found._mapping) if found else None


def put(ours: Any, dataset_id: str, values: Mapping[str, Any]) -> bool:
    """Write what differs of a dataset, and its history; returns whether anything did.

    The caller holds the lock of the dataset.
    """
    before = row(ours, dataset_id)
    if before and all(before[name] == value for name, value in values.items()):
        return False
    stamped = {**values, "changed": sa.func.clock_timestamp()}
    statement = insert(dataset).values(dataset_id=dataset_id, **stamped)
    ours.execute(statement.on_conflict_do_update(index_elements=["dataset_id"], set_=stamped))
    _put_history(ours, dataset_id, {name: values[name] for name in _SCORE})
    return True


def remove(ours: Any, dataset_id: str) -> None:
    """Forget a dataset that is not public any more; its history says that it left."""
    gone = sa.delete(dataset).where(dataset.c.dataset_id == dataset_id)
    if ours.execute(gone).rowcount:
        _put_history(ours, dataset_id, dict.fromkeys(_SCORE))


def _put_history(ours: Any, dataset_id: str, values: Mapping[str, Any]) -> None:
    """Write the score of today where it is another than the last one."""
    today = datetime.now(UTC).date()
    last = (
        sa.select(*(history.c[name] for name in _SCORE))
        .where(history.c.dataset_id == dataset_id)
        .order_by(history.c.day.desc())
        .limit(1)
    )
    known = ours.execute(last).first()
    if known and dict(known._mapping) == dict(values):
        return
    statement = insert(history).values(dataset_id=dataset_id, day=today, **values)
    keys = ["dataset_id", "day"]
    ours.execute(statement.on_conflict_do_update(index_elements=keys, set_=dict(values)))


def course(ours: Any, dataset_id: str) -> list[tuple[date, dict[str, int | None]]]:
    """Return the scores of a dataset by day, the oldest first; no points where it left."""
    columns = (history.c[name] for name in _SCORE)
    query = sa.select(history.c.day, *columns).where(history.c.dataset_id == dataset_id)
    found = ours.execute(query.order_by(history.c.day))
    return [(each.day, {name: each._mapping[name] for name in _SCORE}) for each in found]
