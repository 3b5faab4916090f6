"""What a dataset says as RDF, by the real serializer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ckan.tests import factories, helpers
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS

AUTHORITY = "http://publications.europa.eu/resource/authority/"
DCATAP = Namespace("http://data.europa.eu/r5r/")
REGULATION = URIRef("http://data.europa.eu/eli/reg_impl/2023/138/oj")

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


def call(action: str, **data: Any) -> dict[str, Any]:
    return helpers.call_action(action, context={"user": factories.Sysadmin()["name"]}, **data)


@pytest.fixture
def dataset() -> dict[str, Any]:
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
                "access_services": [
                    {
                        "title": "DataStore",
                        "endpoint_url": ["https://example.org/api"],
                        "endpoint_description": "https://example.org/api.json",
                        "conforms_to": ["https://spec.openapis.org/oas/v3.1.0"],
                    }
                ],
            }
        ],
    )


@pytest.fixture
def graph(dataset: dict[str, Any]) -> Graph:
    text = helpers.call_action("dcat_dataset_show", id=dataset["id"], format="ttl")
    return Graph().parse(data=text, format="turtle")


def one(graph: Graph, kind: URIRef) -> Any:
    (found,) = set(graph.subjects(RDF.type, kind))
    return found


def test_texts_are_tagged_with_their_language(graph: Graph):
    node = one(graph, DCAT.Dataset)
    assert set(graph.objects(node, DCTERMS.title)) == {
        Literal("Δαπάνες", lang="el"),
        Literal("Spending", lang="en"),
    }
    assert set(graph.objects(node, DCTERMS.description)) == {
        Literal("Τι δαπανάται", lang="el"),
        Literal("What is spent", lang="en"),
    }
    distribution = one(graph, DCAT.Distribution)
    assert Literal("Every line", lang="en") in set(graph.objects(distribution, DCTERMS.description))


def test_keywords_are_tagged_and_those_without_a_language_stay(graph: Graph):
    assert set(graph.objects(one(graph, DCAT.Dataset), DCAT.keyword)) == {
        Literal("δαπάνες", lang="el"),
        Literal("spending", lang="en"),
        Literal("open-data"),
    }


def test_department_publishes_under_both_names(graph: Graph):
    (agent,) = graph.objects(one(graph, DCAT.Dataset), DCTERMS.publisher)
    assert set(graph.objects(agent, FOAF.name)) == {
        Literal("Οικονομικές Υπηρεσίες", lang="el"),
        Literal("Finance Department", lang="en"),
    }
    assert (
        agent,
        DCTERMS.type,
        URIRef("http://purl.org/adms/publishertype/LocalAuthority"),
    ) in graph


def test_controlled_values_are_authority_uris(graph: Graph):
    node, distribution = one(graph, DCAT.Dataset), one(graph, DCAT.Distribution)
    expected = [
        (node, DCTERMS.accrualPeriodicity, "frequency/ANNUAL"),
        (node, DCTERMS.accessRights, "access-right/PUBLIC"),
        (node, DCTERMS.language, "language/ELL"),
        (node, DCAT.theme, "data-theme/ECON"),
        (distribution, DCTERMS["format"], "file-type/CSV"),
        (distribution, DCTERMS.license, "licence/CC_BY_4_0"),
        (distribution, DCATAP.availability, "planned-availability/STABLE"),
    ]
    for subject, predicate, code in expected:
        assert (subject, predicate, URIRef(AUTHORITY + code)) in graph, code
    media = "http://www.iana.org/assignments/media-types/text/csv"
    assert (distribution, DCAT.mediaType, URIRef(media)) in graph


def test_distribution_of_a_high_value_dataset_names_the_regulation(graph: Graph):
    for node in (one(graph, DCAT.Dataset), one(graph, DCAT.Distribution)):
        assert (node, DCATAP.applicableLegislation, REGULATION) in graph


def test_licence_is_told_with_where_its_text_is(graph: Graph):
    (licence,) = graph.objects(one(graph, DCAT.Distribution), DCTERMS.license)
    text = URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert (licence, RDFS.seeAlso, text) in graph


def test_renamed_department_is_renamed_in_the_next_record(dataset: dict[str, Any]):
    helpers.call_action("dcat_dataset_show", id=dataset["id"], format="ttl")
    call("organization_patch", id="finance", title_translated={"el": "Νέο όνομα"})
    assert "Νέο όνομα" in helpers.call_action("dcat_dataset_show", id=dataset["id"], format="ttl")


@pytest.mark.parametrize(
    "file",
    [
        "dcat-ap-3.0.1/html-shacl/shapes.ttl",
        "dcat-ap-3.0.1/html-shacl/shapes_recommended.ttl",
        "dcat-ap-3.0.1/html-shacl/range.ttl",
        "dcat-ap-hvd-3.0.0/hvd-SHACL-base.ttl",
        "dcat-ap-hvd-3.0.0/hvd-SHACL-ranges.ttl",
        "dcat-ap-hvd-3.0.0/hvd-SHACL-usagenotes.ttl",
    ],
)
def test_dataset_conforms_to_the_official_shapes(graph: Graph, shared: Path, file: str):
    pyshacl = pytest.importorskip("pyshacl")
    shapes = Graph().parse(shared / "shapes" / file)
    conforms, _report, text = pyshacl.validate(graph, shacl_graph=shapes)
    assert conforms, text
