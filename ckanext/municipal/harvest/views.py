"""What the buttons of a source's page do, and the page of its findings."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from ckanext.harvest.logic import HarvestJobExists, HarvestSourceInactiveError
from flask import Blueprint
from werkzeug.wrappers import Response

from ckanext.municipal.harvest.guard import guard, seal

harvest = Blueprint("municipal_harvest", __name__)
harvest.before_app_request(guard)
harvest.after_app_request(seal)
_PAGE = 100


def delete(id: str) -> Response:
    """Delete a source; with the form field ``clear`` its datasets too."""
    context: Any = {**_context(), "clear_source": tk.asbool(tk.request.form.get("clear") or False)}
    done = _do("harvest_source_delete", {"id": id}, context)
    if done is not None:
        tk.h.flash_success(tk._("The source is deleted."))
    return tk.redirect_to("harvest.search")


def stop(source: str, id: str) -> Response:
    """Stop a running job."""
    if _do("harvest_job_abort", {"id": id}) is not None:
        tk.h.flash_success(tk._("The run is stopped."))
    return tk.redirect_to("harvester.admin", id=source)


def confirm_deletions(id: str) -> Response:
    """Delete the records that were asked about."""
    done = _do("municipal_harvest_confirm_deletions", {"id": id})
    if done:
        text = tk.ungettext(
            "{n} deletion is confirmed; the run has started.",
            "{n} deletions are confirmed; the run has started.",
            done["confirmed"],
        )
        tk.h.flash_success(text.format(n=done["confirmed"]))
    return tk.redirect_to("harvester.admin", id=id)


def retry(id: str) -> Response:
    """Try the set-aside records again."""
    done = _do("municipal_harvest_retry", {"id": id})
    if done:
        text = tk.ungettext(
            "{n} record will be tried again.", "{n} records will be tried again.", done["tried"]
        )
        tk.h.flash_success(text.format(n=done["tried"]))
    return tk.redirect_to("harvester.admin", id=id)


def findings(id: str) -> str:
    """Show what was found in a source's records, and which rows were left out."""
    page = tk.h.get_page_number(tk.request.args)
    quarantined = tk.request.args.get("rows") == "1"
    offset = (page - 1) * _PAGE
    asked = {"id": id, "quarantined": quarantined, "offset": offset, "limit": _PAGE}
    try:
        source = tk.get_action("harvest_source_show")(_context(), {"id": id})
        found = tk.get_action("municipal_harvest_findings")(_context(), asked)
        status = tk.get_action("municipal_harvest_status")(_context(), {"id": id})
    except tk.ObjectNotFound:
        tk.abort(404, tk._("Harvest source not found"))
    except tk.NotAuthorized:
        tk.abort(403, tk._("Not authorized to see this page"))
    tk.g.dataset_type = "harvest"
    variables = {"quarantined": quarantined, "page": page, "page_size": _PAGE, "found": found}
    return tk.render(
        "source/findings.html", {"harvest_source": source, "status": status, **variables}
    )


def _context() -> Context:
    context: Any = {"user": tk.current_user.name, "model": model, "session": model.Session}
    context["auth_user_obj"] = tk.current_user
    return context


def _do(action: str, data_dict: dict[str, Any], context: Context | None = None) -> Any:
    """Call an action; what speaks against it becomes a message or an error page. None then."""
    try:
        return tk.get_action(action)(context or _context(), data_dict) or {}
    except tk.ObjectNotFound:
        tk.abort(404, tk._("Harvest source not found"))
    except tk.NotAuthorized:
        tk.abort(403, tk._("Not authorized to see this page"))
    except HarvestJobExists:
        tk.h.flash_notice(tk._("A run of this source is going on; try again when it has ended."))
    except HarvestSourceInactiveError:
        tk.h.flash_error(tk._("The source is not active. Set its state to “active” first."))
    return None


harvest.add_url_rule("/harvest/delete/<id>", view_func=delete, methods=["POST"])
harvest.add_url_rule("/harvest/<source>/job/<id>/abort", view_func=stop, methods=["POST"])
harvest.add_url_rule(
    "/harvest/confirm-deletions/<id>", view_func=confirm_deletions, methods=["POST"]
)
harvest.add_url_rule("/harvest/retry/<id>", view_func=retry, methods=["POST"])
harvest.add_url_rule("/harvest/findings/<id>", view_func=findings)
