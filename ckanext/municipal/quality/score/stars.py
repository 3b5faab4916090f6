"""Openness in stars (https://5stardata.info), as far as metadata can tell.

One: an open licence. Two: a format that programs read. Three: one that nobody owns. Four: RDF, which
names things by addresses. The fifth asks whether these lead to other data, which no metadata tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.score.facts import Distribution, Facts
from ckanext.municipal.quality.score.judging import Link
from ckanext.municipal.quality.score.lists import is_rdf

MEANINGS = (
    N_("No file or address under an open licence"),
    N_("An open licence"),
    N_("An open licence and a format that programs read"),
    N_("An open licence and an open format that programs read"),
    N_("An open licence and RDF, which names things by addresses"),
)
"""What each number of stars means."""


@dataclass(frozen=True, slots=True)
class Open:
    """What is open: addresses of licences, codes of file types that programs read, and that nobody owns."""

    licences: frozenset[str]
    readable: frozenset[str]
    free: frozenset[str]


def stars(facts: Facts, links: Mapping[str, Link], known: Open) -> int | None:
    """Return the stars of a dataset's best distribution, None of one that has none.

    A distribution whose every address is broken has no star: nobody can open it.
    """
    return max((_stars(each, links, known) for each in facts.distributions), default=None)


def _stars(each: Distribution, links: Mapping[str, Link], known: Open) -> int:
    urls = (*each.download, *each.access)
    gone = urls and all(links.get(url) is Link.BROKEN for url in urls)
    if gone or not known.licences.intersection(each.licences):
        return 0
    if any(map(is_rdf, each.formats)):
        return 4
    read = known.readable.intersection(each.formats)
    return 3 if read & known.free else 2 if read else 1
