"""From the graph that profiles made to triples that every form can say and every reader can read. Pure.

Blank nodes get IRIs that stay the same while what they say does, texts lose what XML 1.0 cannot
hold, addresses are mended where that is possible without guessing. The order is one and the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import quote

import rdflib
from pyoxigraph import Literal, NamedNode, Triple
from rdflib.namespace import RDF
from rdflib.term import Node

from ckanext.municipal.feeds import rules
from ckanext.municipal.lib.rdf.fragments import PREFIXES
from ckanext.municipal.quality.findings import Finding

# XML 1.0 (fifth edition) §2.2, the complement of Char.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = re.compile("\r\n?")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LOST_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# RFC 3987 §2.2 has all these in no place.
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`\x7f-\x9f\ue000-\uf8ff]')
# XML can name a property or class only by what ends in a name (RDF/XML §2.3), as every reader knows names.
_NAMED = re.compile(r"[/#:]([A-Za-z_][A-Za-z0-9_.-]*)\Z")
_KEPT_IN_NAME = 60


@dataclass(slots=True)
class Triples:
    """Triples in their order, and what was wrong with the graph that they come from."""

    subject: str
    triples: list[Triple]
    findings: list[Finding] = field(default_factory=list)


def of_graph(graph: rdflib.Graph, subject: str) -> Triples:
    """Return what a graph says, ``subject`` (the dataset's URI) first.

    What cannot be said is left out and told as a finding. Raises rules.Unsayable where the URI itself
    is no address.
    """
    made = _Maker(graph, subject)
    triples = sorted(set(made.triples()), key=lambda triple: _order(triple, made.uri))
    return Triples(made.uri, triples, list(made.findings.values()))


def iri(text: str) -> str | None:
    """Return an address as a valid IRI (RFC 3987), what may not stand in it percent-encoded.

    None where that does not make it one: no scheme, or one that is a prefix here.
    """
    text = text.strip()
    scheme = _SCHEME.match(text)
    if not scheme or scheme.group()[:-1].lower() in PREFIXES:
        return None
    mended = _NOT_IN_IRI.sub(lambda found: quote(found.group()), _LOST_PERCENT.sub("%25", text))
    try:
        return NamedNode(mended).value
    except ValueError:
        return None


def clean(text: str) -> str:
    """Return a text without what XML 1.0 cannot hold, its lines ended as XML readers end them."""
    return _NOT_XML.sub("", _LINE_END.sub("\n", text))


def _order(triple: Triple, first: str) -> tuple[object, ...]:
    subject, predicate = triple.subject.value, triple.predicate.value  # type: ignore[union-attr]
    typed = predicate == str(RDF.type)
    return subject != first, subject, not typed, predicate, str(triple.object)


class _Maker:
    """One pass over a graph."""

    def __init__(self, graph: rdflib.Graph, subject: str) -> None:
        self._graph = graph
        self._root = rdflib.URIRef(subject)
        self._names: dict[rdflib.BNode, str] = {}
        self.findings: dict[tuple[str, str, str], Finding] = {}
        uri = iri(subject)
        if uri is None:
            raise rules.Unsayable(Finding(rules.NO_URI, values={"uri": clean(subject)}))
        self.uri = uri

    def triples(self) -> Iterator[Triple]:
        """Yield every triple that can be said."""
        for subject, predicate, value in self._graph:
            about, named = self._resource(subject, predicate), self._name(predicate, predicate)
            said = self._value(value, predicate)
            if about and named and said:
                yield Triple(about, named, said)

    def _value(self, value: Node, predicate: Node) -> NamedNode | Literal | None:
        if isinstance(value, rdflib.BNode):
            return self._resource(value, predicate)
        if predicate == RDF.type:
            return self._name(value, predicate)
        if isinstance(value, rdflib.Literal):
            return self._literal(value)
        return self._resource(value, predicate)

    def _resource(self, node: Node, predicate: Node) -> NamedNode | None:
        if isinstance(node, rdflib.BNode):
            return NamedNode(self._skolem(node))
        found = iri(str(node))
        if found is None:
            self._tell(rules.NO_ADDRESS, node, predicate)
            return None
        if found != str(node):
            self._tell(rules.MENDED_ADDRESS, node, predicate)
        return NamedNode(found)

    def _name(self, node: Node, predicate: Node) -> NamedNode | None:
        """Return a property or a class, None for what is no name."""
        found = iri(str(node))
        if found is None or not _NAMED.search(found):
            self._tell(rules.NO_NAME, node, predicate)
            return None
        return NamedNode(found)

    def _literal(self, value: rdflib.Literal) -> Literal:
        text = clean(str(value))
        if value.language:
            try:
                return Literal(text, language=value.language.lower())
            except ValueError:
                return Literal(text)
        datatype = iri(str(value.datatype)) if value.datatype else None
        return Literal(text, datatype=NamedNode(datatype)) if datatype else Literal(text)

    def _tell(self, rule: rules.Rule, value: Node, predicate: Node) -> None:
        name = re.split("[/#]", str(predicate))[-1]
        shown = clean(str(value))[:200]
        finding = Finding(rule, values={"value": shown, "property": name})
        self.findings.setdefault((rule.id, name, shown), finding)

    def _skolem(self, node: rdflib.BNode) -> str:
        """Return the IRI of a blank node, below whoever tells of it: the same whatever order it came in."""
        if node not in self._names:
            owner, role = self._owner(node, frozenset())
            joint = "-" if "#" in owner else "#"
            self._names[node] = f"{owner}{joint}{role}-{self._content(node, frozenset())[:12]}"
        return self._names[node]

    def _owner(self, node: Node, seen: frozenset[Node]) -> tuple[str, str]:
        """Return the IRI of the nearest named node that leads to a node, and the property that does."""
        leading = sorted(
            (not isinstance(s, rdflib.URIRef), s != self._root, str(p), str(s))
            for s, p in self._graph.subject_predicates(node)
            if isinstance(s, rdflib.URIRef) and iri(str(s))
        )
        if leading:
            *_, predicate, subject = leading[0]
            return iri(subject) or self.uri, _role(predicate)
        above = sorted(
            (*self._owner(s, seen | {node}), str(p))
            for s, p in self._graph.subject_predicates(node)
            if isinstance(s, rdflib.BNode) and s not in seen
        )
        return (above[0][0], _role(above[0][2])) if above else (self.uri, "node")

    def _content(self, node: Node, above: frozenset[Node]) -> str:
        """Return a digest of all that is said of a blank node; where it leads back to itself it ends."""
        if node in above:
            return "itself"
        inner = above | {node}
        said = sorted(
            f"{p} {self._content(o, inner) if isinstance(o, rdflib.BNode) else _spelled(o)}"
            for p, o in self._graph.predicate_objects(node)
        )
        return sha256("\n".join(said).encode("utf-8", "surrogatepass")).hexdigest()


def _spelled(value: Node) -> str:
    """Return a value so that no other is spelled alike."""
    if isinstance(value, rdflib.Literal):
        return repr((str(value), value.language, str(value.datatype)))
    return repr(str(value))


def _role(predicate: str) -> str:
    named = _NAMED.search(predicate)
    return named[1][:_KEPT_IN_NAME] if named else "node"
