"""The tables of the pages of quality as tables of the store, for CSV of exactly what is shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from ckanext.municipal.lib.texts import LANGUAGES
from ckanext.municipal.quality.listing import Line
from ckanext.municipal.quality.score.metrics import Dimension
from ckanext.municipal.store.shown import Table, names, number, schema, text


def lines_table(lines: Iterable[Line]) -> Table:
    """Return datasets with their scores, one row each."""
    fields = [
        *map(text, ("id", "name", "title_el", "title_en", "department")),
        *map(number, ("points", "points_unknown", *Dimension)),
        *(text("band"), number("stars"), number("broken_links"), text("in_feeds")),
        *(text("freshness"), text("data_changed"), text("data_due"), number("days_late")),
        *(text("fix"), number("fix_gain")),
    ]
    rows = (
        {
            **{
                name: getattr(each, name)
                for name in ("id", "name", "department", "points", "stars")
            },
            **names("title", {**dict.fromkeys(LANGUAGES, each.title.get("", "")), **each.title}),
            **{name.value: points for name, points in each.dimensions.items()},
            "points_unknown": each.unknown,
            "band": each.band.value,
            "broken_links": each.broken,
            "in_feeds": "yes" if each.served else "no",
            "freshness": each.freshness.state.value,
            "data_changed": _day(each.freshness.changed),
            "data_due": _day(each.freshness.due),
            "days_late": each.freshness.days_late,
            "fix": next(iter(each.gains), None),
            "fix_gain": next(iter(each.gains.values()), None),
        }
        for each in lines
    )
    return schema("quality_view_datasets", fields), rows


def course_table(days: Iterable[tuple[date, int, Decimal]]) -> Table:
    """Return the average of the days on which a score changed."""
    fields = [text("day"), number("datasets"), number("points", 1)]
    rows = (
        {"day": day.isoformat(), "datasets": count, "points": round(points, 1)}
        for day, count, points in days
    )
    return schema("quality_view_course", fields), rows


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
