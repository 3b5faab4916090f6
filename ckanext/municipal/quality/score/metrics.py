"""The 23 metrics of data.europa.eu's metadata quality assessment, as data.

Ids, dimensions and points are those of the piveau DQV vocabulary (``https://piveau.eu/ns/voc#``);
bands are those of https://data.europa.eu/mqa/methodology.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ckanext.municipal.lib.texts import N_


class Dimension(StrEnum):
    """What a metric is about, by the vocabulary's names."""

    FINDABILITY = "findability"
    ACCESSIBILITY = "accessibility"
    INTEROPERABILITY = "interoperability"
    REUSABILITY = "reusability"
    CONTEXTUALITY = "contextuality"


class Band(StrEnum):
    """The verdict on a number of points."""

    BAD = "bad"
    SUFFICIENT = "sufficient"
    GOOD = "good"
    EXCELLENT = "excellent"


class Of(StrEnum):
    """What a metric is computed on."""

    DATASET = "dataset"
    DISTRIBUTION = "distribution"
    # Of a dataset without any distribution its own value is taken.
    DISTRIBUTION_ELSE_DATASET = "distribution-else-dataset"


@dataclass(frozen=True, slots=True)
class Metric:
    """One criterion: its points, what it asks, and the fix (`fixes.FIXES`) that mends it.

    ``after`` are metrics without which this one cannot be met: while one of them is not, the
    fix of that one mends both.
    """

    id: str
    dimension: Dimension
    points: int
    of: Of
    title: str
    fix: str
    after: tuple[str, ...] = ()


_F, _A, _I = Dimension.FINDABILITY, Dimension.ACCESSIBILITY, Dimension.INTEROPERABILITY
_R, _C = Dimension.REUSABILITY, Dimension.CONTEXTUALITY
_SET, _DIST, _ELSE = Of.DATASET, Of.DISTRIBUTION, Of.DISTRIBUTION_ELSE_DATASET
_FORMAT, _MEDIA = "formatAvailability", "mediaTypeAvailability"

_ALL = (
    Metric("keywordAvailability", _F, 30, _SET, N_("Keywords"), "keywords"),
    Metric("categoryAvailability", _F, 30, _SET, N_("Theme of the European Union"), "theme"),
    Metric("spatialAvailability", _F, 20, _SET, N_("Place"), "place"),
    Metric("temporalAvailability", _F, 20, _SET, N_("Period"), "period"),
    Metric("accessUrlStatusCode", _A, 50, _DIST, N_("The address answers"), "access-link"),
    Metric("downloadUrlAvailability", _A, 20, _DIST, N_("Address of the file"), "download-url"),
    Metric(
        "downloadUrlStatusCode",
        _A,
        30,
        _DIST,
        N_("The address of the file answers"),
        "download-link",
        ("downloadUrlAvailability",),
    ),
    Metric(_FORMAT, _I, 20, _DIST, N_("Format"), "format"),
    Metric(_MEDIA, _I, 10, _DIST, N_("Media type"), "media-type", (_FORMAT,)),
    Metric(
        "formatMediaTypeVocabularyAlignment",
        _I,
        10,
        _DIST,
        N_("Format and media type are of the official lists"),
        "format-list",
        (_FORMAT, _MEDIA),
    ),
    Metric("formatMediaTypeNonProprietary", _I, 20, _DIST, N_("Open format"), "open-format"),
    Metric(
        "formatMediaTypeMachineInterpretable",
        _I,
        20,
        _DIST,
        N_("Format that programs read"),
        "open-format",
    ),
    Metric("dcatApCompliance", _I, 30, _SET, N_("The rules of DCAT-AP"), "conformance"),
    Metric("licenceAvailability", _R, 20, _DIST, N_("Licence"), "licence"),
    Metric(
        "knownLicence",
        _R,
        10,
        _DIST,
        N_("The licence is of the European list"),
        "licence-list",
        ("licenceAvailability",),
    ),
    Metric("accessRightsAvailability", _R, 10, _SET, N_("Access rights"), "access-rights"),
    Metric(
        "accessRightsVocabularyAlignment",
        _R,
        5,
        _SET,
        N_("The access rights are of the European list"),
        "access-rights-list",
        ("accessRightsAvailability",),
    ),
    Metric("contactPointAvailability", _R, 20, _SET, N_("Contact point"), "contact"),
    Metric("publisherAvailability", _R, 10, _SET, N_("Publisher"), "publisher"),
    Metric("rightsAvailability", _C, 5, _DIST, N_("Statement of rights"), "rights"),
    Metric("byteSizeAvailability", _C, 5, _DIST, N_("Size of the file"), "size"),
    Metric("dateIssuedAvailability", _C, 5, _ELSE, N_("Date of publication"), "issued"),
    Metric("dateModifiedAvailability", _C, 5, _ELSE, N_("Date of the last change"), "modified"),
)

METRICS: dict[str, Metric] = {metric.id: metric for metric in _ALL}
"""Every metric by its id, in the order in which they are shown."""
ON_DATASET = tuple(metric for metric in _ALL if metric.of is Of.DATASET)
ON_DISTRIBUTION = tuple(metric for metric in _ALL if metric.of is not Of.DATASET)
TOTAL = sum(metric.points for metric in _ALL)
"""The most there is: 405."""
MOST = {
    dimension: sum(metric.points for metric in _ALL if metric.dimension is dimension)
    for dimension in Dimension
}
"""The most there is by dimension."""

FROM = {Band.EXCELLENT: 351, Band.GOOD: 221, Band.SUFFICIENT: 121, Band.BAD: 0}
"""From how many points on a score is in a band, the best first."""

DIMENSIONS = {
    Dimension.FINDABILITY: N_("Findability"),
    Dimension.ACCESSIBILITY: N_("Accessibility"),
    Dimension.INTEROPERABILITY: N_("Interoperability"),
    Dimension.REUSABILITY: N_("Reusability"),
    Dimension.CONTEXTUALITY: N_("Contextuality"),
}
BANDS = {
    Band.BAD: N_("Bad"),
    Band.SUFFICIENT: N_("Sufficient"),
    Band.GOOD: N_("Good"),
    Band.EXCELLENT: N_("Excellent"),
}


def band(points: float) -> Band:
    """Return the band of a score; the average of a catalogue is rounded before, as it is shown."""
    return next(band for band, least in FROM.items() if points >= least)


def next_band(points: float) -> Band | None:
    """Return the band above that of a score, None above which there is none."""
    above = [band for band, least in FROM.items() if least > points]
    return above[-1] if above else None
