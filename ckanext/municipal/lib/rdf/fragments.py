"""Fragments: what some triples add to a document, in each form, so that any of them make a whole. Pure.

Every node is an IRI and every name absolute or of one constant set of prefixes, therefore
``head + separator.join(fragments) + tail`` is a valid document whatever the fragments are and
however many, none included. N-Triples have neither head nor tail.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any
from xml.parsers import expat

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

FORMS = ("turtle", "rdfxml", "jsonld", "ntriples")
"""The forms by the names of their columns in the table of records."""

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
EU_THEMES = "http://publications.europa.eu/resource/authority/data-theme"
"""The vocabulary of themes; a theme is its address, a slash and a code."""
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "as": "https://www.w3.org/ns/activitystreams#",
    "cnt": "http://www.w3.org/2011/content#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geosparql": "http://www.opengis.net/ont/geosparql#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "ldes": "https://w3id.org/ldes#",
    "locn": "http://www.w3.org/ns/locn#",
    "odrs": "http://schema.theodi.org/odrs#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "pv": "https://piveau.eu/ns/voc#",
    "rdf": RDF,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "tree": "https://w3id.org/tree#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_TURTLE_HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
_XML_NAMES = "".join(f'\n\txmlns:{name}="{iri}"' for name, iri in PREFIXES.items())
_HEADS = {
    "turtle": _TURTLE_HEAD.encode(),
    "rdfxml": f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{_XML_NAMES}>\n'.encode(),
    "jsonld": f'{{"@context":{json.dumps(PREFIXES)},"@graph":[\n'.encode(),
    "ntriples": b"",
}
_SEPARATORS = {"turtle": b"\n", "rdfxml": b"", "jsonld": b",\n", "ntriples": b""}
_TAILS = {"turtle": b"", "rdfxml": b"</rdf:RDF>\n", "jsonld": b"\n]}\n", "ntriples": b""}
SYNTAXES = {
    "turtle": RdfFormat.TURTLE,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "ntriples": RdfFormat.N_TRIPLES,
}


class BrokenFragment(ValueError):
    """Triples that a form cannot say, so that its readers would read something else or nothing."""


def head(form: str) -> bytes:
    """Return what a document of a form begins with."""
    return _HEADS[form]


def separator(form: str) -> bytes:
    """Return what stands between two fragments of a document."""
    return _SEPARATORS[form]


def tail(form: str) -> bytes:
    """Return what a document of a form ends with."""
    return _TAILS[form]


def document(form: str, fragments: Iterable[bytes | memoryview]) -> bytes:
    """Return the whole document that some fragments make."""
    return head(form) + separator(form).join(fragments) + tail(form)


def fragment(form: str, triples: Sequence[Triple]) -> bytes:
    """Return sorted triples without blank nodes as a fragment of a form, not empty."""
    if form == "jsonld":
        return _jsonld(triples)
    written = serialize(triples, format=SYNTAXES[form], prefixes=PREFIXES)
    assert written is not None
    if form == "turtle":
        return written.split(b"\n", len(PREFIXES))[-1]
    if form == "rdfxml":
        start = written.index(b">\n", written.index(b"<rdf:RDF")) + 2
        return written[start : written.rindex(b"</rdf:RDF>")]
    return written


def verify(form: str, written: bytes, triples: Iterable[Triple]) -> None:
    """Read a fragment as strictly as its readers may, and compare what it says.

    Raises BrokenFragment where it is not well-formed or does not say exactly these triples.
    """
    whole = document(form, [written])
    try:
        if form == "rdfxml":
            expat.ParserCreate(namespace_separator=" ").Parse(whole, True)
        read = {quad.triple for quad in parse(whole, format=SYNTAXES[form])}
    except (SyntaxError, ValueError, expat.ExpatError) as error:
        raise BrokenFragment(f"{form}: {error}") from error
    if read != set(triples):
        raise BrokenFragment(f"{form}: read as something else")


def _jsonld(triples: Sequence[Triple]) -> bytes:
    """JSON-LD as flattened node objects (JSON-LD 1.1 §9.3), one a line, names compacted."""
    nodes = groupby(triples, key=lambda triple: triple.subject)
    lines = (json.dumps(_node(subject, said), ensure_ascii=False) for subject, said in nodes)
    return ",\n".join(lines).encode()


def _node(subject: Any, triples: Iterable[Triple]) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": subject.value}
    for triple in triples:
        value = triple.object
        if triple.predicate.value == RDF + "type" and isinstance(value, NamedNode):
            node.setdefault("@type", []).append(_compact(value.value))
        else:
            node.setdefault(_compact(triple.predicate.value), []).append(_value(value))
    return node


def _value(value: Any) -> Any:
    if isinstance(value, NamedNode):
        return {"@id": value.value}
    assert isinstance(value, Literal)
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if value.datatype.value == XSD_STRING:
        return value.value
    return {"@value": value.value, "@type": _compact(value.datatype.value)}


def _compact(iri: str) -> str:
    for name, start in PREFIXES.items():
        if iri.startswith(start):
            return f"{name}:{iri.removeprefix(start)}"
    return iri
