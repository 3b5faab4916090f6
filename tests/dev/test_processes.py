"""Processes that outlive their command: found again, told from strangers, ended with what they started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dev import processes
from dev.errors import Stop
from dev.processes import Process


@pytest.fixture
def sleeper(tmp_path: Path):
    process = Process(
        name="sleeper",
        command=[sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"],
        record=tmp_path / "run" / "sleeper.json",
        log=tmp_path / "log" / "sleeper.log",
        cwd=tmp_path,
    )
    yield process
    processes.stop(process.record)


def test_started_process_is_found_by_its_record(sleeper: Process):
    started = processes.start(sleeper)
    processes.wait_until(lambda: "here" in sleeper.log.read_text(), sleeper, seconds=20)
    assert processes.running(sleeper.record) == started.pid


def test_stopped_process_leaves_no_record(sleeper: Process):
    started = processes.start(sleeper)
    assert processes.stop(sleeper.record) is True
    assert started.wait(5) == -signal.SIGTERM
    assert not sleeper.record.exists()
    assert processes.stop(sleeper.record) is False


def test_stranger_with_the_same_pid_is_left_alone(sleeper: Process):
    sleeper.record.parent.mkdir()
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        record = {"pid": stranger.pid, "started": 1, "boot": "another"}
        sleeper.record.write_text(json.dumps(record))
        assert processes.running(sleeper.record) is None
        processes.stop(sleeper.record)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"pid": "x"}', "null"])
def test_damaged_record_means_not_running(sleeper: Process, damaged: str):
    sleeper.record.parent.mkdir()
    sleeper.record.write_text(damaged)
    assert processes.running(sleeper.record) is None


def test_process_that_ends_at_once_is_told_with_its_log(sleeper: Process):
    failing = Process(
        name="Failing",
        command=[sys.executable, "-c", "raise SystemExit('no such thing')"],
        record=sleeper.record,
        log=sleeper.log,
        cwd=sleeper.cwd,
    )
    processes.start(failing)
    with pytest.raises(Stop, match=r"Failing ended as soon as it started: read .*sleeper\.log"):
        processes.wait_until(lambda: False, failing, seconds=20)


def test_process_that_will_not_end_is_killed(sleeper: Process):
    deaf = Process(
        name="deaf",
        command=[
            sys.executable,
            "-c",
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
            "print('here', flush=True); time.sleep(60)",
        ],
        record=sleeper.record,
        log=sleeper.log,
        cwd=sleeper.cwd,
    )
    started = processes.start(deaf)
    processes.wait_until(lambda: "here" in deaf.log.read_text(), deaf, seconds=20)
    processes.stop(deaf.record, patience=0.2)
    assert started.wait(5) == -signal.SIGKILL


def test_worker_dies_with_its_killed_supervisor(sleeper: Process, tmp_path: Path):
    program = (
        "import sys; from pathlib import Path; from dev.processes import Process, start\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "child = start(Process('child', [sys.executable, '-c', 'import time; time.sleep(60)'],\n"
        "  folder / 'run' / 'child.json', folder / 'child.log', folder, dies_with_parent=True))\n"
        "print('up', flush=True); child.wait()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert parent.stdout is not None
    parent.stdout.readline()
    record = tmp_path / "run" / "child.json"
    assert processes.running(record)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 10
    while processes.running(record) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert processes.running(record) is None
