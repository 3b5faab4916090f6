"""The whole catalogue at one address: all of it, in any form, in constant memory."""

from __future__ import annotations

import gzip
import io
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from lxml import etree
from memory import growth
from pyoxigraph import RdfFormat, parse
from rdflib import Graph
from rdflib.namespace import DCAT, RDF

from ckanext.municipal.feeds import dump
from ckanext.municipal.feeds.model import served
from tests.feeds.portal import SITE, change, create, settle

pytestmark = pytest.mark.usefixtures("fresh_site")

FORMS = {
    "ttl": RdfFormat.TURTLE,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
}


def fill(number: int, already: int = 0) -> None:
    """Put copies of the one record into the feeds, up to a number: ids 1, 2, … are the ends of their addresses."""
    texts = ("turtle", "rdfxml", "jsonld", "ntriples")
    copied = ", ".join(
        f"convert_to(replace(convert_from({name}, 'UTF8'), dataset_id, n::text), 'UTF8')"
        for name in texts
    )
    model.Session.execute(
        sa.text(
            "INSERT INTO municipal_feed_record (dataset_id, uri, revision, state, changed, maker, "
            f"created, {', '.join(texts)}) SELECT n::text, replace(uri, dataset_id, n::text), "
            f"1000000 + n, state, changed, maker, created, {copied} "
            "FROM municipal_feed_record, generate_series(:first, :number) AS n "
            "WHERE uri LIKE '%' || dataset_id AND dataset_id !~ '^[0-9]+$'"
        ),
        {"first": already + 1, "number": number},
    )
    model.Session.commit()


def test_every_form_is_the_whole_catalogue(app: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(served, "_AT_ONCE", 2)
    uris = {f"{SITE}/dataset/{create(f'd{n}')['id']}" for n in range(5)}
    create("own", owner_org=factories.Organization()["id"], private=True)
    settle()
    told = []
    for name, syntax in FORMS.items():
        body = app.get(f"/catalog-full.{name}").body.encode()
        if name == "rdf":
            etree.fromstring(body)
        told.append({quad.triple for quad in parse(body, format=syntax)})
        zipped = app.test_client().get(f"/catalog-full.{name}.gz")
        assert zipped.mimetype == "application/gzip"
        assert "Content-Encoding" not in zipped.headers
        assert gzip.decompress(zipped.data) == body
    assert told[0] == told[1] == told[2] == told[3]
    graph = Graph().parse(data=app.get("/catalog-full.nt").body, format="nt")
    assert set(map(str, graph[: RDF.type : DCAT.Dataset])) == uris
    assert set(map(str, graph.objects(None, DCAT.dataset))) == uris


def test_an_empty_catalogue_is_a_document_too(app: Any):
    for name, syntax in FORMS.items():
        said = list(parse(app.get(f"/catalog-full.{name}").body.encode(), format=syntax))
        assert said, name
        assert not any(DCAT.Dataset in str(quad) for quad in said)


def test_one_edited_or_hidden_while_the_dump_is_sent_is_told_once_or_not_at_all(
    app: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(served, "_AT_ONCE", 1)
    department = factories.Organization()["id"]
    made = sorted(create(f"d{n}", owner_org=department)["id"] for n in range(4))
    settle()
    pieces = dump.pieces("ntriples")
    sent = [next(pieces), next(pieces)]
    change(made[0], version="2")
    change(made[3], private=True)
    settle()
    document = b"".join([*sent, *pieces])
    graph = Graph().parse(data=document, format="nt")
    told = sorted(str(each).rpartition("/")[2] for each in graph[: RDF.type : DCAT.Dataset])
    assert told == made[:3]
    assert len(list(graph.objects(None, DCAT.dataset))) == 3


@pytest.mark.parametrize(
    ("few", "many"), [(1, 20_000), pytest.param(1_000, 100_000, marks=pytest.mark.slow)]
)
def test_memory_is_the_same_for_a_few_and_for_many(app: Any, few: int, many: int):
    create("spending")
    settle()
    fill(few)
    with growth() as before:
        assert sum(map(len, dump.pieces("turtle"))) < few * 10_000
    fill(many, few)
    with growth() as after:
        assert sum(map(len, dump.pieces("turtle"))) > many * 1_000
    assert after.mb <= before.mb + 24


def test_a_reader_who_goes_away_leaves_no_connection_behind(app: Any):
    create("spending")
    settle()
    fill(2_000)
    pool = model.meta.engine.pool  # type: ignore[union-attr]
    before = pool.checkedout()  # type: ignore[attr-defined]
    for _ in range(30):
        pieces = dump.pieces("rdfxml")
        next(pieces), next(pieces)
        assert pool.checkedout() == before  # type: ignore[attr-defined]


def test_a_compressed_dump_is_sent_as_it_is_made(app: Any):
    create("spending")
    settle()
    fill(2_000)
    answer = app.test_client().get("/catalog-full.ttl", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    with gzip.open(io.BytesIO(answer.data)) as file:
        assert len(list(parse(file, format=RdfFormat.TURTLE))) > 20_000
