"""Template helpers of plugin ``municipal``."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from babel.dates import format_date

from ckanext.municipal.portal import (
    city,
    config,
    form_errors,
    form_sections,
    gazetteer,
    model,
    partial_dates,
    translated,
    vocabularies,
)
from ckanext.municipal.portal.search import get_facet_items_dict, municipal_recent_datasets
from ckanext.municipal.portal.slugs import municipal_transcription_rules
from ckanext.municipal.portal.spatial import municipal_extent, municipal_map
from ckanext.municipal.portal.themes import municipal_theme_icon, municipal_themes
from ckanext.municipal.portal.written import (
    municipal_day,
    municipal_instant,
    municipal_moment,
    municipal_month,
    municipal_name,
    municipal_number,
    municipal_percent,
    municipal_width,
)

__all__ = [
    "get_facet_items_dict",
    "municipal_choices",
    "municipal_city",
    "municipal_date",
    "municipal_day",
    "municipal_error_summary",
    "municipal_extent",
    "municipal_field_errors",
    "municipal_form_sections",
    "municipal_group_title",
    "municipal_has_budget",
    "municipal_has_feeds",
    "municipal_has_quality",
    "municipal_has_requests",
    "municipal_instant",
    "municipal_label",
    "municipal_language_name",
    "municipal_languages",
    "municipal_map",
    "municipal_moment",
    "municipal_month",
    "municipal_name",
    "municipal_number",
    "municipal_percent",
    "municipal_place_name",
    "municipal_places",
    "municipal_recent_datasets",
    "municipal_selected",
    "municipal_shown_fields",
    "municipal_site_description",
    "municipal_site_title",
    "municipal_text",
    "municipal_theme_icon",
    "municipal_themes",
    "municipal_transcription_rules",
    "municipal_values",
    "municipal_width",
]

# What pages show in their headings, sidebars and buttons.
_SHOWN_ELSEWHERE = {
    "title_translated",
    "name",
    "notes_translated",
    "tags_translated",
    "license_id",
    "owner_org",
    "name_translated",
    "description_translated",
    "format",
}
_LANGUAGE_NAMES = {"el": "Ελληνικά", "en": "English"}


def municipal_choices(field: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a form offers for ``field.vocabulary``: value, label by language, depth in the list."""
    vocabulary = vocabularies.load(field["vocabulary"], config.vocabularies_folder())
    return [
        {"value": concept.uri, "label": dict(concept.labels), "depth": _depth(concept)}
        for concept in vocabulary.offered()
    ]


def municipal_label(vocabulary: str, uri: str) -> str:
    """Return a concept's label in the reader's language; a URI of no concept is returned as it is."""
    concept = vocabularies.load(vocabulary, config.vocabularies_folder()).find(uri or "")
    return concept.label(tk.h.lang()) if concept else uri


def municipal_text(data: dict[str, Any], field: str) -> str:
    """Return ``field`` of a dataset, resource, group or organisation in the reader's language."""
    name = field.removesuffix("_translated")
    texts = translated.read(data.get(f"{name}_translated")) or {}
    return translated.shown(texts, tk.h.lang(), config.default_language()) or data.get(name) or ""


def municipal_city() -> city.City:
    """Return the city of this portal."""
    return city.load(config.city_file())


def municipal_site_title() -> str:
    """Return the portal's name in the reader's language, as city.yaml gives it."""
    return translated.shown(municipal_city().portal_title, tk.h.lang(), config.default_language())


def municipal_site_description() -> str:
    """Return what the portal is, in the reader's language."""
    texts = municipal_city().portal_description
    return translated.shown(texts, tk.h.lang(), config.default_language())


def municipal_group_title(group: dict[str, Any]) -> str:
    """Return the title of a theme or department in the reader's language, looked up if need be."""
    if "title_translated" not in group:
        titles = model.group_titles([group["name"]]).get(group["name"], {})
        return titles.get(tk.h.lang()) or titles.get("") or group["name"]
    return municipal_text(group, "title") or group.get("display_name") or group["name"]


def municipal_has_budget() -> bool:
    """Return whether the portal has the pages of the budget."""
    return p.plugin_loaded("municipal_budget")


def municipal_has_requests() -> bool:
    """Return whether the portal has pages of citizens' requests, and anything to show on them."""
    return p.plugin_loaded("municipal_issues") and model.anything_public("issue_reports")


def municipal_has_feeds() -> bool:
    """Return whether the portal has feeds for other portals."""
    return p.plugin_loaded("municipal_feeds")


def municipal_has_quality() -> bool:
    """Return whether the portal measures the quality of its metadata."""
    return p.plugin_loaded("municipal_quality")


def municipal_languages(schema: dict[str, Any] | None = None) -> list[str]:
    """Return the languages that a form asks texts in, the portal's own first."""
    languages = list((schema or {}).get("form_languages") or municipal_city().languages)
    return sorted(languages, key=lambda language: language != config.default_language())


def municipal_language_name(language: str) -> str:
    """Return a language's own name."""
    return _LANGUAGE_NAMES.get(language, language)


def municipal_place_name(text: str) -> str:
    """Return the name of a known place in the reader's language; any other text as it is."""
    place = gazetteer.load(config.gazetteer_file()).find(text)
    return place.name(tk.h.lang()) if place else text


def municipal_places() -> list[gazetteer.Place]:
    """Return the places that a dataset may name."""
    return list(gazetteer.load(config.gazetteer_file()))


def municipal_values(data: dict[str, Any], field: str, language: str) -> Any:
    """Return what a form shows in the input of one language: as submitted, else as stored."""
    submitted = data.get(f"{field}-{language}")
    if submitted is not None:
        return submitted
    texts = translated.read(data.get(field)) or {}
    value = texts.get(language)
    if value is None and not texts and language == municipal_languages()[0]:
        value = data.get(field.removesuffix("_translated"))
        if isinstance(value, list):
            value = [tag.get("name", "") for tag in value]
    return ", ".join(value) if isinstance(value, list) else value or ""


def municipal_selected(data: dict[str, Any], field: str) -> list[str]:
    """Return the values of a field as a list of texts, from a list, JSON or one value."""
    value = data.get(field)
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            value = [value]
    if not isinstance(value, list):
        value = [value]
    return [str(item) for item in value if item not in (None, "")]


def municipal_form_sections(
    fields: list[dict[str, Any]], data: dict[str, Any], errors: dict[str, Any] | None
) -> list[dict[str, Any]]:
    """Return the sections of a form: title, whether it is folded and stands open, and its fields."""
    return form_sections.sections(fields, data, errors or {})


def municipal_field_errors(errors: dict[str, Any] | None, field: str) -> list[str]:
    """Return the messages that belong beside one input."""
    found = (errors or {}).get(field) or []
    return [found] if isinstance(found, str) else [m for m in found if isinstance(m, str)]


def municipal_date(text: str) -> str:
    """Return a date known to the year, month or day as the reader's language writes it."""
    try:
        known = partial_dates.parse(text)
    except ValueError:
        return text
    pattern = {4: "y", 7: "LLLL y"}.get(len(known.text), "d MMMM y")
    return format_date(known.first, pattern, locale=tk.h.lang())


def municipal_shown_fields(
    fields: list[dict[str, Any]], data: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return the fields of a schema that a page lists: those that say something, each once."""
    return [
        field
        for field in fields
        if field["field_name"] not in _SHOWN_ELSEWHERE
        and field.get("display_snippet", "") is not None
        and data.get(field["field_name"]) not in (None, "", [], {})
    ]


def municipal_error_summary(
    errors: dict[str, Any] | None, fields: list[dict[str, Any]]
) -> list[dict[str, str]]:
    """Return what is wrong in a form: name of the input, its anchor, label and message, in its order."""
    return form_errors.summary(errors or {}, fields, tk.h.scheming_language_text)


def _depth(concept: vocabularies.Concept) -> int:
    return max(0, len(concept.facts.get("order", "")) // 2 - 1)
