"""Actions and authorisation of harvesting."""

from __future__ import annotations

from typing import Any

from ckanext.municipal.harvest.logic import action, chained


def get_actions() -> dict[str, Any]:
    """Return our actions, and ckanext-harvest's as they are right for our sources."""
    functions = (
        action.municipal_harvest_status,
        action.municipal_harvest_findings,
        action.municipal_harvest_confirm_deletions,
        action.municipal_harvest_retry,
        chained.harvest_job_create,
        chained.harvest_job_abort,
        chained.harvest_source_clear,
        chained.harvest_source_reindex,
        chained.harvest_sources_reindex,
        chained.harvest_source_show_status,
        chained.harvest_job_show,
        chained.harvest_job_list,
    )
    return {function.__name__: function for function in functions}
