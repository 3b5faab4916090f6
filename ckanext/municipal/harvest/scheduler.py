"""The scheduler: starts what is due, ends what is done, takes up what was dropped; by itself.

Any number of them may run: one does a round at a time, and nobody misses one that dies.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.harvest.logic import HarvestJobExists

from ckanext.municipal.harvest import config, recovery
from ckanext.municipal.harvest.context import site_context
from ckanext.municipal.harvest.model import locks, sources
from ckanext.municipal.harvest.model.tables import utc_now
from ckanext.municipal.harvest.trouble import place
from ckanext.municipal.portal.interfaces import IRounds

log = logging.getLogger(__name__)
ALIVE, ROUND = "scheduler-alive", "scheduler-round"

_PERIODS = {
    "ALWAYS": timedelta(0),
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(weeks=1),
    "BIWEEKLY": timedelta(weeks=2),
}


def run_forever(stop: threading.Event) -> None:
    """Do a round every few seconds until ``stop`` is set; a failed round is followed by the next."""
    while not stop.is_set():
        try:
            with locks.announced(ALIVE):
                while not stop.is_set():
                    tick()
                    model.Session.remove()
                    stop.wait(config.interval())
        except Exception as error:  # noqa: BLE001 - a database that restarts does not end this
            log.error("A round failed: %s at %s", type(error).__name__, place(error))
            model.Session.remove()
            stop.wait(config.interval())


def is_running() -> bool:
    """Return whether some scheduler is alive at this moment."""
    return not locks.is_free(ALIVE)


def tick() -> bool:
    """Do one round: start due sources, look after every running job, then what other plugins have to do.

    Returns False, and does nothing, while another scheduler does its round.
    """
    with locks.held_if_free(ROUND) as mine:
        if mine:
            start_due(utc_now())
            recovery.recover_runs()
            recovery.recover_others(recovery.our_types())
            _others()
    return mine


def _others() -> None:
    """Let other plugins start what is due with them; a fault of theirs is not the scheduler's."""
    for plugin in p.PluginImplementations(IRounds):
        try:
            plugin.do_round()
        except Exception as error:  # noqa: BLE001 - whatever it is, harvesting goes on
            log.error("Round of %s failed: %s", plugin.name, type(error).__name__)
            model.Session.rollback()


def start_due(now: datetime) -> None:
    """Make a job for every active source whose time has come, and set its next time."""
    for source_id, frequency in sources.due(now):
        try:
            action = tk.get_action("harvest_job_create")
            action(site_context(), {"source_id": source_id, "run": True})
        except HarvestJobExists:
            log.info("Source %s is due, its last run goes on", source_id)
        sources.set_next_run(source_id, next_run(frequency, now))


def next_run(frequency: str, now: datetime) -> datetime:
    """Return when a source of ckanext-harvest's ``frequency`` is due after ``now``.

    MONTHLY is the same day of the next month, or its last day where it has no such day.
    """
    if frequency != "MONTHLY":
        return now + _PERIODS[frequency]
    first = (now.replace(day=1) + timedelta(days=32)).replace(day=1)
    last_day = ((first + timedelta(days=32)).replace(day=1) - timedelta(days=1)).day
    return first.replace(day=min(now.day, last_day))
