"""Links are checked without anybody asking: by the scheduler that is there, and a worker of jobs."""

from __future__ import annotations

import configparser
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan.lib import jobs
from ckan.tests import factories
from faults import FaultServer, answer
from quality_portal import all_due, rows, scored, write

from ckanext.municipal.harvest import scheduler
from ckanext.municipal.quality import doctor
from ckanext.municipal.quality import jobs as quality_jobs
from ckanext.municipal.quality.links import work
from ckanext.municipal.quality.model.tables import link

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "clean_queues")
CKAN = Path(sys.executable).with_name("ckan")


@pytest.fixture
def server(ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setitem(ckan_config, "ckanext.municipal.quality.pause", "0")
    monkeypatch.setitem(ckan_config, "ckanext.municipal.quality.files", "")
    with FaultServer() as faulty:
        monkeypatch.setitem(ckan_config, "ckanext.municipal.http.allow", faulty.allow)
        yield faulty


@pytest.fixture
def ini(server: FaultServer, tmp_path: Path) -> Path:
    """The settings of the test site for another process, which may ask the server as well."""
    settings = configparser.RawConfigParser()
    settings.optionxform = str
    settings.read(os.environ["CKAN_INI"])
    settings.set("app:main", "ckanext.municipal.http.allow", server.allow)
    settings.set("app:main", "ckanext.municipal.quality.pause", "0")
    path = tmp_path / "quality.ini"
    with path.open("w") as file:
        settings.write(file)
    return path


def states() -> dict[str, str]:
    return {row.url: row.state for row in rows(sa.select(link.c.url, link.c.state))}


def put(server: FaultServer, *paths: str) -> list[str]:
    urls = [server.on(path, answer(200, b"a", content_type="text/csv")) for path in paths]
    scored("one", resources=[{"url": url, "format": "CSV"} for url in urls])
    return urls


def test_a_round_of_the_scheduler_queues_a_slice_and_a_worker_does_it(server: FaultServer):
    [url] = put(server, "/one.csv")
    assert scheduler.tick()
    assert jobs.get_queue().count == 1
    scheduler.tick()
    assert jobs.get_queue().count == 1
    jobs.Worker().work(burst=True)
    assert states() == {url: "ok"}
    scheduler.tick()
    assert jobs.get_queue().count == 0  # nothing is due


def test_uploads_of_publishers_come_before_links(server: FaultServer):
    put(server, "/one.csv")
    jobs.enqueue(print, ["something else"])
    assert not quality_jobs.start()
    assert jobs.get_queue().count == 1


def test_a_portal_may_leave_links_alone(server: FaultServer, ckan_config, monkeypatch):
    put(server, "/one.csv")
    monkeypatch.setitem(ckan_config, "ckanext.municipal.quality.links", False)
    assert not quality_jobs.start()
    assert not list(doctor.checks())


def test_the_doctor_tells_when_nobody_checks(server: FaultServer):
    put(server, "/one.csv")
    assert not list(doctor.checks())
    write(sa.update(link).values(due=sa.func.now() - sa.text("interval '3 days'")))
    [found] = doctor.checks()
    assert found.values == {"count": 1, "days": 3}


def test_two_processes_at_once_ask_each_address_once(server: FaultServer):
    put(server, *(f"/{number}.csv" for number in range(40)))
    asked = [0, 0]

    def check(of: int) -> None:
        asked[of] = work.check_due()

    both = [threading.Thread(target=check, args=(of,)) for of in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sum(asked) == 40
    assert set(states().values()) == {"ok"}


def test_kill_9_in_the_middle_of_a_slice_loses_nothing(server: FaultServer, ini: Path):
    urls = put(server, *(f"/{number}.csv" for number in range(12)))
    arrived, release = threading.Event(), threading.Event()
    slow = urls[7]

    def wait(exchange: Any) -> None:
        arrived.set()
        release.wait(60)
        answer(200, b"a", content_type="text/csv")(exchange)

    server.on("/7.csv", wait)
    command = [str(CKAN), "-c", str(ini), "municipal", "quality", "links"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:
        try:
            assert arrived.wait(60), running.stderr.read() if running.poll() is not None else ""
            running.send_signal(signal.SIGKILL)
        finally:
            running.kill()
            release.set()
    assert states()[slow] is None
    deadline = time.monotonic() + 30
    while (
        None in states().values()
    ):  # the dead process's connection frees its server when it is noticed
        work.check_due()
        assert time.monotonic() < deadline
    assert set(states().values()) == {"ok"}
    all_due()
    assert work.check_due() == 12


def test_our_own_downloads_answer_head_as_get(app: Any, create_with_upload: Any):
    user = factories.Sysadmin()
    dataset = factories.Dataset(user=user)
    of = {"package_id": dataset["id"], "format": "CSV", "context": {"user": user["name"]}}
    made = create_with_upload("a,b\n1,2\n", "one.csv", **of)
    path = made["url"].replace("http://test.ckan.net", "")
    client = app.test_client()
    got, head = client.get(path), client.head(path)
    assert got.status_code == head.status_code == 200
    assert head.data == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Last-Modified"):
        assert head.headers.get(name) == got.headers.get(name)
