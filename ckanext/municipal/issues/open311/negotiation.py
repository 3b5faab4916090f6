"""In which form and language an answer is given. Pure but for werkzeug's reading of headers."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.datastructures import LanguageAccept, MIMEAccept

_TYPES = {"application/json": "json", "text/xml": "xml", "application/xml": "xml"}


def form(path: str, accept: MIMEAccept) -> tuple[str, str]:
    """Return a path without its extension, and ``json`` or ``xml``.

    The extension decides, as the standard has it; without one the ``Accept`` header, and JSON
    where that says neither.
    """
    for said in ("json", "xml"):
        if path.endswith(f".{said}"):
            return path.removesuffix(f".{said}"), said
    return path, _TYPES[accept.best_match(_TYPES, "application/json")]


def language(
    said: Sequence[str], address: str | None, accept: LanguageAccept, offered: Sequence[str]
) -> str:
    """Return the language of an answer: as parameter ``lang`` says, else the prefix of the
    ``address`` (``/en/…``), else the ``Accept-Language`` header, else the first one offered."""
    for wanted in (*said, address or ""):
        if wanted.strip().lower() in offered:
            return wanted.strip().lower()
    return accept.best_match(list(offered), offered[0]) or offered[0]
