"""Who may see and ask what of a harvest source."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.municipal.harvest.model import objects, sources
from ckanext.municipal.harvest.recovery import our_types


@tk.auth_allow_anonymous_access
def municipal_harvest_status(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the source."""
    return _as(context, "harvest_source_show", data_dict["id"])


def municipal_harvest_findings(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may edit the source: reasons and places tell about the city's files."""
    return _as(context, "harvest_source_update", data_dict["id"])


def municipal_harvest_confirm_deletions(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may clear the source."""
    return _as(context, "harvest_source_clear", data_dict["id"])


def municipal_harvest_retry(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may edit the source."""
    return _as(context, "harvest_source_update", data_dict["id"])


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def harvest_object_show(
    next_auth: AuthFunction, context: Context, data_dict: DataDict | None
) -> AuthResult:
    """Of our source types, only the editors of the source: content is not published unread."""
    data_dict = data_dict or {}
    ours = our_types()
    for source_id in _sources_of_objects(data_dict):
        if sources.type_of(source_id) in ours:
            answer = _as(context, "harvest_source_update", source_id)
            if not answer.get("success"):
                return answer
    return next_auth(context, data_dict)


def _sources_of_objects(data_dict: DataDict) -> list[str]:
    """Return the sources of every object that the action might pick by these arguments."""
    if data_dict.get("id"):
        return objects.sources_with(data_dict.get("attr") or "id", data_dict["id"])
    package = model.Package.get(data_dict.get("dataset_id"))
    return objects.sources_with("package_id", package.id) if package else []


def _as(context: Context, action: str, source_id: str) -> AuthResult:
    """Answer as another check does; a fresh context, as those checks put packages into theirs."""
    asker: Any = {"user": context.get("user"), "model": model, "session": model.Session}
    asker["auth_user_obj"] = context.get("auth_user_obj")
    try:
        tk.check_access(action, asker, {"id": source_id})
    except tk.NotAuthorized as error:
        return {"success": False, "msg": str(error)}
    return {"success": True}
