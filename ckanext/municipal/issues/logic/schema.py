"""Which parameters each action takes."""

from __future__ import annotations

from typing import Any

from ckan.types import Schema

from ckanext.municipal.issues.figures import SERIES
from ckanext.municipal.issues.logic import validators as v
from ckanext.municipal.issues.tables import schema_of
from ckanext.municipal.portal import city, config
from ckanext.municipal.portal.logic.parameters import (
    needed,
    schema,
    unless_blank,
    whole_number,
    with_default,
    words,
)

SORTS = ("requested", "updated", "closed", "votes", "days_to_acknowledge", "days_to_close")
_MOST = 10_000


def _municipality() -> list[Any]:
    return with_default(city.load(config.city_file()).uid, words)


def _filters() -> dict[str, list[Any]]:
    of = schema_of("requests")
    return {
        "municipality": _municipality(),
        "category": unless_blank(v.codes),
        "status": unless_blank(v.some_of(*of["status"].enum)),
        "close_reason": unless_blank(v.some_of(*of["close_reason"].enum)),
        "district": unless_blank(v.codes),
        "start": unless_blank(v.moment("start")),
        "end": unless_blank(v.moment("end", end=True)),
        "q": unless_blank(words),
        "bbox": unless_blank(v.box),
    }


def search() -> Schema:
    """Parameters of ``municipal_issue_search``."""
    return schema(
        **_filters(),
        sort=with_default("-requested", v.sort_by(*SORTS)),
        limit=with_default(100, whole_number(0, _MOST)),
        after=unless_blank(v.position),
    )


def cells() -> Schema:
    """Parameters of ``municipal_issue_cells``."""
    return schema(**_filters())


def show() -> Schema:
    """Parameters of ``municipal_issue_show``."""
    return schema(municipality=_municipality(), id=needed(words))


def statistics() -> Schema:
    """Parameters of ``municipal_issue_statistics``."""
    return schema(
        municipality=_municipality(),
        by=with_default("month", v.some_of(*SERIES)),
        period=unless_blank(v.period),
        category=unless_blank(words),
        district=unless_blank(words),
    )


def categories() -> Schema:
    """Parameters of ``municipal_issue_categories``."""
    return schema(municipality=_municipality())
