"""What was found in the files of a dataset, for whoever may see it.

Where personal data seems to be is told only to those who may mend it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.municipal.quality import config, reading
from ckanext.municipal.quality.model import files
from ckanext.municipal.quality.model.connection import connection
from ckanext.municipal.quality.resources.opening import name_of
from ckanext.municipal.quality.rules.values import PERSONAL

_ = tk._


class State(StrEnum):
    """How far the check of a file is; `UNREADABLE` is no table, or could not be had."""

    WAITING = "waiting"
    READING = "reading"
    CHECKED = "checked"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Named:
    """A dataset by id, name and type, and the id of one of its resources where that was meant."""

    dataset: Mapping[str, Any]
    resource_id: str | None


def named(context: Context, reference: str, action: str) -> Named:
    """Return what an id or name stands for, a resource or a dataset, if the reader may see it.

    Raises NotFound and NotAuthorized.
    """
    of: Any = model.Resource.get(reference)
    if of is None:
        return Named(reading.visible(context, reference, action), None)
    if of.state != "active":
        raise tk.ObjectNotFound(_("There is no such dataset here."))
    return Named(reading.visible(context, of.package_id, action), of.id)


def told(context: Context, of: Named) -> list[dict[str, Any]]:
    """Return each file that can be read, in the order of its dataset, with all that was found."""
    with connection() as ours, ours.begin():
        rows = files.states(ours, config.checked_types(), of.dataset["id"])
    may_mend = _may_mend(context, of.dataset["id"])
    chosen = (row for row in rows if of.resource_id in (None, row["resource_id"]))
    return [_told(row, may_mend) for row in chosen]


def _may_mend(context: Context, dataset_id: str) -> bool:
    try:
        tk.check_access("package_update", tk.fresh_context(context), {"id": dataset_id})
    except tk.NotAuthorized:
        return False
    return True


def _told(row: Mapping[str, Any], may_mend: bool) -> dict[str, Any]:
    verdict = row["verdict"] or {}
    counts = [each for each in verdict.get("counts", ()) if _is_for(each, may_mend)]
    hidden = sum(each["count"] for each in verdict.get("counts", ())) - sum(
        each["count"] for each in counts
    )
    return {
        "id": row["resource_id"],
        "file": name_of(row["url"]),
        "state": _state(row).value,
        "checked": row["checked"] and row["checked"].isoformat(),
        "reason": row["reason"],
        "errors": row["errors"] or 0,
        "warnings": (row["warnings"] or 0) - hidden,
        "notes": row["notes"] or 0,
        "tables": verdict.get("tables", []),
        "counts": counts,
        "findings": [each for each in verdict.get("findings", ()) if _is_for(each, may_mend)],
    }


def _is_for(found: Mapping[str, Any], may_mend: bool) -> bool:
    return may_mend or found["rule"] != PERSONAL.id


def _state(row: Mapping[str, Any]) -> State:
    if row["unread"]:
        begun = row["begun"] is not None and row["checked"] is None and (row["tries"] or 0) > 0
        return State.READING if begun else State.WAITING
    readable = row["verdict"] and row["verdict"]["readable"]
    return State.CHECKED if readable else State.UNREADABLE
