"""Facts and the state of links together: how each metric stands, for the dataset and each distribution."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ckanext.municipal.quality.score.facts import Distribution, Facts
from ckanext.municipal.quality.score.metrics import ON_DATASET, ON_DISTRIBUTION, Of


class State(StrEnum):
    """How a metric stands. Only what is met has points at data.europa.eu."""

    MET = "met"
    UNMET = "unmet"
    # A link that was not checked yet: neither lost nor won.
    UNKNOWN = "unknown"
    # An interface has no file: nothing its publisher could mend.
    NOT_APPLICABLE = "not-applicable"


class Link(StrEnum):
    """How an address answers; what was not checked yet is not among them."""

    OK = "ok"
    # To GET and not to HEAD, which is all that data.europa.eu asks with.
    NO_HEAD = "no-head"
    BROKEN = "broken"


_LINKS = {"accessUrlStatusCode": "access", "downloadUrlStatusCode": "download"}
_OF_FILES = ("downloadUrlAvailability", "downloadUrlStatusCode", "byteSizeAvailability")

States = Mapping[str, State]


@dataclass(frozen=True, slots=True)
class Judged:
    """The state of every metric by its id: of the dataset, and of each distribution as in its facts."""

    dataset: States
    distributions: tuple[States, ...]


def judge(facts: Facts, links: Mapping[str, Link]) -> Judged:
    """Return how every metric stands, given what is known of links by their address."""
    alone = (
        () if facts.distributions else (m for m in ON_DISTRIBUTION if m.of is not Of.DISTRIBUTION)
    )
    own = (*ON_DATASET, *alone)
    return Judged(
        {metric.id: _told(metric.id in facts.met) for metric in own},
        tuple(_of_distribution(each, links) for each in facts.distributions),
    )


def _of_distribution(each: Distribution, links: Mapping[str, Link]) -> States:
    states = {}
    for metric in ON_DISTRIBUTION:
        if metric.id in _LINKS:
            state = _of_links(getattr(each, _LINKS[metric.id]), links)
        else:
            state = _told(metric.id in each.met)
        if each.service and metric.id in _OF_FILES and state is State.UNMET:
            state = State.NOT_APPLICABLE
        states[metric.id] = state
    return states


def _of_links(urls: Iterable[str], links: Mapping[str, Link]) -> State:
    """One address that answers is enough, as at data.europa.eu."""
    known = [links.get(url) for url in urls]
    if Link.OK in known:
        return State.MET
    return State.UNKNOWN if None in known else State.UNMET


def _told(met: bool) -> State:
    return State.MET if met else State.UNMET
