"""The reader's language: of the page's address in a request, the portal's own elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

import flask
from ckan.plugins import toolkit as tk


def default() -> str:
    """Return the portal's own language, ``ckan.locale_default``."""
    return tk.config.get("ckan.locale_default") or "en"


def offered() -> list[str]:
    """Return the languages that the portal offers, its own first."""
    others = tk.config.get("ckan.locales_offered") or []
    listed = others.split() if isinstance(others, str) else list(others)
    return [default(), *(language for language in listed if language != default())]


def current() -> str:
    """Return the language of the page that is being made; outside a request, the portal's own."""
    return tk.h.lang() if flask.has_request_context() else default()


def pick(translations: Mapping[str, str], language: str) -> str:
    """Return the text in a language, else in the portal's own, else any, else ``""``."""
    ordered = (translations.get(language), translations.get(default()), *translations.values())
    return next((text for text in ordered if text), "")
