"""Labels of controlled values for search: URIs are stored, people look for words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ckanext.municipal.portal import config, vocabularies

# Facet of the search page -> fields of the dataset or its resources, vocabulary of their values.
# ``vocab_*`` is the stock schema's only room for several exact values.
FACETS = {
    "vocab_frequency": (("frequency",), "frequency"),
    "vocab_hvd_category": (("hvd_category",), "hvd-category"),
    "vocab_licence": (("license_id", "license"), "licence"),
    "vocab_access_rights": (("access_rights",), "access-right"),
    "res_format": (("format",), "file-type"),
}


def labels(dataset: dict[str, Any]) -> Iterator[str]:
    """Yield the labels, in every language, of all vocabulary URIs that a dataset holds."""
    known = _concepts()
    for uri in dict.fromkeys(_uris(dataset)):
        if concept := known.get(uri):
            yield from concept.labels.values()


def facet_values(dataset: dict[str, Any]) -> dict[str, list[str]]:
    """Return the values by which a dataset is filtered, as codes: ``{"res_format": ["CSV"]}``.

    A value that no vocabulary knows is kept as it is, so that it can be seen and put right.
    """
    resources = dataset.get("resources") or []
    found = {}
    for facet, (fields, name) in FACETS.items():
        owners = (dataset, *resources)
        values = [v for owner in owners for field in fields for v in _listed(owner.get(field))]
        if values or facet == "res_format":
            vocabulary = _vocabulary(name)
            codes = ((vocabulary.find(value), value) for value in values)
            found[facet] = list(dict.fromkeys(c.code if c else value for c, value in codes))
    return found


def facet_label(facet: str, value: str, language: str) -> str:
    """Return the label of a facet's value in a language, ``""`` when it is not a code."""
    if facet not in FACETS:
        return ""
    concept = _vocabulary(FACETS[facet][1]).find(value)
    return concept.label(language) if concept else ""


def _vocabulary(name: str) -> vocabularies.Vocabulary:
    return vocabularies.load(name, config.vocabularies_folder())


def _concepts() -> dict[str, vocabularies.Concept]:
    folder: Path = config.vocabularies_folder()
    names = sorted(path.stem for path in folder.glob("*.csv"))
    return {c.uri: c for name in names for c in vocabularies.load(name, folder)}


def _listed(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [v for v in values if isinstance(v, str) and v]


def _uris(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _uris(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _uris(inner)
    elif isinstance(value, str) and value.startswith("http"):
        yield value
