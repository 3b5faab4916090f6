"""Values of a dataset's graph become what DCAT-AP wants them to be: nodes of the class it names.

A class that demands nothing of its own (a standard, a document, a licence ...) is said of whatever
address stands where one is wanted; a text that stands there becomes a node with the text as its
label. A value that would need more than that (an agent's name, a dataset) is left for the checker.
"""

from __future__ import annotations

from collections import deque
from functools import cache

from rdflib import RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ckanext.municipal.lib.rdf.dcat_ap import DCAT_AP
from ckanext.municipal.lib.rdf.dcat_ap_hvd import DCAT_AP_HVD
from ckanext.municipal.lib.rdf.demands import Demand, Kind, iri

_CONCEPT = "skos:Concept"
_OF_ANY_CLASS = ("dct:isReferencedBy", "dct:relation")


def settle(graph: Graph, dataset: Node, *, hvd: bool = False) -> None:
    """Give what a dataset refers to, near and far, the kinds and classes that DCAT-AP wants there.

    ``hvd``: those of DCAT-AP HVD too.
    """
    waiting, seen = deque([dataset]), {dataset}
    while waiting:
        node = waiting.popleft()
        for kind in list(graph.objects(node, RDF.type)):
            for demand in _demands(str(kind), hvd):
                _settle_property(graph, node, demand)
        found = set(graph.objects(node)) - seen
        found = {value for value in found if not isinstance(value, Literal)}
        seen |= found
        waiting.extend(found)


@cache
def _demands(kind: str, hvd: bool) -> tuple[Demand, ...]:
    """Return what is demanded of the properties of a class, told by its IRI."""
    profiles = (DCAT_AP, DCAT_AP_HVD) if hvd else (DCAT_AP,)
    return tuple(
        demand
        for profile in profiles
        for of, demands in profile.items()
        if iri(of) == kind
        for demand in demands
        if (demand.kind or demand.of) and not set("|/^") & set(demand.path)
    )


def _settle_property(graph: Graph, node: Node, demand: Demand) -> None:
    predicate = URIRef(iri(demand.path))
    for value in list(graph.objects(node, predicate)):
        if demand.kind is Kind.LITERAL and not isinstance(value, Literal):
            graph.remove((node, predicate, value))
            graph.add((node, predicate, Literal(str(value), datatype=XSD.anyURI)))
        elif demand.kind is not Kind.LITERAL and isinstance(value, Literal):
            if _may_be_named(demand):
                graph.remove((node, predicate, value))
                graph.add((node, predicate, _named(graph, value, demand)))
        elif demand.of and _may_be_said(demand.of[0]):
            _classify(graph, value, demand.of[0])


def _may_be_said(of: str) -> bool:
    """Tell whether a class demands nothing that only a value itself could say."""
    return of == _CONCEPT or not any(each.least for each in DCAT_AP.get(of, ()))


def _may_be_named(demand: Demand) -> bool:
    """Tell whether the name of what is meant will do where an address is wanted."""
    if demand.kind is Kind.IRI or demand.least:
        return False
    return _may_be_said(demand.of[0]) if demand.of else demand.path in _OF_ANY_CLASS


def _named(graph: Graph, name: Literal, demand: Demand) -> BNode:
    made = BNode()
    of = demand.of[0] if demand.of else "rdfs:Resource"
    graph.add((made, RDF.type, URIRef(iri(of))))
    graph.add((made, SKOS.prefLabel if of == _CONCEPT else RDFS.label, name))
    return made


def _classify(graph: Graph, value: Node, of: str) -> None:
    graph.add((value, RDF.type, URIRef(iri(of))))
    if of == _CONCEPT and (value, SKOS.prefLabel, None) not in graph:
        # A concept of a vocabulary that nobody here knows goes by the end of its address.
        code = str(value).rstrip("/#").replace("#", "/").rpartition("/")[2]
        graph.add((value, SKOS.prefLabel, Literal(code or str(value))))
