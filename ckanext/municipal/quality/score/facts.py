"""What a finished record says, metric by metric: all that a score needs of it but the state of links.

Facts are kept as JSON, so that a link that breaks costs no new look at the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from ckanext.municipal.lib.rdf.statements import Statement, Statements, Term, said
from ckanext.municipal.lib.texts import LANGUAGES
from ckanext.municipal.quality.score.lists import Lists, is_access_right, media_type

# Metrics that ask whether a property is there.
_ON_DATASET = {
    "keywordAvailability": "dcat:keyword",
    "categoryAvailability": "dcat:theme",
    "spatialAvailability": "dct:spatial",
    "temporalAvailability": "dct:temporal",
    "accessRightsAvailability": "dct:accessRights",
    "contactPointAvailability": "dcat:contactPoint",
    "publisherAvailability": "dct:publisher",
}
_DATES = {"dateIssuedAvailability": "dct:issued", "dateModifiedAvailability": "dct:modified"}
_ON_DISTRIBUTION = {
    "downloadUrlAvailability": "dcat:downloadURL",
    "formatAvailability": "dct:format",
    "mediaTypeAvailability": "dcat:mediaType",
    "licenceAvailability": "dct:license",
    "rightsAvailability": "dct:rights",
    "byteSizeAvailability": "dcat:byteSize",
    **_DATES,
}


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution: which metrics it meets, its addresses, licences and file types.

    ``service`` tells that it is no file: an interface that is asked.
    """

    uri: str
    names: Mapping[str, str]
    met: frozenset[str]
    access: tuple[str, ...]
    download: tuple[str, ...]
    licences: tuple[str, ...]
    formats: tuple[str, ...]
    media_types: tuple[str, ...]
    size: int | None
    service: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """A dataset: which metrics it meets itself, and its distributions in the order of their URIs."""

    met: frozenset[str]
    distributions: tuple[Distribution, ...]

    @property
    def links(self) -> tuple[str, ...]:
        """Return every address that its distributions name, each once."""
        told = (url for each in self.distributions for url in (*each.access, *each.download))
        return tuple(dict.fromkeys(told))

    def as_json(self) -> dict[str, Any]:
        """Return the facts as JSON keeps them."""
        parts = [
            {
                **{name: list(getattr(each, name)) for name in _TUPLES},
                **{name: getattr(each, name) for name in ("uri", "size", "service")},
                "names": dict(each.names),
                "met": sorted(each.met),
            }
            for each in self.distributions
        ]
        return {"met": sorted(self.met), "distributions": parts}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Facts:
        """Return the facts that `as_json` gave."""
        parts = (
            Distribution(
                **{name: tuple(each[name]) for name in _TUPLES},
                **{name: each[name] for name in ("uri", "names", "size", "service")},
                met=frozenset(each["met"]),
            )
            for each in kept["distributions"]
        )
        return cls(frozenset(kept["met"]), tuple(parts))


_TUPLES = ("access", "download", "licences", "formats", "media_types")


def facts(statements: Iterable[Statement], uri: str, lists: Lists, *, conforms: bool) -> Facts:
    """Return what a record's statements say of the dataset ``uri``.

    ``conforms`` tells whether it breaks no mandatory rule of DCAT-AP: that is asked of the feeds.
    """
    graph, dataset = Statements(statements), NamedNode(uri)
    met = {name for name, path in (_ON_DATASET | _DATES).items() if graph.values(dataset, path)}
    rights = _texts(graph, dataset, "dct:accessRights")
    if rights and all(map(is_access_right, rights)):
        met.add("accessRightsVocabularyAlignment")
    if conforms:
        met.add("dcatApCompliance")
    nodes = [n for n in graph.values(dataset, "dcat:distribution") if not isinstance(n, Literal)]
    parts = (_distribution(graph, node, lists) for node in sorted(nodes, key=said))
    return Facts(frozenset(met), tuple(parts))


def _distribution(graph: Statements, node: Term, lists: Lists) -> Distribution:
    def texts(path: str) -> list[str]:
        return _texts(graph, node, path)

    formats, media_types = texts("dct:format"), texts("dcat:mediaType")
    codes, licences = lists.codes(formats, media_types), texts("dct:license")
    types = {code for each in formats if (code := lists.file_type(each))}
    met = {name for name, path in _ON_DISTRIBUTION.items() if graph.values(node, path)}
    met |= set(_of_lists(formats, media_types, codes, licences, lists))
    return Distribution(
        uri=said(node),
        names=_names(graph, node),
        met=frozenset(met),
        access=tuple(texts("dcat:accessURL")),
        download=tuple(texts("dcat:downloadURL")),
        licences=tuple(licences),
        formats=tuple(sorted(types or codes)),
        media_types=tuple(filter(None, map(media_type, media_types))),
        size=_size(texts("dcat:byteSize")),
        service=bool(types & lists.services),
    )


def _of_lists(
    formats: list[str], media_types: list[str], codes: set[str], licences: list[str], lists: Lists
) -> Iterator[str]:
    """Yield the metrics that are met by a value of a list."""
    of_list: list[tuple[list[str], Callable[[str], object]]] = [
        (formats, lists.file_type),
        (media_types, media_type),
    ]
    if all(values and all(map(known, values)) for values, known in of_list):
        yield "formatMediaTypeVocabularyAlignment"
    if codes & lists.non_proprietary:
        yield "formatMediaTypeNonProprietary"
    if codes & lists.machine_interpretable:
        yield "formatMediaTypeMachineInterpretable"
    if any(map(lists.knows_licence, licences)):
        yield "knownLicence"


def _texts(graph: Statements, node: Term, path: str) -> list[str]:
    return sorted(said(value) for value in graph.values(node, path))


def _names(graph: Statements, node: Term) -> dict[str, str]:
    """Return a title in every language; where it is not told in one, another one's, or the address."""
    titles = [each for each in graph.values(node, "dct:title") if isinstance(each, Literal)]
    known = {each.language or "": each.value for each in titles}
    fallback = known.get("") or next(iter(known.values()), said(node))
    return {language: known.get(language, fallback) for language in LANGUAGES}


def _size(values: list[str]) -> int | None:
    told = values[0] if values else ""
    return int(told) if told.isascii() and told.isdigit() and len(told) < 18 else None
