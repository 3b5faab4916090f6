"""The points of a dataset: its own, and those of the one distribution that has most.

So data.europa.eu's own scorer counts (piveau ``scoreMetrics``): the distribution is chosen by the sum
of all its points; of two with as many the first by its URI, which changes no sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ckanext.municipal.quality.score.judging import Judged, State, States
from ckanext.municipal.quality.score.metrics import METRICS, TOTAL, Band, Dimension, band


@dataclass(frozen=True, slots=True)
class Score:
    """Points in all and by dimension, and which distribution (its place, None without one) they are of.

    ``unknown`` are points of links that were not checked yet, ``attainable`` is 405 without what
    does not apply to the dataset.
    """

    points: int
    dimensions: dict[Dimension, int]
    unknown: int
    attainable: int
    best: int | None

    @property
    def band(self) -> Band:
        """Return the verdict on the points."""
        return band(self.points)


def score(judged: Judged) -> Score:
    """Return the points of a judged dataset."""
    places = range(len(judged.distributions))
    best = max(places, key=lambda place: _rank(judged.distributions[place]), default=None)
    states = counted(judged, best)
    dimensions = dict.fromkeys(Dimension, 0)
    for name, state in states.items():
        if state is State.MET:
            dimensions[METRICS[name].dimension] += METRICS[name].points
    return Score(
        points=sum(dimensions.values()),
        dimensions=dimensions,
        unknown=_sum(states, State.UNKNOWN),
        attainable=TOTAL - _sum(states, State.NOT_APPLICABLE),
        best=best,
    )


def counted(judged: Judged, best: int | None) -> States:
    """Return the states that a score is made of; without a distribution all its metrics are unmet."""
    if best is not None:
        return {**judged.dataset, **judged.distributions[best]}
    return {name: judged.dataset.get(name, State.UNMET) for name in METRICS}


def points_of(states: States) -> int:
    """Return the points of what is met."""
    return _sum(states, State.MET)


def _rank(states: States) -> tuple[int, int]:
    """By points; of as many, where more may still come."""
    return points_of(states), _sum(states, State.UNKNOWN)


def _sum(states: States, wanted: State) -> int:
    return sum(METRICS[name].points for name in _in(states, wanted))


def _in(states: States, wanted: State) -> Iterable[str]:
    return (name for name, state in states.items() if state is wanted)
