"""Files of resources: which are to be read, and what was found in each.

Which file has to be read is no note that could be lost: it is every file whose signature is another
than that of the file that was read last.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.municipal.quality.model.tables import file, link, package

FORMATS = ("CSV", "GEOJSON", "JSON", "ODS", "PARQUET", "TSV", "XLS", "XLSX", "ZIP")
"""Formats of resources that are read, as CKAN names them."""
_STATES = ("active", "draft")  # a draft is told what is wrong before it is published

resource: Any = model.Resource.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be read: its resource, where it is, and what tells this file from another."""

    resource_id: str
    url: str
    url_type: str
    signature: str


def _signature() -> Any:
    """Changes with each upload, address or format, and when the check of a link sees another content."""
    parts = (resource.c.url, resource.c.url_type, resource.c.format, resource.c.last_modified)
    return sa.func.md5(sa.func.concat_ws("\x1f", *parts, link.c.changed))


def _readable(types: Collection[str]) -> Any:
    """Return the query of all files that can be read, in datasets of some types."""
    linked = sa.and_(link.c.url == resource.c.url, resource.c.url_type.is_distinct_from("upload"))
    return (
        sa.select(
            resource.c.id.label("resource_id"),
            resource.c.url,
            sa.func.coalesce(resource.c.url_type, "").label("url_type"),
            _signature().label("signature"),
        )
        .select_from(
            resource.join(package, package.c.id == resource.c.package_id)
            .outerjoin(link, linked)
            .outerjoin(file, file.c.resource_id == resource.c.id)
        )
        .where(
            resource.c.state == "active",
            package.c.state.in_(_STATES),
            package.c.type.in_(list(types)),
            sa.func.upper(resource.c.format).in_(FORMATS),
            sa.func.coalesce(resource.c.url_type, "").in_(("", "upload")),
            sa.func.coalesce(resource.c.url, "") != "",
        )
    )


def _unread() -> Any:
    return sa.or_(
        file.c.resource_id.is_(None), file.c.signature != _signature(), file.c.checked.is_(None)
    )


def waiting(
    ours: Any, types: Collection[str], limit: int = 1, resource_id: str | None = None
) -> list[Source]:
    """Return files that are to be read, those that were begun before last; or the one of a resource."""
    query = _readable(types).where(_unread())
    if resource_id:
        query = query.where(resource.c.id == resource_id)
    first = (file.c.begun.asc().nulls_first(), resource.c.created, resource.c.id)
    with ours.begin():
        found = ours.execute(query.order_by(*first).limit(limit))
        return [Source(**row._mapping) for row in found]


def states(ours: Any, types: Collection[str], dataset_id: str) -> list[dict[str, Any]]:
    """Return the files of a dataset that can be read, in its order, each with what is known of it.

    ``unread`` tells that the file is another than what is known.
    """
    columns = [each for each in file.c if each.name not in ("resource_id", "signature")]
    query = _readable(types).add_columns(*columns, _unread().label("unread"))
    query = query.where(resource.c.package_id == dataset_id)
    return [dict(row._mapping) for row in ours.execute(query.order_by(resource.c.position))]


def begin(ours: Any, source: Source) -> tuple[int, Mapping[str, Any] | None]:
    """Note that a file is read; returns how often that was begun, and the shape of the one before."""
    same = file.c.signature == source.signature
    again = {
        "signature": source.signature,
        "tries": sa.case((sa.and_(same, file.c.checked.is_(None)), file.c.tries + 1), else_=1),
        "before": sa.case((same, file.c.before), else_=file.c.shape),
        "begun": sa.func.clock_timestamp(),
        "checked": None,
    }
    new = {**again, "tries": 1, "before": None}
    statement = (
        insert(file)
        .values(resource_id=source.resource_id, **new)
        .on_conflict_do_update(index_elements=["resource_id"], set_=again)
        .returning(file.c.tries, file.c.before)
    )
    with ours.begin():
        row = ours.execute(statement).one()
    return row.tries, row.before


def put(ours: Any, source: Source, values: Mapping[str, Any]) -> None:
    """Write what was found in a file, or why it could not be read."""
    told = {**values, "checked": sa.func.clock_timestamp()}
    of = sa.and_(file.c.resource_id == source.resource_id, file.c.signature == source.signature)
    with ours.begin():
        ours.execute(sa.update(file).where(of).values(told))


def read_again(ours: Any, dataset_id: str, resource_id: str | None = None) -> None:
    """Have the files of a dataset, or one of them, read again."""
    of = sa.select(resource.c.id).where(resource.c.package_id == dataset_id)
    if resource_id:
        of = of.where(resource.c.id == resource_id)
    with ours.begin():
        chosen = file.c.resource_id.in_(of.scalar_subquery())
        ours.execute(sa.update(file).where(chosen).values(checked=None, tries=0))


def forget_gone(ours: Any) -> None:
    """Forget files whose resource was deleted."""
    there = sa.exists().where(
        sa.and_(resource.c.id == file.c.resource_id, resource.c.state == "active")
    )
    with ours.begin():
        ours.execute(sa.delete(file).where(sa.not_(there)))
