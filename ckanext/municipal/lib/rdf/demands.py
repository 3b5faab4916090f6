"""What an application profile demands of the nodes of a class: the words that its facts are told in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "time": "http://www.w3.org/2006/time#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class Kind(StrEnum):
    """What sort of RDF term a value has to be."""

    LITERAL = "literal"
    NODE = "node"  # an IRI or a blank node
    IRI = "iri"


@dataclass(frozen=True, slots=True)
class Demand:
    """What the values of a property have to be, told in prefixed names.

    ``path`` is a property, or several (``a|b``), one after the other (``a/b``), from the value's side
    (``^a``). ``of`` are the classes of which a value has to have one, ``datatypes`` likewise;
    ``value`` has to be among the values, each of which has to be in ``scheme``. ``advice`` is not
    mandatory.
    """

    path: str
    least: int = 0
    most: int | None = None
    kind: Kind | None = None
    of: tuple[str, ...] = ()
    datatypes: tuple[str, ...] = ()
    value: str = ""
    scheme: str = ""
    advice: bool = False


Demands = dict[str, tuple[Demand, ...]]


@cache
def iri(name: str) -> str:
    """Return the IRI of a prefixed name (``dct:title``); what has no known prefix is one already."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else name
