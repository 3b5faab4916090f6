"""A whole catalogue in one number, by both readings that are about; they give different numbers.

``average``: of the datasets' scores, each with its best distribution; data.europa.eu's own wording.
``population``: for each metric the share of datasets, or of all distributions, that meet it, times
its points; so do ckan-mqa and what is built on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.score.judging import Judged, State
from ckanext.municipal.quality.score.metrics import METRICS, ON_DATASET, Dimension, Of

READINGS = {
    "average": N_("Average of the datasets, each with its best file"),
    "population": N_("Share of all datasets and files that meet a criterion, times its points"),
}
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of how many datasets and distributions meet each metric."""

    datasets: int
    distributions: int
    met: Mapping[str, int]

    def share(self, metric: str) -> Decimal:
        """Return the share, 0 to 1, of those that a metric is about and that meet it."""
        of = self.datasets if METRICS[metric].of is Of.DATASET else self.distributions
        return Decimal(self.met.get(metric, 0)) / of if of else Decimal(0)

    def population(self) -> Decimal:
        """Return the score by the share of the population."""
        return sum((each.points * self.share(each.id) for each in METRICS.values()), Decimal(0))


def met_by(judged: Judged) -> dict[str, int]:
    """Return how many times a dataset and its distributions meet each metric, each that they do."""
    counts = Counter(each.id for each in ON_DATASET if judged.dataset[each.id] is State.MET)
    for states in judged.distributions:
        counts.update(name for name, state in states.items() if state is State.MET)
    return dict(counts)


def tally(judged: Iterable[Judged]) -> Tally:
    """Return the counts of a whole catalogue."""
    datasets = distributions = 0
    met: Counter[str] = Counter()
    for each in judged:
        datasets, distributions = datasets + 1, distributions + len(each.distributions)
        met.update(met_by(each))
    return Tally(datasets, distributions, met)


def average(points: Iterable[int]) -> Decimal | None:
    """Return the average score, None of no dataset."""
    told = list(points)
    return Decimal(sum(told)) / len(told) if told else None


def shown(value: Decimal) -> Decimal:
    """Return a score of a catalogue as it is shown, with one decimal."""
    return value.quantize(_TENTH)


def by_dimension(tally_: Tally) -> dict[Dimension, Decimal]:
    """Return the points of each dimension by the share of the population."""
    told = dict.fromkeys(Dimension, Decimal(0))
    for each in METRICS.values():
        told[each.dimension] += each.points * tally_.share(each.id)
    return told
