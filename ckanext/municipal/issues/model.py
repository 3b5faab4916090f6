"""Two tables of our own in CKAN's database, that nobody but the harvester reads.

The grid cells of *all* requests, also of those whose cell is not published because too few others
of their category lie in it: when the fifth comes, the four before it appear as well, and when one
leaves, they disappear. A cell is what the city would publish anyway, never the exact place. And the
ids that an unfinished walk has met, so that the process that resumes it knows what is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import ARRAY, insert

from ckanext.municipal.issues.places import NOWHERE

metadata = tk.BaseModel.metadata
PLACE = ("cell", "lat", "long", "district", "address")
"""The fields of a request that tell where it is."""
_ROWS_AT_A_TIME = 5_000

cell = sa.Table(
    "municipal_issues_cell",
    metadata,
    sa.Column("package_id", sa.UnicodeText, primary_key=True),
    sa.Column("id", sa.UnicodeText, primary_key=True),
    sa.Column("category_code", sa.UnicodeText, nullable=False),
    sa.Column("cell", sa.UnicodeText, nullable=False),
    sa.Column("lat", sa.Numeric, nullable=True),
    sa.Column("long", sa.Numeric, nullable=True),
    sa.Column("district", sa.UnicodeText, nullable=True),
    sa.Column("address", sa.UnicodeText, nullable=True),
    sa.Index("municipal_issues_cell_group", "package_id", "category_code", "cell"),
    comment="One row a citizen's request: its grid cell, published only beside others like it",
)
seen = sa.Table(
    "municipal_issues_seen",
    metadata,
    sa.Column("package_id", sa.UnicodeText, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("read_at", sa.UnicodeText, nullable=False),
    sa.Column("ids", ARRAY(sa.UnicodeText), nullable=False),
    comment="The requests that an unfinished whole walk has met, some hundreds a row",
)


def put_cells(package_id: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep the cells of requests (dictionaries of canonical rows), writing what differs; commits."""
    names = ("id", "category_code", *PLACE)
    values = [{"package_id": package_id, **{name: row[name] for name in names}} for row in rows]
    if not values:
        return
    statement = insert(cell)
    new = {name: statement.excluded[name] for name in names[1:]}
    differs = sa.or_(*(cell.c[name].is_distinct_from(value) for name, value in new.items()))
    keys = ["package_id", "id"]
    _execute(statement.on_conflict_do_update(index_elements=keys, set_=new, where=differs), values)
    model.Session.commit()


def cells_of(package_id: str, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return the place that each of some requests has by itself, by id: its category and `PLACE`."""
    columns = (cell.c.id, cell.c.category_code, *(cell.c[name] for name in PLACE))
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(ids), _ROWS_AT_A_TIME):
        some = cell.c.id.in_(ids[start : start + _ROWS_AT_A_TIME])
        query = sa.select(*columns).where(cell.c.package_id == package_id, some)
        found |= {row.id: row._mapping for row in _execute(query)}
    return found


def forget_cells(package_id: str, ids: Sequence[str]) -> None:
    """Remove the cells of requests that are gone; commits."""
    for start in range(0, len(ids), _ROWS_AT_A_TIME):
        some = cell.c.id.in_(ids[start : start + _ROWS_AT_A_TIME])
        _execute(sa.delete(cell).where(cell.c.package_id == package_id, some))
    model.Session.commit()


def shown_places(
    package_id: str, k: int, ids: Sequence[str] | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield id and published place of requests by id; of all, or of those with ``ids``.

    A cell is shown where at least ``k`` requests of one category lie in it, a district where at
    least ``k`` of one category lie in it; who loses the cell loses the address too.
    """
    query = _places_of_all(package_id, k) if ids is None else _places_of(package_id, k, ids)
    for row in _stream(query):
        yield row["id"], _shown(row)


def moved(
    package_id: str, k: int, requests: Iterable[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield of all published requests, given by id, those whose place is told otherwise now: with
    the place that `shown_places` says."""
    places = shown_places(package_id, k)
    id_, place = next(places, ("", NOWHERE))
    for row in requests:
        while id_ < row["id"]:
            id_, place = next(places, ("\U0010ffff", NOWHERE))
        told = place if id_ == row["id"] else NOWHERE
        if any(row[name] != told[name] for name in PLACE):
            yield {**row, **told}


def _places_of_all(package_id: str, k: int) -> Any:
    """The query of all places: each group is counted once."""
    in_cell = sa.func.count().over(partition_by=(cell.c.category_code, cell.c.cell))
    in_district = sa.func.count().over(partition_by=(cell.c.category_code, cell.c.district))
    return (
        sa.select(
            cell.c.id,
            *(cell.c[name] for name in PLACE),
            sa.and_(cell.c.cell != "", in_cell >= k).label("cell_shown"),
            (in_district >= k).label("district_shown"),
        )
        .where(cell.c.package_id == package_id)
        .order_by(cell.c.id.collate("C"))
    )


def _places_of(package_id: str, k: int, ids: Sequence[str]) -> Any:
    """The query of some places: of a cell no more than ``k`` rows are looked at, by the index."""
    other = cell.alias()
    names = ("package_id", "category_code", "cell")
    in_cell = sa.select(other.c.id).where(*(other.c[name] == cell.c[name] for name in names))
    some = in_cell.limit(k).correlate(cell).subquery()
    there_are = sa.select(sa.func.count()).select_from(some).scalar_subquery() >= k
    group = (other.c.category_code, other.c.district)
    districts = (
        sa.select(*group)
        .where(other.c.package_id == package_id, other.c.district.is_not(None))
        .group_by(*group)
        .having(sa.func.count() >= k)
        .subquery()
    )
    same = (districts.c[name] == cell.c[name] for name in ("category_code", "district"))
    return (
        sa.select(
            cell.c.id,
            *(cell.c[name] for name in PLACE),
            sa.and_(cell.c.cell != "", there_are).label("cell_shown"),
            districts.c.district.is_not(None).label("district_shown"),
        )
        .select_from(cell.outerjoin(districts, sa.and_(*same)))
        .where(cell.c.package_id == package_id, cell.c.id.in_(ids))
        .order_by(cell.c.id.collate("C"))
    )


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    place = {name: row[name] for name in PLACE} if row["cell_shown"] else NOWHERE
    return {**place, "district": row["district"] if row["district_shown"] else None}


def note_seen(package_id: str, read_at: str, number: int, ids: Iterable[str]) -> None:
    """Keep the ids that a walk has met until its end, under the number of their batch; commits.

    Those of an earlier walk are forgotten.
    """
    others = sa.and_(seen.c.package_id == package_id, seen.c.read_at != read_at)
    _execute(sa.delete(seen).where(others))
    values = {"read_at": read_at, "ids": list(ids)}
    statement = insert(seen).values(package_id=package_id, number=number, **values)
    keys = ["package_id", "number"]
    _execute(statement.on_conflict_do_update(index_elements=keys, set_=values))
    model.Session.commit()


def seen_ids(package_id: str, read_at: str) -> dict[int, list[str]]:
    """Return what an unfinished walk has met, by the number of the batch."""
    whose = sa.and_(seen.c.package_id == package_id, seen.c.read_at == read_at)
    found = _execute(sa.select(seen.c.number, seen.c.ids).where(whose)).fetchall()
    return dict(map(tuple, found))


def forget_seen(package_id: str) -> None:
    """Forget what the walks of a dataset have met; commits."""
    _execute(sa.delete(seen).where(seen.c.package_id == package_id))
    model.Session.commit()


def forget(package_id: str) -> None:
    """Forget everything about a dataset; commits."""
    _execute(sa.delete(cell).where(cell.c.package_id == package_id))
    forget_seen(package_id)


def _stream(query: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a query through a server-side cursor, on a connection of its own."""
    engine = model.meta.engine
    assert engine is not None
    with engine.connect() as connection:
        result: Any = connection.execution_options(stream_results=True).execute(query)
        while rows := result.fetchmany(_ROWS_AT_A_TIME):
            for row in rows:
                yield row._mapping


def _execute(statement: Any, parameters: Any = None) -> Any:
    """Run a statement in CKAN's session; untyped, as SQLAlchemy 1.4 and 2.0 type results apart."""
    return model.Session.execute(statement, *([parameters] if parameters else []))
