"""A record as unqualified Dublin Core, the form that every OAI-PMH repository has to give. Pure.

http://www.openarchives.org/OAI/2.0/oai_dc.xsd
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.municipal.lib.rdf.fragments import PREFIXES

_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_HEAD = (
    f'<oai_dc:dc xmlns:oai_dc="{_OAI_DC}" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    f' xsi:schemaLocation="{_OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd">'
)
_DCT, _FOAF, _SKOS = PREFIXES["dct"], PREFIXES["foaf"], PREFIXES["skos"]
# Element, property of the dataset, and by which property a thing is told where it is not a text.
_ELEMENTS = (
    ("title", _DCT + "title", ""),
    ("creator", _DCT + "creator", _FOAF + "name"),
    ("subject", PREFIXES["dcat"] + "theme", _SKOS + "prefLabel"),
    ("subject", PREFIXES["dcat"] + "keyword", ""),
    ("description", _DCT + "description", ""),
    ("publisher", _DCT + "publisher", _FOAF + "name"),
    ("date", _DCT + "modified", ""),
    ("date", _DCT + "issued", ""),
    ("identifier", _DCT + "identifier", ""),
    ("identifier", PREFIXES["dcat"] + "landingPage", ""),
    ("language", _DCT + "language", ""),
    ("rights", _DCT + "accessRights", ""),
)
_OF_DISTRIBUTIONS = (("format", _DCT + "format"), ("rights", _DCT + "license"))


def record(subject: str, triples: Sequence[Triple]) -> bytes:
    """Return the ``oai_dc:dc`` element of a dataset, with its namespaces and without a declaration."""
    lines = [_HEAD]
    for name, text, language in dict.fromkeys(_said(subject, triples)):
        tag = f"dc:{name} xml:lang={quoteattr(language)}" if language else f"dc:{name}"
        lines.append(f"<{tag}>{escape(text)}</dc:{name}>")
    return "\n".join([*lines, "</oai_dc:dc>\n"]).encode()


def _said(subject: str, triples: Sequence[Triple]) -> Iterator[tuple[str, str, str]]:
    """Yield element, text and language."""
    about: dict[tuple[str, str], list[NamedNode | Literal]] = {}
    for triple in triples:
        key = triple.subject.value, triple.predicate.value  # type: ignore[union-attr]
        about.setdefault(key, []).append(triple.object)  # type: ignore[arg-type]
    for name, predicate, told_by in _ELEMENTS:
        for value in about.get((subject, predicate), []):
            names = about.get((value.value, told_by)) if isinstance(value, NamedNode) else None
            for each in names or [value]:
                yield name, each.value, each.language or "" if isinstance(each, Literal) else ""
    yield "identifier", subject, ""
    yield "type", "Dataset", ""
    for distribution in about.get((subject, PREFIXES["dcat"] + "distribution"), []):
        for name, predicate in _OF_DISTRIBUTIONS:
            for value in about.get((distribution.value, predicate), []):
                yield name, value.value, ""
