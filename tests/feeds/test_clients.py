"""What harvesters of other portals demand of a feed, each rule of theirs as their code has it.

data.europa.eu (piveau importing-rdf), ckanext-dcat, udata; and readers that compare by digest.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import pytest
from ckan import model
from ckan.tests import factories
from ckanext.dcat.processors import RDFParser
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.compare import to_canonical_graph
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from tests.feeds.portal import SITE, change, create, delete, path, settle

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
RDF_TYPES = {
    "application/rdf+xml": "xml",
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
}


@pytest.fixture(autouse=True)
def city(fresh_site: None, ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.dcat.datasets_per_page", 2)
    department = factories.Organization(name="finance", title="Finance")["id"]
    for n in range(5):
        create(
            f"d{n}",
            owner_org=department,
            theme=["ENVI"],
            tags_translated={"el": ["νερό"], "en": ["water"]},
            contact=[{"name": "Open data", "email": "open@example.org"}],
        )
    settle()


def get(app: Any, url: str) -> Any:
    """A page as its client asks for it: any redirect is an error."""
    answer = app.test_client().get(url, follow_redirects=False)
    assert answer.status_code == 200
    return answer


def europe(app: Any, url: str) -> Iterator[tuple[Graph, URIRef]]:
    """Follow pages as piveau's HydraPaging does: its PagedCollection first, totalItems demanded."""
    following: str | None = url
    while following:
        answer = get(app, path(following))
        graph = Graph().parse(data=answer.data, format=RDF_TYPES[answer.mimetype])
        for dataset in sorted(graph[: RDF.type : DCAT.Dataset]):
            yield graph, URIRef(dataset)
        paged = next(graph[: RDF.type : HYDRA.PagedCollection], None)
        view = paged or next(graph[: RDF.type : HYDRA.PartialCollectionView])
        assert int(str(graph.value(view, HYDRA.totalItems))) >= 0
        found = graph.value(view, HYDRA.nextPage if paged else HYDRA.next)
        assert found is None or isinstance(found, URIRef)
        following = found and str(found)


def subgraph(graph: Graph, dataset: URIRef) -> Graph:
    """What is said of a dataset and of all that it leads to, up to other datasets and the record's topic."""
    found, seen, ahead = Graph(), set(), [dataset]
    while ahead:
        node = ahead.pop()
        if node in seen:
            continue
        seen.add(node)
        for predicate, value in graph.predicate_objects(node):
            found.add((node, predicate, value))
            other = (value, RDF.type, DCAT.Dataset) in graph
            if not isinstance(value, Literal) and predicate != FOAF.primaryTopic and not other:
                ahead.append(value)  # type: ignore[arg-type]
    return found


def test_europe_reads_every_dataset_whole_and_once(app: Any):
    for form in ("rdf", "ttl", "jsonld"):
        identifiers = []
        for graph, dataset in europe(app, f"/catalog.{form}"):
            alone = subgraph(graph, dataset)
            # A half dataset would be taken for one, and each page is complete in itself.
            for needed in (DCTERMS.title, DCTERMS.description, DCAT.distribution):
                assert alone.value(dataset, needed), needed
            assert alone.value(alone.value(dataset, DCTERMS.publisher), FOAF.name)
            identifiers.append(str(alone.value(dataset, DCTERMS.identifier)))
        assert len(identifiers) == len(set(identifiers)) == 5


def hashes(app: Any) -> dict[str, str]:
    """A digest of each dataset's own graph, by which readers tell what changed."""
    told = {}
    for graph, dataset in europe(app, "/catalog.rdf"):
        lines = sorted(
            to_canonical_graph(subgraph(graph, dataset)).serialize(format="nt").splitlines()
        )
        told[str(dataset)] = sha256("\n".join(lines).encode()).hexdigest()
    return told


def test_a_digest_changes_for_what_changed_and_nothing_else(app: Any):
    before = hashes(app)
    assert hashes(app) == before
    changed = f"{SITE}/dataset/{change('d3', version='2')['id']}"
    settle()
    after = hashes(app)
    assert {uri for uri in after if after[uri] != before[uri]} == {changed}


def test_what_was_deleted_is_missing_and_so_deleted_there(app: Any):
    mirror = {str(dataset) for _, dataset in europe(app, "/catalog.rdf")}
    gone = model.Package.get("d1").id  # type: ignore[union-attr]
    delete("d1")
    settle()
    assert mirror - {str(dataset) for _, dataset in europe(app, "/catalog.rdf")} == {
        f"{SITE}/dataset/{gone}"
    }


def test_ckanext_dcat_reads_datasets_with_uri_title_and_files(app: Any):
    head = app.test_client().head("/catalog.rdf")  # it asks for the head first
    assert (head.status_code, head.mimetype) == (200, "application/rdf+xml")
    read = []
    for url in pages(app, "/catalog.rdf"):
        read += list(parsed(app, url).datasets())
    assert len(read) == 5
    for dataset in read:
        assert uri_of(dataset).startswith(f"{SITE}/dataset/")
        assert dataset["title"]
        assert [resource["url"] for resource in dataset["resources"]]
        assert dataset["tags"]


def parsed(app: Any, url: str) -> RDFParser:
    parser = RDFParser()
    parser.parse(get(app, path(url)).get_data(as_text=True), _format="xml")
    return parser


def uri_of(dataset: dict[str, Any]) -> str:
    extras = {extra["key"]: extra["value"] for extra in dataset.get("extras", ())}
    return dataset.get("uri") or extras["uri"]


def pages(app: Any, url: str) -> Iterator[str]:
    following: str | None = url
    while following:
        yield following
        following = parsed(app, following).next_page()


def udata(app: Any, url: str) -> Iterator[str]:
    """Follow pages as udata does: the form by the address, PartialCollectionView first, identifiers demanded."""
    following: str | None = url
    while following:
        form = {"ttl": "turtle", "rdf": "xml", "xml": "xml", "jsonld": "json-ld", "n3": "n3"}[
            urlsplit(following).path.rpartition(".")[2]
        ]
        graph = Graph().parse(data=get(app, path(following)).data, format=form)
        for kind in (DCAT.Dataset, DCAT["DatasetSeries"]):
            for dataset in graph[: RDF.type : kind]:
                identifier = graph.value(dataset, DCTERMS.identifier)
                assert identifier, "udata passes over a dataset without one"
                yield str(identifier)
        found = None
        for kind, term in (
            (HYDRA.PartialCollectionView, HYDRA.next),
            (HYDRA.PagedCollection, HYDRA.nextPage),
        ):
            view = graph.value(predicate=RDF.type, object=kind)
            found = found or (view and graph.value(view, term))
        following = found and str(found)


def test_udata_finds_an_identifier_for_each_and_none_twice(app: Any):
    for form in ("ttl", "rdf", "xml", "jsonld", "n3"):
        identifiers = list(udata(app, f"/catalog.{form}"))
        assert len(identifiers) == len(set(identifiers)) == 5
