"""The stored tables of a city's requests, as Open311 and the feeds read them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ckanext.municipal.issues.open311.arguments import Question, Span
from ckanext.municipal.issues.open311.services import Categories
from ckanext.municipal.issues.open311.w3c import clock_span
from ckanext.municipal.issues.tables import Tables
from ckanext.municipal.portal.geojson import Box
from ckanext.municipal.store import read
from ckanext.municipal.store.read import Between, Position

Row = dict[str, Any]
NEWEST_FIRST = ("-requested",)


def categories(of: Tables) -> Categories:
    """Return all categories. Raises NoTable, StoreUnavailable, as all that follow do."""
    return Categories.of(_rows(of, "categories"))


def requests(of: Tables, asked: Question) -> tuple[list[Row], Position | None]:
    """Return the requests that a question asks for, newest first, and where the next page begins."""
    return page(
        of,
        {"id": list(asked.ids)} if asked.ids else _where(of, asked),
        sort=NEWEST_FIRST,
        limit=asked.size,
        after=asked.after,
        offset=0 if asked.after else (asked.page - 1) * asked.size,
    )


def page(of: Tables, where: dict[str, Any], **options: Any) -> tuple[list[Row], Position | None]:
    """Return a page of requests as `store.read.page` cuts it, each row by name."""
    schema = of.schema("requests")
    found = read.page(of.id("requests"), schema, where=where, **options)
    return [dict(zip(schema.names, row, strict=True)) for row in found.rows], found.next


def count(of: Tables, where: dict[str, Any], words: str = "") -> int:
    """Return how many requests fit a filter and hold some words."""
    return read.count(of.id("requests"), of.schema("requests"), where=where, search=words)


def cells(of: Tables, where: dict[str, Any], words: str = "") -> list[tuple[Any, ...]]:
    """Return cell, latitude, longitude of its middle, and how many requests that fit lie in it."""
    schema, by = of.schema("requests"), ("cell", "lat", "long")
    table = of.id("requests")
    found = read.sums(table, schema, (), by=by, where=where, search=words)
    return [row for row in found if row[0]]


def request(of: Tables, request_id: str) -> Row | None:
    """Return one request, None where there is no such."""
    return next(iter(_rows(of, "requests", where={"id": request_id})), None)


def events(of: Tables, ids: Iterable[str]) -> list[Row]:
    """Return the history of some requests, in order for each."""
    return list(_rows(of, "events", where={"id": list(ids)}, sort=("id", "sequence")))


def last_changed(of: Tables, changed: str) -> datetime | None:
    """Return since when the tables are as they are; None while they are being written.

    ``changed`` is when the dataset was last changed (UTC, as text). Rows change in harvest runs
    only, and a run that has not ended may go on changing them.
    """
    described = datetime.fromisoformat(changed.removesuffix("Z")).replace(tzinfo=UTC)
    schema = of.schema("readings")
    table = of.id("readings")
    newest = read.page(
        table, schema, limit=1, fields=("read_at", "finished"), sort=("-read_at",)
    ).rows
    if not newest:
        return described
    read_at, finished = newest[0]
    return max(described, read_at.astimezone(UTC)) if finished else None


def between(of: Tables, span: Span) -> Between:
    """Return the filter for a span of moments; those without offset are by the tables' own clock."""
    low, high = clock_span(*span, of.zone)
    return Between(low, high)


def within(box: Box) -> dict[str, Between]:
    """Return the filter for the places in a rectangle or on its edge."""
    return {
        "lat": Between(_degrees(box.south), _degrees(box.north)),
        "long": Between(_degrees(box.west), _degrees(box.east)),
    }


def _where(of: Tables, asked: Question) -> dict[str, Any]:
    where: dict[str, Any] = {}
    if asked.codes:
        where["category_code"] = asked.codes
    if asked.statuses:
        where["status"] = asked.statuses
    if any(asked.requested):
        where["requested"] = between(of, asked.requested)
    if any(asked.updated):
        where["updated"] = between(of, asked.updated)
    return {**where, **(within(asked.box) if asked.box else {})}


def _degrees(value: float) -> Any:
    """Degrees with the decimals that the tables keep."""
    return round(Decimal(repr(value)), 5)


def _rows(of: Tables, table: str, **options: Any) -> Iterable[Row]:
    schema = of.schema(table)
    for row in read.rows(of.id(table), schema, **options):
        yield dict(zip(schema.names, row, strict=True))
