"""RDF of others is parsed without asking anybody: no remote or local contexts, no end of memory.

rdflib 7 reads whatever URL or file a JSON-LD document names as its ``@context`` (JSON-LD 1.1 §9.6
leaves that to the implementation), and keeps as many triples as come. RDF/XML needs no care of its
own: rdflib parses it by expat through ``xml.sax``, which since Python 3.7.1 resolves no external
entity, and expat 2.4.1 and later stops entities that expand without end.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from rdflib.plugins.shared.jsonld import context as jsonld_context
from rdflib.plugins.stores.memory import Memory

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.texts import N_

MAX_TRIPLES = 200_000


class RdfRefused(ReadableError):
    """A document that is not parsed."""


class LimitedStore(Memory):
    """rdflib's memory store, up to a number of triples."""

    def __init__(self, limit: int = MAX_TRIPLES, **kwargs: Any) -> None:
        """Take the largest number of triples that may be added."""
        super().__init__(**kwargs)
        self._limit = limit
        self._added = 0

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:
        """Add a triple; raises ``RdfRefused`` for one too many."""
        self._added += 1
        if self._added > self._limit:
            raise RdfRefused(
                N_(
                    "The document has more than {limit} triples. Harvest it in pages, or raise"
                    " the option ckanext.municipal.harvest.max_triples."
                ),
                limit=self._limit,
            )
        super().add(triple, context, quoted)

    def addN(self, quads: Iterable[Any]) -> None:  # noqa: N802 - rdflib's name
        """Add quads one by one, so that they are counted."""
        for subject, predicate, object_, context in quads:
            self.add((subject, predicate, object_), context)


class ContextRefused(RdfRefused):
    """A JSON-LD document that wants a context which is not known here."""


_SCHEMA = "http://schema.org/"
# The one context that published catalogues commonly refer to: schema.org's, as far as a dataset's
# description goes. Its terms are of one vocabulary; those named here hold addresses, not texts.
_SCHEMA_CONTEXT = {
    "@vocab": _SCHEMA,
    "schema": _SCHEMA,
    "id": "@id",
    "type": "@type",
    **{
        term: {"@id": _SCHEMA + term, "@type": "@id"}
        for term in ("contentUrl", "image", "license", "sameAs", "url")
    },
}
_KNOWN = frozenset({"schema.org", "www.schema.org", "schema.org/docs/jsonldcontext.jsonld"})


def local_context(url: Any, *_args: Any, **_options: Any) -> tuple[dict[str, Any], None]:
    """Return the context of a URL from those known here, in the shape rdflib expects.

    A copy: rdflib writes into what it is given. Raises ``ContextRefused`` for any other.
    """
    name = str(url).partition("#")[0].rstrip("/")
    scheme, _, rest = name.partition("://")
    if scheme.lower() not in ("http", "https") or rest.lower() not in _KNOWN:
        raise ContextRefused(
            N_("The JSON-LD wants a context that is not part of it. Write its terms into it.")
        )
    return {"@context": copy.deepcopy(_SCHEMA_CONTEXT)}, None


def use_local_contexts() -> None:
    """Make every JSON-LD that this process parses do with local contexts.

    Replaces the one call by which rdflib fetches a context: its parser takes no loader of
    documents, and its contexts make their nested ones without a hook.
    """
    setattr(jsonld_context, "source_to_json", local_context)  # noqa: B010 - replaces, not uses, it
