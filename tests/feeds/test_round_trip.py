"""A dataset goes out by a feed and into a second portal by ckanext-dcat's harvester, and says there what it said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stock
from ckan import model
from ckan.tests import factories
from ckanext.harvest.model import HarvestGatherError, HarvestObjectError
from faults import FaultServer, answer
from rdflib import BNode, Graph
from rdflib.namespace import DCAT, RDF

from tests.feeds.portal import SITE, call, settle

Harvest = Callable[[], dict[str, dict[str, Any]]]

SECOND = "https://second.example.org"
TYPES = {"ttl": "text/turtle", "rdf": "application/rdf+xml", "jsonld": "application/ld+json"}

pytestmark = pytest.mark.usefixtures("fresh_site")


@pytest.fixture
def server(ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    with FaultServer() as running:
        monkeypatch.setitem(ckan_config, "ckanext.municipal.http.allow", running.allow)
        yield running


def complete_dataset() -> dict[str, Any]:
    """A dataset with every field of the form that DCAT-AP 3.0.1 has a property for."""
    department = call(
        "organization_create",
        name="finance",
        title_translated={"el": "Οικονομικές Υπηρεσίες", "en": "Finance Department"},
        email="finance@example.org",
        dcat_type="Local authority",
    )
    call("group_create", name="budget-and-finance", title="Οικονομικά")
    return call(
        "package_create",
        name="spending",
        title_translated={"el": "Δαπάνες", "en": "Spending"},
        notes_translated={"el": "Τι δαπανάται", "en": "What is spent"},
        tags_translated={"el": ["δαπάνες"], "en": ["spending"]},
        tags=[{"name": "open-data"}],
        owner_org=department["id"],
        groups=[{"name": "budget-and-finance"}],
        license_id="CC BY 4.0",
        frequency="annual",
        access_rights="public",
        language=["el", "en"],
        hvd_category=["c_4ac557e7"],
        documentation=["https://example.org/manual"],
        contact=[{"name": "Open data", "email": "open@example.org"}],
        temporal_coverage=[{"start": "2016", "end": "2016-12-31"}],
        spatial_coverage=[{"text": "Δήμος Θεσσαλονίκης"}],
        creator=[
            {"name": "Accounts", "email": "accounts@example.org", "url": "https://example.org/a"}
        ],
        applicable_legislation=["https://example.org/law"],
        temporal_resolution="P1D",
        spatial_resolution_in_meters="50",
        issued="2016-01-01",
        modified="2017-02-03",
        provenance="Exported each night",
        conforms_to=["https://example.org/standard"],
        url="https://example.org/spending",
        version="2.1",
        version_notes="Lines of December",
        alternate_identifier=["https://example.org/id/7"],
        dcat_type="http://publications.europa.eu/resource/authority/dataset-type/STATISTICAL",
        is_referenced_by=["https://doi.org/10.1000/1"],
        related_resource=["https://example.org/related"],
        resources=[
            {
                "url": "https://example.org/spending.csv",
                "name_translated": {"el": "Γραμμές", "en": "Lines"},
                "description_translated": {"el": "Όλες οι γραμμές", "en": "Every line"},
                "availability": "stable",
                "status": "completed",
                "hash": "ab" * 32,
                "hash_algorithm": "SHA256",
                "size": "1024",
                "rights": "https://example.org/rights",
                "download_url": "https://example.org/spending.csv",
                "compress_format": "application/gzip",
                "package_format": "application/zip",
                "issued": "2016-01-02",
                "modified": "2017-02-04",
                "language": ["el"],
                "temporal_resolution": "P1D",
                "spatial_resolution_in_meters": "50",
                "documentation": ["https://example.org/columns"],
                "conforms_to": ["https://example.org/columns.json"],
                "access_services": [
                    {
                        "title": "DataStore",
                        "description": "Rows by filter",
                        "landing_page": ["https://example.org/docs"],
                        "availability": "stable",
                        "endpoint_url": ["https://example.org/api"],
                        "endpoint_description": "https://example.org/api.json",
                        "conforms_to": ["https://spec.openapis.org/oas/v3.1.0"],
                    }
                ],
            }
        ],
    )


def statements(graph: Graph, node: Any, trail: tuple[Any, ...] = ()) -> set[tuple[str, ...]]:
    """Everything that is said of a node and of what hangs below it: the way there, and the value at its end.

    Nodes that a portal names itself, or not at all, are told by the way that leads to them.
    """
    found: set[tuple[str, ...]] = set()
    for predicate, value in graph.predicate_objects(node):
        way = (*trail, predicate)
        own = isinstance(value, BNode) or str(value).startswith((SITE, SECOND))
        if own and (value, None, None) in graph and len(way) < 5:
            found |= statements(graph, value, way)
        else:
            found.add((*map(str, way), value.n3() if not own else "its own"))
    return found


def complaints() -> list[str]:
    """What a harvest could not do."""
    kinds = (HarvestGatherError, HarvestObjectError)
    return [str(each.message) for kind in kinds for each in model.Session.query(kind)]


@pytest.fixture
def harvest(server: FaultServer) -> Callable[[bytes, str], Harvest]:
    """Let another portal serve a page, and return what harvests it, now and again."""

    def prepared(page: bytes, content_type: str) -> Harvest:
        user = factories.Sysadmin()["name"]
        department = factories.Organization(name="second")["id"]
        url = server.on("/catalog", answer(200, page, content_type=content_type))
        asked = {"rdf_format": content_type}
        made = stock.source("dcat_rdf", url, user=user, organisation=department, **asked)

        def run() -> dict[str, dict[str, Any]]:
            stock.run(made, user)
            assert complaints() == []
            settle()
            return {each["uri"]: each for each in call("package_search", q="*:*")["results"]}

        return run

    return prepared


def record(app: Any, name: str) -> set[tuple[str, ...]]:
    """Everything that the feeds say of a dataset."""
    graph = Graph().parse(data=app.get(f"/dataset/{name}.ttl").body)
    return statements(graph, next(graph[: RDF.type : DCAT.Dataset]))


@pytest.mark.parametrize("form", sorted(TYPES))
def test_a_second_portal_says_of_it_what_the_first_does(
    form, app, harvest, ckan_config, monkeypatch
):
    uri = f"{SITE}/dataset/{complete_dataset()['id']}"
    settle()
    page = app.get(f"/catalog.{form}").body
    said = record(app, "spending")
    call("dataset_purge", id="spending")
    call("organization_purge", id="finance")
    settle()

    monkeypatch.setitem(ckan_config, "ckan.site_url", SECOND)
    run = harvest(page.encode(), TYPES[form])
    for _each_time in ("made", "updated"):
        found = run()
        assert set(found) == {uri}
        again = record(app, found[uri]["name"])
        assert said - again == set()
        assert again - said == set()


OTHERS = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix eu: <http://publications.europa.eu/resource/authority/> .
<https://other.example/1> a dcat:Dataset ; dct:title "Bäume"@de, "Arbres"@fr ; dct:description "Alle"@de ;
  dcat:keyword "trees"@en, "Baum, Ast"@de ; dct:accrualPeriodicity <https://other.example/now-and-then> ;
  dct:publisher [ a foaf:Agent ; foaf:name "Stadt"@de, "Ville"@fr ] ;
  dcat:distribution <https://other.example/1/csv>, <https://other.example/1/pdf> .
<https://other.example/1/csv> a dcat:Distribution ; dcat:accessURL <https://other.example/1.csv> ;
  dct:license <https://other.example/licence> ; dct:format eu:file-type\\/CSV .
<https://other.example/1/pdf> a dcat:Distribution ; dcat:accessURL <https://other.example/1.pdf> .
<https://other.example/2> a dcat:Dataset ; dct:title "Benches"@en ; dct:description "All of them"@en-GB .
"""


def test_what_other_portals_say_comes_in(harvest):
    found = harvest(OTHERS.encode(), "text/turtle")()
    trees, benches = (found[f"https://other.example/{n}"] for n in (1, 2))
    assert trees["title_translated"] == {"el": "Bäume"}
    assert benches["title_translated"] == {"en": "Benches"}
    assert benches["notes_translated"] == {"en": "All of them"}
    apart = {each["key"]: each["value"] for each in trees["extras"]}
    assert apart["frequency_as_read"] == "https://other.example/now-and-then"
    licences = [resource.get("license_as_read") for resource in trees["resources"]]
    assert sorted(licences, key=str) == [None, "https://other.example/licence"]
