"""ckanext-harvest's own actions, where they would be wrong about our sources."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Action, Context, DataDict
from ckanext.harvest.queue import get_harvester

from ckanext.municipal.harvest import rules
from ckanext.municipal.harvest.closing import close
from ckanext.municipal.harvest.harvester import MunicipalHarvester
from ckanext.municipal.harvest.model import locks, objects, records, runs, sources
from ckanext.municipal.quality.findings import Finding


@tk.chained_action
def harvest_job_create(next_: Action, context: Context, data_dict: DataDict) -> Any:
    """Make a job; two that are asked for at the same moment become one."""
    with locks.held(f"job:{data_dict.get('source_id')}"):
        return next_(context, data_dict)


@tk.chained_action
def harvest_job_abort(next_: Action, context: Context, data_dict: DataDict) -> Any:
    """Stop a job, and close its run with it."""
    job = next_(context, data_dict)
    run = runs.get(job["id"])
    if run and not run["finished"]:
        objects.give_up(job["id"])
        close(run, runs.STOPPED, [Finding(rules.STOPPED)])
    return job


@tk.chained_action
def harvest_source_clear(next_: Action, context: Context, data_dict: DataDict) -> Any:
    """Clear a source, and forget what was loaded from it: the next run loads it again."""
    tk.check_access("harvest_source_clear", context, data_dict)
    source_id = sources.id_of(data_dict.get("id") or "")
    harvester = get_harvester(sources.type_of(source_id)) if source_id else None
    if isinstance(harvester, MunicipalHarvester):
        for package_id in records.packages(str(source_id)):
            harvester.forget(package_id)
    cleared = next_(context, data_dict)
    if source_id:
        records.forget_all(source_id)
        model.Session.commit()
    return cleared


@tk.chained_action
def harvest_sources_reindex(next_: Action, context: Context, data_dict: DataDict) -> Any:
    """Index all sources anew: a change, which is not made by a link."""
    return next_(context, data_dict)


@tk.chained_action
def harvest_source_reindex(next_: Action, context: Context, data_dict: DataDict) -> Any:
    """Index a source anew: not by a link, and by its editors alone; the stock action asks nobody."""
    # What is done for all sources has been asked for all of them, and names nobody here.
    asked = "defer_commit" in context
    asker: Any = {**context, "ignore_auth": True} if asked else context
    tk.check_access("harvest_source_reindex", asker, data_dict)
    return next_(context, data_dict)


@tk.side_effect_free
@tk.chained_action
def harvest_source_show_status(next_: Action, context: Context, data_dict: DataDict) -> Any:
    """Count the records that needed no object among those that did not change."""
    shown = next_(context, data_dict)
    if shown.get("last_job"):
        _count_skipped([shown["last_job"]])
    return shown


@tk.side_effect_free
@tk.chained_action
def harvest_job_show(next_: Action, context: Context, data_dict: DataDict) -> Any:
    """Count the records that needed no object among those that did not change."""
    return _count_skipped([next_(context, data_dict)])[0]


@tk.side_effect_free
@tk.chained_action
def harvest_job_list(next_: Action, context: Context, data_dict: DataDict) -> Any:
    """Count the records that needed no object among those that did not change."""
    return _count_skipped(next_(context, data_dict))


def _count_skipped(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    skipped = runs.skipped(job["id"] for job in jobs if "stats" in job)
    for job in jobs:
        if job["id"] in skipped:
            job["stats"]["not modified"] += skipped[job["id"]]
    return jobs
