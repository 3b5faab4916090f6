"""Every change of a dataset is in its record, and in the log, a moment later; nothing else is."""

from __future__ import annotations

from typing import Any

import pyoxigraph
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories, helpers

from ckanext.municipal.feeds import fragments, work
from ckanext.municipal.feeds.model import queue, records
from ckanext.municipal.feeds.model.tables import activity, record, served

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

TITLE = pyoxigraph.NamedNode("http://purl.org/dc/terms/title")


def call(action: str, **data: Any) -> Any:
    user = helpers.call_action("get_site_user", context={"user": ""})["name"]
    return helpers.call_action(action, context={"user": user}, **data)


def make(name: str, **more: Any) -> dict[str, Any]:
    texts = {"title_translated": {"el": f"Τίτλος {name}"}, "notes_translated": {"el": "Κείμενο"}}
    resource = {"url": f"https://example.org/{name}.csv", "format": "CSV"}
    return call("package_create", **{"name": name, "resources": [resource], **texts, **more})


def row(dataset_id: str) -> dict[str, Any] | None:
    with queue.connection() as ours, ours.begin():
        found = ours.execute(sa.select(record).where(record.c.dataset_id == dataset_id)).first()
    return dict(found._mapping) if found else None


def shown() -> set[str]:
    with queue.connection() as ours, ours.begin():
        return set(ours.execute(sa.select(record.c.dataset_id).where(served())).scalars())


def log() -> list[tuple[str, str]]:
    query = sa.select(activity.c.kind, activity.c.dataset_id).order_by(activity.c.revision)
    with queue.connection() as ours, ours.begin():
        return [tuple(each) for each in ours.execute(query)]


def waiting() -> int:
    with queue.connection() as ours:
        return queue.waiting(ours).datasets


def test_new_dataset_has_a_record_in_every_form():
    dataset = make("one")
    assert work.drain() == 1
    made = row(dataset["id"])
    assert made and made["state"] == "public", made
    read = {
        form: {q.triple for q in pyoxigraph.parse(whole, format=fragments._SYNTAXES[form])}
        for form in fragments.FORMS
        for whole in [fragments.document(form, [made[form]])]
    }
    assert len({frozenset(each) for each in read.values()}) == 1
    assert any("Τίτλος one" in str(triple.object) for triple in read["turtle"])
    assert log() == [("Create", dataset["id"])]
    assert waiting() == 0
