"""Old jobs: what they did is forgotten, what they published is not touched."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.municipal.harvest.model.tables import (
    execute,
    gather_error,
    job,
    object_,
    object_error,
    object_extra,
)


def trim(source_id: str, keep: int) -> None:
    """Delete the history of a source's finished jobs but the newest ``keep``; commits.

    An object that is the current one of a dataset links the dataset to its source: it stays, and
    its job with it.
    """
    over = sa.and_(job.c.source_id == source_id, job.c.status.notin_(("New", "Running")))
    query = sa.select(job.c.id).where(over).order_by(job.c.created.desc()).offset(keep)
    old = [row[0] for row in execute(query)]
    if not old:
        return
    past = sa.and_(object_.c.harvest_job_id.in_(old), object_.c.current.isnot(True))
    ids = sa.select(object_.c.id).where(past)
    for table in (object_error, object_extra):
        _delete(table, table.c.harvest_object_id.in_(ids))
    _delete(object_, past)
    _delete(gather_error, gather_error.c.harvest_job_id.in_(old))
    still_used = sa.select(object_.c.harvest_job_id).where(object_.c.harvest_job_id.in_(old))
    _delete(job, sa.and_(job.c.id.in_(old), job.c.id.notin_(still_used)))
    model.Session.commit()


def _delete(table: Any, condition: Any) -> None:
    execute(sa.delete(table).where(condition))
