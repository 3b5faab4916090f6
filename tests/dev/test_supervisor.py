"""What the supervisor does when a process ends."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from dev import processes
from dev.processes import Process
from dev.supervisor import FIRST_WAIT, HEALTHY_AFTER, LONGEST_WAIT, Charge


def _charge(tmp_path: Path, program: str) -> Charge:
    return Charge(
        Process(
            name="worker",
            command=[sys.executable, "-c", program],
            record=tmp_path / "worker.json",
            log=tmp_path / "worker.log",
            cwd=tmp_path,
        )
    )


@pytest.fixture
def worker(tmp_path: Path):
    charge = _charge(tmp_path, "import time; time.sleep(60)")
    yield charge
    charge.end()
    charge.ended(time.monotonic() + 5)


def _kill(charge: Charge) -> None:
    assert charge.running is not None
    os.kill(charge.running.pid, signal.SIGKILL)
    charge.running.wait()


def test_killed_worker_is_started_again(worker: Charge):
    worker.look(now=0)
    first = processes.running(worker.process.record)
    assert first
    _kill(worker)
    worker.look(now=HEALTHY_AFTER + 1)
    assert worker.running is None
    worker.look(now=HEALTHY_AFTER + 1 + FIRST_WAIT)
    assert processes.running(worker.process.record) not in (None, first)


def test_worker_that_ends_at_once_is_started_less_and_less_often(worker: Charge):
    waits = []
    now = 0.0
    for _ in range(8):
        worker.look(now)
        _kill(worker)
        worker.look(now)
        waits.append(worker.wait)
        now = worker.due
    assert waits == sorted(waits)
    assert waits[:3] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
    assert waits[-1] == LONGEST_WAIT


def test_end_waits_no_longer_than_its_deadline(tmp_path: Path):
    deaf = _charge(
        tmp_path,
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('here', flush=True); time.sleep(60)",
    )
    deaf.look(now=0)
    assert deaf.running is not None
    processes.wait_until(lambda: "here" in deaf.process.log.read_text(), deaf.process, 20)
    deaf.end()
    deaf.ended(time.monotonic() + 0.3)
    assert deaf.running.returncode == -signal.SIGKILL
    assert not deaf.process.record.exists()
