"""Keeps a portal's processes alive: what ends is started again, sooner the longer it had run.

Run as `python3 -m dev.supervisor`, in the background, by `make up`; ended with all its processes by SIGTERM.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from dev import city, ports, processes, requests_site
from dev.errors import Stop
from dev.layout import Layout
from dev.processes import Process
from dev.site import Machine
from dev.state import State, locked
from dev.workers import record as worker_record
from dev.workers import workers

log = logging.getLogger("supervisor")

FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
HEALTHY_AFTER = 60.0
LOOK_EVERY = 0.5
SERVICES_EVERY = 5.0
WEB_AHEAD = 6.0
PATIENCE = 20.0
"""Seconds: before a first and a later restart, of a run that counts as healthy, between looks, before the workers
are started, before a kill."""


class Charge:
    """One process in the supervisor's care."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.wait = 0.0
        self.due = 0.0
        self.started = 0.0
        self.running: subprocess.Popen[bytes] | None = None

    def look(self, now: float) -> None:
        """Start the process if it is due, and see whether it has ended since the last look."""
        if self.running is not None and self.running.poll() is not None:
            healthy = now - self.started > HEALTHY_AFTER
            self.wait = FIRST_WAIT if healthy else min(LONGEST_WAIT, 2 * self.wait or FIRST_WAIT)
            self.due = now + self.wait
            log.warning(
                "%s ended (%s), starts again in %.0f s",
                self.process.name,
                self.running.returncode,
                self.wait,
            )
            self.running = None
        if self.running is None and now >= self.due:
            self.running = processes.start(self.process)
            self.started = now
            log.info("%s started as %d", self.process.name, self.running.pid)

    def end(self) -> None:
        """Ask the process to end, without waiting for it."""
        if self.running is not None and self.running.poll() is None:
            self.running.terminate()

    def ended(self, deadline: float) -> None:
        """Wait until the process has ended, and kill it at the deadline."""
        if self.running is not None:
            try:
                self.running.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.running.kill()
                self.running.wait()
        self.process.record.unlink(missing_ok=True)


def record(layout: Layout) -> Path:
    """Return where the supervisor of a portal says who it is."""
    return layout.run / layout.portal.name / "supervisor.json"


def as_process(layout: Layout) -> Process:
    """Return the supervisor itself as a process to start."""
    return Process(
        name="supervisor",
        command=[sys.executable, "-m", "dev.supervisor"],
        record=record(layout),
        log=layout.log / "supervisor.log",
        cwd=layout.root,
        environment={"CKAN": layout.line, "VAR": str(layout.var)},
    )


def stop(layout: Layout) -> bool:
    """Stop the supervisor and its processes, those included that outlived a killed one; say whether any ran."""
    ran = processes.stop(record(layout), patience=PATIENCE + 5)
    records = [process.record for process in workers(layout, layout.portal, port=0)]
    for one in (*records, worker_record(layout, layout.portal, requests_site.NAME)):
        ran = processes.stop(one, patience=PATIENCE) or ran
    return ran


def supervise(layout: Layout, state: State) -> None:
    """Run the portal's processes until SIGTERM or SIGINT."""
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    machine = Machine(layout, state)
    own = requests_site.as_process(layout, state, city.folder(layout))
    port = ports.port(state, layout.portal.name)
    charges = [Charge(process) for process in (*workers(layout, layout.portal, port), own)]
    for charge in charges:
        processes.stop(charge.process.record)
    for worker in charges[1:]:
        # A person waits for the web server, which comes first; nobody waits for a worker.
        worker.due = time.monotonic() + WEB_AHEAD
    next_services = 0.0
    while not over.wait(LOOK_EVERY):
        now = time.monotonic()
        if now >= next_services:
            _ensure_services(machine)
            next_services = now + SERVICES_EVERY
        for charge in charges:
            charge.look(now)
    for charge in charges:
        charge.end()
    deadline = time.monotonic() + PATIENCE
    for charge in charges:
        charge.ended(deadline)
    log.info("stopped")


def _ensure_services(machine: Machine) -> None:
    """Start again what died of PostgreSQL, Redis and Solr, unless a make command is at work on them."""
    if machine.all_run():
        return
    try:
        with locked(machine.layout.var / "lock"):
            machine.ensure(machine.layout.portal)
            log.warning("a service had ended and was started again")
    except Stop as reason:
        log.warning("services: %s", reason)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)-5.5s %(message)s")
    here = Layout.of_environment()
    supervise(here, State(here.var / "state.json"))
