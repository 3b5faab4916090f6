"""RDF made to take time and memory: refused or read, within two seconds and a hundred megabytes."""

from __future__ import annotations

import json
import time

import pytest
from memory import growth
from rdflib import ConjunctiveGraph, Literal, URIRef

from ckanext.municipal.lib.rdf import (
    LimitedStore,
    RdfRefused,
    bound_parsers,
    check_document,
)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
TITLE = URIRef("http://purl.org/dc/terms/title")
SPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/"'
)


@pytest.fixture(autouse=True)
def bounded() -> None:
    bound_parsers()


def rdf_xml(title: str, *entities: tuple[str, str], more: str = "") -> str:
    declared = "".join(f'<!ENTITY {name} "{text}">' for name, text in entities)
    dtd = f"<!DOCTYPE r [{declared}]>" if entities else ""
    return (
        f'<?xml version="1.0"?>{dtd}<rdf:RDF {SPACES}><rdf:Description rdf:about="urn:d">'
        f"<dct:title>{title}</dct:title>{more}</rdf:Description></rdf:RDF>"
    )


def read(document: str, format_: str = "xml") -> ConjunctiveGraph:
    check_document(document, format_)
    graph = ConjunctiveGraph(store=LimitedStore())
    graph.parse(data=document, format=format_)
    return graph


LAUGHS = [("a0", "a" * 10), *((f"a{n}", f"&a{n - 1};" * 10) for n in range(1, 10))]
LONG = ("a", "a" * 500_000)
XML = '<dct:a rdf:parseType="Literal">{}</dct:a>'
COSTLY = {
    "a thousand million laughs": lambda: ("xml", rdf_xml("&a9;", *LAUGHS)),
    "laughs that expat lets pass": lambda: ("xml", rdf_xml("&a5;", *LAUGHS)),
    "a long entity, often": lambda: ("xml", rdf_xml("&a;" * 100_000, LONG)),
    "a long entity in an attribute": lambda: (
        "xml",
        rdf_xml("x", LONG, more=f'<dct:a rdf:resource="{"&a;" * 95}"/>'),
    ),
    "too much text": lambda: ("xml", rdf_xml("a" * 21_000_000)),
    "deep RDF/XML": lambda: (
        "xml",
        rdf_xml("x", more="<dct:a><rdf:Description>" * 50_000),
    ),
    "many tags in an XML value": lambda: ("xml", rdf_xml("x", more=XML.format("<b/>" * 50_000))),
    "much text in an XML value": lambda: ("xml", rdf_xml("x", more=XML.format("b" * 500_000))),
    "many XML values": lambda: ("xml", rdf_xml("x", more=XML.format("<b>b</b>") * 5_000)),
    "TriX": lambda: ("trix", "<TriX/>"),
    "hextuples": lambda: ("hext", "[]"),
    "objects of nothing": lambda: ("json-ld", json.dumps([{}] * 500_000)),
    "contexts without end": lambda: ("json-ld", json.dumps({"@context": [{"a": "urn:a"}] * 500_000})),
    "deep JSON-LD": lambda: ("json-ld", '{"urn:a":' * 100_000 + "1" + "}" * 100_000),
    "deep arrays": lambda: ("json-ld", '{"urn:a":' + "[" * 100_000 + "]" * 100_000 + "}"),
    "deep Turtle": lambda: ("turtle", "<urn:a> <urn:b> " + "[ <urn:b> " * 50_000),
    "deep lists": lambda: ("turtle", "<urn:a> <urn:b> " + "(" * 50_000 + ")" * 50_000 + " ."),
}  # fmt: skip


@pytest.mark.parametrize("what", COSTLY)
def test_a_document_that_would_cost_much_is_refused_soon(what):
    format_, document = COSTLY[what]()
    started = time.process_time()
    with growth() as memory, pytest.raises((RdfRefused, RecursionError)):
        read(document, format_)
    assert time.process_time() - started <= 2
    assert memory.mb <= 100


def test_a_text_of_many_pieces_is_read_in_linear_time():
    """Every line break and every escaped sign begins a new piece."""
    started = time.process_time()
    graph = read(rdf_xml("a&lt;\n" * 500_000))
    assert graph.value(URIRef("urn:d"), TITLE) == Literal("a<\n" * 500_000)
    assert time.process_time() - started <= 2


def test_entities_that_stand_for_the_start_of_an_address_are_expanded():
    """As ontologies are written."""
    xsd = ("xsd", "http://www.w3.org/2001/XMLSchema#")
    typed = '<dct:issued rdf:datatype="&xsd;date">2026-01-01</dct:issued>'
    graph = read(rdf_xml("Δέντρα &amp; πάρκα", xsd, more=typed))
    assert "XMLSchema#date" in graph.serialize(format="nt")
    assert graph.value(URIRef("urn:d"), TITLE) == Literal("Δέντρα & πάρκα")


def test_xml_in_a_text_is_read_as_always():
    graph = read(rdf_xml("x", more=XML.format("<b>Δέντρα <i>και</i></b> πάρκα")))
    assert "Δέντρα <i>και</i></b> πάρκα" in str(
        graph.value(URIRef("urn:d"), URIRef("http://purl.org/dc/terms/a"))
    )


@pytest.mark.parametrize(
    "format_",
    ["xml", "application/rdf+xml", "turtle", "text/turtle", "nt", "n3", "json-ld", "application/ld+json", "unheard/of"],
)  # fmt: skip
def test_formats_of_catalogues_are_read_by_name_and_by_media_type(format_):
    check_document("{}", format_)
