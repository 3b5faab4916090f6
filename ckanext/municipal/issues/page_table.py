"""The tables of the pages of requests as tables of the store, for CSV of exactly what is shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.municipal.issues.answers import MOMENTS, PLAIN
from ckanext.municipal.issues.figures import COUNTS, DAYS
from ckanext.municipal.issues.tables import schema_of
from ckanext.municipal.store.schema import Type
from ckanext.municipal.store.shown import Table, names, number, schema, text

Answer = Mapping[str, Any]
_PARTS = {"month": "period", "year": "period", "category": "category", "district": "district"}


def request_table(requests: Iterable[Answer]) -> Table:
    """Return requests, one row each, as the action answers them."""
    known = schema_of("requests")
    told = [
        known[name] if known[name].type in (Type.INTEGER, Type.NUMERIC) else text(name)
        for name in (*MOMENTS, *PLAIN)
    ]
    both = ("category_name_el", "category_name_en", "district_name_el", "district_name_en")
    fields = [*map(text, ("id", "category", "district", *both)), *told]
    rows = (
        {
            **{name: one[name] for name in ("id", "category", "district", *MOMENTS, *PLAIN)},
            **names("category_name", one["category_name"]),
            **names("district_name", one["district_name"]),
        }
        for one in requests
    )
    return schema("issue_view_requests", fields), rows


def figures_table(rows: Iterable[Answer], by: str) -> Table:
    """Return the figures of the parts of a series; ``by`` is what the parts are."""
    key = _PARTS[by]
    named = key != "period"
    fields = [text(key), *([text("name_el"), text("name_en")] if named else [])]
    fields += [*map(number, COUNTS), *(number(name, 2) for name in DAYS)]
    table = (
        {
            **{name: row[name] for name in (key, *COUNTS, *DAYS)},
            **(names("name", row["name"]) if named else {}),
        }
        for row in rows
    )
    return schema("issue_view_figures", fields), table


def cell_table(cells: Iterable[Answer]) -> Table:
    """Return the squares of the map."""
    fields = [text("cell"), number("lat", 5), number("long", 5), number("requests")]
    rows = ({field.name: one[field.name] for field in fields} for one in cells)
    return schema("issue_view_cells", fields), rows


def event_table(events: Iterable[Answer]) -> Table:
    """Return the history of a request."""
    words = ("from_status", "to_status", "step_raw")
    fields = [
        *(number("sequence"), text("at"), *map(text, words)),
        *(number("days_in_step", 2), text("told")),
    ]
    rows = ({field.name: one[field.name] for field in fields} for one in events)
    return schema("issue_view_events", fields), rows
