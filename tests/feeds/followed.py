"""A reader of /feeds/changes that takes nothing for granted, and the mirror that it keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, parse

from tests.feeds.portal import path

AS, TREE, LDES = (
    "https://www.w3.org/ns/activitystreams#",
    "https://w3id.org/tree#",
    "https://w3id.org/ldes#",
)
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SYNTAXES = {"trig": RdfFormat.TRIG, "jsonld": RdfFormat.JSON_LD, "nq": RdfFormat.N_QUADS}
KINDS = {f"{AS}Create", f"{AS}Update", f"{AS}Delete"}


@dataclass(frozen=True)
class Event:
    """A change: its IRI, its kind, of which dataset, when, and what is said since then."""

    iri: str
    kind: str
    uri: str
    published: datetime
    triples: frozenset[Any]


@dataclass
class Reader:
    """Follows a feed in one form; ``mirror`` is what each dataset says, ``fetched`` what was asked for."""

    app: Any
    form: str
    mirror: dict[str, frozenset[Any]] = field(default_factory=dict)
    known: dict[str, Event] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    fetched: list[str] = field(default_factory=list)

    def poll(self, between: Callable[[], None] = lambda: None) -> list[Event]:
        """Read what is new since the last time, ``between`` pages somebody works; returns it in order."""
        root = f"http://test.ckan.net/feeds/changes.{self.form}"
        _, page = self._page(root)
        found = list(events(page))
        for address, since, until in relations(page, root):
            if address not in self.closed:
                between()
                answer, older = self._page(address)
                assert "immutable" in answer.headers["Cache-Control"]
                for event in events(older):
                    assert since <= event.published <= until
                    found.append(event)
                self.closed.add(address)
        new = {event.iri: event for event in found if event.iri not in self.known}
        for event in found:
            assert self.known.setdefault(event.iri, event) == event, "a change was changed"
        return [self._apply(new[iri]) for iri in sorted(new, key=lambda iri: new[iri].published)]

    def _apply(self, event: Event) -> Event:
        if event.kind == "Delete":
            self.mirror.pop(event.uri, None)
        else:
            self.mirror[event.uri] = event.triples
        return event

    def _page(self, address: str) -> tuple[Any, Store]:
        self.fetched.append(address)
        answer = self.app.get(path(address))
        return answer, store(answer.get_data(), self.form)


def store(body: bytes, form: str) -> Store:
    """Return a page as a store, read strictly; it says nothing of blank nodes."""
    found = Store()
    found.extend(parse(body, format=SYNTAXES[form]))
    assert all(isinstance(quad.subject, NamedNode) for quad in found)
    return found


def events(page: Store) -> Iterator[Event]:
    """Yield the members of a page, each closed as the official shape wants it."""
    graphs = {graph.value for graph in page.named_graphs()}
    for member in _objects(page, None, f"{TREE}member"):
        about: list[Any] = list(page.quads_for_pattern(member, None, None, DefaultGraph()))
        said = {quad.predicate.value: quad.object for quad in about}
        assert len(about) == 3
        assert set(said) == {TYPE, f"{AS}object", f"{AS}published"}
        kind = said[TYPE].value
        assert kind in KINDS
        triples = frozenset(
            quad.triple for quad in page.quads_for_pattern(None, None, None, member)
        )
        assert (member.value in graphs) == bool(triples) == (kind != f"{AS}Delete")
        published = datetime.fromisoformat(said[f"{AS}published"].value)
        uri = said[f"{AS}object"].value
        assert not triples or any(triple.subject == NamedNode(uri) for triple in triples)
        yield Event(member.value, kind.removeprefix(AS), uri, published, triples)


def relations(page: Store, root: str) -> Iterator[tuple[str, datetime, datetime]]:
    """Yield the address of each page that the root leads to, and the bounds of what is on it."""
    assert [view.value for view in _objects(page, None, f"{TREE}view")] == [root]
    bounds: dict[str, dict[str, datetime]] = {}
    for relation in _objects(page, NamedNode(root), f"{TREE}relation"):
        about: list[Any] = list(page.quads_for_pattern(relation, None, None, DefaultGraph()))
        said: dict[str, Any] = {quad.predicate.value: quad.object for quad in about}
        assert said[f"{TREE}path"].value == f"{AS}published"
        kind = said[TYPE].value.removeprefix(TREE)
        moment = datetime.fromisoformat(said[f"{TREE}value"].value)
        bounds.setdefault(said[f"{TREE}node"].value, {})[kind] = moment
    for address, found in bounds.items():
        yield address, found["GreaterThanOrEqualToRelation"], found["LessThanOrEqualToRelation"]


def _objects(page: Store, subject: Any, predicate: str) -> list[Any]:
    pattern = (subject, NamedNode(predicate), None, DefaultGraph())
    return [quad.object for quad in page.quads_for_pattern(*pattern)]
