"""Every change of a dataset is in its record, and in the log, once it is made; nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyoxigraph
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from feed_portal import call, log, make, row, shown, shown_text, waiting

from ckanext.municipal.feeds import looking, work
from ckanext.municipal.feeds.model import queue
from ckanext.municipal.feeds.model.tables import pending
from ckanext.municipal.lib.rdf import fragments

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


@pytest.fixture
def one() -> dict[str, Any]:
    dataset = make("one")
    work.drain()
    return dataset


def test_a_new_dataset_has_a_record_that_says_the_same_in_every_form(one: dict[str, Any]):
    made = row(one["id"])
    assert made["state"] == "public", made["findings"]
    said = set()
    for form, syntax in fragments.SYNTAXES.items():
        whole = fragments.document(form, [made[form]])
        said.add(frozenset(quad.triple for quad in pyoxigraph.parse(whole, format=syntax)))
    assert len(said) == 1
    assert "Τίτλος one" in shown_text(one)
    assert log() == [("Create", "one")]
    assert waiting() == 0


def test_an_edit_is_in_the_record_under_a_greater_revision_and_a_later_time(one: dict[str, Any]):
    before = row(one["id"])
    call("package_patch", id="one", title_translated={"el": "Νέος τίτλος"})
    work.drain()
    after = row(one["id"])
    assert "Νέος τίτλος" in shown_text(one)
    assert after["revision"] > before["revision"]
    assert after["changed"] > before["changed"]
    assert after["created"] == before["created"]
    assert after["digest"] != before["digest"]
    assert log() == [("Create", "one"), ("Update", "one")]


@pytest.mark.parametrize("how", ["private", "draft", "sql"])
def test_what_is_not_public_any_more_is_out_before_any_worker_ran(one: dict[str, Any], how: str):
    if how == "private":
        call("package_patch", id="one", private=True, owner_org=factories.Organization()["id"])
    elif how == "draft":
        call("package_patch", id="one", state="draft")
    else:
        model.Session.execute(model.Package.__table__.update().values(private=True))
        model.Session.commit()
    assert shown() == set()
    work.drain()
    made = row(one["id"])
    assert (made["state"], made["turtle"], made["ntriples"], made["oai_dc"]) == ("gone",) + (
        None,
    ) * 3
    assert log() == [("Create", "one"), ("Delete", "one")]


def test_private_datasets_drafts_and_other_types_leave_no_trace():
    organization = factories.Organization()["id"]
    make("hidden", private=True, owner_org=organization)
    make("unfinished", state="draft")
    call("package_create", name="source", type="dataset", title="x", notes="y")
    model.Session.execute(
        model.Package.__table__.update()
        .where(model.Package.name == "source")
        .values(type="harvest")
    )
    model.Session.commit()
    work.drain()
    assert (shown(), log(), waiting()) == (set(), [], 0)


def test_a_dataset_made_public_again_is_new_and_keeps_its_first_day(one: dict[str, Any]):
    first = row(one["id"])["created"]
    organization = factories.Organization()["id"]
    call("package_patch", id="one", private=True, owner_org=organization)
    work.drain()
    call("package_patch", id="one", private=False)
    work.drain()
    assert shown() == {"one"}
    assert row(one["id"])["created"] == first
    assert [kind for kind, _ in log()] == ["Create", "Delete", "Create"]


def test_private_and_public_before_a_worker_ran_is_seen_by_clients_as_a_change(one: dict[str, Any]):
    before = row(one["id"])["revision"]
    table = model.Package.__table__
    for private in (True, False):
        model.Session.execute(table.update().values(private=private))
        model.Session.commit()
    assert shown() == set()  # hidden until a worker has seen that it may be shown
    work.drain()
    assert shown() == {"one"}
    assert row(one["id"])["revision"] > before


@pytest.mark.parametrize("action", ["package_delete", "dataset_purge"])
def test_deleted_datasets_leave_a_tombstone(one: dict[str, Any], action: str):
    call(action, id="one")
    assert shown() == {"one"}, "it stays until the guard has looked"
    work.drain()
    assert shown() == set()
    gone = row(one["id"])
    assert (gone["state"], gone["turtle"]) == ("gone", None)
    assert gone["uri"].endswith(one["id"])
    assert log()[-1] == ("Delete", "one")
    work.drain()
    assert len(log()) == 2


def test_what_was_made_private_and_purged_before_a_worker_ran_is_told_as_gone(one: dict[str, Any]):
    call("package_patch", id="one", private=True, owner_org=factories.Organization()["id"])
    call("dataset_purge", id="one")
    assert shown() == set()
    work.drain()
    gone = row(one["id"])
    assert (gone["state"], gone["turtle"], gone["oai_dc"]) == ("gone", None, None)
    assert log() == [("Create", "one"), ("Delete", "one")]
    assert waiting() == 0


def test_actions_on_many_datasets_at_once_are_seen():
    organization = factories.Organization()
    ids = [make(name, owner_org=organization["id"])["id"] for name in ("aa", "bb", "cc")]
    work.drain()
    call("bulk_update_private", datasets=ids, org_id=organization["id"])
    assert shown() == set()
    work.drain()
    call("bulk_update_public", datasets=ids, org_id=organization["id"])
    work.drain()
    assert shown() == {"aa", "bb", "cc"}
    call("bulk_update_delete", datasets=ids, org_id=organization["id"])
    work.drain()
    assert shown() == set()
    assert [kind for kind, _ in log()] == ["Create"] * 3 + ["Delete"] * 3 + ["Create"] * 3 + [
        "Delete"
    ] * 3


def test_resources_tags_themes_and_the_department_are_part_of_the_record(one: dict[str, Any]):
    call("resource_create", package_id="one", url="https://example.org/second.csv")
    work.drain()
    assert "second.csv" in shown_text(one)
    call("group_create", name="parks", title="Πάρκα")
    call("member_create", id="parks", object=one["id"], object_type="package", capacity="public")
    work.drain()
    assert row(one["id"])["groups"] == ["parks"]
    organization = factories.Organization(title_translated={"el": "Τμήμα Α"})
    call("package_patch", id="one", owner_org=organization["id"])
    work.drain()
    assert row(one["id"])["organization"] == organization["name"]
    assert "Τμήμα Α" in shown_text(one)
    call("organization_patch", id=organization["id"], title_translated={"el": "Τμήμα Β"})
    work.drain()
    assert "Τμήμα Β" in shown_text(one)
    call("resource_delete", id=one["resources"][0]["id"])
    work.drain()
    assert "one.csv" not in shown_text(one)


def test_an_embargoed_dataset_is_not_there_yet():
    dataset = make("later", extras=[{"key": "embargo_until", "value": "2999-01-01"}])
    work.drain()
    assert (shown(), waiting()) == (set(), 0)
    call("package_patch", id="later", extras=[{"key": "embargo_until", "value": "2020-01-01"}])
    work.drain()
    assert shown() == {"later"}
    call("package_patch", id="later", extras=[{"key": "embargo_until", "value": "2999-01-01"}])
    work.drain()
    assert shown() == set()
    assert row(dataset["id"])["turtle"] is None


def test_an_embargo_ends_by_itself(monkeypatch):
    dataset = make("later", extras=[{"key": "embargo_until", "value": "2999-01-01"}])
    work.drain()
    assert shown() == set()
    with queue.connection() as ours, ours.begin():
        ours.execute(pending.update().values(due=sa.func.now()))  # the database's clock is ahead
    work.drain()
    century_later = datetime(3000, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(looking, "now", lambda: century_later)
    with queue.connection() as ours, ours.begin():
        (when,) = ours.execute(sa.select(pending.c.due)).scalars()
        assert when.year in (2998, 2999)
        ours.execute(pending.update().values(due=sa.func.now()))
    work.drain()
    assert shown() == {"later"}
    assert row(dataset["id"])["state"] == "public"


def test_a_rebuild_of_what_did_not_change_writes_nothing(one: dict[str, Any]):
    make("two")
    work.drain()
    before, logged = {name: row(name) for name in (one["id"],)}, log()
    with queue.connection() as ours:
        assert queue.add_all(ours) == 2
        places = _places(ours)
    work.drain()
    with queue.connection() as ours:
        assert _places(ours) == places, "a row that is written moves"
    assert (log(), row(one["id"])) == (logged, before[one["id"]])


def _places(ours: Any) -> list[Any]:
    with ours.begin():
        query = sa.text("SELECT dataset_id, ctid, xmin FROM municipal_feed_record ORDER BY 1")
        return [tuple(each) for each in ours.execute(query)]
