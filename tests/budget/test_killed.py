"""A budget run that is killed, and what the scheduler and the next worker make of it."""

from __future__ import annotations

import os
import pkgutil
import signal
from collections.abc import Callable
from datetime import timedelta
from unittest import mock

import pytest
from ckan import model
from ckanext.harvest import queue

from ckanext.municipal.harvest import recovery
from tests.budget.budget_exports import ROWS, export
from tests.budget.test_harvest import REVENUE_ROWS, SECOND, content, inbox, paid

__all__ = ["inbox"]

PLACES = {
    "before the tables are stored": "ckanext.municipal.budget.tables.write_year",
    "before the dataset is described": "ckanext.municipal.budget.harvester.publish",
    "before the files are written": "ckanext.municipal.harvest.publish._update",
    "after the dataset is described": (
        "ckanext.municipal.budget.harvester.BudgetHarvester._refresh_next"
    ),
}


@pytest.mark.parametrize("where", PLACES.values(), ids=PLACES)
def test_killed_anywhere_and_taken_up_again_the_end_is_that_without_the_kill(inbox, where):
    inbox.write(SECOND, export(paid("5,00")))
    kill_at(where, inbox.run)
    recovery.recover_runs(timedelta(0))
    consume()
    recovery.recover_runs(timedelta(0))
    after_the_kill = content(inbox)
    tables = after_the_kill["2016"][0]
    assert len(tables["lines"]) == len(ROWS) + len(REVENUE_ROWS)
    assert len(tables["snapshots"]) == 3
    run = inbox.run()
    assert (run["added"], run["updated"], run["set_aside"]) == (0, 0, 0)
    assert content(inbox) == after_the_kill


def kill_at(where: str, work: Callable[[], object], times: int = 1) -> None:
    """Do the work in a copy of this process, which is killed when it comes to a function the nth time."""
    from ckanext.datastore.backend.postgres import get_read_engine, get_write_engine

    original, left = pkgutil.resolve_name(where), [times]

    def die(*arguments: object, **named: object) -> object:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments, **named)

    model.Session.remove()
    for engine in (model.meta.engine, get_read_engine(), get_write_engine()):
        engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            with mock.patch(where, die):
                work()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"{where} was not reached {times} times"
    assert os.WTERMSIG(status) == signal.SIGKILL


def consume() -> None:
    """Work through both queues, as the gather and the fetch consumer do."""
    stages = (
        (queue.get_gather_consumer(), queue.get_gather_queue_name(), queue.gather_callback),
        (queue.get_fetch_consumer(), queue.get_fetch_queue_name(), queue.fetch_callback),
    )
    for consumer, name, callback in stages:
        while True:
            method, header, body = consumer.basic_get(queue=name)
            if body is None:
                break
            callback(consumer, method, header, body)
