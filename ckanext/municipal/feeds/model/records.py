"""Finished records and the log of what happened to them, written in one transaction and in one order.

Whoever writes what clients can see holds one lock until the commit: a revision that is seen is
followed only by greater ones, so that a reader that goes by revision misses none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.municipal.feeds.model import queue
from ckanext.municipal.feeds.model.activity import forget_replaced
from ckanext.municipal.feeds.model.tables import (
    activity,
    package,
    record,
    revisions,
    served,
)

CREATE, UPDATE, DELETE = "Create", "Update", "Delete"
PUBLIC, QUARANTINED, GONE = "public", "quarantined", "gone"
PAYLOADS = ("turtle", "rdfxml", "jsonld", "ntriples", "oai_dc")
_EMPTY = dict.fromkeys((*PAYLOADS, "digest"))


@dataclass(frozen=True, slots=True)
class Known:
    """What the table says of a dataset, but for its long columns."""

    uri: str
    state: str
    hidden: bool
    held: datetime | None
    removed: datetime | None
    created: datetime | None
    digest: str | None
    maker: str
    findings: list[Any]


def lock(ours: Any) -> None:
    """Let nobody else write records until this transaction ends."""
    ours.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended('municipal-feeds-write', 0))")
    )


def known(ours: Any, dataset_id: str, *, locked: bool = False) -> Known | None:
    """Return what is known of a dataset, which nobody changes meanwhile if it is ``locked``."""
    names = Known.__dataclass_fields__
    query = sa.select(*(record.c[name] for name in names)).where(record.c.dataset_id == dataset_id)
    row = ours.execute(query.with_for_update() if locked else query).first()
    return Known(**row._mapping) if row else None


def is_still_public(ours: Any, dataset_id: str) -> bool:
    """Return whether a dataset is active and not private; nobody changes that while this transaction lasts.

    Waits for whoever is changing it.
    """
    query = sa.select(package.c.state, package.c.private).where(package.c.id == dataset_id)
    row = ours.execute(query.with_for_update(read=True)).first()
    return row is not None and row[0] == "active" and not row[1]


def other_with_uri(ours: Any, dataset_id: str, uri: str) -> str | None:
    """Return the name of another dataset that is in the feeds under a URI."""
    query = (
        sa.select(sa.func.coalesce(package.c.name, record.c.dataset_id))
        .select_from(record.outerjoin(package, package.c.id == record.c.dataset_id))
        .where(record.c.uri == uri, record.c.dataset_id != dataset_id, served())
    )
    return ours.execute(query.limit(1)).scalar()


def publish(ours: Any, dataset_id: str, before: Known | None, values: Mapping[str, Any]) -> None:
    """Put a record into the feeds, or another in its place; under another URI it is another one."""
    kind = CREATE
    if before and before.state == PUBLIC:
        kind = UPDATE if before.uri == values["uri"] else CREATE
        if kind == CREATE:
            _log(ours, dataset_id, before.uri, DELETE)
    revision, moment = _log(ours, dataset_id, values["uri"], kind, values["ntriples"])
    created = (before.created if before else None) or moment
    stamp = {"revision": revision, "changed": moment, "created": created}
    free = {"state": PUBLIC, "hidden": False, "held": None, "removed": None}
    _put(ours, dataset_id, {**values, **stamp, **free})
    if before and before.uri != values["uri"]:
        _note_refused(ours, before.uri)


def take_out(
    ours: Any, dataset_id: str, before: Known, values: Mapping[str, Any], *, counted: bool
) -> None:
    """Leave a tombstone of a record that is in the feeds; ``counted`` by the guard."""
    revision, moment = _log(ours, dataset_id, before.uri, DELETE)
    stamp = {"revision": revision, "changed": moment, "hidden": False, "held": None}
    removed = moment if counted else None
    change(ours, dataset_id, {**values, **_EMPTY, **stamp, "removed": removed})
    _note_refused(ours, before.uri)


def refuse(ours: Any, dataset_id: str, values: Mapping[str, Any]) -> None:
    """Keep why a dataset that was never in the feeds is not in them."""
    stamp = {"revision": _next_revision(ours), "changed": sa.func.clock_timestamp()}
    _put(ours, dataset_id, {**values, **stamp, "state": QUARANTINED})


def change(ours: Any, dataset_id: str, values: Mapping[str, Any]) -> None:
    """Write columns that clients do not see, or that the caller stamped."""
    ours.execute(sa.update(record).where(record.c.dataset_id == dataset_id).values(**values))


def forget(ours: Any, dataset_id: str) -> None:
    """Forget a dataset that was never in the feeds."""
    ours.execute(sa.delete(record).where(record.c.dataset_id == dataset_id))


def leaving(ours: Any, dataset_id: str, since: datetime) -> tuple[int, int]:
    """Return how many records leave the feeds together with one, and of how many that are or were there.

    Those that left since a moment, those that are held, and those whose datasets are deleted already.
    What was let go by the operator is not counted.
    """
    there = sa.and_(served(), record.c.removed.is_(None))
    deleted = sa.or_(package.c.id.is_(None), package.c.state == "deleted")
    goes = sa.or_(deleted, record.c.held.is_not(None), record.c.dataset_id == dataset_id)
    left = sa.and_(record.c.state != PUBLIC, record.c.removed > since)
    query = sa.select(
        sa.func.count().filter(sa.or_(left, sa.and_(there, goes))),
        sa.func.count().filter(sa.or_(left, there)),
    ).select_from(record.outerjoin(package, package.c.id == record.c.dataset_id))
    going, all_ = ours.execute(query).one()
    return int(going), int(all_)


def let_go(ours: Any) -> int:
    """Let everything that is held leave the feeds, and count anew from now; returns how many."""
    with ours.begin():
        lock(ours)
        left = sa.and_(record.c.state != PUBLIC, record.c.removed.is_not(None))
        ours.execute(sa.update(record).where(left).values(removed=None))
        held = sa.and_(record.c.state == PUBLIC, record.c.held.is_not(None))
        statement = sa.update(record).where(held).values(removed=sa.func.clock_timestamp())
        freed = list(ours.execute(statement.returning(record.c.dataset_id)).scalars())
        queue.add(ours, freed)
    return len(freed)


def counts(ours: Any) -> dict[str, int]:
    """Return how many records are ``public`` (served), ``held``, ``quarantined`` and ``gone``."""
    query = sa.select(
        sa.func.count().filter(served()).label(PUBLIC),
        sa.func.count().filter(served(), record.c.held.is_not(None)).label("held"),
        sa.func.count().filter(record.c.state == QUARANTINED).label(QUARANTINED),
        sa.func.count().filter(record.c.state == GONE).label(GONE),
    ).select_from(record)
    with ours.begin():
        return dict(ours.execute(query).one()._mapping)


def leaked(ours: Any) -> int:
    """Return how many served records are of datasets that are private or drafts: none, or a fault."""
    hidden = sa.or_(package.c.private, package.c.state.not_in(["active", "deleted"]))
    query = sa.select(sa.func.count()).select_from(
        record.join(package, package.c.id == record.c.dataset_id)
    )
    with ours.begin():
        return int(ours.execute(query.where(served(), hidden)).scalar())


def missing_triggers(ours: Any) -> list[str]:
    """Return the tables of CKAN whose changes nobody notes."""
    query = sa.text(
        "SELECT name FROM unnest(ARRAY['group', 'group_extra', 'member', 'package', 'package_extra',"
        " 'package_tag', 'resource']) AS name WHERE to_regclass(quote_ident(name)) IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'municipal_feed'"
        " AND tgrelid = to_regclass(quote_ident(name)) AND tgenabled IN ('O', 'A'))"
    )
    with ours.begin():
        return list(ours.execute(query).scalars())


def _log(
    ours: Any, dataset_id: str, uri: str, kind: str, ntriples: bytes | None = None
) -> tuple[int, datetime]:
    """Add to the log; returns the revision and the moment, later than any before.

    Later by a millisecond: many readers know no shorter time.
    """
    last = sa.select(activity.c.published).order_by(activity.c.revision.desc()).limit(1)
    after = last.scalar_subquery() + sa.text("interval '1 millisecond'")
    statement = (
        sa.insert(activity)
        .values(
            revision=revisions.next_value(),
            dataset_id=dataset_id,
            uri=uri,
            kind=kind,
            published=sa.func.greatest(sa.func.clock_timestamp(), after),
            ntriples=ntriples,
        )
        .returning(activity.c.revision, activity.c.published)
    )
    revision, moment = ours.execute(statement).one()
    forget_replaced(ours, uri, revision, moment, gone=kind == DELETE)
    return revision, moment


def _next_revision(ours: Any) -> int:
    return ours.execute(sa.select(revisions.next_value())).scalar()


def _put(ours: Any, dataset_id: str, values: Mapping[str, Any]) -> None:
    statement = insert(record).values(dataset_id=dataset_id, **values)
    ours.execute(statement.on_conflict_do_update(index_elements=["dataset_id"], set_=values))


def _note_refused(ours: Any, uri: str) -> None:
    """A URI is free again: whoever was refused for it is looked at anew."""
    query = sa.select(record.c.dataset_id).where(record.c.uri == uri, record.c.state == QUARANTINED)
    queue.add(ours, list(ours.execute(query).scalars()))
