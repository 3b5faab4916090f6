"""A portal with datasets that are scored, and a city's files on a server that can be broken."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan.tests import factories
from feed_portal import call, make

from ckanext.municipal.feeds import work as feeds
from ckanext.municipal.quality.model.connection import connection
from ckanext.municipal.quality.model.tables import history, host, link

THEME = ["http://publications.europa.eu/resource/authority/data-theme/ENVI"]
DAILY = "http://publications.europa.eu/resource/authority/frequency/DAILY"


def department(name: str, greek: str, english: str) -> dict[str, Any]:
    """Create a department with its name in two languages."""
    return factories.Organization(name=name, title_translated={"el": greek, "en": english})


def scored(name: str, **fields: Any) -> dict[str, Any]:
    """Create a dataset and have it scored, as the feeds' worker would within a second."""
    made = make(name, **fields)
    feeds.drain()
    return made


def changed(name: str, **fields: Any) -> None:
    """Change a dataset and have it scored again."""
    call("package_patch", id=name, **fields)
    feeds.drain()


def rows(statement: Any) -> list[Any]:
    """Return the rows of a query."""
    with connection() as ours, ours.begin():
        return list(ours.execute(statement))


def write(statement: Any) -> None:
    """Write to the tables of quality as nobody else does."""
    with connection() as ours, ours.begin():
        ours.execute(statement)


def all_due() -> None:
    """Have every address asked at once, whatever its server said."""
    now = sa.func.clock_timestamp()
    write(sa.update(link).values(due=now))
    write(sa.update(host).values(not_before=now))


def a_day_passes() -> None:
    """Move what was kept a day into the past."""
    write(sa.update(history).values(day=history.c.day - 1))
