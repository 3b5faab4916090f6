"""What the launcher remembers: whole at every moment, for its owner's eyes, one writer at a time."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from dev import disk, ports
from dev.errors import Stop
from dev.layout import Layout
from dev.site import write_ini
from dev.state import State, locked, write_private


def test_password_is_made_once_and_kept_for_the_owner(tmp_path: Path):
    state = State(tmp_path / "state.json")
    first = state.secret("admin")
    assert len(first) >= 40
    assert State(state.path).secret("admin") == first
    assert state.secret("other") != first
    assert stat.S_IMODE(state.path.stat().st_mode) == 0o600


def test_private_file_is_private_whatever_the_umask(tmp_path: Path):
    before = os.umask(0)
    try:
        write_private(tmp_path / "settings.ini", "secret")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "settings.ini").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["settings.ini"]


def test_damaged_state_says_what_to_do(tmp_path: Path):
    (tmp_path / "state.json").write_text("{")
    with pytest.raises(Stop, match="make clean"):
        State(tmp_path / "state.json").get("ports", "web")


def test_second_launcher_is_told_to_wait(tmp_path: Path):
    holder = "import sys; from pathlib import Path; from dev.state import locked\n"
    holder += "with locked(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", holder, tmp_path / "lock"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert other.stdout is not None
    other.stdout.readline()
    with pytest.raises(Stop, match="wait for it"), locked(tmp_path / "lock"):
        pass
    other.kill()
    other.wait()
    with locked(tmp_path / "lock"):
        pass


def test_service_keeps_its_port_until_somebody_takes_it(tmp_path: Path):
    state = State(tmp_path / "state.json")
    number = ports.port(state, "solr")
    assert ports.still_ours(state, "solr") == number
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", number))
        taken.listen()
        moved = ports.still_ours(state, "solr")
    assert moved != number
    assert ports.port(state, "solr") == moved


def test_wanted_port_that_is_taken_is_refused_with_a_remedy(tmp_path: Path):
    state = State(tmp_path / "state.json")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Stop, match="used by another program: stop it, or choose another"):
            ports.port(state, "web", wanted=taken.getsockname()[1])
    assert not state.path.exists()


def test_too_small_a_disk_is_told_before_anything_is_made(tmp_path: Path):
    with pytest.raises(Stop, match="MB are needed: free some, or choose another"):
        disk.require(tmp_path / "not" / "there", 10**12, "choose another folder")
    assert list(tmp_path.iterdir()) == []


def test_settings_take_the_machine_s_options_and_keep_the_rest(tmp_path: Path):
    base = "[app:main]\nckan.site_url = http://old\nckan.plugins =\n    one\n    two\n\n[loggers]\nkeys = root\n"
    write_ini(tmp_path / "a.ini", base, {"ckan.site_url": "http://new", "SECRET_KEY": "50%"})
    from ckan.cli import CKANConfigLoader

    read = CKANConfigLoader(str(tmp_path / "a.ini")).get_config()
    assert read["ckan.site_url"] == "http://new"
    assert read["SECRET_KEY"] == "50%"
    assert read["ckan.plugins"].split() == ["one", "two"]
    assert (tmp_path / "a.ini").read_text().endswith("[loggers]\nkeys = root\n")


def test_two_sites_of_one_machine_share_nothing():
    layouts = [Layout(Path("/x"), Path("/x/var"), line) for line in ("2.11", "2.12")]
    sites = [site for layout in layouts for site in (layout.portal, *layout.lanes)]
    for part in ("name", "database", "datastore", "core", "redis_number", "ini", "storage"):
        assert len({getattr(site, part) for site in sites}) == len(sites), part
