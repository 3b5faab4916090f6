"""The demonstration city's own program beside the portal: settled once, kept, and run by the supervisor."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from dev import city, ports, processes, requests_site
from dev.layout import Layout
from dev.site import option_of
from dev.state import State
from tests.dev.conftest import ROOT


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    line = Path(os.environ["CKAN_INI"]).stem.split("-")[1]  # of the CKAN that these tests run on
    return Layout(ROOT, tmp_path / "var", line)


@pytest.fixture
def state(layout: Layout) -> State:
    return State(layout.var / "state.json")


def test_settled_twice_it_is_the_same(layout, state):
    files = city.folder(layout)
    seen = []
    for _ in range(2):
        requests_site.settle(layout, state, files, running=False)
        source = requests_site.source_file(files).read_text()
        key = next(requests_site.secrets(files).iterdir())
        seen.append((source, key.read_text(), state.get("city", "since")))
    assert seen[0] == seen[1]
    assert requests_site.address(layout, state) in seen[0][0]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_text().strip()) >= 16
    assert key.read_text().strip() not in seen[0][0]


def test_a_port_that_another_program_took_is_given_up(layout, state):
    files = city.folder(layout)
    requests_site.settle(layout, state, files, running=False)
    before = requests_site.address(layout, state)
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(before.rstrip("/").rpartition(":")[2])))
        other.listen()
        requests_site.settle(layout, state, files, running=True)
        assert requests_site.address(layout, state) == before, "it is its own server"
        requests_site.settle(layout, state, files, running=False)
    after = requests_site.address(layout, state)
    assert after != before
    assert after in requests_site.source_file(files).read_text()


def test_harvesting_may_reach_its_address_and_those_of_the_template_alone(layout, state):
    options = city.options(layout, state, "imc.intranet.example")
    allowed = options["ckanext.municipal.http.allow"].split()
    assert allowed == ["imc.intranet.example", requests_site.host(layout, state)]


def test_an_option_of_the_template_is_found():
    assert option_of("[app:main]\na.b = c %(d)s\n", "a.b") == "c %(d)s"
    assert option_of("[app:main]\n", "a.b") == ""


def test_it_runs_until_the_block_ends_and_one_that_runs_is_left_alone(layout, state):
    files = city.folder(layout)
    requests_site.settle(layout, state, files, running=False)
    record = requests_site.as_process(layout, state, files).record
    port = ports.port(state, f"{layout.portal.name}-requests")
    with requests_site.served(layout, state, files):
        first = processes.running(record)
        assert first
        assert not ports.is_free(port)
        with requests_site.served(layout, state, files):
            assert processes.running(record) == first
        assert processes.running(record) == first
    assert processes.running(record) is None
