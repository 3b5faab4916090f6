"""A run in this process, from the list to the last record: the same stages, without the queue."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.harvest.logic import HarvestJobExists
from ckanext.harvest.queue import get_harvester

from ckanext.municipal.harvest.closing import close_if_done
from ckanext.municipal.harvest.context import site_context
from ckanext.municipal.harvest.gather import gather
from ckanext.municipal.harvest.model import locks, objects, runs, sources
from ckanext.municipal.harvest.work import Work

if TYPE_CHECKING:
    from ckanext.municipal.harvest.harvester import MunicipalHarvester

Watcher = Callable[[dict[str, Any]], None]


def new_job(source_id: str, url: str | None = None) -> str:
    """Make a job for a source that this process will run; returns its id.

    ``url`` is another place to look, for this job alone. Raises `SourceBusy` where a job of the
    source runs already.
    """
    try:
        action = tk.get_action("harvest_job_create")
        job = action(site_context(), {"source_id": source_id, "run": False})
    except HarvestJobExists:
        raise runs.SourceBusy(sources.latest_job(source_id) or "") from None
    runs.prepare(job["id"], source_id, url)
    sources.start_job(job["id"])
    return job["id"]


def run(job_id: str, *, confirmed: bool = False, watch: Watcher | None = None) -> dict[str, Any]:
    """Run a job to its end in this process; returns its run.

    While it lasts the scheduler leaves the job alone; if this process dies, the scheduler hands
    what is left to the consumers. ``watch`` is given the run after each record.
    """
    harvester = harvester_of(runs.source_of(job_id))
    with locks.held(foreground_lock(job_id)):
        for object_id in gather(harvester, job_id, confirmed=confirmed):
            _tell(job_id, watch)
            work_on(harvester, object_id)
        close_if_done(job_id)
    _tell(job_id, watch)
    run = runs.get(job_id)
    assert run is not None
    return run


def follow(job_id: str, watch: Watcher | None = None, pause: float = 0.5) -> dict[str, Any]:
    """Watch a job that another process runs until it has ended; returns its run."""
    while True:
        model.Session.rollback()
        run = runs.get(job_id)
        if run and run["finished"]:
            return run
        if not run and not runs.is_unfinished(job_id):
            raise tk.ObjectNotFound("Harvest job not found")
        if run:
            _tell(job_id, watch)
        time.sleep(pause)


def work_on(harvester: MunicipalHarvester, object_id: str) -> str | None:
    """Fetch and load one object; returns ckanext-harvest's word for its end."""
    job_id, guid, content, times = objects.take(object_id)
    work = Work(harvester, job_id, object_id, objects.task(content, guid), times)
    if work.fetch():
        work.load()
    return work.status


def harvester_of(source_id: str) -> MunicipalHarvester:
    """Return the harvester of a source; raises NotFound if its plugin is not enabled."""
    type_ = sources.type_of(source_id)
    harvester: Any = get_harvester(type_)
    if harvester is None:
        raise tk.ObjectNotFound(f"No harvester is enabled for the source type {type_}")
    return harvester


def foreground_lock(job_id: str) -> str:
    """Return the name of the lock that a process holds while it runs a job by itself."""
    return f"foreground:{job_id}"


def _tell(job_id: str, watch: Watcher | None) -> None:
    if watch:
        watch(runs.get(job_id) or {})
