"""What a dataset refers to is a node of the class that DCAT-AP wants there."""

from __future__ import annotations

import pytest
from rdflib import RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF

from ckanext.municipal.portal.rdf_values import settle

DATASET, THERE = URIRef("https://example.org/1"), URIRef("https://example.org/there")
DCATAP = Namespace("http://data.europa.eu/r5r/")


@pytest.fixture
def graph() -> Graph:
    graph = Graph()
    graph.add((DATASET, RDF.type, DCAT.Dataset))
    return graph


def test_an_address_gets_the_class_that_is_wanted_there(graph: Graph):
    graph.add((DATASET, DCTERMS.conformsTo, THERE))
    settle(graph, DATASET)
    assert (THERE, RDF.type, DCTERMS.Standard) in graph


def test_what_is_referred_to_from_afar_gets_it_too(graph: Graph):
    distribution, service = URIRef("https://example.org/file"), BNode()
    graph.add((DATASET, DCAT.distribution, distribution))
    graph.add((distribution, RDF.type, DCAT.Distribution))
    graph.add((distribution, DCAT.accessService, service))
    graph.add((service, RDF.type, DCAT.DataService))
    graph.add((service, DCTERMS.license, THERE))
    settle(graph, DATASET)
    assert (THERE, RDF.type, DCTERMS.LicenseDocument) in graph


def test_a_name_where_an_address_is_wanted_becomes_a_node_of_that_name(graph: Graph):
    graph.add((DATASET, DCTERMS.conformsTo, Literal("ISO 19115")))
    settle(graph, DATASET)
    (standard,) = graph.objects(DATASET, DCTERMS.conformsTo)
    assert (standard, RDF.type, DCTERMS.Standard) in graph
    assert (standard, RDFS.label, Literal("ISO 19115")) in graph


def test_an_identifier_that_is_an_address_is_said_as_a_text(graph: Graph):
    graph.add((DATASET, DCTERMS.identifier, THERE))
    settle(graph, DATASET)
    assert list(graph.objects(DATASET, DCTERMS.identifier)) == [
        Literal(str(THERE), datatype=XSD.anyURI)
    ]


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("https://example.org/type/STATISTICAL", "STATISTICAL"),
        ("https://example.org/types#map/", "map"),
        ("https://example.org", "example.org"),
    ],
)
def test_a_concept_of_an_unknown_vocabulary_goes_by_its_code(
    graph: Graph, address: str, label: str
):
    graph.add((DATASET, DCTERMS.type, URIRef(address)))
    settle(graph, DATASET)
    assert (URIRef(address), SKOS.prefLabel, Literal(label)) in graph


def test_what_needs_more_than_a_class_is_left_as_it_is(graph: Graph):
    graph.add((DATASET, DCTERMS.publisher, THERE))
    graph.add((DATASET, DCAT.theme, Literal("trees")))
    before = set(graph)
    settle(graph, DATASET)
    assert set(graph) == before


def test_what_only_high_value_data_needs_is_said_of_it_alone(graph: Graph):
    distribution = URIRef("https://example.org/file")
    graph.add((DATASET, DCAT.distribution, distribution))
    graph.add((distribution, RDF.type, DCAT.Distribution))
    graph.add((distribution, DCAT.accessURL, THERE))
    settle(graph, DATASET)
    assert (THERE, RDF.type, RDFS.Resource) not in graph
    settle(graph, DATASET, hvd=True)
    assert (THERE, RDF.type, RDFS.Resource) in graph


def test_a_dataset_of_its_own_that_nobody_refers_to_is_not_touched(graph: Graph):
    other = URIRef("https://example.org/2")
    graph.add((other, RDF.type, DCAT.Dataset))
    graph.add((other, FOAF.page, THERE))
    settle(graph, DATASET)
    assert (THERE, RDF.type, FOAF.Document) not in graph


def test_what_refers_to_itself_comes_to_an_end(graph: Graph):
    graph.add((DATASET, DCTERMS.relation, DATASET))
    settle(graph, DATASET)
    assert (DATASET, DCTERMS.relation, DATASET) in graph
