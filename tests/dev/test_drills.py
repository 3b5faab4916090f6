"""Drills: the whole portal made in a fresh checkout, killed at every step, and brought up again. They take minutes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SECOND_START_SECONDS = 20
# What `make` was told for this run of the tests is not meant for the portal of a drill.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in {"VAR", "CKAN", "PORT", "ARGS"}}


class Drill:
    """A fresh checkout in a folder that only its owner may enter, with its own data and ports."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def make(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run make to its end."""
        return subprocess.run(
            ["make", "-s", *words, f"PYTHON={sys.executable}"],
            cwd=self.root,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )

    def make_killed_after(self, step: int) -> bool:
        """Run `make up`, kill -9 it a moment after its step-th line; say whether it was still at work."""
        with subprocess.Popen(
            ["make", "-s", "up", f"PYTHON={sys.executable}"],
            cwd=self.root,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as running:
            assert running.stdout is not None
            for _ in range(step):
                if not running.stdout.readline().startswith("✓"):
                    break
            try:
                running.wait(1)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                return True
            return False

    def pids(self) -> list[int]:
        """Return the processes that work on this checkout's data, whoever started them."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                try:
                    words = (entry / "cmdline").read_bytes().decode(errors="replace")
                except OSError:
                    continue
                if str(self.root) in words:
                    found.append(int(entry.name))
        return found

    def record(self, name: str) -> int:
        """Return the pid that a process of this checkout recorded."""
        return json.loads((self.root / "var" / "run" / name).read_text())["pid"]

    def answers(self) -> bool:
        """Say whether the portal's catalogue is served."""
        url = self.make("url").stdout.strip()
        with urllib.request.urlopen(f"{url}/api/3/action/package_search", timeout=60) as answer:
            return json.load(answer)["success"]


@pytest.fixture(scope="module")
def drill(
    copy_checkout: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Drill]:
    drill = Drill(copy_checkout(tmp_path_factory.mktemp("drill") / "checkout"))
    yield drill
    drill.make("clean")
    shutil.rmtree(drill.root / ".venv", ignore_errors=True)


def test_killed_at_every_step_it_goes_on_from_there(drill: Drill):
    step = 0
    while drill.make_killed_after(step):
        step += 1
        assert step < 40
    done = drill.make("up")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"http://127\.0\.0\.1:\d+\n +name +admin\n +password +\S{30,}\n", done.stdout)
    assert drill.answers()


def test_second_start_is_a_start_only(drill: Drill):
    assert drill.make("down").returncode == 0
    assert drill.pids() == []
    started = time.monotonic()
    done = drill.make("up")
    seconds = time.monotonic() - started
    assert done.returncode == 0, done.stdout + done.stderr
    for made_once in (
        "Python packages",
        "System packages",
        "Demonstration",
        "Administrator",
        "Harvest",
    ):
        assert made_once not in done.stdout
    busy = os.getloadavg()[0] > 2 * (os.cpu_count() or 1)
    assert seconds < SECOND_START_SECONDS * (4 if busy else 1)
    assert drill.answers()


@pytest.mark.parametrize("name", ["postgres", "redis", "solr"])
def test_killed_service_is_started_again(drill: Drill, name: str):
    before = drill.record(f"{name}.json")
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + 120
    while drill.record(f"{name}.json") == before or not _tries(drill.answers):
        assert time.monotonic() < deadline
        time.sleep(0.5)


def test_killed_supervisor_leaves_no_second_portal(drill: Drill):
    os.kill(drill.record("portal-2.11/supervisor.json"), signal.SIGKILL)
    assert drill.make("up").returncode == 0
    assert drill.answers()
    webs = [pid for pid in drill.pids() if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    masters = {
        int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]) for pid in webs
    }
    assert len(masters - set(webs)) == 1


def test_everything_killed_at_once_is_brought_up_again(drill: Drill):
    for pid in drill.pids():
        with_grace = Path(f"/proc/{pid}/cmdline")
        if with_grace.exists():
            os.kill(pid, signal.SIGKILL)
    done = drill.make("up")
    assert done.returncode == 0, done.stdout + done.stderr
    assert drill.answers()


def test_clean_leaves_nothing(drill: Drill):
    assert drill.make("clean").returncode == 0
    assert drill.pids() == []
    assert not (drill.root / "var").exists()


def _tries(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (OSError, ValueError):
        return False
