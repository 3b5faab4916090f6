"""Scores of the whole portal or one department: rows, sums and the course over time.

Everything here is of datasets that are public at this moment, but for the course, which is of those
that were public on each day.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from ckanext.municipal.quality.model.tables import dataset, group, history, package, public
from ckanext.municipal.quality.score.metrics import Dimension

_LIGHT = (
    "points",
    "unknown",
    "attainable",
    "stars",
    "broken",
    "frequency",
    "data_changed",
    "link_changed",
)
_LIGHT += ("served", "title", "changed", "fixes", *(each.value for each in Dimension))
_FROM = dataset.join(package, package.c.id == dataset.c.dataset_id).outerjoin(
    group, group.c.id == package.c.owner_org
)


def rows(ours: Any, department: str | None = None) -> list[dict[str, Any]]:
    """Return every public dataset that is scored, or those of a department (by name), fewest points first."""
    query = (
        sa.select(
            package.c.id,
            package.c.name,
            package.c.type,
            group.c.name.label("department"),
            *(dataset.c[name] for name in _LIGHT),
        )
        .select_from(_FROM)
        .where(*_chosen(department))
        .order_by(dataset.c.points, package.c.name)
    )
    return [dict(row._mapping) for row in ours.execute(query)]


def met(ours: Any, department: str | None = None) -> tuple[int, int, dict[str, int]]:
    """Return how many datasets and distributions there are, and how many meet each metric."""
    of_all = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(dataset.c.distributions), 0))
    counts = ours.execute(of_all.select_from(_FROM).where(*_chosen(department))).one()
    each = sa.func.jsonb_each_text(dataset.c.met).table_valued("key", "value")
    query = (
        sa.select(each.c.key, sa.func.sum(sa.cast(each.c.value, sa.Integer)))
        .select_from(_FROM.join(each, sa.true()))
        .where(*_chosen(department))
        .group_by(each.c.key)
    )
    return int(counts[0]), int(counts[1]), {row[0]: int(row[1]) for row in ours.execute(query)}


def course(ours: Any, department: str | None = None) -> list[tuple[date, int, Decimal]]:
    """Return for each day on which a score changed how many datasets there were and their average.

    Of a department those that are its own now; what was deleted for good belongs to no department.
    """
    chosen = sa.select(history)
    if department:
        owned = history.join(package, package.c.id == history.c.dataset_id)
        owned = owned.join(group, group.c.id == package.c.owner_org)
        chosen = chosen.select_from(owned).where(group.c.name == department)
    told = chosen.subquery()
    order = {"partition_by": told.c.dataset_id, "order_by": told.c.day}
    before = sa.func.lag(told.c.points).over(**order)
    points, there = (
        sa.func.coalesce(told.c.points, 0),
        sa.case((told.c.points.is_(None), 0), else_=1),
    )
    was = sa.case((before.is_(None), 0), else_=1)
    steps = sa.select(
        told.c.day,
        (points - sa.func.coalesce(before, 0)).label("points"),
        (there - was).label("datasets"),
    ).subquery()
    days = (
        sa.select(
            steps.c.day,
            sa.func.sum(steps.c.points).label("points"),
            sa.func.sum(steps.c.datasets).label("datasets"),
        )
        .group_by(steps.c.day)
        .subquery()
    )
    sums = [sa.func.sum(days.c[name]).over(order_by=days.c.day) for name in ("points", "datasets")]
    query = sa.select(days.c.day, *sums).order_by(days.c.day)
    return [
        (day, int(count), Decimal(points) / Decimal(count))
        for day, points, count in ours.execute(query)
        if count
    ]


def is_department(ours: Any, name: str) -> bool:
    """Return whether there is an organisation of a name."""
    active = group.c.is_organization, group.c.state == "active"
    return bool(ours.execute(sa.select(group.c.id).where(group.c.name == name, *active)).scalar())


def _chosen(department: str | None) -> list[Any]:
    return [public(), *([group.c.name == department] if department else [])]
