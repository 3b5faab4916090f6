"""How much RDF is kept: rdflib keeps as many triples as come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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
            raise too_many_triples(self._limit)
        super().add(triple, context, quoted)

    def addN(self, quads: Iterable[Any]) -> None:  # noqa: N802 - rdflib's name
        """Add quads one by one, so that they are counted."""
        for subject, predicate, object_, context in quads:
            self.add((subject, predicate, object_), context)


def too_many_triples(limit: int) -> RdfRefused:
    """Return the error for a document with more triples than the limit."""
    return RdfRefused(
        N_(
            "The document has more than {limit} triples. Harvest it in pages, or raise"
            " the option ckanext.municipal.harvest.max_triples."
        ),
        limit=limit,
    )
