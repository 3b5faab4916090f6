"""Actions: the state of a source, and what its editors may ask of it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import ActionResult, Context, DataDict

from ckanext.municipal.harvest import status
from ckanext.municipal.harvest.model import records, sources


@tk.side_effect_free
def municipal_harvest_status(context: Context, data_dict: DataDict) -> ActionResult.AnyDict:
    """Return how far the newest run of a source is, and what its ledger holds.

    :param id: id or name of the harvest source
    :returns: ``run`` (None before the first): job_id, state (waiting, listing, loading, done,
        asking, failed, stopped), started, finished (UTC), listed, total, worked, added, updated,
        unchanged, deleted, set_aside, absent, rate (records a second), seconds_left, step,
        messages (en, el; for editors of the source alone); and records, set_aside, findings,
        rows_quarantined of the source.
    """
    source_id = _source(context, data_dict, "municipal_harvest_status")
    run = status.of_source(source_id)
    if run and not _may_edit(context, source_id):
        run["messages"] = []
    return {"source_id": source_id, "run": run, **records.totals(source_id)}


@tk.side_effect_free
def municipal_harvest_findings(context: Context, data_dict: DataDict) -> ActionResult.AnyDict:
    """Return what was found in a source's records; for its editors.

    :param id: id or name of the harvest source
    :param quarantined: true for the rows that were left out, false (default) for the rest
    :param offset: how many to leave out; :param limit: how many to return, at most 1,000 (100)
    :returns: ``findings``: guid, rule, severity, file, sheet, row, field, message and remedy
        (en, el); ``set_aside``: guid, reason (en, el), changed; ``absent``: guids asked about
    """
    source_id = _source(context, data_dict, "municipal_harvest_findings")
    quarantined = tk.asbool(data_dict.get("quarantined", False))
    offset, limit = _number(data_dict, "offset", 0), min(_number(data_dict, "limit", 100), 1000)
    found = records.findings(source_id, quarantined=quarantined, offset=offset, limit=limit)
    aside = records.set_aside(source_id, limit)
    return {
        "findings": found,
        "set_aside": [{**one, "changed": one["changed"].isoformat()} for one in aside],
        "absent": records.absent(source_id, limit),
    }


def municipal_harvest_confirm_deletions(
    context: Context, data_dict: DataDict
) -> ActionResult.AnyDict:
    """Confirm that the records asked about are gone, and start a run that deletes them.

    Only what was asked about is deleted without another question.

    :param id: id or name of the harvest source
    """
    source_id = _source(context, data_dict, "municipal_harvest_confirm_deletions")
    confirmed = records.confirm(source_id)
    model.Session.commit()
    return {"confirmed": confirmed, "job": _start(context, source_id) if confirmed else None}


def municipal_harvest_retry(context: Context, data_dict: DataDict) -> ActionResult.AnyDict:
    """Start a run that tries the set-aside records again.

    :param id: id or name of the harvest source
    """
    source_id = _source(context, data_dict, "municipal_harvest_retry")
    tried = records.retry_set_aside(source_id)
    model.Session.commit()
    return {"tried": tried, "job": _start(context, source_id) if tried else None}


def _may_edit(context: Context, source_id: str) -> bool:
    try:
        tk.check_access("municipal_harvest_findings", context, {"id": source_id})
    except tk.NotAuthorized:
        return False
    return True


def _source(context: Context, data_dict: DataDict, action: str) -> str:
    source_id = sources.id_of(tk.get_or_bust(data_dict, "id"))
    if source_id is None:
        raise tk.ObjectNotFound(tk._("Harvest source not found"))
    tk.check_access(action, context, {**data_dict, "id": source_id})
    return source_id


def _start(context: Context, source_id: str) -> Any:
    asker: Any = {"user": context.get("user"), "model": model, "session": model.Session}
    if context.get("ignore_auth"):
        asker["ignore_auth"] = True
    return tk.get_action("harvest_job_create")(asker, {"source_id": source_id, "run": True})["id"]


def _number(data_dict: DataDict, key: str, default: int) -> int:
    try:
        return max(0, int(data_dict.get(key, default)))
    except (TypeError, ValueError):
        raise tk.ValidationError({key: [tk._("Must be a whole number, 0 or more")]}) from None
