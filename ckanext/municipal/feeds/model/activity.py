"""The log of changes, told in ranges of revisions that never change again once a greater one is there.

A version of a dataset stays in the log until another has been in its place for a week, or until the
dataset leaves the feeds; after that only the fact remains.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.municipal.feeds.model.tables import activity, record, served

KEPT = timedelta(days=7)
"""How long a version that was replaced is still told: whoever began to read goes on with what they saw."""


@dataclass(frozen=True, slots=True)
class Range:
    """A range of revisions by its number from 0, and when the first and last change in it were."""

    number: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to the record of a dataset: ``ntriples`` is what it says since then, None of a Delete."""

    revision: int
    uri: str
    kind: str
    published: datetime
    ntriples: bytes | None


def newest() -> int:
    """Return the greatest revision of the log, 0 while it is empty."""
    return model.Session.execute(sa.select(sa.func.max(activity.c.revision))).scalar() or 0


def ranges(size: int) -> list[Range]:
    """Return the ranges of ``size`` revisions that hold anything, in order; the first begins with revision 1."""
    place = sa.func.div(activity.c.revision - 1, sa.literal_column(str(int(size))))
    number = sa.cast(place, sa.BigInteger)
    moments = sa.func.min(activity.c.published), sa.func.max(activity.c.published)
    kept = sa.or_(activity.c.kind == "Delete", activity.c.ntriples.is_not(None))
    statement = sa.select(number, *moments).where(kept).group_by(number).order_by(number)
    return [Range(*row) for row in model.Session.execute(statement)]


def revisions(first: int, last: int) -> list[int]:
    """Return the revisions of what `changes` tells, without what is long."""
    return list(model.Session.execute(_told(first, last, activity.c.revision)).scalars())


def changes(first: int, last: int) -> list[Change]:
    """Return what happened from a revision to another, in order, as far as everybody may see it."""
    names = ("revision", "uri", "kind", "published", "ntriples")
    rows = model.Session.execute(_told(first, last, *(activity.c[name] for name in names)))
    return [
        Change(revision, uri, kind, published, None if ntriples is None else bytes(ntriples))
        for revision, uri, kind, published, ntriples in rows
    ]


def forget_replaced(ours: Any, uri: str, revision: int, moment: datetime, *, gone: bool) -> None:
    """Forget what the log says of a URI before a revision: all of it if the dataset is ``gone``.

    Else what had been replaced ``KEPT`` before the moment.
    """
    whose = sa.and_(activity.c.uri == uri, activity.c.ntriples.is_not(None))
    replaced_by = sa.select(sa.func.max(activity.c.revision)).where(
        activity.c.uri == uri, activity.c.published < moment - KEPT
    )
    before = revision if gone else replaced_by.scalar_subquery()
    statement = sa.update(activity).where(whose, activity.c.revision < before)
    ours.execute(statement.values(ntriples=None))


def _told(first: int, last: int, *columns: Any) -> Any:
    """Deletions, and versions of datasets that are in the feeds at this moment."""
    shown = sa.select(record.c.revision).where(record.c.dataset_id == activity.c.dataset_id)
    version = sa.and_(activity.c.ntriples.is_not(None), shown.where(served()).exists())
    return (
        sa.select(*columns)
        .where(activity.c.revision.between(first, last))
        .where(sa.or_(activity.c.kind == "Delete", version))
        .order_by(activity.c.revision)
    )
