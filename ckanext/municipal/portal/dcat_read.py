"""A dataset that ckanext-dcat read from another portal's graph, as the fields of our forms want it.

The way back of ``dcat``: a licence that all distributions share is the dataset's, addresses of media
types and file types are the short values of CKAN's own fields again, keywords without a language are
tags. What the forms have no field for is left out, and what their lists do not have is set apart
(``frequency_as_read``), instead of having the whole dataset refused. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ckanext.municipal.portal.dcat import MEDIA_TYPES
from ckanext.municipal.portal.vocabularies import Vocabulary

_MEDIA_FIELDS = ("mimetype", "compress_format", "package_format")

Load = Callable[[str], Vocabulary]
Fields = Iterable[Mapping[str, Any]]


def as_form(
    parsed: dict[str, Any],
    load: Load,
    dataset_fields: Fields,
    resource_fields: Fields,
    languages: Sequence[str],
) -> None:
    """Bring a parsed dataset to the fields of its form, in place.

    ``load`` gives a vocabulary by name; the fields and the languages are those of the dataset's schema.
    """
    resources = parsed.get("resources") or []
    for resource in resources:
        _shorten_types(resource, load)
        _keep_languages(resource, languages)
        _prune(resource, resource_fields)
    _keep_languages(parsed, languages)
    _prune(parsed, dataset_fields)
    _lift_licence(parsed, resources, load)
    for resource in resources:
        resource.update(_unlisted(resource, resource_fields, load))
    apart = _unlisted(parsed, dataset_fields, load)
    parsed.setdefault("extras", []).extend(
        {"key": name, "value": value} for name, value in apart.items()
    )


def primary(language: str) -> str:
    """Return a language as our forms name it, by its first subtag: ``el-GR`` is ``el``."""
    return language.partition("-")[0].lower()


def tags(keywords: Iterable[tuple[str, str | None]]) -> tuple[dict[str, list[str]], list[str]]:
    """Return keywords, each with its language or none, by language, and those of no language.

    A keyword with commas is several, as ckanext-dcat has it.
    """
    by_language: dict[str, list[str]] = {}
    loose: list[str] = []
    for text, language in keywords:
        words = [word for word in (part.strip() for part in text.split(",")) if word]
        (by_language.setdefault(primary(language), []) if language else loose).extend(words)
    ordered = {language: sorted(set(words)) for language, words in by_language.items()}
    return ordered, sorted(set(loose))


def _shorten_types(resource: dict[str, Any], load: Load) -> None:
    """Turn addresses of types into what CKAN's pages and other extensions expect."""
    kind = load("file-type").get(str(resource.get("format") or ""))
    if kind:
        resource["file_type"], resource["format"] = kind.uri, kind.code
    for field in _MEDIA_FIELDS:
        value = str(resource.get(field) or "")
        if value.startswith(MEDIA_TYPES):
            resource[field] = value.removeprefix(MEDIA_TYPES)


def _keep_languages(entity: dict[str, Any], languages: Sequence[str]) -> None:
    """Keep the texts of the form's languages; where none is, a text of another stands for the first."""
    for field, texts in entity.items():
        if languages and field.endswith("_translated") and isinstance(texts, dict):
            said: dict[str, Any] = {}
            for language in sorted(texts):  # ``el`` before ``el-GR``
                if texts[language]:
                    said.setdefault(primary(language), texts[language])
            known = {each: said[each] for each in languages if each in said}
            others = {languages[0]: said[min(said)]} if said else {}
            entity[field] = known or others


def _prune(entity: dict[str, Any], fields: Fields) -> None:
    """Leave out of repeated groups what they have no field for, and what is empty."""
    for field in fields:
        known = {each["field_name"] for each in field.get("repeating_subfields") or ()}
        groups = entity.get(field["field_name"])
        if known and isinstance(groups, list):
            entity[field["field_name"]] = [
                {name: value for name, value in group.items() if name in known and value}
                for group in groups
                if isinstance(group, dict)
            ]


def _lift_licence(parsed: dict[str, Any], resources: list[dict[str, Any]], load: Load) -> None:
    """Give the dataset the licence that its distributions have in common; DCAT-AP has it there only."""
    licences = {str(resource.get("license") or "") for resource in resources}
    if len(licences) != 1 or parsed.get("license_id"):
        return
    concept = load("licence").find(licences.pop())
    if concept:
        parsed["license_id"] = concept.uri
        for resource in resources:
            del resource["license"]


def _unlisted(entity: dict[str, Any], fields: Fields, load: Load) -> dict[str, str]:
    """Take out of controlled fields what their vocabularies do not have, and return it by a name of its own."""
    apart: dict[str, str] = {}
    for field in fields:
        name = field["field_name"]
        if not field.get("vocabulary") or not entity.get(name):
            continue
        values = _several(entity[name])
        unknown = [value for value in values if not load(field["vocabulary"]).find(value)]
        if unknown:
            known = [value for value in values if value not in unknown]
            entity[name] = known if len(values) > 1 else ""
            apart[f"{name}_as_read"] = " ".join(unknown)
    return apart


def _several(value: Any) -> list[str]:
    """Return the values of a field: a list, a list as JSON, or one."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return [value]
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
