"""What a round of the scheduler does: starts, ends, takes up; for our harvesters and others."""

from __future__ import annotations

from datetime import timedelta

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

from ckanext.municipal.harvest import foreground, queues, recovery, scheduler
from ckanext.municipal.harvest.model import locks, objects, runs
from ckanext.municipal.harvest.model.tables import execute, job, object_, run, source, utc_now


def set_(table, **values):
    execute(table.update().values(**values))
    model.Session.commit()
    model.Session.expire_all()


def status_of(job_id):
    return execute(job.select().where(job.c.id == job_id)).one().status


def test_a_due_source_is_started_once_and_set_for_its_next_time(folder):
    set_(source, frequency="WEEKLY")
    scheduler.tick()
    scheduler.tick()
    assert model.Session.query(HarvestJob).count() == 1
    assert len(queues.waiting_jobs() or ()) == 1
    left = model.Session.query(HarvestSource.next_run).scalar() - utc_now()
    assert timedelta(days=6) < left < timedelta(days=8)


def test_a_round_does_nothing_while_another_scheduler_does_one(folder):
    set_(source, frequency="DAILY")
    with locks.held(scheduler.ROUND):
        assert not scheduler.tick()
    assert model.Session.query(HarvestJob).count() == 0


def test_a_job_whose_maker_died_before_starting_it_is_started(folder):
    folder.write(a="Alpha")
    made = folder.act("harvest_job_create", source_id=folder.id, run=False)
    recovery.recover_runs()
    assert status_of(made["id"]) == "New", "it may be about to start"
    set_(job, created=utc_now() - timedelta(hours=1))
    recovery.recover_runs()
    assert status_of(made["id"]) == "Running"
    assert queues.waiting_jobs() == {made["id"]}


def test_a_run_that_shows_no_progress_is_closed_with_a_reason(folder):
    folder.write(a="Alpha")
    job_id = foreground.new_job(folder.id)
    (waiting,) = foreground.gather(foreground.harvester_of(folder.id), job_id)
    set_(run, heartbeat=utc_now() - timedelta(hours=25))
    set_(object_, state="FETCH", fetch_started=utc_now())
    with locks.held(f"object:{waiting}"):  # a worker that hangs, not one that is gone
        recovery.recover_runs()
    closed = runs.get(job_id)
    assert closed["outcome"] == "failed"
    assert "60" in closed["messages"][-1]["en"]
    assert status_of(job_id) == "Finished"
    assert folder.run()["added"] == 1, "and the source is free again"


def test_a_run_that_waits_behind_another_is_not_stuck(make_folder):
    waits, works = make_folder("waits"), make_folder("works")
    for folder in (waits, works):
        folder.write(a="Alpha")
    job_id = foreground.new_job(waits.id)
    ids = foreground.gather(foreground.harvester_of(waits.id), job_id)
    queues.push_objects(ids)
    set_(run, heartbeat=utc_now() - timedelta(hours=25))
    foreground.gather(foreground.harvester_of(works.id), foreground.new_job(works.id))
    recovery.recover_runs()
    assert runs.get(job_id)["finished"] is None


def test_a_foreground_run_is_left_alone(folder):
    folder.write(a="Alpha")
    job_id = foreground.new_job(folder.id)
    with locks.held(foreground.foreground_lock(job_id)):
        foreground.gather(foreground.harvester_of(folder.id), job_id)
        recovery.recover_runs(timedelta(0))
        assert queues.waiting_objects() == set()
    recovery.recover_runs(timedelta(0))
    assert len(queues.waiting_objects() or ()) == 1


def test_a_stopped_run_leaves_the_source_free(folder, portal):
    folder.write(a="Alpha", b="Beta")
    job_id = foreground.new_job(folder.id)
    foreground.gather(foreground.harvester_of(folder.id), job_id)
    folder.act("harvest_job_abort", id=job_id)
    assert runs.get(job_id)["outcome"] == "stopped"
    assert objects.open_objects(job_id) == []
    assert folder.run()["added"] == 2


def test_a_run_finished_by_a_cron_line_is_closed(folder):
    folder.write(a="Alpha")
    job_id = foreground.new_job(folder.id)
    foreground.gather(foreground.harvester_of(folder.id), job_id)
    set_(job, status="Finished")
    recovery.recover_runs()
    assert runs.get(job_id)["outcome"] == "stopped"


@pytest.fixture
def other(folder):
    """A running job of another plugin's harvester, with two objects."""
    foreign = HarvestSource(id="other", url="http://x", type="dcat_rdf")
    foreign.save()
    running = HarvestJob(source_id="other", status="Running", gather_finished=utc_now())
    running.save()
    for guid in "ab":
        HarvestObject(
            guid=guid,
            harvest_job_id=running.id,
            harvest_source_id="other",
            job=running,
            source=foreign,
        ).save()
    return running


def mark(object_id, ago):
    """What a consumer leaves in Redis when it takes an object, in the machine's own time."""
    import datetime

    taken = datetime.datetime.now() - ago  # noqa: DTZ005
    queue.get_connection_redis().set(f"{queue.get_fetch_routing_key()}:{object_id}", str(taken))


def test_lost_objects_of_other_harvesters_are_queued_again(other):
    recovery.recover_others(recovery.our_types())
    assert len(queues.waiting_objects() or ()) == 2
    recovery.recover_others(recovery.our_types())
    connection = queue.get_connection_redis()
    assert connection.llen(queue.get_fetch_routing_key()) == 2, "and not twice"


def test_age_is_counted_over_midnight_and_work_in_progress_left_alone(other):
    first, second = (one.id for one in objects.open_objects(other.id))
    mark(first, timedelta(minutes=30))  # ckanext-harvest would queue it again after three
    mark(second, timedelta(days=1, minutes=1))  # and would take this for one minute
    recovery.recover_others(recovery.our_types())
    assert queues.waiting_objects() == {second}


def test_jobs_of_other_harvesters_are_finished(other, monkeypatch):
    shown = []
    monkeypatch.setattr(recovery, "publish_status", shown.append)
    set_(object_, state="COMPLETE")
    recovery.recover_others(recovery.our_types())
    assert status_of(other.id) == "Finished"
    assert shown == ["other"]


def test_history_is_trimmed_and_what_is_published_is_not_touched(folder, monkeypatch, ckan_config):
    monkeypatch.setitem(ckan_config, "ckanext.municipal.harvest.keep_jobs", 2)
    folder.write(a="Alpha", b="Beta")
    folder.run()
    for n in range(5):
        folder.write(b=f"Beta {n}", c="refused" if n % 2 else f"Gamma {n}")
        folder.run()
    jobs = model.Session.query(HarvestJob).count()
    assert jobs == 3, "two to keep, and the one that the first dataset comes from"
    assert model.Session.query(HarvestObject).filter_by(current=True).count() == 3
    assert folder.run()["skipped"] == 3
    found = tk.get_action("package_search")({}, {"fq": f'harvest_source_id:"{folder.id}"'})
    assert found["count"] == 3


def test_a_history_that_somebody_cleared_makes_no_duplicates(folder, portal):
    folder.write(a="Alpha")
    folder.run()
    folder.act("harvest_source_job_history_clear", id=folder.id)
    assert folder.run()["skipped"] == 1
    folder.write(a="Alpha two")
    assert folder.run()["updated"] == 1
    assert folder.titles() == ["Alpha two"]
