"""Template helpers of the source pages."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def municipal_harvest_status(source_id: str) -> dict[str, Any] | None:
    """Return `municipal_harvest_status` of a source, None where the visitor may not see it."""
    try:
        return tk.get_action("municipal_harvest_status")({}, {"id": source_id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None


def municipal_harvest_set_aside(source_id: str, limit: int = 20) -> dict[str, Any] | None:
    """Return the first set-aside and absent records of a source, None for who may not see them."""
    try:
        asked = {"id": source_id, "limit": limit}
        return tk.get_action("municipal_harvest_findings")({}, asked)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None


def municipal_harvest_text(texts: dict[str, str]) -> str:
    """Return one of the texts by language: the visitor's, else English."""
    return texts.get(tk.h.lang()) or texts.get("en") or ""


def municipal_harvest_state(state: str) -> str:
    """Return the name of a run's state for people."""
    return {
        "waiting": tk._("waiting for a worker"),
        "listing": tk._("reading the list of records"),
        "loading": tk._("loading records"),
        "done": tk._("finished"),
        "asking": tk._("finished; a question is open"),
        "failed": tk._("failed"),
        "stopped": tk._("stopped"),
    }[state]
