"""What of a graph breaks the demands of an application profile: a SHACL processor's verdict in milliseconds.

Knows the constraints that DCAT-AP and DCAT-AP HVD are made of, and answers as a SHACL processor does
(https://www.w3.org/TR/shacl/), without inference: a class is had by whom the graph says it of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import Literal, NamedNode

from ckanext.municipal.lib.rdf.datatypes import well_formed
from ckanext.municipal.lib.rdf.demands import Demand, Demands, Kind, iri
from ckanext.municipal.lib.rdf.statements import Statements, Term, node, said

_XSD = iri("xsd:")


class Fault(StrEnum):
    """In what way a demand is broken."""

    MISSING = "missing"
    TOO_MANY = "too-many"
    NOT_A_TEXT = "not-a-text"
    NOT_A_LINK = "not-a-link"
    WRONG_FORM = "wrong-form"
    WRONG_CLASS = "wrong-class"
    VALUE_MISSING = "value-missing"
    NOT_IN_SCHEME = "not-in-scheme"


@dataclass(frozen=True, slots=True)
class Violation:
    """A node of a class (``dcat:Dataset``) that breaks a demand, with the value that does it.

    ``count`` is how many values there are; ``value`` is empty where it is not about one.
    """

    node: Term
    of: str
    demand: Demand
    fault: Fault
    value: str = ""
    count: int = 0


def violations(graph: Statements, *profiles: Demands) -> list[Violation]:
    """Return what breaks the demands of profiles, each once, sorted by node and demand."""
    found = {
        violation
        for profile in profiles
        for of, demands in profile.items()
        for subject in graph.of_class(of)
        for demand in demands
        for violation in _broken(graph, subject, of, demand)
    }
    return sorted(found, key=_order)


def _order(violation: Violation) -> tuple[str, ...]:
    demand = violation.demand
    return str(violation.node), violation.of, demand.path, violation.fault, violation.value


def _broken(graph: Statements, subject: Term, of: str, demand: Demand) -> Iterator[Violation]:
    values = graph.values(subject, demand.path)
    count = len(values)
    if count < demand.least:
        yield Violation(subject, of, demand, Fault.MISSING)
    elif demand.value and node(demand.value) not in values:
        yield Violation(subject, of, demand, Fault.VALUE_MISSING, count=count)
    if demand.most is not None and count > demand.most:
        yield Violation(subject, of, demand, Fault.TOO_MANY, count=count)
    for value in values:
        fault = _fault(graph, value, demand)
        if fault:
            yield Violation(subject, of, demand, fault, said(value), count)


def _fault(graph: Statements, value: Term, demand: Demand) -> Fault | None:
    """Return the first way in which a value is not what it has to be."""
    wrong_kind = _kind_fault(value, demand)
    if wrong_kind:
        return wrong_kind
    if demand.datatypes and not _has_datatype(value, demand.datatypes):
        return Fault.WRONG_FORM
    if demand.of and not graph.has_class(value, demand.of):
        return Fault.WRONG_CLASS
    if demand.scheme and node(demand.scheme) not in graph.values(value, "skos:inScheme"):
        return Fault.NOT_IN_SCHEME
    return None


def _kind_fault(value: Term, demand: Demand) -> Fault | None:
    literal = isinstance(value, Literal)
    if demand.kind is Kind.LITERAL:
        return None if literal else Fault.NOT_A_TEXT
    if demand.kind is Kind.IRI:
        return None if isinstance(value, NamedNode) else Fault.NOT_A_LINK
    return Fault.NOT_A_LINK if literal and (demand.kind or demand.of) else None


def _has_datatype(value: Term, datatypes: tuple[str, ...]) -> bool:
    if not isinstance(value, Literal):
        return False
    datatype = "xsd:" + value.datatype.value.removeprefix(_XSD)
    return datatype in datatypes and well_formed(value.value, datatype)
