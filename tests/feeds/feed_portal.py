"""Datasets of a test portal, and what the feeds' tables say of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.tests import helpers

from ckanext.municipal.feeds.model import queue
from ckanext.municipal.feeds.model.tables import activity, record, served

_known: dict[str, str] = {}
"""Names by id: a dataset that is purged is told by the name that it had."""


def call(action: str, **data: Any) -> Any:
    """Call an action as the site itself."""
    user = helpers.call_action("get_site_user", context={"user": ""})["name"]
    return helpers.call_action(action, context={"user": user}, **data)


def make(name: str, **more: Any) -> dict[str, Any]:
    """Create a dataset with one resource."""
    texts = {"title_translated": {"el": f"Τίτλος {name}"}, "notes_translated": {"el": "Κείμενο"}}
    resource = {"url": f"https://example.org/{name}.csv", "format": "CSV"}
    made = call("package_create", **{"name": name, "resources": [resource], **texts, **more})
    _known[made["id"]] = name
    return made


def put(name: str) -> str:
    """Write a dataset without resources right into the database, which is fast; returns its id."""
    package = model.Package(name=name, title=f"Τίτλος {name}", notes="Κείμενο", type="dataset")
    model.Session.add(package)
    model.Session.commit()
    _known[package.id] = name
    return package.id


def query(statement: Any) -> list[Any]:
    """Return the rows of a query, on a connection of its own."""
    with queue.connection() as ours, ours.begin():
        return list(ours.execute(statement))


def row(dataset_id: str) -> dict[str, Any]:
    """Return the record of a dataset, {} where it has none."""
    found = query(sa.select(record).where(record.c.dataset_id == dataset_id))
    return dict(found[0]._mapping) if found else {}


def shown_text(dataset: dict[str, Any]) -> str:
    """Return what the record says in Turtle."""
    return row(dataset["id"])["turtle"].decode()


def shown() -> set[str]:
    """Return the names of the datasets in the feeds."""
    return {_known[each[0]] for each in query(sa.select(record.c.dataset_id).where(served()))}


def log() -> list[tuple[str, str]]:
    """Return what happened to which dataset, in order."""
    columns = activity.c.kind, activity.c.dataset_id
    found = query(sa.select(*columns).order_by(activity.c.revision))
    return [(kind, _known[dataset_id]) for kind, dataset_id in found]


def waiting() -> int:
    """Return how many datasets are due."""
    with queue.connection() as ours:
        return queue.waiting(ours).datasets
