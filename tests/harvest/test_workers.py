"""Jobs with the real consumers, queue and database; killed at any stage they end the same."""

from __future__ import annotations

import configparser
import os
from datetime import timedelta

import pytest
from ckan import model
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob, HarvestObject

from ckanext.municipal.harvest import queues, recovery, scheduler
from ckanext.municipal.harvest.identity import object_id
from ckanext.municipal.harvest.model import locks, records, runs
from ckanext.municipal.harvest.model.tables import execute, source
from tests.harvest.workers import Workers, wait_for

NOW = timedelta(0)


@pytest.fixture
def workers(tmp_path, portal):
    """Processes on the test site, with harvesting alone."""
    settings = configparser.RawConfigParser()
    settings.optionxform = str
    settings.read(os.environ["CKAN_INI"])
    plugins = "municipal municipal_harvest harvest municipal_test_harvester"
    settings.set("app:main", "ckan.plugins", plugins)
    settings.set("app:main", "ckanext.municipal.harvest.interval", "1")
    ini = tmp_path / "workers.ini"
    with ini.open("w") as file:
        settings.write(file)
    processes = Workers(ini)
    yield processes
    processes.end()


@pytest.fixture
def fast_recovery(monkeypatch):
    """Lost work counts as lost at once: nobody here is about to take a lock."""
    original = recovery.recover_runs
    monkeypatch.setattr(recovery, "recover_runs", lambda: original(NOW))


def start(folder):
    """Start a job as a person does on the source's page."""
    return folder.act("harvest_job_create", source_id=folder.id)["id"]


def consume(workers):
    return workers.start("harvester", "gather-consumer"), workers.start(
        "harvester", "fetch-consumer"
    )


def finished(job_id):
    def ask():
        model.Session.rollback()
        run = runs.get(job_id)
        return run if run and run["finished"] else None

    return ask


def job_status(job_id):
    model.Session.rollback()
    model.Session.expire_all()
    return model.Session.query(HarvestJob.status).filter_by(id=job_id).scalar()


def test_a_job_finishes_by_itself_right_after_its_last_record(folder, workers):
    """No scheduler and no cron line runs here."""
    folder.write(a="Alpha", b="Beta", c="refused", d="Delta")
    folder.fault("load-d")
    job = start(folder)
    processes = consume(workers)
    run = wait_for(finished(job))
    assert (run["added"], run["set_aside"], run["outcome"]) == (2, 2, "done")
    assert job_status(job) == "Finished"
    assert folder.titles() == ["Alpha", "Beta"]
    statuses = model.Session.query(HarvestObject.report_status).filter_by(harvest_job_id=job)
    assert sorted(status for (status,) in statuses) == ["added", "added", "errored", "errored"]
    contents = model.Session.query(HarvestObject.content).filter_by(harvest_job_id=job)
    assert [content for (content,) in contents if content] == []
    again = start(folder)
    assert wait_for(finished(again))["skipped"] == 2
    assert [process.poll() for process in processes] == [None, None], "no record ended a worker"
    assert job_status(again) == "Finished"


@pytest.mark.parametrize(
    "stage",
    [
        pytest.param("listing", marks=pytest.mark.slow),
        pytest.param("listing-b", marks=pytest.mark.slow),
        pytest.param("fetch-b", marks=pytest.mark.slow),
        pytest.param("load-b", marks=pytest.mark.slow),
        "loaded-b",
        "conclude",
    ],
)
def test_kill_9_at_any_stage_ends_as_if_nothing_had_happened(folder, workers, fast_recovery, stage):
    folder.write(a="Alpha", b="Beta", c="Gamma")
    folder.fault(stage, "kill-once")
    job = start(folder)
    processes = consume(workers)
    wait_for(lambda: any(process.poll() is not None for process in processes))
    consume(workers)
    run = wait_for(lambda: scheduler.tick() and finished(job)())
    assert run["outcome"] == "done"
    assert run["added"] + run["updated"] + run["unchanged"] == 3
    assert folder.titles() == ["Alpha", "Beta", "Gamma"]
    assert records.set_aside(folder.id) == []
    assert wait_for(finished(start(folder)))["skipped"] == 3


def test_a_record_that_kills_its_worker_three_times_is_set_aside(folder, workers, fast_recovery):
    folder.write(a="Alpha", b="Beta")
    folder.fault("load-a", "kill")
    job = start(folder)
    workers.start("harvester", "gather-consumer")

    def handed_on():
        return object_id(job, "a") in queues.waiting_objects()

    for _ in range(3):
        fetch = workers.start("harvester", "fetch-consumer")
        wait_for(lambda worker=fetch: worker.poll() is not None)
        # No round before: beside a living worker it might take what that one is about to lock.
        wait_for(lambda: scheduler.tick() and (handed_on() or finished(job)()))
    run = finished(job)()
    assert (run["added"], run["set_aside"]) == (1, 1)
    assert "3 times" in records.set_aside(folder.id)[0]["reason"]["en"]
    assert folder.titles() == ["Beta"]


@pytest.mark.slow
def test_objects_lost_from_the_queue_are_queued_again(folder, workers, fast_recovery):
    """Redis was emptied between gather and fetch."""
    folder.write(a="Alpha", b="Beta")
    job = start(folder)
    gather = workers.start("harvester", "gather-consumer")
    wait_for(lambda: len(queues.waiting_objects() or ()) == 2)
    workers.kill(gather)
    queue.purge_queues()
    workers.start("harvester", "fetch-consumer")
    assert wait_for(lambda: scheduler.tick() and finished(job)())["added"] == 2


@pytest.mark.slow
def test_a_job_lost_from_the_queue_is_queued_again(folder, workers, fast_recovery):
    folder.write(a="Alpha")
    job = start(folder)
    queue.purge_queues()
    consume(workers)
    assert wait_for(lambda: scheduler.tick() and finished(job)())["added"] == 1


def test_what_is_being_worked_on_is_not_queued_again(folder, workers, fast_recovery):
    """However long it takes: its lock says that its worker lives."""
    folder.write(a="Alpha")
    fault = folder.fault("load-a", "wait")
    job = start(folder)
    consume(workers)
    reached = fault.with_suffix(".reached")
    wait_for(reached.exists)
    for _ in range(3):
        scheduler.tick()
    assert queues.waiting_objects() == set()
    fault.unlink()
    assert wait_for(finished(job))["added"] == 1
    assert folder.loads() == 1


@pytest.mark.slow
def test_a_record_that_two_messages_name_is_loaded_once(folder, workers):
    """A cron line of “ckan harvester run” queues again what takes longer than three minutes."""
    folder.write(a="Alpha")
    fault = folder.fault("load-a", "wait")
    job = start(folder)
    consume(workers)
    workers.start("harvester", "fetch-consumer")
    wait_for(fault.with_suffix(".reached").exists)
    object_id = model.Session.query(HarvestObject.id).filter_by(harvest_job_id=job).scalar()
    queues.push_objects([object_id])
    wait_for(lambda: queues.waiting_objects() == set())
    fault.unlink()
    assert wait_for(finished(job))["added"] == 1
    assert folder.loads() == 1


def test_two_runs_of_a_source_at_once_become_one(folder, workers):
    folder.write(a="Alpha", b="Beta")
    fault = folder.fault("load-a", "wait")
    config = folder.source_file()
    first = workers.start("municipal", "harvest", str(config))
    wait_for(fault.with_suffix(".reached").exists)
    second = workers.start("municipal", "harvest", str(config))
    wait_for(lambda: "job" in workers.said(second))
    fault.unlink()
    assert first.wait(60) == second.wait(60) == 0
    assert folder.loads() == 2
    assert model.Session.query(HarvestJob).count() == 1


def test_a_killed_foreground_run_is_finished_by_the_consumers(folder, workers, fast_recovery):
    folder.write(a="Alpha", b="Beta", c="Gamma")
    folder.fault("load-b", "kill-once")
    code, _ = workers.run("municipal", "harvest", str(folder.source_file()))
    assert code == -9
    job = runs.open_job(folder.id)
    consume(workers)
    run = wait_for(lambda: scheduler.tick() and finished(job)())
    assert run["added"] + run["unchanged"] == 3
    assert folder.titles() == ["Alpha", "Beta", "Gamma"]


def test_the_scheduler_runs_by_itself_and_several_are_harmless(folder, workers):
    """A source that is due is harvested without anybody's asking, once."""
    folder.write(a="Alpha")
    execute(source.update().values(frequency="DAILY"))
    model.Session.commit()
    for _ in range(2):
        workers.start("municipal", "scheduler")
    consume(workers)
    wait_for(lambda: model.Session.rollback() or (runs.latest(folder.id) or {}).get("finished"))
    assert scheduler.is_running()
    assert folder.titles() == ["Alpha"]
    assert model.Session.query(HarvestJob).count() == 1


@pytest.mark.slow
def test_no_lock_outlives_its_holder(folder, workers):
    folder.write(a="Alpha")
    fault = folder.fault("load-a", "wait")
    job = start(folder)
    _, fetch = consume(workers)
    wait_for(fault.with_suffix(".reached").exists)
    object_id = model.Session.query(HarvestObject.id).filter_by(harvest_job_id=job).scalar()
    assert not locks.is_free(f"object:{object_id}")
    workers.kill(fetch)
    wait_for(lambda: locks.is_free(f"object:{object_id}"), 10)
