"""Validators of texts and keywords in several languages.

Their names begin with ``fluent`` because ckanext-dcat recognises a multilingual field by that prefix.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.municipal.portal import config, translated
from ckanext.municipal.portal.logic.validators.fields import (
    Errors,
    Flat,
    Key,
    Validator,
    is_blank,
    scheming_field,
    sibling,
    stop,
    text,
    texts,
)

__all__ = [
    "fluent_municipal_keywords",
    "fluent_municipal_text",
    "municipal_json",
    "municipal_names",
    "municipal_tags",
]

_SUFFIX = "_translated"
_MAX_CORE_TITLE = 10_000  # characters; far above any title, below what an index term may hold


@scheming_field
def fluent_municipal_text(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """Accept ``{"el": ..., "en": ...}`` (or the form's ``field-el``), fill CKAN's own field, store JSON.

    CKAN's own field is the name without ``_translated``. It gets the text of the default language,
    else of the other. Error when required and no language says anything, or a language is unknown.
    """
    languages = _languages(schema)

    def validate(key: Key, data: Flat, errors: Errors, context: dict[str, Any]) -> None:
        core = sibling(key, key[-1].removesuffix(_SUFFIX))
        given = _given(key, data, errors, languages)
        default = _default(languages)
        stored = _stored(key, data, context)
        texts_ = translated.merge(
            text(data, core),
            given,
            default,
            stored_plain=stored.get(core[-1]) or "",
            stored=translated.read(stored.get(key[-1])),
        )
        if not texts_:
            data.pop(key, None)
            if field.get("required"):
                where = sibling(key, f"{key[-1]}-{default}")
                stop(where, errors, tk._("Missing value: fill it in in at least one language."))
            raise tk.StopOnError
        for language, said in texts_.items():
            if len(said) > _MAX_CORE_TITLE and core[-1] in ("title", "name"):
                where = sibling(key, f"{key[-1]}-{language}")
                stop(where, errors, tk._("Too long: a title has at most 10,000 characters."))
        data[core] = translated.shown(texts_, default, default)
        data[key] = translated.write(texts_)

    return validate


@scheming_field
def fluent_municipal_keywords(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """Accept ``{"el": [...], "en": [...]}`` (or comma-separated texts), store JSON.

    ``municipal_tags`` (an ``after_validators`` of the schema) then writes CKAN's tags. Errors are
    those of CKAN's own tag rules, beside the language they are in.
    """
    languages = _languages(schema)

    def validate(key: Key, data: Flat, errors: Errors, context: dict[str, Any]) -> None:
        given = _given(key, data, errors, languages) or {}
        keywords = {language: _words(words) for language, words in given.items()}
        for language, words in keywords.items():
            _check_tags(words, sibling(key, f"{key[-1]}-{language}"), errors, context)
        stored = _stored(key, data, context)
        package = context.get("package")
        _tags, merged = translated.merge_keywords(
            _plain_tags(data),
            keywords,
            stored_tags=_names(package),
            stored=translated.read(stored.get(key[-1])) if package else None,
        )
        context["municipal_tags"] = _tags
        if not merged:
            data.pop(key, None)
            raise tk.StopOnError
        data[key] = translated.write(merged)

    return validate


def municipal_tags(key: Key, data: Flat, errors: Errors, context: dict[str, Any]) -> None:
    """Write CKAN's tags as the keywords of all languages; runs after every other validator."""
    tags = context.pop("municipal_tags", None)
    if tags is None or sorted(tags) == sorted(_plain_tags(data)):
        return
    rows: dict[int, dict[str, Any]] = {}
    for old in [k for k in data if k[0] == "tags"]:
        rows.setdefault(old[1], {})[old[-1]] = data.pop(old)
    # Tags of a CKAN vocabulary are another extension's business and stay as they are.
    foreign = [row for row in rows.values() if not is_blank(row.get("vocabulary_id"))]
    for number, row in enumerate([{"name": name} for name in tags] + foreign):
        data.update({("tags", number, column): value for column, value in row.items()})


def municipal_names(key: Key, data: Flat, errors: Errors, _context: dict[str, Any]) -> None:
    """Store the names of an agent by language, as long as one of them is its plain ``name``.

    Whoever types another name means that one, and knows nothing of the languages it had.
    """
    names = translated.read(data.get(key)) or {}
    if not all(isinstance(name, str) for name in names.values()):
        stop(key, errors, tk._("This must be text."))
    if text(data, sibling(key, "name")) not in names.values():
        data.pop(key, None)
        raise tk.StopOnError
    data[key] = translated.write(names)


def municipal_json(value: Any) -> Any:
    """Return stored JSON as the value it stands for; for output."""
    return translated.read(value) or value


def _languages(schema: dict[str, Any]) -> list[str]:
    return schema.get("form_languages") or ["el", "en"]


def _default(languages: list[str]) -> str:
    default = config.default_language()
    return default if default in languages else languages[0]


def _given(key: Key, data: Flat, errors: Errors, languages: list[str]) -> dict[str, Any] | None:
    """Return what was submitted, from the dict or from the form's one input a language."""
    value = data.get(key)
    if not is_blank(value):
        given = translated.read(value)
        if given is None:
            stop(key, errors, tk._('Give one text a language: {"el": "...", "en": "..."}.'))
            return None
        unknown = sorted(set(given) - set(languages))
        if unknown:
            message = tk._("Unknown language {unknown}: use {known}.")
            stop(key, errors, message.format(unknown=unknown[0], known=", ".join(languages)))
        if key[-1].startswith("tags"):
            return given
        for language, said in given.items():
            if said is not None and not isinstance(said, str):
                where = sibling(key, f"{key[-1]}-{language}")
                stop(where, errors, tk._("This must be text."))
        return given
    extras = data.get(sibling(key, "__extras")) or {}
    names = {language: f"{key[-1]}-{language}" for language in languages}
    found = {language: extras.pop(name) for language, name in names.items() if name in extras}
    return found or None


def _stored(key: Key, data: Flat, context: dict[str, Any]) -> dict[str, Any]:
    """Return the field values of what is being updated, ``{}`` when it is new."""
    package = context.get("package")
    if key[0] == "resources":
        wanted = data.get(sibling(key, "id"))
        resources = package.resources if package else []
        found = next((resource for resource in resources if resource.id == wanted), None)
        if found is None:
            return {}
        return {**(found.extras or {}), "name": found.name, "description": found.description}
    thing = package or context.get("group")
    if thing is None:
        return {}
    core = {name: getattr(thing, name, None) for name in ("title", "notes", "description")}
    return {**core, **dict(thing.extras or {})}


def _words(value: Any) -> list[str]:
    parts = value.split(",") if isinstance(value, str) else texts(value)
    return translated.unique(parts)


def _names(package: Any) -> list[str]:
    return [tag.name for tag in package.get_tags()] if package else []


def _plain_tags(data: Flat) -> list[str]:
    names = {key[1]: data[key] for key in data if key[0] == "tags" and key[-1] == "name"}
    free = (n for i, n in names.items() if is_blank(data.get(("tags", i, "vocabulary_id"))))
    return [name for name in free if isinstance(name, str)]


def _check_tags(words: list[str], where: Key, errors: Errors, context: dict[str, Any]) -> None:
    for word in words:
        for name in ("tag_length_validator", "tag_name_validator"):
            rule: Any = tk.get_validator(name)
            try:
                rule(word, context)
            except tk.Invalid as error:
                stop(where, errors, f"{word}: {error.error}")
