"""What the codes of a budget are called, in both languages."""

from __future__ import annotations

from ckanext.municipal.budget import config
from ckanext.municipal.budget.codelists import services
from ckanext.municipal.budget.phases import Side
from ckanext.municipal.budget.rules.registry import shipped_codes
from ckanext.municipal.lib.texts import LANGUAGES

Names = dict[str, str]


def code_names(chart: str, side: Side, code: str) -> Names | None:
    """Return what an account code is called, None where the chart's list does not have it."""
    codes = shipped_codes(chart, side) if chart else None
    if codes is None or code not in codes:
        return None
    return {language: codes[code].name(language) for language in LANGUAGES}


def service_names(code: str, label: str) -> Names | None:
    """Return what a service is called, else as the export calls it, None where nothing does."""
    known = services(*config.service_aliases())
    names = {language: known.name(code, language) or label for language in LANGUAGES}
    return names if any(names.values()) else None
