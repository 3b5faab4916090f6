"""Real processes of a portal: gather and fetch consumers, scheduler, command line; and kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PLUGINS = Path(__file__).parent / "plugins"
CKAN = Path(sys.executable).parent / "ckan"


@dataclass
class Workers:
    """Starts processes on an ini and ends them; what they say is in `said`."""

    ini: Path
    processes: list[subprocess.Popen] = field(default_factory=list)

    def start(self, *words: str) -> subprocess.Popen:
        """Start ``ckan WORDS`` and leave it running."""
        environment = {**os.environ, "PYTHONPATH": str(PLUGINS), "CKAN_INI": str(self.ini)}
        log = self.ini.with_name(f"{len(self.processes)}.log")
        with log.open("w") as output:
            process = subprocess.Popen(
                [str(CKAN), "-c", str(self.ini), *words],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.processes.append(process)
        return process

    def said(self, process: subprocess.Popen) -> str:
        """Return what a process wrote so far."""
        return self.ini.with_name(f"{self.processes.index(process)}.log").read_text()

    def run(self, *words: str, timeout: float = 60) -> tuple[int, str]:
        """Run ``ckan WORDS`` to its end; returns exit code and output."""
        process = self.start(*words)
        return process.wait(timeout), self.said(process)

    def kill(self, process: subprocess.Popen) -> None:
        """kill -9."""
        process.send_signal(signal.SIGKILL)
        process.wait(10)

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait(10)
            print(process.args[3:], process.returncode, self.said(process)[-2000:])


def wait_for(what: Callable[[], Any], seconds: float = 60) -> Any:
    """Ask again until it is true; fails when it takes too long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if got := what():
            return got
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")
