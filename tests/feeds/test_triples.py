"""From any graph to triples that every form says alike, in one order, under names that stay."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import parse
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from ckanext.municipal.feeds import oai_dc, rules, triples
from ckanext.municipal.lib.rdf import fragments

URI = "https://example.org/dataset/1"
NODE = URIRef(URI)
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")

_texts = st.text(max_size=30)
_iris = st.one_of(
    st.sampled_from(
        [URI, "https://example.org/a b", "x", "dcat:y", "http://[", "mailto:a@b.gr", ""]
    ),
    _texts.map("https://example.org/{}".format),
    _texts,
)
_nodes = st.one_of(_iris.map(URIRef), st.integers(0, 4).map(lambda number: BNode(f"b{number}")))
_values = st.one_of(
    _nodes,
    _texts.map(Literal),
    st.builds(Literal, _texts, lang=st.sampled_from(["el", "en", "EL", "zh-Hant"])),
    st.builds(Literal, _texts, datatype=st.sampled_from([URIRef("http://a/b"), DCTERMS.title])),
)
_properties = st.one_of(
    st.sampled_from(
        [RDF.type, DCTERMS.title, DCAT.theme, URIRef("http://a/1"), URIRef("http://a/b")]
    ),
    _iris.map(URIRef),
)
_statements = st.lists(st.tuples(_nodes, _properties, _values), max_size=12)


@settings(max_examples=settings.default.max_examples // 5)
@given(_statements)
def test_any_graph_is_written_and_read_alike_in_every_form_and_whatever_order_it_came_in(
    statements: list,
):
    written = []
    for ordered in (statements, statements[::-1]):
        renamed = {BNode(f"b{number}"): BNode() for number in range(5)}
        graph = Graph(bind_namespaces="none")
        for subject, predicate, value in ordered:
            graph.add((renamed.get(subject, subject), predicate, renamed.get(value, value)))
        written.append(triples.of_graph(graph, URI).triples)
    assert written[0] == written[1]
    for form in fragments.FORMS if written[0] else ():
        fragments.verify(form, fragments.fragment(form, written[0]), written[0])


def contact(graph: Graph, name: str) -> BNode:
    node = BNode()
    graph.add((NODE, DCAT.contactPoint, node))
    graph.add((node, RDF.type, VCARD.Kind))
    graph.add((node, VCARD.fn, Literal(name)))
    return node


def test_a_blank_node_is_named_below_its_owner_by_what_it_says():
    graph = Graph(bind_namespaces="none")
    contact(graph, "A")
    (first,) = {
        t.object.value for t in triples.of_graph(graph, URI).triples if t.subject.value == URI
    }
    assert re.fullmatch(re.escape(URI) + r"#contactPoint-[0-9a-f]{12}", first)
    contact(graph, "B")
    both = {t.object.value for t in triples.of_graph(graph, URI).triples if t.subject.value == URI}
    assert first in both
    assert len(both) == 2


def test_the_dataset_comes_first_and_its_class_before_all_else():
    graph = Graph(bind_namespaces="none")
    graph.add((URIRef("https://example.org/a"), RDF.type, FOAF.Document))
    graph.add((NODE, DCTERMS.title, Literal("α")))
    graph.add((NODE, RDF.type, DCAT.Dataset))
    said = triples.of_graph(graph, URI).triples
    assert [triple.predicate.value for triple in said][:2] == [str(RDF.type), str(DCTERMS.title)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        (" https://example.org/ά ", "https://example.org/ά"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ('https://example.org/"<x>"', "https://example.org/%22%3Cx%3E%22"),
        ("mailto:a@b.gr", "mailto:a@b.gr"),
        ("example.org/a", None),
        ("dcat:Dataset", None),  # JSON-LD would read it as a name of ours
        ("", None),
    ],
)
def test_addresses_are_mended_without_guessing(written: str, read: str | None):
    assert triples.iri(written) == read


def test_what_is_left_out_is_told():
    graph = Graph(bind_namespaces="none")
    graph.add((NODE, FOAF.page, URIRef("example.org/manual")))
    graph.add((NODE, URIRef("https://example.org/1"), Literal("α")))
    graph.add((NODE, DCAT.landingPage, URIRef("https://example.org/a b")))
    said = triples.of_graph(graph, URI)
    told = {finding.rule.id for finding in said.findings}
    assert told == {"feeds-no-address", "feeds-no-name", "feeds-mended-address"}
    assert len(said.triples) == 1


def test_a_dataset_whose_uri_is_no_address_cannot_be_said():
    with pytest.raises(rules.Unsayable) as refused:
        triples.of_graph(Graph(bind_namespaces="none"), "my dataset")
    assert refused.value.finding.rule == rules.NO_URI


@pytest.mark.parametrize("form", fragments.FORMS)
def test_fragments_make_a_document_in_any_combination(form: str):
    pieces, every = [], set()
    for number in range(3):
        graph = Graph(bind_namespaces="none")
        uri = f"https://example.org/dataset/{number}"
        graph.add((URIRef(uri), RDF.type, DCAT.Dataset))
        graph.add((URIRef(uri), DCTERMS.title, Literal(f"τίτλος {number}", lang="el")))
        said = triples.of_graph(graph, uri).triples
        pieces.append(fragments.fragment(form, said))
        every |= set(said)
    syntax = fragments.SYNTAXES[form]
    assert {quad.triple for quad in parse(fragments.document(form, pieces), format=syntax)} == every
    assert list(parse(fragments.document(form, []), format=syntax)) == []
    reader = {"turtle": "turtle", "rdfxml": "xml", "jsonld": "json-ld", "ntriples": "nt"}[form]
    assert len(
        Graph(bind_namespaces="none").parse(data=fragments.document(form, pieces), format=reader)
    ) == len(every)


def test_a_fragment_that_says_something_else_is_not_kept():
    graph = Graph(bind_namespaces="none")
    graph.add((NODE, DCTERMS.title, Literal("α")))
    said = triples.of_graph(graph, URI).triples
    with pytest.raises(fragments.BrokenFragment):
        fragments.verify("turtle", fragments.fragment("turtle", said)[:-3], said)
    with pytest.raises(fragments.BrokenFragment):
        fragments.verify("rdfxml", b"\t<rdf:Description/>\x0b", said)


def test_dublin_core_tells_names_and_labels_instead_of_addresses():
    graph = Graph(bind_namespaces="none")
    theme, agent = URIRef("https://example.org/theme"), URIRef("https://example.org/agent")
    graph.add((NODE, DCTERMS.title, Literal("Α < Β", lang="el")))
    graph.add((NODE, DCTERMS.publisher, agent))
    graph.add((agent, FOAF.name, Literal("Δήμος", lang="el")))
    graph.add((NODE, DCAT.theme, theme))
    said = oai_dc.record(URI, triples.of_graph(graph, URI).triples).decode()
    assert '<dc:title xml:lang="el">Α &lt; Β</dc:title>' in said
    assert '<dc:publisher xml:lang="el">Δήμος</dc:publisher>' in said
    assert "<dc:subject>https://example.org/theme</dc:subject>" in said
    assert f"<dc:identifier>{URI}</dc:identifier>" in said
