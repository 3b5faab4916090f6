"""Owners of departments: how often each is told, when that was last, and how their datasets stood then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.municipal.quality.model.tables import group, owner

user: Any = model.User.__table__  # type: ignore[attr-defined]
member: Any = model.Member.__table__  # type: ignore[attr-defined]

EVERY = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
"""How long after a letter the next one may be sent."""
NEVER = "never"


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody who looks after departments: ``seen`` is how their datasets stood, None before the first look."""

    id: str
    name: str
    email: str
    departments: tuple[str, ...]
    seen: Mapping[str, Any] | None


def due(ours: Any, usual: str) -> list[str]:
    """Return the ids of the owners whose departments are to be looked at; ``usual`` is for who chose nothing."""
    query = sa.select(user.c.id).where(*_owns(), _is_due(usual)).distinct().order_by(user.c.id)
    joined = _OWNERS.outerjoin(owner, owner.c.user_id == user.c.id)
    with ours.begin():
        return list(ours.execute(query.select_from(joined)).scalars())


def take(ours: Any, user_id: str, usual: str) -> Owner | None:
    """Have an owner to ourselves until this transaction ends; None where another has, or it is not due any more."""
    ours.execute(insert(owner).values(user_id=user_id).on_conflict_do_nothing())
    mine = sa.select(owner).where(owner.c.user_id == user_id, _is_due(usual))
    row = ours.execute(mine.with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    query = sa.select(user.c.name, user.c.fullname, user.c.email, group.c.name.label("department"))
    rows = list(ours.execute(query.select_from(_OWNERS).where(*_owns(), user.c.id == user_id)))
    if not rows:
        return None
    departments = tuple(sorted({each.department for each in rows}))
    said = rows[0].fullname or rows[0].name
    return Owner(user_id, said, rows[0].email, departments, row.seen)


def looked(ours: Any, user_id: str, seen: Mapping[str, Any]) -> None:
    """Note how an owner's datasets stand, as of now."""
    values = {"seen": seen, "looked": sa.func.clock_timestamp(), "not_before": None}
    ours.execute(sa.update(owner).where(owner.c.user_id == user_id).values(values))


def put_off(ours: Any, user_id: str, wait: timedelta) -> None:
    """Look at an owner's departments again after a while: a letter could not be sent."""
    values = {"not_before": sa.func.clock_timestamp() + wait}
    ours.execute(sa.update(owner).where(owner.c.user_id == user_id).values(values))


def choice(ours: Any, user_id: str) -> str | None:
    """Return how often somebody chose to be told; None where nothing was chosen."""
    query = sa.select(owner.c.every).where(owner.c.user_id == user_id)
    with ours.begin():
        return ours.execute(query).scalar()


def choose(ours: Any, user_id: str, every: str) -> None:
    """Keep how often somebody wants to be told; who comes back is told of what gets worse from then on."""
    values = {"every": every}
    if every == NEVER:
        values |= {"seen": sa.null(), "looked": None}
    statement = insert(owner).values(user_id=user_id, **values)
    with ours.begin():
        ours.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))


_OWNERS = user.join(member, sa.and_(member.c.table_id == user.c.id)).join(
    group, group.c.id == member.c.group_id
)


def _owns() -> tuple[Any, ...]:
    """Whoever is an administrator of a department, is there, and has an address."""
    return (
        member.c.table_name == "user",
        member.c.capacity == "admin",
        member.c.state == "active",
        user.c.state == "active",
        sa.func.coalesce(user.c.email, "") != "",
        group.c.is_organization,
        group.c.state == "active",
    )


def _is_due(usual: str) -> Any:
    now = sa.func.clock_timestamp()
    every = sa.func.coalesce(owner.c.every, usual)
    passed = [sa.and_(every == name, owner.c.looked <= now - wait) for name, wait in EVERY.items()]
    return sa.and_(
        every.in_(list(EVERY)),
        sa.or_(owner.c.looked.is_(None), *passed),
        sa.or_(owner.c.not_before.is_(None), owner.c.not_before <= now),
    )
