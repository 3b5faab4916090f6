"""Who follows /feeds/changes has what the catalogue has, whatever happens and in whatever form."""

from __future__ import annotations

import gzip
from pathlib import Path
from random import Random
from typing import Any

import pyshacl
import pytest
import sqlalchemy as sa
from ckan import model
from pyoxigraph import DefaultGraph, NamedNode
from rdflib import Graph

from ckanext.municipal.feeds import changes
from ckanext.municipal.feeds.model import activity
from tests.feeds.followed import AS, SYNTAXES, Reader, events, relations, store
from tests.feeds.official_shapes import shapes
from tests.feeds.portal import SITE, change, create, delete, settle
from tests.feeds.test_pages_while_edited import BySql, City

ROOT = "/feeds/changes.trig"


@pytest.fixture(autouse=True)
def small_pages(fresh_site: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are short, and the first revision is the first of a page."""
    monkeypatch.setattr(changes, "A_PAGE", 4)
    _do("ALTER SEQUENCE municipal_feed_revision RESTART WITH 1")


@pytest.fixture
def any_deletion(ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard lets everything go."""
    monkeypatch.setitem(ckan_config, "ckanext.municipal.feeds.deletion_share", 1)


def _do(statement: str, **values: Any) -> None:
    model.Session.execute(sa.text(statement), values)
    model.Session.commit()


def catalogue(app: Any) -> dict[str, frozenset[Any]]:
    """What each dataset says, by the addresses of datasets."""
    rows = model.Session.execute(
        sa.text(
            "SELECT uri, ntriples FROM municipal_feed_record WHERE state = 'public' AND NOT hidden"
        )
    )
    # As a store reads them, which knows that 0.10 seconds are 0.1 seconds.
    return {uri: frozenset(quad.triple for quad in store(bytes(said), "nq")) for uri, said in rows}


def fill(number: int) -> list[str]:
    """Create as many datasets as there are to be revisions, without the API."""
    by = BySql()
    ids = [by.create(each) for each in range(number)]
    settle()
    return ids


def told(app: Any, url: str = ROOT) -> list[tuple[str, str]]:
    page = store(app.get(url).get_data(), "trig")
    return [(each.kind, each.uri) for each in sorted(events(page), key=lambda e: e.published)]


def test_a_dataset_is_created_changed_and_deleted(app: Any):
    uri = f"{SITE}/dataset/{create('spending')['id']}"
    settle()
    change("spending", version="2")
    settle()
    assert told(app) == [("Create", uri), ("Update", uri)]
    delete("spending")
    settle()
    assert told(app) == [("Delete", uri)]
    assert "Title spending" not in app.get(ROOT).body


@pytest.mark.parametrize("form", SYNTAXES)
def test_a_mirror_equals_the_catalogue_after_random_work(app: Any, form: str, any_deletion: None):
    city, reader = City(Random(form), BySql()), Reader(app, form)
    city.begin()
    for _ in range(15):
        reader.poll(lambda: city.work(city.random.randrange(2)))
        city.work(3)
    settle()
    reader.poll()
    assert reader.mirror == catalogue(app)
    assert set(reader.mirror) == {f"{SITE}/dataset/{id_}" for id_ in city.public}
    fresh = Reader(app, form)
    fresh.poll()
    assert fresh.mirror == reader.mirror


@pytest.mark.slow
def test_a_mirror_loses_and_keeps_nothing_in_a_thousand_polls(app: Any, any_deletion: None):
    city, reader = City(Random(3), BySql()), Reader(app, "nq")
    city.begin()
    for _ in range(1_000):
        reader.poll(lambda: city.work(city.random.randrange(2)))
        settle()
        reader.poll()
        assert set(reader.mirror) == {f"{SITE}/dataset/{id_}" for id_ in city.public}
    assert reader.mirror == catalogue(app)


def test_what_is_edited_while_a_reader_reads_is_read_in_the_version_that_was_there(app: Any):
    first, *_ = fill(9)
    reader = Reader(app, "trig")

    def edit() -> None:
        BySql().edit(first, 1)
        settle()

    reader.poll(edit)
    assert set(reader.mirror) == set(catalogue(app))
    reader.poll()
    assert reader.mirror == catalogue(app)


def test_a_page_is_closed_once_a_greater_revision_is_there_and_never_before(app: Any):
    fill(3)
    app.get("/feeds/changes/1-4.trig", status=404)
    assert len(told(app)) == 3
    BySql().create(3)
    settle()
    closed = app.get("/feeds/changes/1-4.trig")
    assert len(told(app, "/feeds/changes/1-4.trig")) == 4
    assert told(app) == []
    BySql().create(4)
    settle()
    again = app.get("/feeds/changes/1-4.trig")
    assert again.get_data() == closed.get_data()
    assert again.headers["ETag"] == closed.headers["ETag"]
    control = set(closed.headers["Cache-Control"].split(", "))
    assert control >= {"public", "max-age=604800", "immutable"}
    assert "immutable" not in app.get(ROOT).headers["Cache-Control"]


def test_a_follower_asks_for_each_closed_page_once(app: Any):
    fill(9)
    reader = Reader(app, "trig")
    assert len(reader.poll()) == 9
    assert len(reader.fetched) == 3
    BySql().create(9)
    settle()
    assert len(reader.poll()) == 1
    assert reader.fetched[3:] == [f"{SITE}{ROOT}"]
    assert reader.poll() == []


def test_what_is_made_private_is_out_of_closed_pages_before_any_worker_ran(app: Any):
    first, *_ = fill(5)
    before = app.get("/feeds/changes/1-4.nq")
    assert first in before.body
    BySql().hide(first, True)
    after = app.get("/feeds/changes/1-4.nq", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert first not in after.body
    # What many readers share may be kept, but not be told without asking here.
    assert "s-maxage=0" in after.headers["Cache-Control"]
    settle()
    assert told(app)[-1] == ("Delete", f"{SITE}/dataset/{first}")


def test_a_version_is_told_for_a_week_after_it_was_replaced(app: Any):
    first, *_ = fill(5)
    for days, versions in ((6, 2), (8, 1)):
        _do(f"UPDATE municipal_feed_activity SET published = now() - interval '{days} days'")
        BySql().edit(first, days)
        BySql().edit(first, days + 100)
        settle()
        BySql().edit(first, days + 200)
        settle()
        uri = f"{SITE}/dataset/{first}"
        early = told(app, "/feeds/changes/1-4.trig")
        assert early.count(("Create", uri)) == versions - 1
    assert len(Reader(app, "trig").poll()) == len(activity.revisions(1, 1_000))
    fresh = Reader(app, "trig")
    fresh.poll()
    assert fresh.mirror == catalogue(app)


def test_a_dataset_that_is_back_is_told_without_what_it_said_before(app: Any):
    first, *_ = fill(5)
    BySql().hide(first, True)
    settle()
    BySql().hide(first, False)
    settle()
    uri = f"{SITE}/dataset/{first}"
    everything = told(app, "/feeds/changes/1-4.trig") + told(app)
    assert [kind for kind, whose in everything if whose == uri] == ["Delete", "Create"]


def test_changes_that_come_at_once_are_apart_for_readers_that_know_milliseconds(app: Any):
    fill(30)
    reader = Reader(app, "nq")
    moments = [int(event.published.timestamp() * 1000) for event in reader.poll()]
    assert len(set(moments)) == 30


def test_every_form_says_the_same(app: Any):
    fill(2)
    told_ = [{(e.iri, e.uri, e.triples) for e in Reader(app, form).poll()} for form in SYNTAXES]
    assert told_[0] == told_[1] == told_[2]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/trig"),
        ("*/*", "application/trig"),
        ("application/n-quads,application/trig;q=0.9", "application/n-quads"),
        ("application/ld+json", "application/ld+json"),
    ],
)
def test_the_address_without_an_ending_is_as_the_reader_wants_it(
    app: Any, accept: str, media_type: str
):
    fill(5)
    root = app.get("/feeds/changes", headers={"Accept": accept})
    assert root.content_type == media_type
    assert "Accept" in root.headers["Vary"]
    form = {"application/trig": "trig", "application/ld+json": "jsonld"}.get(media_type, "nq")
    page = store(root.get_data(), form)
    ((address, *_),) = relations(page, f"{SITE}/feeds/changes")
    assert address == f"{SITE}/feeds/changes/1-4"
    assert app.get("/feeds/changes/1-4", headers={"Accept": accept}).content_type == media_type


def test_what_is_not_there_is_refused_with_what_there_is(app: Any):
    fill(5)
    assert (
        "application/trig"
        in app.get("/feeds/changes", headers={"Accept": "text/csv"}, status=406).body
    )
    assert "trig, jsonld, nq" in app.get("/feeds/changes.rdf", status=404).body
    for place in ("1-5", "2-5", "5-8", "0-0", "1-0", f"1-{10**30}", "4-1"):
        answer = app.get(f"/feeds/changes/{place}.trig", status=404)
        assert f"{SITE}{ROOT}" in answer.body
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("url", [ROOT, "/feeds/changes/1-4.nq"])
def test_an_unchanged_page_is_304_and_head_and_gzip_are_as_for_every_feed(app: Any, url: str):
    fill(5)
    answer = app.get(url)
    tag = answer.headers["ETag"]
    same = app.get(url, headers={"If-None-Match": tag})
    assert (same.status_code, same.get_data()) == (304, b"")
    assert same.headers["Cache-Control"] == answer.headers["Cache-Control"]
    head = app.test_client().head(url)
    assert dict(head.headers) == dict(answer.headers)
    zipped = app.get(url, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(zipped.get_data()) == answer.get_data()
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_an_empty_portal_has_an_empty_feed(app: Any):
    assert Reader(app, "jsonld").poll() == []


def test_every_change_conforms_to_the_official_shape(
    app: Any, shared: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(changes, "A_PAGE", 250)
    create("spending")
    create("water")
    settle()
    change("water", version="2")
    delete("spending")
    settle()
    page = store(app.get(ROOT).get_data(), "trig")
    found = list(events(page))
    assert {event.kind for event in found} == {"Create", "Update", "Delete"}
    graph = shapes(shared, "ldes-dcat-ap-feeds/shape.ttl")
    for event in found:
        about = page.quads_for_pattern(NamedNode(event.iri), None, None, DefaultGraph())
        said = {*(quad.triple for quad in about), *event.triples}
        data = Graph().parse(data="".join(f"{triple} .\n" for triple in said), format="nt")
        conforms, _, report = pyshacl.validate(data, shacl_graph=graph)
        assert conforms, report
        about_nothing = Graph().parse(data=f"<{event.iri}> a <{AS}{event.kind}> .")
        assert not pyshacl.validate(about_nothing, shacl_graph=graph)[0]
