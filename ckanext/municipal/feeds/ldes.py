"""DCAT-AP Feeds: a page of a Linked Data Event Stream as a document. Pure.

What a page says of the stream and of each change is in the default graph, what a dataset says since
a change in the graph of that name. https://semiceu.github.io/LDES-DCAT-AP-feeds/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from ckanext.municipal.feeds.forms import Form
from ckanext.municipal.lib.rdf import fragments
from ckanext.municipal.lib.rdf.fragments import PREFIXES

FORMS = (
    Form("trig", "application/trig", ("trig",)),
    Form("jsonld", "application/ld+json", ("jsonld",)),
    Form("nquads", "application/n-quads", ("nq",)),
)
_AS, _LDES, _TREE, _XSD = (PREFIXES[name] for name in ("as", "ldes", "tree", "xsd"))
_FORMS_OF_TRIPLES = {"trig": "turtle", "jsonld": "jsonld", "nquads": "ntriples"}
_TYPE = fragments.RDF + "type"
_END_OF_LINE = re.compile(rb" \.$", re.M)

_Term = NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Closed:
    """A page to which nothing is added: its address, and when the first and last change on it were."""

    address: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A page: the stream's own IRI, its root (the address where readers begin), the page's address.

    ``closed`` are the other pages that the root leads to.
    """

    stream: str
    root: str
    address: str
    closed: Sequence[Closed] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A change: its IRI, what kind it is (Create, Update or Delete), of which dataset, since when.

    ``ntriples`` is what the dataset says since then, None of a Delete.
    """

    iri: str
    kind: str
    uri: str
    published: datetime
    ntriples: bytes | None


def document(form: str, page: Page, members: Sequence[Member]) -> bytes:
    """Return a page with its members in one of `FORMS`, the same bytes for the same page."""
    of_triples = _FORMS_OF_TRIPLES[form]
    told = fragments.fragment(of_triples, [*_about_page(page, members), *_about(members)])
    versions = (_version(form, each.iri, each.ntriples) for each in members if each.ntriples)
    return fragments.document(of_triples, [told, *versions])


def _version(form: str, name: str, ntriples: bytes) -> bytes:
    """The graph of a change: what the dataset says."""
    if form == "nquads":
        return _END_OF_LINE.sub(f" <{name}> .".encode(), ntriples)
    triples = [quad.triple for quad in parse(ntriples, format=RdfFormat.N_TRIPLES)]
    said = fragments.fragment(_FORMS_OF_TRIPLES[form], triples)
    if form == "trig":
        return b"<%s> {\n%s}\n" % (name.encode(), said)
    return b'{"@id": "%s", "@graph": [\n%s\n]}' % (name.encode(), said)


def _about_page(page: Page, members: Iterable[Member]) -> Iterator[Triple]:
    yield from _said(
        page.stream,
        (_TYPE, NamedNode(_LDES + "EventStream")),
        (_LDES + "timestampPath", NamedNode(_AS + "published")),
        (_LDES + "versionOfPath", NamedNode(_AS + "object")),
        (_TREE + "view", NamedNode(page.root)),
        *((_TREE + "member", NamedNode(each.iri)) for each in members),
    )
    yield from _said(page.address, (_TYPE, NamedNode(_TREE + "Node")))
    if page.address != page.root:
        return
    view, kept = f"{page.root}#view", f"{page.root}#retention"
    amount = Literal("1", datatype=NamedNode(_XSD + "integer"))
    yield from _said(page.root, (_TREE + "viewDescription", NamedNode(view)))
    for number in range(2 * len(page.closed)):
        relation = NamedNode(f"{page.root}#relation-{number + 1}")
        yield from _said(page.root, (_TREE + "relation", relation))
    yield from _said(view, (_LDES + "retentionPolicy", NamedNode(kept)))
    policy = NamedNode(_LDES + "LatestVersionSubset")
    yield from _said(kept, (_TYPE, policy), (_LDES + "amount", amount))
    for number, closed in enumerate(page.closed):
        yield from _bound(page.root, 2 * number + 1, "GreaterThan", closed.since, closed)
        yield from _bound(page.root, 2 * number + 2, "LessThan", closed.until, closed)


def _bound(root: str, number: int, side: str, moment: datetime, to: Closed) -> Iterator[Triple]:
    return _said(
        f"{root}#relation-{number}",
        (_TYPE, NamedNode(f"{_TREE}{side}OrEqualToRelation")),
        (_TREE + "path", NamedNode(_AS + "published")),
        (_TREE + "value", _moment(moment)),
        (_TREE + "node", NamedNode(to.address)),
    )


def _about(members: Iterable[Member]) -> Iterator[Triple]:
    """Yield what is said of changes: nothing else may be, by the official shape."""
    for member in members:
        yield from _said(
            member.iri,
            (_TYPE, NamedNode(_AS + member.kind)),
            (_AS + "object", NamedNode(member.uri)),
            (_AS + "published", _moment(member.published)),
        )


def _said(subject: str, *said: tuple[str, _Term]) -> Iterator[Triple]:
    for predicate, value in said:
        yield Triple(NamedNode(subject), NamedNode(predicate), value)


def _moment(moment: datetime) -> Literal:
    return Literal(moment.isoformat(), datatype=NamedNode(_XSD + "dateTime"))
