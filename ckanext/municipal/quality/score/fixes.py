"""What a publisher can mend, what each mending gains, and the cheapest way to the next band."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.score.judging import Judged, State, States
from ckanext.municipal.quality.score.metrics import (
    FROM,
    METRICS,
    ON_DISTRIBUTION,
    Band,
    Of,
    next_band,
)
from ckanext.municipal.quality.score.points import score


class Effort(IntEnum):
    """What a mending costs whoever does it; what is cheapest is done first."""

    CHOOSE = 1
    WRITE = 2
    REPAIR = 3
    CONVERT = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """A mending: what is wrong, the remedy, and the form's field, of a resource or of the dataset."""

    id: str
    message: str
    remedy: str
    field: str
    effort: Effort
    of_resource: bool = False


_CHOOSE, _WRITE, _REPAIR, _CONVERT = Effort

_KINDS = (
    Kind(
        "keywords",
        N_("The dataset has no keywords."),
        N_("Write three to ten words that people would search for."),
        "tags_translated",
        _WRITE,
    ),
    Kind(
        "theme",
        N_("The dataset has no theme of the European Union."),
        N_("Choose one of the list, or put the dataset into a theme of the portal."),
        "theme",
        _CHOOSE,
    ),
    Kind(
        "place",
        N_("The dataset does not say which place it is about."),
        N_("Choose the place, the whole municipality if it is about all of it."),
        "spatial_coverage",
        _CHOOSE,
    ),
    Kind(
        "period",
        N_("The dataset does not say which period it is about."),
        N_("Write the first and the last day that the data is about; either may be left open."),
        "temporal_coverage",
        _WRITE,
    ),
    Kind(
        "resource",
        N_("The dataset has no file and no address."),
        N_("Upload a file, or write the address where the data is."),
        "",
        _CONVERT,
    ),
    Kind(
        "access-link",
        N_("Its address does not answer."),
        N_("Open the address in a browser, then correct it or have the server repaired."),
        "url",
        _REPAIR,
        True,
    ),
    Kind(
        "download-url",
        N_("It does not say under which address the file itself is."),
        N_("Upload the file, or write the address that downloads it."),
        "download_url",
        _WRITE,
        True,
    ),
    Kind(
        "download-link",
        N_("The address that downloads its file does not answer."),
        N_("Open the address in a browser, then correct it or have the server repaired."),
        "download_url",
        _REPAIR,
        True,
    ),
    Kind("format", N_("It has no format."), N_("Choose one of the list."), "format", _CHOOSE, True),
    Kind(
        "media-type",
        N_("It has no media type."),
        N_("Choose a format of the list, which brings the media type with it, or write it."),
        "mimetype",
        _CHOOSE,
        True,
    ),
    Kind(
        "format-list",
        N_("Its format or media type is in no official list."),
        N_("Choose a format of the list."),
        "format",
        _CHOOSE,
        True,
    ),
    Kind(
        "open-format",
        N_("Its format belongs to a company, or is not one that programs read."),
        N_("Offer the data as CSV, JSON, GeoJSON or XML as well, and name that format."),
        "format",
        _CONVERT,
        True,
    ),
    Kind(
        "conformance",
        N_("The dataset breaks a mandatory rule of DCAT-AP."),
        N_("The page of the dataset says which, and what to do; correct it and save."),
        "",
        _WRITE,
    ),
    Kind(
        "licence",
        N_("It has no licence."),
        N_("Choose one, for the whole dataset."),
        "license_id",
        _CHOOSE,
    ),
    Kind(
        "licence-list",
        N_("Its licence is not in the European list."),
        N_("Choose a licence of the list that says the same."),
        "license_id",
        _CHOOSE,
    ),
    Kind(
        "access-rights",
        N_("The dataset does not say who may have the data."),
        N_("Choose one of the list; what is published here is public."),
        "access_rights",
        _CHOOSE,
    ),
    Kind(
        "access-rights-list",
        N_("Who may have the data is not said by a value of the European list."),
        N_("Choose one of the list; what is published here is public."),
        "access_rights",
        _CHOOSE,
    ),
    Kind(
        "contact",
        N_("The dataset names nobody who can be asked about it."),
        N_("Write the e-mail address of the department."),
        "contact",
        _WRITE,
    ),
    Kind(
        "publisher",
        N_("The dataset names no publisher."),
        N_("Choose the department that publishes it."),
        "owner_org",
        _CHOOSE,
    ),
    Kind(
        "rights",
        N_("It has no statement of rights."),
        N_("Write a sentence about the rights, or the address of one."),
        "rights",
        _WRITE,
        True,
    ),
    Kind(
        "size",
        N_("It does not say how large the file is."),
        N_("Write the size in bytes; that of an uploaded file is known by itself."),
        "size",
        _WRITE,
        True,
    ),
    Kind(
        "issued",
        N_("It does not say when it was published."),
        N_("Write the day on which it was published first."),
        "issued",
        _WRITE,
        True,
    ),
    Kind(
        "modified",
        N_("It does not say when it changed last."),
        N_("Write the day of the last change."),
        "modified",
        _WRITE,
        True,
    ),
)
KINDS: dict[str, Kind] = {kind.id: kind for kind in _KINDS}
"""Every mending by its id."""

# The search for the cheapest way goes through subsets: of so many mendings, the most valuable.
_CONSIDERED = 12


@dataclass(frozen=True, slots=True)
class Fix:
    """One mending of a dataset: the points it gains when it is done everywhere it is missing.

    ``distributions`` are the places of those that lack it.
    """

    kind: Kind
    gain: int
    metrics: tuple[str, ...]
    distributions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """The cheapest mendings that reach a band: together they bring the score to ``points``."""

    band: Band
    fixes: tuple[Fix, ...]
    points: int


def fixes(judged: Judged) -> list[Fix]:
    """Return what can be mended of a dataset, what gains most first and of these the cheapest.

    Points of links that were not checked yet are nobody's to mend; a file that is not the best of
    its dataset may gain nothing, and is told all the same.
    """
    now = score(judged).points
    found = []
    for kind in KINDS.values():
        if kind.of_resource and not judged.distributions:
            continue
        after, metrics, places = mended(judged, (kind.id,))
        if metrics:
            found.append(Fix(kind, score(after).points - now, metrics, places))
    return sorted(found, key=lambda fix: (-fix.gain, fix.kind.effort, fix.kind.id))


def way(judged: Judged, known: Sequence[Fix]) -> Way | None:
    """Return the cheapest way to the next band; None in the best one, or where no mending leads there.

    Cheapest is what takes the least effort in all, then the fewest mendings, then the most points.
    """
    wanted = next_band(score(judged).points)
    if wanted is None:
        return None
    everything = mended(judged, [fix.kind.id for fix in known])[0]
    if score(everything).points < FROM[wanted]:
        return None
    best: tuple[tuple[int, int, int], Way] | None = None
    considered = known[:_CONSIDERED]
    for count in range(1, len(considered) + 1):
        for chosen in combinations(considered, count):
            effort = sum(fix.kind.effort for fix in chosen)
            if best and (effort, count) > best[0][:2]:
                continue
            points = score(mended(judged, [fix.kind.id for fix in chosen])[0]).points
            rank = effort, count, -points
            if points >= FROM[wanted] and (best is None or rank < best[0]):
                best = rank, Way(wanted, chosen, points)
    return best[1] if best else None


def mended(judged: Judged, kinds: Iterable[str]) -> tuple[Judged, tuple[str, ...], tuple[int, ...]]:
    """Return a dataset after some mendings (by id), with the metrics and distributions they were about."""
    wanted = set(kinds)
    distributions: Sequence[States] = judged.distributions
    if not distributions and "resource" in wanted:
        distributions = [dict.fromkeys((metric.id for metric in ON_DISTRIBUTION), State.MET)]
        lost = [each.id for each in ON_DISTRIBUTION]
        own = {
            name: state for name, state in judged.dataset.items() if METRICS[name].of is Of.DATASET
        }
        changed, more = _met(own, wanted)
        return Judged(changed, tuple(distributions)), (*lost, *more), ()
    dataset, metrics = _met(judged.dataset, wanted)
    told = dict.fromkeys(metrics)
    parts, places = [], []
    for place, states in enumerate(distributions):
        changed, of_it = _met(states, wanted)
        parts.append(changed)
        if of_it:
            told |= dict.fromkeys(of_it)
            places.append(place)
    return Judged(dataset, tuple(parts)), tuple(told), tuple(places)


def _met(states: States, wanted: set[str]) -> tuple[States, list[str]]:
    """Return states with those met that some mendings are about, and the metrics that were."""
    lacking = [name for name, state in states.items() if state is State.UNMET]
    mended = [name for name in lacking if _fix(name, states) in wanted]
    return ({**states, **dict.fromkeys(mended, State.MET)} if mended else states), mended


def _fix(metric: str, states: Mapping[str, State]) -> str:
    """Return the mending of an unmet metric: that of the first one without which it cannot be met."""
    for needed in METRICS[metric].after:
        if states.get(needed) is State.UNMET:
            return _fix(needed, states)
    return METRICS[metric].fix
