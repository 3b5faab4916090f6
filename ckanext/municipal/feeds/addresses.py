"""The addresses of the feeds, by which the portal is known: the same in every language."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def address(view: str, **parts: Any) -> str:
    """Return the whole address of a view of the feeds."""
    return tk.h.url_for(f"municipal_feeds.{view}", locale="default", qualified=True, **parts)
