"""Processes that outlive the command that started them, and are recognised again later.

Each writes its own record (pid, start time in clock ticks, boot) between fork and exec, so that there is no moment at
which it runs unrecorded. A pid that the system has given to another program since is told apart by its start time.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dev.errors import Stop

PR_SET_PDEATHSIG = 1
BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Process:
    """A program to keep running: what it is called, how it starts, where it writes."""

    name: str
    command: Sequence[str | Path]
    record: Path
    log: Path
    cwd: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    dies_with_parent: bool = False


def start(process: Process) -> subprocess.Popen[bytes]:
    """Start the process in a session of its own, with its output added to its log."""
    process.record.parent.mkdir(parents=True, exist_ok=True)
    process.log.parent.mkdir(parents=True, exist_ok=True)

    def before_exec() -> None:
        if process.dies_with_parent:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        _write_record(process.record)

    with process.log.open("ab") as log:
        return subprocess.Popen(
            [str(word) for word in process.command],
            cwd=process.cwd,
            env={**environment(), **process.environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=before_exec,
        )


def environment() -> dict[str, str]:
    """Return the environment without CKAN's own variables, which would overrule the settings files made here."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CKAN_")}


def running(record: Path) -> int | None:
    """Return the pid of the process that wrote `record`, or None when it has ended."""
    try:
        known = json.loads(record.read_text())
        pid = int(known["pid"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    if known != _identity(pid):
        return None
    return pid


def wait_until(ready: Callable[[], bool], process: Process, seconds: float) -> None:
    """Wait until `ready()` says so, for a process started now or by a command that was cut short.

    Raises `Stop` with the log's place when the process ends before that, or after `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not ready():
        if running(process.record) is None:
            raise Stop(f"{process.name} ended as soon as it started: read {process.log}.")
        if time.monotonic() > deadline:
            stop(process.record)
            raise Stop(f"{process.name} did not answer in {seconds:.0f} s: read {process.log}.")
        time.sleep(0.1)


def stop(record: Path, *, how: signal.Signals = signal.SIGTERM, patience: float = 20) -> bool:
    """Ask the recorded process to end, and make it end after `patience` seconds; say whether one ran."""
    pid = running(record)
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        deadline = time.monotonic() + patience
        while running(record) is not None:
            if time.monotonic() > deadline:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
            time.sleep(0.05)
    record.unlink(missing_ok=True)
    return pid is not None


def _write_record(record: Path) -> None:
    fresh = record.with_name(f".{record.name}.{os.getpid()}")
    fresh.write_text(json.dumps(_identity(os.getpid())))
    fresh.replace(record)


def _identity(pid: int) -> dict[str, str | int] | None:
    """Return what tells this process from any other one, or None when there is none of that pid."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name stands in brackets and may hold spaces and brackets itself: the fields are counted after the last one.
    fields = stat.rpartition(")")[2].split()
    if fields[0] in "ZX":
        return None
    return {"pid": pid, "started": int(fields[19]), "boot": BOOT.read_text().strip()}
