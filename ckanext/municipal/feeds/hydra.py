"""How the pages of the catalogue hang together, in both dialects of Hydra that harvesters read. Pure.

A page is at once a ``hydra:PagedCollection`` (2013: ``nextPage``, ``itemsPerPage``) and a
``hydra:PartialCollectionView`` (today: ``next``); its links are IRIs, its counts ``xsd:integer``.
https://www.hydra-cg.com/spec/latest/core/#collections
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.municipal.lib.rdf.fragments import PREFIXES, RDF

_HYDRA = PREFIXES["hydra"]
_TYPE = NamedNode(RDF + "type")
_LONGEST_HEADER = 4_000
_INTEGER = NamedNode(PREFIXES["xsd"] + "integer")


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of a page and of those around it, how many datasets there are, how many a page holds."""

    own: str
    first: str
    last: str
    previous: str | None
    next: str | None
    total: int
    a_page: int

    def header(self) -> str:
        """Return the same links for the ``Link`` header (RFC 8288); "" where no server would pass it on."""
        named = {"first": self.first, "prev": self.previous, "next": self.next, "last": self.last}
        told = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in named.items() if url)
        return told if len(told) <= _LONGEST_HEADER else ""


def triples(links: Links) -> Iterator[Triple]:
    """Yield what a page says of itself."""
    page = NamedNode(links.own)
    for name in ("PagedCollection", "PartialCollectionView"):
        yield Triple(page, _TYPE, NamedNode(_HYDRA + name))
    for name in ("first", "last", "previous", "next"):
        if address := getattr(links, name):
            for term in (name, f"{name}Page"):
                yield Triple(page, NamedNode(_HYDRA + term), NamedNode(address))
    for name, count in (("totalItems", links.total), ("itemsPerPage", links.a_page)):
        number = Literal(str(count), datatype=_INTEGER)
        yield Triple(page, NamedNode(_HYDRA + name), number)
