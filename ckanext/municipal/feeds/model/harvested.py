"""What OAI-PMH tells of the records: in the order of their changes, those that are gone as well.

A list goes on after a revision, and a record that changes gets a greater one: whoever reads a list
to its end has read the newest version of everything that is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.municipal.feeds.model.tables import record, served
from ckanext.municipal.lib.rdf.fragments import EU_THEMES


@dataclass(frozen=True, slots=True)
class Header:
    """What is told of every record: ``public`` is False of one that is gone."""

    revision: int
    dataset_id: str
    changed: datetime
    organization: str | None
    themes: list[str]
    public: bool
    payload: bytes | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: changed from ``since`` to just before ``before``, of a set; ``set`` as in Request."""

    since: datetime | None = None
    before: datetime | None = None
    set: tuple[str, str] | None = None


def earliest() -> datetime | None:
    """Return when the change was that is the longest ago; None while there is no record."""
    moments = sa.select(sa.func.min(record.c.changed)).where(_ever_public())
    return model.Session.execute(moments).scalar()


def headers(wanted: Wanted, after: int, limit: int, payload: str = "") -> list[Header]:
    """Return at most ``limit`` records after a revision, with a column of what they say if one is named."""
    statement = _select(payload).where(*_conditions(wanted), record.c.revision > after)
    found = model.Session.execute(statement.order_by(record.c.revision).limit(limit))
    return [_header(row) for row in found]


def count(wanted: Wanted, after: int) -> int:
    """Return how many records there are after a revision."""
    conditions = (*_conditions(wanted), record.c.revision > after)
    statement = sa.select(sa.func.count()).select_from(record).where(*conditions)
    return model.Session.execute(statement).scalar_one()


def one(dataset_id: str, payload: str = "") -> Header | None:
    """Return the record of a dataset that is or was public."""
    statement = _select(payload).where(_ever_public(), record.c.dataset_id == dataset_id)
    row = model.Session.execute(statement).first()
    return _header(row) if row else None


def organizations() -> list[tuple[str, str]]:
    """Return name and title of every organisation that has or had records."""
    group: Any = model.Group.__table__  # type: ignore[attr-defined]
    title = sa.func.coalesce(sa.func.nullif(group.c.title, ""), record.c.organization)
    statement = (
        sa.select(record.c.organization, sa.func.max(title))
        .select_from(record.outerjoin(group, group.c.name == record.c.organization))
        .where(_ever_public(), record.c.organization.is_not(None))
        .group_by(record.c.organization)
        .order_by(record.c.organization)
    )
    return [(name, told) for name, told in model.Session.execute(statement)]


def themes() -> list[str]:
    """Return the URIs of the EU themes that have or had records."""
    each = sa.func.unnest(record.c.themes)
    found = model.Session.execute(sa.select(sa.distinct(each)).where(_ever_public())).scalars()
    return sorted(found)


def theme(name: str) -> str:
    """Return the URI of an EU theme by its code."""
    return f"{EU_THEMES}/{name}"


def _ever_public() -> Any:
    return record.c.created.is_not(None)


def _select(payload: str) -> Any:
    names = ("revision", "dataset_id", "changed", "organization", "themes")
    said = sa.case((served(), record.c[payload])) if payload else sa.null()
    return sa.select(*(record.c[name] for name in names), served(), said)


def _header(row: Any) -> Header:
    revision, dataset_id, changed, organization, themes_, public, said = row
    payload = None if said is None else bytes(said)
    return Header(revision, dataset_id, changed, organization, themes_, public, payload)


def _conditions(wanted: Wanted) -> list[Any]:
    found: list[Any] = [_ever_public()]
    if wanted.since:
        found.append(record.c.changed >= wanted.since)
    if wanted.before:
        found.append(record.c.changed < wanted.before)
    if wanted.set:
        found.append(_in_set(*wanted.set))
    return found


def _in_set(kind: str, name: str) -> Any:
    if kind == "organization":
        return record.c.organization == name if name else record.c.organization.is_not(None)
    if kind == "theme":
        return record.c.themes.contains([theme(name)]) if name else record.c.themes != []
    return sa.false()
