"""Runs whose worker died: found by the locks it lost, handed to another one, or closed.

For our own harvesters nothing is guessed from age: who holds no lock does not work. A record that
took its worker down as often as the operator allows is set aside, so that a run always ends.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from ckan import model
from ckan.plugins import PluginImplementations
from ckanext.harvest.interfaces import IHarvester

from ckanext.municipal.harvest import config, queues, rules
from ckanext.municipal.harvest.closing import close, close_if_done, publish_status
from ckanext.municipal.harvest.foreground import foreground_lock, harvester_of, work_on
from ckanext.municipal.harvest.harvester import MunicipalHarvester
from ckanext.municipal.harvest.model import locks, objects, runs, sources
from ckanext.municipal.harvest.model.objects import OpenObject
from ckanext.municipal.harvest.model.tables import utc_now
from ckanext.municipal.quality.findings import Finding

log = logging.getLogger(__name__)

# A worker marks what it takes a moment before it holds the lock on it.
_GRACE = timedelta(seconds=10)


def our_types() -> list[str]:
    """Return the source types whose harvester stands on our base class."""
    harvesters = PluginImplementations(IHarvester)
    return [one.source_type for one in harvesters if isinstance(one, MunicipalHarvester)]


def recover_runs(grace: timedelta = _GRACE) -> None:
    """Look after every running job of our harvesters: close it, hand it on, or leave it alone."""
    for job_id in sources.forgotten_jobs(our_types(), utc_now() - 6 * grace):
        sources.start_job(job_id)
    for job in sources.running_jobs(our_types()):
        if not locks.is_free(foreground_lock(job["id"])):
            continue
        run = runs.get(job["id"])
        if run is None or not run["gathered"]:
            _recover_listing(job, run, grace)
        elif not close_if_done(job["id"]):
            _recover_objects(run, grace)
        _close_if_stuck(job["id"])
    _close_stopped_runs()


def _recover_listing(job: dict[str, Any], run: dict[str, Any] | None, grace: timedelta) -> None:
    """A job that waits in the queue, or whose listing goes on, is well; else it is queued anew."""
    waiting = queues.waiting_jobs()
    last = run["heartbeat"] if run else job["created"]
    if waiting is None or job["id"] in waiting or utc_now() - last < grace:
        return
    if not locks.is_free(f"gather:{job['source_id']}"):
        return
    if run and run["attempts"] >= config.attempts():
        died = Finding(rules.GATHER_DIED, values={"times": run["attempts"]})
        close(run, runs.FAILED, [died])
        return
    log.warning("Job %s: its worker is gone, the listing starts again", job["id"])
    queues.push_job(job["id"])


def _recover_objects(run: dict[str, Any], grace: timedelta) -> None:
    open_ = objects.open_objects(run["job_id"])
    waiting = queues.waiting_objects()
    if waiting is None or all(one.id in waiting for one in open_):
        return
    lost = [one for one in open_ if one.id not in waiting and _is_abandoned(one, run, grace)]
    for one in lost:
        queues.drop_mark(one.id)
        if one.attempts >= config.attempts():
            _set_aside_killer(one)
    again = [one.id for one in lost if one.attempts < config.attempts()]
    if again:
        log.warning("Job %s: %d records lost their worker", run["job_id"], len(again))
        queues.push_objects(again)


def _is_abandoned(one: OpenObject, run: dict[str, Any], grace: timedelta) -> bool:
    since = one.started or run["gathered"]
    return utc_now() - since >= grace and locks.is_free(f"object:{one.id}")


def _set_aside_killer(one: OpenObject) -> None:
    """Let the record's next attempt, which sets it aside before it touches it, happen here."""
    work_on(harvester_of(one.source_id), one.id)


def _close_if_stuck(job_id: str) -> None:
    """Close a run without progress, unless it only waits its turn behind runs that progress."""
    run = runs.get(job_id)
    if run is None or run["finished"]:
        return
    last = run["heartbeat"]
    if all(one.state == "WAITING" for one in objects.open_objects(job_id)):
        last = max(other["heartbeat"] for other in runs.open_runs())
    timeout = config.timeout()
    if utc_now() - last > timeout:
        minutes = int(timeout.total_seconds() // 60)
        objects.give_up(job_id)
        close(run, runs.FAILED, [Finding(rules.NO_PROGRESS, values={"minutes": minutes})])


def _close_stopped_runs() -> None:
    """A job that somebody else finished (a person, a cron line) leaves its run open."""
    for run in runs.open_runs():
        if run["job_status"] not in ("New", "Running"):
            stopped = not run["gathered"] or run["worked"] < run["total"]
            found = [Finding(rules.STOPPED)] if stopped else []
            close(run, runs.STOPPED if stopped else None, found)


def recover_others(types: Sequence[str]) -> None:
    """Finish the jobs of other harvesters, and queue again what their dead consumers held.

    They hold no locks: an object counts as abandoned when it was taken longer ago than the
    timeout (whole seconds, over midnight too), or waits in no queue at all.
    """
    for job in sources.running_jobs(types, others=True):
        if not job["gather_finished"]:
            continue
        open_ = objects.open_objects(job["id"])
        if not open_:
            runs.finish_other(job["id"])
            model.Session.commit()
            publish_status(job["source_id"])
            continue
        waiting = queues.waiting_objects()
        if waiting is None or all(one.id in waiting for one in open_):
            continue
        lost = [one.id for one in open_ if one.id not in waiting and _taken_too_long(one.id)]
        for id_ in lost:
            queues.drop_mark(id_)
        queues.push_objects(lost)


def _taken_too_long(object_id: str) -> bool:
    taken = queues.taken_at(object_id)
    # ckanext-harvest writes the mark in the machine's own time, without a zone.
    return taken is None or datetime.now() - taken > config.timeout()  # noqa: DTZ005
