"""Statements of pyoxigraph found by subject, object, class and path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.municipal.lib.rdf.demands import iri

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal | Triple


class Statement(Protocol):
    """A triple or quad of pyoxigraph."""

    @property
    def subject(self) -> Node: ...
    @property
    def predicate(self) -> NamedNode: ...
    @property
    def object(self) -> Term: ...


class Statements:
    """Statements found by subject, by object, and by class."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._objects: dict[tuple[Term, NamedNode], dict[Term, None]] = defaultdict(dict)
        self._subjects: dict[tuple[Term, NamedNode], dict[Term, None]] = defaultdict(dict)
        for each in statements:
            self._objects[each.subject, each.predicate][each.object] = None
            self._subjects[each.object, each.predicate][each.subject] = None

    def of_class(self, name: str) -> list[Term]:
        """Return what has a class, told as a prefixed name."""
        return list(self._subjects.get((node(name), node("rdf:type")), ()))

    def has_class(self, term: Term, names: tuple[str, ...]) -> bool:
        """Tell whether a term has one of several classes."""
        classes = self._objects.get((term, node("rdf:type")), {})
        return any(node(name) in classes for name in names)

    def values(self, start: Term, path: str) -> list[Term]:
        """Return the terms at the end of a path (see ``Demand``), each once."""
        found: dict[Term, None] = {}
        for steps in _paths(path):
            ends: dict[Term, None] = {start: None}
            for inverse, predicate in steps:
                index = self._subjects if inverse else self._objects
                ends = {end: None for each in ends for end in index.get((each, predicate), ())}
            found |= ends
        return list(found)


@cache
def node(name: str) -> NamedNode:
    """Return the term of a prefixed name."""
    return NamedNode(iri(name))


@cache
def _paths(path: str) -> tuple[tuple[tuple[bool, NamedNode], ...], ...]:
    """Return the alternatives of a path, each as its steps: whether inverse, and the property."""
    return tuple(
        tuple((step.startswith("^"), node(step.removeprefix("^"))) for step in way.split("/"))
        for way in path.split("|")
    )


def said(term: Term) -> str:
    """Return what a term says without the marks of a syntax: its IRI, text, or a blank node's name."""
    return term.value if isinstance(term, (NamedNode, Literal, BlankNode)) else str(term)
