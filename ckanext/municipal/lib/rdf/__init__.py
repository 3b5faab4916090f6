"""RDF of others is parsed without asking anybody, within limits of memory and time.

rdflib 7 reads whatever URL or file a JSON-LD document names as its ``@context`` (JSON-LD 1.1 §9.6
leaves that to the implementation), keeps as many triples as come, and copies what it has of a text
of RDF/XML with every piece that comes. External entities need no care: ``xml.sax`` resolves none
since Python 3.7.1.
"""

from __future__ import annotations

from rdflib import plugin
from rdflib.parser import Parser
from rdflib.plugins.parsers import rdfxml
from rdflib.plugins.shared.jsonld import context as jsonld_context

from ckanext.municipal.lib.rdf.contexts import ContextRefused, local_context
from ckanext.municipal.lib.rdf.limits import (
    MAX_TRIPLES,
    LimitedStore,
    RdfRefused,
    too_many_triples,
)
from ckanext.municipal.lib.rdf.xml import BoundedRdfXml, BoundedSax
from ckanext.municipal.lib.texts import N_

__all__ = [
    "MAX_TRIPLES",
    "ContextRefused",
    "LimitedStore",
    "RdfRefused",
    "bound_parsers",
    "check_document",
    "local_context",
]

_PARSERS = "rdflib.plugins.parsers."
_BOUNDED = frozenset({"rdfxml", "notation3", "ntriples", "nquads", "trig", "jsonld"})


def check_document(data: str, format_: str, max_triples: int = MAX_TRIPLES) -> None:
    """Refuse a document whose cost no number of triples limits.

    ``format_`` is a name or media type that rdflib knows; what it does not know is left to it. Its
    readers of formats that no catalogue comes in (TriX and others) have no limits. An object of
    JSON-LD may be no triple at all, and costs as much as one. Raises ``RdfRefused``.
    """
    try:
        module = plugin.get(format_, Parser).__module__.removeprefix(_PARSERS)
    except plugin.PluginException:
        return
    if module not in _BOUNDED:
        raise RdfRefused(
            N_("RDF of the format {format} is not read. Use RDF/XML, Turtle or JSON-LD."),
            format=format_,
        )
    objects = data.count("{")
    if module == "jsonld" and objects > 2 * max_triples:
        raise too_many_triples(max_triples)


def bound_parsers() -> None:
    """Make everything that this process parses do with local contexts and bounded texts.

    Replaces the one call by which rdflib fetches a context, and its reader of RDF/XML: its parsers
    take neither a loader of documents nor another reader.
    """
    replaced = (
        (jsonld_context, "source_to_json", local_context),
        (rdfxml, "RDFXMLHandler", BoundedRdfXml),
        (rdfxml, "make_parser", BoundedSax),
    )
    for module, name, ours in replaced:
        setattr(module, name, ours)
