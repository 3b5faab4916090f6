"""No change is lost and none is told out of order, however many workers there are and however they end."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from feed_portal import call, log, make, put, query, row, shown, shown_text, waiting

from ckanext.municipal.feeds import doctor, work
from ckanext.municipal.feeds.looking import ATTEMPTS, look
from ckanext.municipal.feeds.model import queue
from ckanext.municipal.feeds.model.tables import activity, package, pending, record
from ckanext.municipal.portal.doctor import CHECKS

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


def edit(dataset_id: str, **columns: Any) -> None:
    """Change a dataset as another process does, which gives up rather than wait for a worker."""
    with queue.connection() as ours, ours.begin():
        ours.execute(sa.text("SET LOCAL lock_timeout = '1s'"))
        ours.execute(sa.update(package).where(package.c.id == dataset_id).values(**columns))


def while_working(monkeypatch: pytest.MonkeyPatch, change: Callable[[], None]) -> None:
    """Let something happen once, between a worker's look at a dataset and what it writes."""
    left = [change]

    def look_then_change(*arguments: Any) -> Any:
        seen = look(*arguments)
        if left:
            left.pop()()
        return seen

    monkeypatch.setattr(work, "look", look_then_change)


def test_who_saves_waits_for_no_worker_and_the_worker_looks_again(monkeypatch):
    dataset = put("one")
    while_working(monkeypatch, lambda: edit(dataset, title="Νέος"))
    work.drain()
    assert "Νέος" in row(dataset)["turtle"].decode()
    assert waiting() == 0


@pytest.mark.parametrize("columns", [{"private": True}, {"state": "draft"}, {"state": "deleted"}])
def test_what_stops_being_public_while_a_worker_works_never_appears(
    monkeypatch, columns: dict[str, Any]
):
    dataset = put("one")
    states: list[set[str]] = []
    real = work.settle

    def settle_and_look(*arguments: Any) -> bool:
        settled = real(*arguments)
        states.append(shown())
        return settled

    monkeypatch.setattr(work, "settle", settle_and_look)
    while_working(monkeypatch, lambda: edit(dataset, **columns))
    work.drain()
    assert all(state == set() for state in [*states, shown()])
    assert log() == []


def test_a_revision_is_taken_only_when_the_one_before_it_is_committed():
    first, second = put("first"), put("second")
    writing = "wait_event_type = 'Lock' AND datname = current_database()"
    with queue.connection() as ours:
        with ours.begin():
            assert work.settle(ours, first, look(first), "maker")
            other = threading.Thread(target=work.drain)
            other.start()
            until(lambda: query(sa.text(f"SELECT 1 FROM pg_stat_activity WHERE {writing}")))
            assert log() == []
        other.join(30)
    assert log()[0] == ("Create", "first")
    assert row(second)["revision"] > row(first)["revision"]


def test_one_save_is_one_note_and_a_note_that_is_rolled_back_is_none():
    make("one")
    work.drain()
    call(
        "package_patch",
        id="one",
        tags=[{"name": "αα"}],
        resources=[{"url": "https://example.org/x.csv"}],
    )
    assert len(query(sa.select(pending.c.transaction))) == 1
    work.drain()
    model.Session.execute(package.update().values(title="x"))
    model.Session.rollback()
    assert waiting() == 0


@pytest.fixture
def told(monkeypatch) -> dict[str, Any]:
    """A dataset with a tag, a theme and a department."""
    organization = factories.Organization()
    call("group_create", name="parks", title="Πάρκα")
    dataset = make(
        "one", owner_org=organization["id"], groups=[{"name": "parks"}], tags=[{"name": "αα"}]
    )
    work.drain()
    assert waiting() == 0
    return dataset


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE resource SET url = 'https://example.org/y.csv'",
        "DELETE FROM resource",
        "UPDATE package_tag SET state = 'deleted'",
        "UPDATE member SET state = 'deleted' WHERE table_name = 'package'",
        "UPDATE \"group\" SET title = 'x' WHERE is_organization",
        "UPDATE \"group\" SET title = 'x' WHERE NOT is_organization",
        "UPDATE package SET notes = 'x'",
    ],
)
def test_a_change_by_sql_alone_is_noted(told: dict[str, Any], statement: str):
    model.Session.execute(sa.text(statement))
    model.Session.commit()
    assert [each[0] for each in query(sa.select(pending.c.dataset_id))] == [told["id"]]


def test_the_doctor_sees_a_trigger_that_is_off():
    assert not list(CHECKS["feeds-triggers"].run())
    with queue.connection() as ours:
        try:
            with ours.begin():
                ours.execute(sa.text("ALTER TABLE package_tag DISABLE TRIGGER municipal_feed"))
            (finding,) = CHECKS["feeds-triggers"].run()
            assert (finding.rule, finding.values["table"]) == (doctor.NO_TRIGGER, "package_tag")
        finally:
            with ours.begin():
                ours.execute(sa.text("ALTER TABLE package_tag ENABLE TRIGGER municipal_feed"))


def test_what_was_made_by_other_settings_is_made_again_by_itself():
    dataset = make("one")
    work.drain()
    before = row(dataset["id"])
    with queue.connection() as ours:
        with ours.begin():
            ours.execute(record.update().values(maker="of yesterday"))
        assert queue.add_made_otherwise(ours, before["maker"]) == 1
    work.drain()
    after = row(dataset["id"])
    assert (after["maker"], after["revision"]) == (before["maker"], before["revision"])


class Processes:
    """Workers as an operator starts them."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self.running: list[subprocess.Popen] = []

    def start(self) -> subprocess.Popen:
        ini = os.environ["CKAN_INI"]
        command = [
            Path(sys.executable).with_name("ckan"),
            "-c",
            ini,
            "municipal",
            "feeds",
            "worker",
        ]
        with (self._logs / f"{len(self.running)}.log").open("wb") as said:
            process = subprocess.Popen(list(map(str, command)), stdout=said, stderr=said)
        self.running.append(process)
        return process

    def end(self) -> None:
        for process in self.running:
            process.kill()
            process.wait(10)


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    started = Processes(tmp_path)
    yield started
    started.end()


def until(what: Callable[[], Any], seconds: float = 90) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if got := what():
            return got
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


class Follower(threading.Thread):
    """A client that goes by revision: it asks again and again for what came after the last it has."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: list[int] = []
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.is_set():
            self.ask()

    def ask(self) -> None:
        last = self.seen[-1] if self.seen else 0
        newer = sa.select(activity.c.revision).where(activity.c.revision > last)
        self.seen += [each[0] for each in query(newer.order_by(activity.c.revision))]


def test_two_workers_of_which_one_is_killed_lose_nothing_and_keep_the_order(processes: Processes):
    ids = [put(f"dataset-{number}") for number in range(20)]
    follower = Follower()
    follower.start()
    first, _ = processes.start(), processes.start()
    until(lambda: query(sa.select(activity.c.revision)))
    for number, dataset_id in enumerate(ids * 3):
        edit(dataset_id, title=f"Τίτλος {number}")
        if number == 25:
            first.kill()
            processes.start()
    until(lambda: waiting() == 0)
    follower.stop.set()
    follower.join(10)
    follower.ask()
    for number, dataset_id in enumerate(ids):
        assert f"Τίτλος {40 + number}" in row(dataset_id)["turtle"].decode()
    told = query(sa.select(activity.c.revision, activity.c.published).order_by(activity.c.revision))
    assert follower.seen == [revision for revision, _ in told]
    assert [moment for _, moment in told] == sorted(moment for _, moment in told)
    latest = sa.select(activity.c.dataset_id, sa.func.max(activity.c.revision))
    known = query(sa.select(record.c.dataset_id, record.c.revision))
    assert set(map(tuple, known)) == set(map(tuple, query(latest.group_by(activity.c.dataset_id))))
    assert queue.is_worked()
    processes.end()
    assert not queue.is_worked()


def test_an_edit_shows_by_itself_a_moment_later(processes: Processes):
    dataset = make("one")
    processes.start()
    until(lambda: waiting() == 0)
    call("package_patch", id="one", title_translated={"el": "Νέος τίτλος"})
    until(lambda: "Νέος τίτλος" in shown_text(dataset), seconds=5)


def cut_connections() -> None:
    """End every connection to the database but the one that asks for it, as a restart does."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    query(sa.text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))


def test_a_connection_that_is_cut_in_the_middle_is_no_fault_of_the_dataset(monkeypatch):
    dataset = put("one")
    while_working(monkeypatch, cut_connections)
    with pytest.raises(sa.exc.DBAPIError):
        work.drain()
    model.Session.remove()
    for _ in range(ATTEMPTS + 1):
        work.drain()
    assert row(dataset)["state"] == "public"
    assert waiting() == 0


def test_a_worker_outlives_a_restart_of_the_database(processes: Processes):
    dataset = put("one")
    worker = processes.start()
    until(lambda: waiting() == 0)
    cut_connections()
    model.Session.remove()
    edit(dataset, title="Νέος")
    until(lambda: "Νέος" in row(dataset)["turtle"].decode())
    assert worker.poll() is None
