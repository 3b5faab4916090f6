"""RDF of strangers: nothing is fetched, nothing is opened, and memory has an end."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from faults import FaultServer, answer
from rdflib import ConjunctiveGraph, URIRef

from ckanext.municipal.lib.rdf import ContextRefused, LimitedStore, RdfRefused, bound_parsers

DCAT = "http://www.w3.org/ns/dcat#"
DATASET = {"@id": "https://example.org/d", "@type": DCAT + "Dataset"}
RDF = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/"'
)


pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(autouse=True)
def local_contexts() -> None:
    bound_parsers()


@pytest.fixture
def secret(tmp_path) -> Path:
    path = tmp_path / "secret.jsonld"
    path.write_text(json.dumps({"@context": {"title": "https://example.org/the-secret"}}))
    return path


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        body = json.dumps({"@context": {"title": "https://example.org/fetched"}}).encode()
        running.on("/c.jsonld", answer(200, body, content_type="application/ld+json"))
        yield running


@pytest.fixture
def touched(secret) -> Iterator[list[str]]:
    """Every connection, every name looked up and every file opened outside of Python's own."""
    seen: list[str] = []
    watching = [True]
    own = (sys.prefix, sys.base_prefix, str(Path(json.__file__).parents[1]))

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if not watching:
            return
        if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request"):
            seen.append(f"{event} {args}")
        elif event == "open" and not str(args[0]).startswith(own):
            seen.append(f"open {args[0]}")

    sys.addaudithook(hook)
    yield seen
    watching.clear()


def jsonld(context: Any, **more: Any) -> str:
    return json.dumps({"@context": context, **DATASET, "title": "x", **more})


def rdf_xml(dtd: str, title: str = "x") -> str:
    return (
        f'<?xml version="1.0"?>{dtd}<rdf:RDF {RDF}>'
        f'<rdf:Description rdf:about="https://example.org/d"><dct:title>{title}</dct:title>'
        "</rdf:Description></rdf:RDF>"
    )


# Each is given the URL of a server and of a file, both readable, and says its format.
MALICIOUS = {
    "context by URL": lambda u, f: ("json-ld", jsonld(u)),
    "context by file URL": lambda u, f: ("json-ld", jsonld(f)),
    "context by path": lambda u, f: ("json-ld", jsonld(f.removeprefix("file://"))),
    "context in a list": lambda u, f: ("json-ld", jsonld([{"a": "urn:a"}, u])),
    "file in a list": lambda u, f: ("json-ld", jsonld([{"a": "urn:a"}, [f]])),
    "relative to a base": lambda u, f: ("json-ld", jsonld([{"@base": u}, "c.jsonld"])),
    "relative to a file": lambda u, f: ("json-ld", jsonld([{"@base": f}, "secret.jsonld"])),
    "import": lambda u, f: ("json-ld", jsonld({"@version": 1.1, "@import": u})),
    "import of a file": lambda u, f: ("json-ld", jsonld({"@version": 1.1, "@import": f})),
    "of a term": lambda u, f: (
        "json-ld",
        jsonld({"title": {"@id": "urn:t", "@context": u}}, title={"a": "b"}),
    ),
    "of a type": lambda u, f: (
        "json-ld",
        jsonld({"T": {"@id": "urn:T", "@context": f}}, **{"@type": "T"}),
    ),
    "of a nested node": lambda u, f: (
        "json-ld",
        json.dumps({**DATASET, "urn:p": {"@context": u, "title": "x"}}),
    ),
    "in a graph": lambda u, f: ("json-ld", json.dumps({"@graph": [{"@context": f, **DATASET}]})),
    "in included": lambda u, f: (
        "json-ld",
        json.dumps({**DATASET, "@included": [{"@context": u, "title": "x"}]}),
    ),
    "entity of a file": lambda u, f: (
        "xml",
        rdf_xml(f'<!DOCTYPE r [<!ENTITY e SYSTEM "{f}">]>', "&e;"),
    ),
    "entity of a URL": lambda u, f: (
        "xml",
        rdf_xml(f'<!DOCTYPE r [<!ENTITY e SYSTEM "{u}">]>', "&e;"),
    ),
    "parameter entity": lambda u, f: (
        "xml",
        rdf_xml(f'<!DOCTYPE r [<!ENTITY % e SYSTEM "{u}"> %e;]>'),
    ),
    "external DTD": lambda u, f: ("xml", rdf_xml(f'<!DOCTYPE r SYSTEM "{u}">')),
    "public DTD": lambda u, f: ("xml", rdf_xml(f'<!DOCTYPE r PUBLIC "-//x" "{f}">')),
    "XInclude": lambda u, f: (
        "xml",
        rdf_xml("", f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{f}"/>'),
    ),
    "TriX entity": lambda u, f: (
        "trix",
        f'<!DOCTYPE r [<!ENTITY e SYSTEM "{f}">]><TriX xmlns="http://www.w3.org/2004/03/trix/"'
        "><graph>&e;</graph></TriX>",
    ),
    "N3 import": lambda u, f: ("n3", f"@prefix : <{u}#> . <{f}> :imports <{u}> ."),
    "Turtle base": lambda u, f: ("turtle", f"@base <{f}> . <#a> <#b> <#c> ."),
}


def test_there_are_twenty_documents():
    assert len(MALICIOUS) >= 20


@pytest.mark.parametrize("name", MALICIOUS)
def test_no_document_makes_the_portal_ask_or_open_anything(name, server, secret, touched):
    format_, document = MALICIOUS[name](server.url("/c.jsonld"), secret.as_uri())
    graph = ConjunctiveGraph(store=LimitedStore())
    graph.parse(data="<urn:a> <urn:b> <urn:c> .", format="turtle")
    touched.clear()
    refusal = ""
    try:
        graph.parse(data=document, format=format_)
    except Exception as error:  # noqa: BLE001 - any refusal is fine here
        refusal = str(error)
    assert "the-secret" not in refusal
    assert touched == []
    assert server.hits == 0
    told = graph.serialize(format="nt")
    assert "the-secret" not in told
    assert "fetched" not in told


def test_the_watch_of_these_tests_sees_what_rdflib_does_by_itself(secret, touched):
    ConjunctiveGraph().parse(str(secret), format="json-ld")
    assert any("secret" in each for each in touched)


def test_a_refused_context_says_what_to_do():
    with pytest.raises(ContextRefused, match="Write its terms into it"):
        ConjunctiveGraph().parse(data=jsonld("https://example.org/c"), format="json-ld")


@pytest.mark.parametrize(
    "url",
    ["https://schema.org", "http://schema.org/", "https://schema.org/docs/jsonldcontext.jsonld"],
)
def test_schema_org_is_known_here(url, server):
    document = {
        "@context": url,
        "@type": "Dataset",
        "@id": "urn:d",
        "name": "Trees",
        "url": "https://x.org/",
    }
    for _ in range(2):
        graph = ConjunctiveGraph()
        graph.parse(data=json.dumps(document), format="json-ld")
        assert (URIRef("urn:d"), URIRef("http://schema.org/url"), URIRef("https://x.org/")) in graph
        assert "Trees" in graph.serialize(format="nt")


def test_a_context_of_its_own_works_as_always():
    document = jsonld({"title": "http://purl.org/dc/terms/title"})
    graph = ConjunctiveGraph(store=LimitedStore()).parse(data=document, format="json-ld")
    assert "http://purl.org/dc/terms/title" in graph.serialize(format="nt")


@pytest.mark.parametrize("format_", ["turtle", "nt", "xml", "json-ld", "nquads", "trig"])
def test_triples_without_end_are_refused_early(format_):
    if format_ == "xml":
        body = rdf_xml(
            "",
            "</dct:title>"
            + "".join(f"<dct:title>{n}</dct:title>" for n in range(5000))
            + "<dct:title>",
        )
    elif format_ == "json-ld":
        body = json.dumps({"@id": "urn:a", "urn:b": [str(n) for n in range(5000)]})
    else:
        body = "\n".join(f"<urn:a> <urn:b> <urn:{n}> ." for n in range(5000))
    graph = ConjunctiveGraph(store=LimitedStore(1000))
    with pytest.raises(RdfRefused, match="more than 1000 triples"):
        graph.parse(data=body, format=format_)
    assert len(graph) <= 1000
