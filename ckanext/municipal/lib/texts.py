"""Texts for people, in every language of the portal: English is the msgid, gettext has the rest.

Used where a text is data (a finding is stored in Greek and English at once) and so cannot wait
for the reader's language. Pages use CKAN's own ``_``; the catalogue is the same one.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

DOMAIN = "ckanext-municipal"
LANGUAGES = ("en", "el")
_GREEK_MARKS = str.maketrans(",.", ".,")
_CATALOGUES = Path(__file__).parent.parent / "i18n"


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name, known to extractors
    """Mark a text for extraction and return it unchanged."""
    return msgid


@lru_cache(maxsize=8)
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, _CATALOGUES, languages=[language], fallback=True)


def text(msgid: str, language: str, /, **values: Any) -> str:
    """Return msgid in one language with its ``{named}`` places filled.

    An unknown language or a missing translation gives the English text. A value that is a text in
    several languages (``{"el": ..., "en": ...}``) is said in this one, an exact amount
    (``Decimal``) with this one's decimal mark.
    """
    translated = _catalogue(language).gettext(msgid) if language != "en" else msgid
    said = {name: _said(value, language) for name, value in values.items()}
    return translated.format(**said) if said else translated


def _said(value: Any, language: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(language, value.get("en", ""))
    if isinstance(value, Decimal) and value.is_finite():
        written = f"{value:,.2f}" if value % 1 else f"{value:,.0f}"
        return written.translate(_GREEK_MARKS) if language == "el" else written
    return value


def texts(msgid: str, /, **values: Any) -> dict[str, str]:
    """Return msgid in every language of the portal, as ``{"en": ..., "el": ...}``."""
    return {language: text(msgid, language, **values) for language in LANGUAGES}
