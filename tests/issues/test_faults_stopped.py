"""A service that stops while requests are harvested, and comes back: it ends as if nothing had happened."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from ckan import model
from ckanext.harvest import queue
from servers import going_wrong as wrong
from servers.serving import Fault

from ckanext.municipal.harvest import recovery
from tests.budget.test_killed import consume
from tests.issues.drill import Drill, end_without_faults
from tests.issues.harvested import clean_cells, loaded_plugins, portal
from tests.issues.test_faults import LIST, OPEN311, V2, V3
from tests.services import Services, services

__all__ = ["clean_cells", "loaded_plugins", "portal"]

pytestmark = pytest.mark.slow

# What the city speaks, what stops, after how many lists, whether it comes back at once, in which run.
CASES = {
    "PostgreSQL before anything is stored": (V3, "PostgreSQL", 0, False, False),
    "PostgreSQL in the middle of the walk": (V3, "PostgreSQL", 4, False, False),
    "PostgreSQL in the second run": (V3, "PostgreSQL", 1, False, True),
    "PostgreSQL restarts in the middle of the walk": (V3, "PostgreSQL", 4, True, False),
    "PostgreSQL restarts in the second run": (OPEN311, "PostgreSQL", 0, True, True),
    "Redis in the middle of the walk": (V3, "Redis", 4, False, False),
    "Redis in the second run": (V2, "Redis", 0, False, True),
    "Redis restarts in the middle of the walk": (V3, "Redis", 4, True, False),
    "Solr before the dataset is made": (V3, "Solr", 4, False, False),
    "Solr before the dataset is changed": (V3, "Solr", 1, False, True),
    "Solr restarts before the dataset is changed": (OPEN311, "Solr", 0, True, True),
}


@pytest.fixture
def running() -> Services:
    """The services of the tests, all of them running again afterwards."""
    with services() as found:
        yield found


def let_go() -> None:
    """Forget connections to a server that was stopped, as a new worker has none."""
    from ckanext.datastore.backend.postgres import get_read_engine, get_write_engine

    with contextlib.suppress(Exception):
        model.Session.remove()
    for engine in (model.meta.engine, get_read_engine(), get_write_engine()):
        engine.dispose()


def taken_up() -> None:
    """The scheduler finds what is left of the run, and the consumers do it."""
    for _ in range(2):
        recovery.recover_runs(timedelta(0))
        consume()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("consumers", [False, True], ids=["command line", "consumers"])
def test_a_service_that_stops_and_comes_back_changes_nothing(portal, running, case, consumers):
    program, service, after, at_once, lived = case
    queue.purge_queues()
    wanted = end_without_faults(portal, program, lived=lived)
    drill = Drill(portal, program)
    if lived:
        assert drill.run()
        drill.live()
    before = drill.city.dataset()

    def stop() -> None:
        running.stop(service)
        if at_once:
            running.start()

    drill.served.go_wrong(Fault(wrong.meanwhile(stop), LIST[program], after))
    with contextlib.suppress(Exception):  # the process that works may end here
        if consumers:
            portal.act("harvest_job_create", source_id=drill.city.source["id"])
            consume()
        else:
            drill.city.run()
    assert drill.served.server.otherwise.seen[0] > after, "it was not stopped"
    running.start()
    let_go()
    assert bool(drill.city.dataset()) or not before, "the dataset is lost"
    taken_up()
    assert drill.jobs() == {"Finished"}
    assert drill.run(), drill.city.reason()
    assert drill.end_state() == wanted
    drill.check_that_another_run_changes_nothing()
