"""Answers of OAI-PMH as XML, elements in the order of its schema. Pure.

https://www.openarchives.org/OAI/2.0/OAI-PMH.xsd
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from ckanext.municipal.feeds.oai.requests import moment
from ckanext.municipal.feeds.triples import clean
from ckanext.municipal.lib.rdf import fragments
from ckanext.municipal.lib.rdf.fragments import RDF

_OAI = "http://www.openarchives.org/OAI/2.0/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<OAI-PMH xmlns="{_OAI}" xmlns:xsi="{_XSI}" xsi:schemaLocation="{_OAI} {_OAI}OAI-PMH.xsd">\n'
)
_TAIL = b"</OAI-PMH>\n"
# Prefix -> schema and namespace (§4.4).
FORMATS = {
    "dcat_ap": (f"{_OAI}rdf.xsd", RDF),
    "oai_dc": (f"{_OAI}oai_dc.xsd", f"{_OAI}oai_dc/"),
}
COLUMNS = {"dcat_ap": "rdfxml", "oai_dc": "oai_dc"}
"""Prefix -> the column of the table of records that holds the metadata."""


@dataclass(frozen=True, slots=True)
class Repository:
    """Who answers: the one address of all requests, what Identify tells (§4.2)."""

    address: str
    name: str
    email: str
    earliest: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A record: identifier, moment of its last change, its sets; what it says unless it is gone."""

    identifier: str
    changed: datetime
    sets: tuple[str, ...]
    gone: bool
    metadata: bytes | None = None


def document(address: str, at: datetime, arguments: Mapping[str, str], body: bytes) -> bytes:
    """Return a whole answer to a request that was asked with ``arguments``, at a moment."""
    said = "".join(f" {name}={quoteattr(clean(text))}" for name, text in arguments.items())
    top = f"<responseDate>{moment(at)}</responseDate>\n<request{said}>{_text(address)}</request>\n"
    return b"".join((_HEAD.encode(), top.encode(), body, _TAIL))


def problems(told: Iterable[tuple[str, str]]) -> bytes:
    """Return codes of errors with their sentences."""
    lines = (f"<error code={quoteattr(code)}>{_text(text)}</error>\n" for code, text in told)
    return "".join(lines).encode()


def identify(about: Repository) -> bytes:
    """Return what the repository says of itself."""
    said = (
        ("repositoryName", about.name),
        ("baseURL", about.address),
        ("protocolVersion", "2.0"),
        ("adminEmail", about.email),
        ("earliestDatestamp", moment(about.earliest)),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        ("compression", "gzip"),
    )
    return _element("Identify", *(_line(name, text) for name, text in said))


def formats() -> bytes:
    """Return the formats that every record is there in."""
    return _element(
        "ListMetadataFormats",
        *(
            _element(
                "metadataFormat",
                _line("metadataPrefix", prefix),
                _line("schema", schema),
                _line("metadataNamespace", namespace),
            )
            for prefix, (schema, namespace) in FORMATS.items()
        ),
    )


def sets(told: Iterable[tuple[str, str]]) -> bytes:
    """Return sets by their specification and name."""
    named = (_element("set", _line("setSpec", s), _line("setName", name)) for s, name in told)
    return _element("ListSets", *named)


def listed(verb: str, prefix: str, records: Iterable[Told], more: bytes = b"") -> bytes:
    """Return records, or their headers if the verb is ListIdentifiers, and a resumption token."""
    only_headers = verb == "ListIdentifiers"
    told = (_header(each) if only_headers else _record(prefix, each) for each in records)
    return _element(verb, *told, more)


def more(token: str, size: int, cursor: int) -> bytes:
    """Return a resumption token ("" at the end of a list), the size of the list and the place in it."""
    counted = f'completeListSize="{size}" cursor="{cursor}"'
    return f"<resumptionToken {counted}>{_text(token)}</resumptionToken>\n".encode()


def _record(prefix: str, told: Told) -> bytes:
    if told.gone or told.metadata is None:
        return _element("record", _header(told))
    return _element("record", _header(told), _element("metadata", _said(prefix, told.metadata)))


def _said(prefix: str, metadata: bytes) -> bytes:
    """The one element that a record's metadata is."""
    if prefix != "dcat_ap":
        return metadata
    declaration_and_root = fragments.head("rdfxml").partition(b"\n")
    return declaration_and_root[2] + metadata + fragments.tail("rdfxml")


def _header(told: Told) -> bytes:
    status = b' status="deleted"' if told.gone else b""
    lines = (
        _line("identifier", told.identifier),
        _line("datestamp", moment(told.changed)),
        *(_line("setSpec", each) for each in told.sets),
    )
    return b"<header%s>\n%s</header>\n" % (status, b"".join(lines))


def _element(name: str, *parts: bytes) -> bytes:
    tag = name.encode()
    return b"<%s>\n%s</%s>\n" % (tag, b"".join(parts), tag)


def _line(name: str, text: str) -> bytes:
    return f"<{name}>{_text(text)}</{name}>\n".encode()


def _text(text: str) -> str:
    return escape(clean(text))
