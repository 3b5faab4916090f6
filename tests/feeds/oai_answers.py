"""Answers of OAI-PMH read as strictly as its specification and schema describe them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from lxml import etree  # type: ignore[attr-defined]
from pyoxigraph import RdfFormat, parse

OAI = "{http://www.openarchives.org/OAI/2.0/}"
RDF_ROOT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
DC_ROOT = "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?"
_SET = r"([A-Za-z0-9\-_\.!~\*'\(\)])+(:[A-Za-z0-9\-_\.!~\*'\(\)]+)*"
_PREFIX = r"[A-Za-z0-9\-_\.!~\*'\(\)]+"
CODES = (
    *("cannotDisseminateFormat", "idDoesNotExist", "badArgument", "badVerb", "noMetadataFormats"),
    *("noRecordsMatch", "badResumptionToken", "noSetHierarchy"),
)
VERBS = (
    *("Identify", "ListMetadataFormats", "ListSets"),
    *("GetRecord", "ListIdentifiers", "ListRecords"),
)


def _text(pattern: str) -> str:
    return f'<data type="string"><param name="pattern">{pattern}</param></data>'


def _element(name: str, *content: str) -> str:
    return f'<element name="{name}">{"".join(content)}</element>'


def _many(name: str, *content: str) -> str:
    return f"<{name}>{''.join(content)}</{name}>"


def _attribute(name: str, content: str) -> str:
    return f'<optional><attribute name="{name}">{content}</attribute></optional>'


def _one_of(values: tuple[str, ...]) -> str:
    return _many("choice", *(f"<value>{value}</value>" for value in values))


_TOKEN = _many(
    "optional",
    _element(
        "resumptionToken",
        _attribute("completeListSize", '<data type="positiveInteger"/>'),
        _attribute("cursor", '<data type="nonNegativeInteger"/>'),
        _attribute("expirationDate", _text(_MOMENT)),
        "<text/>",
    ),
)
_HEADER = _element(
    "header",
    _attribute("status", "<value>deleted</value>"),
    _element("identifier", '<data type="anyURI"/>'),
    _element("datestamp", _text(_DATE)),
    _many("zeroOrMore", _element("setSpec", _text(_SET))),
)
_ANY = '<element><anyName/><ref name="inside"/></element>'
_RECORD = _element("record", _HEADER, _many("optional", _element("metadata", _ANY)))
_BODIES = (
    _many(
        "oneOrMore",
        _element("error", f'<attribute name="code">{_one_of(CODES)}</attribute><text/>'),
    ),
    _element(
        "Identify",
        _element("repositoryName", "<text/>"),
        _element("baseURL", '<data type="anyURI"/>'),
        _element("protocolVersion", "<value>2.0</value>"),
        _many("oneOrMore", _element("adminEmail", _text(r"\S+@(\S+\.)+\S+"))),
        _element("earliestDatestamp", _text(_DATE)),
        _element("deletedRecord", _one_of(("no", "persistent", "transient"))),
        _element("granularity", _one_of(("YYYY-MM-DD", "YYYY-MM-DDThh:mm:ssZ"))),
        _many("zeroOrMore", _element("compression", "<text/>")),
    ),
    _element(
        "ListMetadataFormats",
        _many(
            "oneOrMore",
            _element(
                "metadataFormat",
                _element("metadataPrefix", _text(_PREFIX)),
                _element("schema", '<data type="anyURI"/>'),
                _element("metadataNamespace", '<data type="anyURI"/>'),
            ),
        ),
    ),
    _element(
        "ListSets",
        _many(
            "oneOrMore",
            _element("set", _element("setSpec", _text(_SET)), _element("setName", "<text/>")),
        ),
        _TOKEN,
    ),
    _element("GetRecord", _RECORD),
    _element("ListIdentifiers", _many("oneOrMore", _HEADER), _TOKEN),
    _element("ListRecords", _many("oneOrMore", _RECORD), _TOKEN),
)
_REQUEST = _element(
    "request",
    _attribute("verb", _one_of(VERBS)),
    _attribute("identifier", '<data type="anyURI"/>'),
    _attribute("metadataPrefix", _text(_PREFIX)),
    _attribute("from", _text(_DATE)),
    _attribute("until", _text(_DATE)),
    _attribute("set", _text(_SET)),
    _attribute("resumptionToken", "<text/>"),
    '<data type="anyURI"/>',
)
_WHOLE = _element(
    "OAI-PMH",
    f'<optional><attribute ns="{_XSI}" name="schemaLocation"/></optional>',
    _element("responseDate", _text(_MOMENT)),
    _REQUEST,
    _many("choice", *_BODIES),
)
_INSIDE = (
    '<define name="inside"><zeroOrMore><choice><text/><attribute><anyName/></attribute>'
    f"{_ANY}</choice></zeroOrMore></define>"
)


@cache
def schema() -> etree.RelaxNG:
    """Return the rules of an answer, by the specification's own description of each element."""
    grammar = (
        f'<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="{OAI[1:-1]}"'
        ' datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">'
        f"<start>{_WHOLE}</start>{_INSIDE}</grammar>"
    )
    return etree.RelaxNG(etree.fromstring(grammar))


def answer(body: bytes) -> Any:
    """Return a valid answer as an element."""
    root = etree.fromstring(body)
    schema().assertValid(root)
    for record in root.iter(f"{OAI}record"):
        gone = record.find(f"{OAI}header").get("status") == "deleted"
        assert (record.find(f"{OAI}metadata") is None) == gone
    return root


def codes(root: Any) -> list[str]:
    """Return the codes of the errors of an answer."""
    return [error.get("code") for error in root.findall(f"{OAI}error")]


@dataclass(frozen=True)
class Record:
    """A record as it was read: identifier, datestamp, sets; what it says, None where it is gone."""

    identifier: str
    datestamp: str
    sets: tuple[str, ...]
    said: frozenset[Any] | None

    @property
    def dataset_id(self) -> str:
        """The last part of the identifier."""
        return self.identifier.rpartition(":")[2]


@dataclass
class Harvester:
    """Harvests a portal's `/oai` in RDF; ``mirror`` is what each dataset says, by its id."""

    app: Any
    mirror: dict[str, frozenset[Any]] = field(default_factory=dict)
    since: str = ""

    def harvest(self, between: Callable[[], None] = lambda: None, **asked: str) -> list[Record]:
        """Read a list to its end, ``between`` answers somebody works; what it says goes into the mirror.

        The next harvest asks from the moment that the first answer of this one told.
        """
        period = {"from": self.since} if self.since else {}
        found = []
        for number, root in enumerate(self.pages(metadataPrefix="dcat_ap", **period, **asked)):
            if number == 0:
                self.since = root.findtext(f"{OAI}responseDate")
            found += records(root)
            between()
        for record in found:
            if record.said is None:
                self.mirror.pop(record.dataset_id, None)
            else:
                self.mirror[record.dataset_id] = record.said
        return found

    def pages(self, verb: str = "ListRecords", **asked: str) -> Iterator[Any]:
        """Yield the answers of a list."""
        told = 0
        while asked:
            root = self.ask(verb=verb, **asked)
            yield root
            token = root.find(f".//{OAI}resumptionToken")
            if token is None or not token.text:
                return
            assert int(token.get("cursor")) == told
            told += len(root.findall(f".//{OAI}header"))
            asked = {"resumptionToken": token.text}

    def ask(self, **asked: str) -> Any:
        """Return the answer to one question."""
        answered = self.app.get(f"/oai?{urlencode(asked)}")
        assert answered.content_type == "text/xml; charset=utf-8"
        return answer(answered.get_data())


def records(root: Any) -> list[Record]:
    """Return the records of an answer in RDF."""
    return [_record(each) for each in root.iter(f"{OAI}record")]


def _record(record: Any) -> Record:
    header = record.find(f"{OAI}header")
    metadata = record.find(f"{OAI}metadata")
    said = None
    if metadata is not None:
        (rdf,) = metadata
        assert rdf.tag == RDF_ROOT
        quads = parse(etree.tostring(rdf), format=RdfFormat.RDF_XML)
        said = frozenset(quad.triple for quad in quads)
    sets = tuple(each.text for each in header.findall(f"{OAI}setSpec"))
    identifier, datestamp = (
        header.findtext(f"{OAI}{name}") for name in ("identifier", "datestamp")
    )
    return Record(identifier, datestamp, sets, said)
