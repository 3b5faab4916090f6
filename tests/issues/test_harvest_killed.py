"""A harvest of requests that is killed with -9 anywhere, and taken up again: the end is the same."""

from __future__ import annotations

import configparser
import os
from datetime import timedelta

import pytest
from ckan import model
from ckanext.harvest import queue
from servers import going_wrong as wrong
from servers.improve_my_city import HOUR, START, issue
from servers.serving import Fault

from ckanext.municipal.harvest import recovery, scheduler
from ckanext.municipal.harvest.model import runs
from dev.demo.improve_my_city.site import BINNED
from tests.budget.test_killed import consume, kill_at
from tests.harvest.workers import Workers, wait_for
from tests.issues.harvested import clean_cells, loaded_plugins, portal, versions

__all__ = ["clean_cells", "loaded_plugins", "portal"]

HARVESTER = "ckanext.municipal.issues.harvester"
WALK = "ckanext.municipal.issues.walk.Walk"
PLACES = {
    "while the source is listed": (f"{HARVESTER}.IssuesHarvester.listing", 1),
    "while the record is fetched": (f"{HARVESTER}.IssuesHarvester.fetch", 1),
    "before the tables are made": (f"{HARVESTER}._prepare", 1),
    "in the middle of the walk": (f"{WALK}._store", 3),
    "between the cells and the rows": (f"{WALK}._stale_events", 2),
    "before what is gone is removed": (f"{WALK}._conclude", 1),
    "before the dataset is described": (f"{HARVESTER}.publish", 1),
    "before the files are written": ("ckanext.municipal.harvest.publish._update", 1),
    "after all is published": ("ckanext.municipal.harvest.model.records.save_loaded", 1),
}
QUICK = ("in the middle of the walk", "before the files are written")
TABLES = ("requests", "events", "categories", "statistics")
COUNT = 60


def change(made) -> None:
    """What happens in the city between two runs: work, a new request, and two that are taken back."""
    for number in range(30, 56):
        made.move(number, 4, START + (COUNT + number) * HOUR, note="Αποκαταστάθηκε")
    made.put(issue(COUNT + 1, updated=START + 130 * HOUR))
    made.change(3, state=BINNED)
    made.delete(4)


def taken_up() -> None:
    """The scheduler finds the work of the dead process, and the consumers do it."""
    recovery.recover_runs(timedelta(0))
    consume()
    recovery.recover_runs(timedelta(0))


def assert_whole(portal, city) -> None:
    """It is what a run that nobody killed makes of the same city, and the next run changes nothing."""
    assert city.reason() is None
    other = portal.city(city.site, name="not-killed")
    other.run()
    now, wanted = city.content(), other.content()
    assert [now[name] for name in TABLES] == [wanted[name] for name in TABLES]
    assert now["files"] == wanted["files"]
    written = versions()
    assert city.run()["unchanged"] == 1
    assert versions() == written


@pytest.mark.parametrize(
    ("where", "times"),
    [
        pytest.param(*where, id=name, marks=[] if name in QUICK else pytest.mark.slow)
        for name, where in PLACES.items()
    ],
)
def test_killed_anywhere_and_taken_up_again_the_end_is_that_without_the_kill(portal, where, times):
    city = portal.city(COUNT)
    city.run()
    change(city.site)
    kill_at(where, city.run, times)
    taken_up()
    assert {"3", "4"}.isdisjoint(city.ids())
    assert_whole(portal, city)


def test_a_first_walk_that_is_killed_twice_is_resumed_where_it_was(portal):
    city = portal.city(COUNT)
    kill_at(f"{WALK}._store", city.run, 3)
    stored = len(city.ids())
    assert 0 < stored < COUNT
    change(city.site)
    recovery.recover_runs(timedelta(0))
    kill_at(f"{WALK}._store", consume, 5)
    assert stored < len(city.ids()) < COUNT
    assert city.dataset() is None
    taken_up()
    assert_whole(portal, city)


@pytest.fixture
def workers(portal, tmp_path):
    """Real processes of the portal."""
    settings = configparser.RawConfigParser()
    settings.optionxform = str
    settings.read(os.environ["CKAN_INI"])
    for option in ("ckan.storage_path", "ckanext.municipal.harvest.secrets"):
        settings.set("app:main", option, portal.config[option])
    processes = Workers(tmp_path / "workers.ini")

    def ready() -> Workers:
        allowed = " ".join(portal.config["ckanext.municipal.http.allow"])
        settings.set("app:main", "ckanext.municipal.http.allow", allowed)
        with processes.ini.open("w") as file:
            settings.write(file)
        return processes

    yield ready
    processes.end()


def test_a_fetch_consumer_that_is_killed_while_it_reads_is_followed_by_another(
    portal, workers, monkeypatch
):
    original = recovery.recover_runs
    monkeypatch.setattr(recovery, "recover_runs", lambda: original(timedelta(0)))
    queue.purge_queues()
    running = []

    def kill() -> None:
        running[0].kill()

    city = portal.city(COUNT, Fault(wrong.meanwhile(kill), on="api2.issues", after=40))
    processes = workers()
    job = portal.act("harvest_job_create", source_id=city.source["id"])["id"]
    processes.start("harvester", "gather-consumer")
    running.append(processes.start("harvester", "fetch-consumer"))
    wait_for(lambda: running[0].poll() is not None, 120)
    assert 0 < len(city.ids()) < COUNT
    processes.start("harvester", "fetch-consumer")

    def finished():
        scheduler.tick()
        model.Session.rollback()
        run = runs.get(job)
        return run if run and run["finished"] else None

    assert wait_for(finished, 120)["added"] == 1
    assert_whole(portal, city)
