"""What everybody may see of the records: read in pages, one by one, and whole.

Pages are cut by the dataset's id, which never changes: whatever is edited, created or removed while
somebody reads page after page, each dataset that is there all the while is read exactly once.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2

from ckanext.municipal.feeds.model.tables import activity, package, pending, record, served

_AT_ONCE = 500  # records of a whole catalogue that are held in memory at a time: some 4 MB
_COPY_HEADER = 19  # signature, flags and length of the extension of COPY's binary format
_MOST_FINDINGS = 20


@dataclass(frozen=True, slots=True)
class State:
    """What the feeds hold, in short: the newest revision and when it came (None: there is none yet),
    and a digest of what is hidden already but in the newest revision still public."""

    revision: int
    changed: datetime | None
    hidden: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which datasets: ``ids`` None for any, "" for any organization, group and theme (EU URI)."""

    ids: Sequence[str] | None = None
    since: datetime | None = None
    organization: str = ""
    group: str = ""
    theme: str = ""
    hvd: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A dataset as a feed tells it: ``fragment`` is what it says in the form asked for."""

    dataset_id: str
    uri: str
    fragment: bytes | memoryview


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one dataset: ``state`` is public, quarantined or gone, ``digest`` and
    ``changed`` those of its newest revision."""

    dataset_id: str
    state: str
    digest: str
    changed: datetime


@dataclass(frozen=True, slots=True)
class Deletion:
    """A dataset that was in the feeds and is no more, since ``deleted``."""

    revision: int
    dataset_id: str
    uri: str
    deleted: datetime


def state() -> State:
    """Return the state of the feeds, by index alone and at once: it is asked for each request."""
    ids = sa.distinct(pending.c.dataset_id)
    late = record.alias()
    hidden = (
        sa.select(sa.func.md5(sa.func.string_agg(ids, ",")))
        .select_from(pending.join(late, late.c.dataset_id == pending.c.dataset_id))
        .where(late.c.state == "public", late.c.hidden)
    )
    newest = (
        sa.select(record.c.revision, record.c.changed, hidden.scalar_subquery())
        .order_by(record.c.revision.desc())
        .limit(1)
    )
    found = model.Session.execute(newest).first()
    return State(found[0], found[1], found[2] or "") if found else State(0, None, "")


def count(choice: Choice) -> int:
    """Return how many datasets there are of a choice."""
    return model.Session.execute(
        sa.select(sa.func.count()).select_from(record).where(*_conditions(choice))
    ).scalar_one()


def page(
    form: str, choice: Choice, limit: int, *, after: str | None = None, offset: int = 0
) -> list[Record]:
    """Return at most ``limit`` records of a choice by id: those after an id, or after a number of them."""
    statement = (
        sa.select(record.c.dataset_id, record.c.uri, record.c[form])
        .where(*_conditions(choice), *([record.c.dataset_id > after] if after is not None else []))
        .order_by(record.c.dataset_id)
        .limit(limit)
        .offset(0 if after is not None else offset)
    )
    return [Record(id_, uri, bytes(it)) for id_, uri, it in model.Session.execute(statement)]


def whole(form: str) -> Iterator[list[Record]]:
    """Yield all records by id, some hundreds at a time, in constant memory.

    Each part is a statement of its own: a reader who is slow, or gone, holds no connection, and
    no old row. They come by COPY in its binary format, three times as fast as a cursor brings bytes.
    """
    last = ""
    while part := _copied(form, last):
        yield part
        last = part[-1].dataset_id


def known(reference: str) -> Known | None:
    """Return what is known of a dataset by its id, or by its name if it is served; else None."""
    columns = (record.c.dataset_id, record.c.state, record.c.digest, record.c.changed)
    by_id = sa.select(*columns, record.c.hidden).where(record.c.dataset_id == reference)
    found = model.Session.execute(by_id).first()
    if not found:
        named = record.join(package, package.c.id == record.c.dataset_id)
        by_name = sa.select(*columns, record.c.hidden).select_from(named)
        found = model.Session.execute(by_name.where(package.c.name == reference, served())).first()
    if not found:
        return None
    id_, state_, digest, changed, hidden = found
    return Known(id_, "gone" if hidden and state_ == "public" else state_, digest or "", changed)


def fragment(form: str, dataset_id: str) -> bytes | None:
    """Return what a dataset that is served says in a form; None for any other."""
    statement = sa.select(record.c[form]).where(record.c.dataset_id == dataset_id, served())
    found = model.Session.execute(statement).scalar()
    return None if found is None else bytes(found)


def deletions(since: datetime | None, after: int, limit: int) -> list[Deletion]:
    """Return what was removed at or after a moment, in order: at most ``limit`` after a revision.

    A dataset whose URI became another one was removed under the old one; what came back under the
    same URI was not removed.
    """
    later = activity.alias()
    again = sa.and_(later.c.uri == activity.c.uri, later.c.revision > activity.c.revision)
    statement = (
        sa.select(activity.c.revision, activity.c.dataset_id, activity.c.uri, activity.c.published)
        .where(
            activity.c.kind == "Delete",
            activity.c.revision > after,
            *([activity.c.published >= since] if since else []),
            ~sa.select(later.c.revision).where(later.c.kind == "Delete", again).exists(),
            ~sa.select(record.c.revision).where(record.c.uri == activity.c.uri, served()).exists(),
        )
        .order_by(activity.c.revision)
        .limit(limit)
    )
    return [Deletion(*row) for row in model.Session.execute(statement)]


def numbers() -> dict[str, int]:
    """Return how many datasets are in the feeds, are withheld until mended, and were removed."""
    hidden = sa.case((record.c.hidden, "gone"), else_=record.c.state)
    found = model.Session.execute(sa.select(hidden, sa.func.count()).group_by(hidden)).all()
    told = dict(map(tuple, found))
    return {name: told.get(name, 0) for name in ("public", "quarantined", "gone")}


def findings(language: str) -> list[tuple[str, str, int]]:
    """Return severity, remedy in a language and number of served datasets of what was found in them.

    What is found most often comes first; of remedies that differ in a name only, one is told.
    """
    each = sa.func.jsonb_array_elements(record.c.findings).table_valued("value", name="finding")
    value = sa.cast(each.c.value, JSONB)
    severity = value["severity"].astext
    remedy = sa.func.min(value["remedy"][language].astext)
    number = sa.func.count(sa.distinct(record.c.dataset_id))
    statement = (
        sa.select(severity, remedy, number)
        .select_from(record.join(each, sa.true()))
        .where(served())
        .group_by(severity, value["rule"].astext, value["field"].astext)
        .order_by(number.desc(), remedy)
        .limit(_MOST_FINDINGS)
    )
    return [(row[0], row[1] or "", row[2]) for row in model.Session.execute(statement)]


def _conditions(choice: Choice) -> list[Any]:
    found: list[Any] = [served()]
    if choice.ids is not None:
        ids = sa.literal(list(choice.ids), ARRAY(sa.UnicodeText))
        found.append(record.c.dataset_id == sa.any_(ids))
    if choice.since:
        found.append(record.c.changed >= choice.since)
    if choice.organization:
        found.append(record.c.organization == choice.organization)
    if choice.group:
        found.append(record.c.groups.contains([choice.group]))
    if choice.theme:
        found.append(record.c.themes.contains([choice.theme]))
    if choice.hvd:
        found.append(record.c.hvd)
    return found


def _copied(form: str, after: str) -> list[Record]:
    """The records after an id, on a connection that is given back at once."""
    statement = (
        sa.select(record.c.dataset_id, record.c.uri, record.c[form])
        .where(served(), record.c.dataset_id > after)
        .order_by(record.c.dataset_id)
        .limit(_AT_ONCE)
    ).compile(dialect=PGDialect_psycopg2(), compile_kwargs={"render_postcompile": True})
    assert model.meta.engine is not None
    connection = model.meta.engine.raw_connection()
    try:
        cursor: Any = connection.cursor()
        asked = cursor.mogrify(str(statement), statement.params).decode()
        copied = io.BytesIO()
        cursor.copy_expert(f"COPY ({asked}) TO STDOUT (FORMAT binary)", copied)
    finally:
        connection.close()
    return [Record(str(id_, "utf-8"), str(uri, "utf-8"), it) for id_, uri, it in _rows(copied)]


def _rows(copied: io.BytesIO) -> Iterator[list[memoryview]]:
    """Yield the rows of COPY's binary format, which PostgreSQL's manual describes under COPY.

    A row is the number of its fields (16 bits), then for each its length (32 bits) and its bytes;
    the end is the number -1. No field here is NULL.
    """
    data, at = copied.getbuffer(), _COPY_HEADER
    while (fields := struct.unpack_from("!h", data, at)[0]) >= 0:
        at += 2
        row = []
        for _ in range(fields):
            (length,) = struct.unpack_from("!i", data, at)
            row.append(data[at + 4 : at + 4 + length])
            at += 4 + length
        yield row
