"""The whole catalogue as one document, written while it is sent."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

from ckanext.municipal.feeds import catalogue
from ckanext.municipal.feeds.model import served
from ckanext.municipal.lib.rdf import fragments

_DATASET = NamedNode(f"{fragments.PREFIXES['dcat']}dataset")


def pieces(form: str) -> Iterator[bytes]:
    """Yield the document of a form in pieces of some hundred datasets, in constant memory.

    The catalogue comes first; which datasets are its own is said beside them, piece by piece, so
    that nothing is said of one that is gone when its turn comes.
    """
    separator = fragments.separator(form)
    own = NamedNode(catalogue.uri())
    yield fragments.head(form) + catalogue.fragment(form, [])
    for part in served.whole(form):
        members = [Triple(own, _DATASET, NamedNode(record.uri)) for record in part]
        told = [fragments.fragment(form, members), *(record.fragment for record in part)]
        yield separator + separator.join(told)
    yield fragments.tail(form)
