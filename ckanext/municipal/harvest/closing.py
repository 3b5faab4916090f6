"""The end of a run: right after its last record, whichever process worked on it."""

from __future__ import annotations

import logging
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.harvest.logic.action.update import send_error_email, send_summary_email
from ckanext.harvest.queue import get_harvester

from ckanext.municipal.harvest import config, rules
from ckanext.municipal.harvest.context import site_context
from ckanext.municipal.harvest.model import history, locks, objects, runs, sources
from ckanext.municipal.harvest.trouble import explain, place
from ckanext.municipal.quality.findings import Finding

log = logging.getLogger(__name__)


def close_if_done(job_id: str) -> bool:
    """Close the run of a job if nothing of it is left to do; returns whether it did.

    Several processes may ask at once; one of them closes. A run whose process died in here is
    found open by the scheduler and closed again: a conclusion may run twice.
    """
    with locks.held(f"close:{job_id}"):
        run = runs.get(job_id)
        if not run or run["finished"] or not run["gathered"]:
            return False
        if run["worked"] < run["total"] and objects.open_objects(job_id):
            return False
        outcome, messages = _conclude(run)
        return close(run, outcome, messages)


def close(run: dict[str, Any], outcome: str | None, messages: list[Finding]) -> bool:
    """Close a run with an outcome, and tell whoever wants to know; returns whether it was open."""
    source_id = run["source_id"]
    closed = runs.close(run["job_id"], outcome, messages)
    model.Session.commit()
    if closed:
        log.info("Source %s: job %s finished", source_id, run["job_id"])
        history.trim(source_id, config.keep_jobs())
        publish_status(source_id)
    return closed


def _conclude(run: dict[str, Any]) -> tuple[str | None, list[Finding]]:
    harvester = get_harvester(sources.type_of(run["source_id"]))
    conclude = getattr(harvester, "conclude", None)
    if conclude is None:
        return None, []
    try:
        conclude(sources.of_job(run["job_id"]))
        model.Session.commit()
    except Exception as error:  # noqa: BLE001 - a run ends, whatever its last step does
        model.Session.rollback()
        log.error(
            "Source %s: conclusion failed, %s at %s",
            run["source_id"],
            type(error).__name__,
            place(error),
        )
        return runs.FAILED, [explain(error, rules.CONCLUSION_FAILED).finding]
    return None, []


def publish_status(source_id: str) -> None:
    """Show the state of a source in the search index, and mail it to those who asked for mail."""
    tk.get_action("harvest_source_reindex")(site_context(), {"id": source_id})
    every = tk.asbool(tk.config.get("ckan.harvest.status_mail.all"))
    on_error = tk.asbool(tk.config.get("ckan.harvest.status_mail.errored"))
    if not (every or on_error):
        return
    status = tk.get_action("harvest_source_show_status")(site_context(), {"id": source_id})
    if status["last_job"]["stats"].get("errored"):
        send_error_email(site_context(), source_id, status)
    elif every:
        send_summary_email(site_context(), source_id, status)
