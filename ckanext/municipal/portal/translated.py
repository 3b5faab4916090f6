"""Texts in several languages: ``{"el": "Προϋπολογισμός", "en": "Budget"}``, beside CKAN's own field.

CKAN's fields (``title``, ``notes``, ``name``, ``tags``) stay filled, so that search, feeds, the API
and other extensions work as ever. A client may therefore change either the plain field or the
translated one; ``merge`` and ``merge_keywords`` say which of the two is meant. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

Texts = dict[str, str]
Keywords = dict[str, list[str]]


def read(value: Any) -> dict[str, Any] | None:
    """Return a stored or submitted value as a dict by language, ``None`` when it is not one."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return dict(value) if isinstance(value, Mapping) else None


def write(value: Mapping[str, Any]) -> str:
    """Return the form that is stored: JSON with sorted keys, so that equal values are equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def clean(value: Mapping[str, Any]) -> Texts:
    """Return the texts that say something, without surrounding white space."""
    return {lang: text.strip() for lang, text in value.items() if text and text.strip()}


def shown(value: Mapping[str, str], language: str, default: str) -> str:
    """Return the text for a reader: in this language, else the default one, else any."""
    for candidate in (language, default, *sorted(value)):
        if value.get(candidate):
            return value[candidate]
    return ""


def merge(
    plain: str,
    translated: Mapping[str, Any] | None,
    default: str,
    *,
    stored_plain: str = "",
    stored: Mapping[str, Any] | None = None,
) -> Texts:
    """Return the texts meant by a plain and a translated field that came together.

    The translated one decides, unless only the plain one differs from what is stored: then a client
    that knows nothing of languages has changed it, and its text becomes that of ``default``.
    """
    texts = clean(translated or {})
    plain = plain.strip()
    if not texts:
        return {default: plain} if plain else {}
    only_plain_changed = (
        stored is not None and texts == clean(stored) and plain != stored_plain.strip()
    )
    if only_plain_changed and plain:
        # What is shown as the plain text may be another language's, where the default has none.
        language = default if default in texts else min(texts)
        return {**texts, language: plain}
    return texts


def merge_keywords(
    tags: Iterable[str],
    translated: Mapping[str, Iterable[str]] | None,
    *,
    stored_tags: Iterable[str] = (),
    stored: Mapping[str, Iterable[str]] | None = None,
) -> tuple[list[str], Keywords]:
    """Return (tags, keywords by language) meant by both fields, each sorted and without doubles.

    ``tags`` are all keywords of all languages, and those that a client gave without a language. The
    translated ones decide, unless only the tags differ from what is stored.
    """
    plain = unique(tags)
    keywords = {lang: unique(words) for lang, words in (translated or {}).items()}
    keywords = {lang: words for lang, words in keywords.items() if words}
    before = {lang: unique(words) for lang, words in (stored or {}).items()}
    if stored is not None and keywords == before and plain != unique(stored_tags):
        kept = {lang: [w for w in words if w in plain] for lang, words in keywords.items()}
        return plain, {lang: words for lang, words in kept.items() if words}
    with_language = {word for words in before.values() for word in words}
    loose = [word for word in plain if word not in with_language]
    return unique([*loose, *(word for words in keywords.values() for word in words)]), keywords


def unique(words: Iterable[str]) -> list[str]:
    """Return the words that say something, sorted, each once, white space squeezed."""
    return sorted({" ".join(word.split()) for word in words if word and word.strip()})
