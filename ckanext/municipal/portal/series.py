"""The series that a dataset is a part of: the budgets of a municipality, one dataset a fiscal year. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.municipal.lib.texts import LANGUAGES, N_, texts
from ckanext.municipal.portal import translated

TITLE = N_("Budgets of {municipality}")
DESCRIPTION = N_("Budget and execution of {municipality}: one dataset for each fiscal year.")


@dataclass(frozen=True, slots=True)
class Series:
    """A ``dcat:DatasetSeries``: its URI, and its texts by language."""

    uri: str
    title: Mapping[str, str]
    description: Mapping[str, str]


def series_of(dataset: Mapping[str, Any], site_url: str) -> Series | None:
    """Return the series of a dataset as ``package_show`` gives it, ``None`` where it stands alone."""
    municipality = dataset.get("municipality_uid")
    if dataset.get("type") != "budget" or not municipality:
        return None
    names = translated.read(dataset.get("municipality_name_translated")) or {}
    any_name = dataset.get("municipality_name") or next(iter(names.values()), municipality)
    name = {language: names.get(language) or any_name for language in LANGUAGES}
    return Series(
        uri=f"{site_url.rstrip('/')}/budget#{municipality}",
        title=texts(TITLE, municipality=name),
        description=texts(DESCRIPTION, municipality=name),
    )
