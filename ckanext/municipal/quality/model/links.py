"""Addresses that datasets name: what is known of each, who uses it, and which is asked next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.municipal.quality.links.judging import Known
from ckanext.municipal.quality.model.tables import host, link, use
from ckanext.municipal.quality.score.judging import Link

_NAMES = tuple(Known.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Due:
    """An address that is to be asked, with what is known of it."""

    id: str
    url: str
    known: Known


def key(url: str) -> str:
    """Return the id of an address."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def host_of(url: str) -> str:
    """Return the server that an address leads to, with its port; "" for what leads nowhere."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def put_uses(ours: Any, dataset_id: str, urls: Iterable[str]) -> None:
    """Say which addresses a dataset names; one that nobody names any more is forgotten."""
    wanted = {key(url): url for url in urls if url.startswith(("http://", "https://"))}
    if wanted:
        rows = [{"id": id_, "url": url, "host": host_of(url)} for id_, url in wanted.items()]
        ours.execute(insert(link).on_conflict_do_nothing(index_elements=["id"]), rows)
        uses = [{"dataset_id": dataset_id, "link_id": id_} for id_ in wanted]
        ours.execute(insert(use).on_conflict_do_nothing(), uses)
    gone = sa.delete(use).where(use.c.dataset_id == dataset_id, use.c.link_id.not_in(list(wanted)))
    lost = list(ours.execute(gone.returning(use.c.link_id)).scalars())
    if lost:
        used = sa.exists().where(use.c.link_id == link.c.id)
        ours.execute(sa.delete(link).where(link.c.id.in_(lost), sa.not_(used)))


def known_of(ours: Any, dataset_id: str) -> dict[str, Known]:
    """Return what is known of the addresses that a dataset names, by address."""
    columns = [link.c.url, *(link.c[name] for name in _NAMES)]
    query = sa.select(*columns).select_from(use.join(link)).where(use.c.dataset_id == dataset_id)
    return {row.url: _known_of(row) for row in ours.execute(query)}


def due_hosts(ours: Any, limit: int) -> list[str]:
    """Return servers with an address that is due and that are not left alone, the most overdue first."""
    now = sa.func.clock_timestamp()
    query = (
        sa.select(link.c.host)
        .select_from(link.outerjoin(host, host.c.host == link.c.host))
        .where(link.c.due <= now, sa.or_(host.c.host.is_(None), host.c.not_before <= now))
        .group_by(link.c.host)
        .order_by(sa.func.min(link.c.due), link.c.host)
        .limit(limit)
    )
    with ours.begin():
        return list(ours.execute(query).scalars())


def next_due(ours: Any, server: str) -> Due | None:
    """Return the most overdue address of a server, None where none is due or it is left alone."""
    now = sa.func.clock_timestamp()
    left = sa.and_(host.c.host == link.c.host, host.c.not_before > now)
    alone = sa.select(host.c.host).where(left).exists()
    with ours.begin():
        row = ours.execute(_due_of(server).where(sa.not_(alone)).limit(1)).first()
    return Due(row.id, row.url, _known_of(row)) if row else None


def due_of(ours: Any, server: str) -> list[Due]:
    """Return every address of a server that is due."""
    return [Due(row.id, row.url, _known_of(row)) for row in ours.execute(_due_of(server))]


def _due_of(server: str) -> Any:
    return (
        sa.select(link.c.id, link.c.url, *(link.c[name] for name in _NAMES))
        .where(link.c.host == server, link.c.due <= sa.func.clock_timestamp())
        .order_by(link.c.due, link.c.id)
    )


def put(ours: Any, link_id: str, known: Known, due: datetime) -> None:
    """Write what is known of an address now, and when it is asked next."""
    values = {**asdict(known), "state": known.state.value if known.state else None}
    ours.execute(sa.update(link).where(link.c.id == link_id).values(**values, due=due))


def users(ours: Any, link_id: str) -> list[str]:
    """Return the datasets that name an address, in one order."""
    query = sa.select(use.c.dataset_id).where(use.c.link_id == link_id)
    return sorted(ours.execute(query).scalars())


def failures(ours: Any, server: str) -> int:
    """Return how many times in a row a server failed."""
    query = sa.select(host.c.failures).where(host.c.host == server)
    return int(ours.execute(query).scalar() or 0)


def leave_alone(ours: Any, server: str, times: int, until: datetime) -> None:
    """Ask a server nothing until a moment; it failed so many times in a row."""
    values = {"failures": times, "not_before": until}
    statement = insert(host).values(host=server, **values)
    ours.execute(statement.on_conflict_do_update(index_elements=["host"], set_=values))


def welcome(ours: Any, server: str) -> None:
    """Forget that a server failed."""
    ours.execute(sa.delete(host).where(host.c.host == server))


def make_due(ours: Any, dataset_id: str | None = None) -> int:
    """Have the addresses of a dataset, or all, asked at once; returns how many."""
    statement = sa.update(link).values(due=sa.func.clock_timestamp())
    if dataset_id:
        of_it = sa.select(use.c.link_id).where(use.c.dataset_id == dataset_id)
        statement = statement.where(link.c.id.in_(of_it))
    with ours.begin():
        return int(ours.execute(statement).rowcount)


def waiting(ours: Any) -> tuple[int, datetime | None]:
    """Return how many addresses are due, and since when the first of them."""
    query = sa.select(sa.func.count(), sa.func.min(link.c.due))
    with ours.begin():
        row = ours.execute(query.where(link.c.due <= sa.func.clock_timestamp())).one()
    return int(row[0]), row[1]


def _known_of(row: Any) -> Known:
    values = {name: row._mapping[name] for name in _NAMES}
    return Known(**{**values, "state": Link(values["state"]) if values["state"] else None})
