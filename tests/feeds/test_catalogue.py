"""The catalogue itself says who publishes what under which licence, and conforms."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from pyoxigraph import parse
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from ckanext.municipal.feeds import catalogue, maker
from ckanext.municipal.lib.rdf import fragments
from ckanext.municipal.portal import city, config

pytestmark = pytest.mark.usefixtures("with_plugins")

DATASETS = ["https://example.org/dataset/1", "https://example.org/dataset/2"]


def graph(datasets: list[str]) -> Graph:
    whole = fragments.document("turtle", [catalogue.fragment("turtle", datasets)])
    return Graph().parse(data=whole, format="turtle")


def test_it_tells_what_city_yaml_says():
    said, ours = graph(DATASETS), city.load(config.city_file())
    (node,) = said.subjects(RDF.type, DCAT.Catalog)
    assert str(node) == catalogue.uri()
    assert set(said.objects(node, DCTERMS.title)) == {
        Literal(value, lang=language) for language, value in ours.portal_title.items()
    }
    (publisher,) = said.objects(node, DCTERMS.publisher)
    assert Literal(ours.name["el"], lang="el") in set(said.objects(publisher, FOAF.name))
    assert set(said.objects(node, DCTERMS.license)) == {URIRef(ours.portal_licence)}
    assert len(set(said.objects(node, DCTERMS.language))) == len(ours.languages)
    assert set(map(str, said.objects(node, DCAT.dataset))) == set(DATASETS)


def test_it_says_the_same_in_every_form():
    read = set()
    for form in fragments.FORMS:
        whole = fragments.document(form, [catalogue.fragment(form, DATASETS)])
        read.add(frozenset(quad.triple for quad in parse(whole, format=fragments.SYNTAXES[form])))
    assert len(read) == 1


@pytest.mark.parametrize("file", ["shapes.ttl", "range.ttl"])
def test_it_conforms_to_the_official_shapes(shared: Path, file: str):
    pyshacl = pytest.importorskip("pyshacl")
    shapes = Graph().parse(shared / "shapes" / "dcat-ap-3.0.1" / "html-shacl" / file)
    conforms, _report, text = pyshacl.validate(graph([]), shacl_graph=shapes)
    assert conforms, text


def test_another_city_or_option_is_another_maker(monkeypatch, tmp_path: Path):
    before = maker.current()
    assert maker.current() == before
    other = tmp_path / "city.yaml"
    other.write_text(config.city_file().read_text(encoding="utf-8") + "\n", encoding="utf-8")
    monkeypatch.setitem(tk.config, "ckanext.municipal.city", str(other))
    assert maker.current() != before
