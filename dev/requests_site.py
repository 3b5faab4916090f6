"""The demonstration city's own Improve My City: a small server beside the portal, on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from dev import ports, processes
from dev.demo import requests_source
from dev.layout import Layout
from dev.processes import Process
from dev.state import State, write_private
from dev.workers import worker

NAME = "requests"
_YEAR = timedelta(days=365)
_START_SECONDS = 60


def settle(layout: Layout, state: State, folder: Path, *, running: bool) -> None:
    """Settle on its port, its key and the day of its first request; tell the portal by files.

    ``folder`` is that of the city's files. The port moves where another program took it, unless
    the server is ``running`` there itself. Done again it writes the same.
    """
    if not running:
        ports.still_ours(state, _port_name(layout))
    if state.get("city", "since") is None:
        today = datetime.now().astimezone().date()
        state.put("city", "since", (today - _YEAR).isoformat())
    write_private(secrets(folder) / requests_source.NAME, state.secret("requests") + "\n")
    source = source_file(folder)
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(requests_source.text(address(layout, state)), encoding="utf-8")


def secrets(folder: Path) -> Path:
    """Return the folder of the secrets that the city's sources name."""
    return folder / "secrets"


def source_file(folder: Path) -> Path:
    """Return the YAML of the harvest source that reads it."""
    return folder / "harvesters" / f"{requests_source.NAME}.yaml"


def host(layout: Layout, state: State) -> str:
    """Return where it listens, as the option of allowed addresses names it."""
    return f"127.0.0.1:{ports.port(state, _port_name(layout))}"


def address(layout: Layout, state: State) -> str:
    """Return its web address."""
    return f"http://{host(layout, state)}/"


def as_process(layout: Layout, state: State, folder: Path) -> Process:
    """Return it as a process to start."""
    command: list[str | Path] = [
        *(layout.python, "-m", "dev.demo.improve_my_city"),
        *("--port", str(ports.port(state, _port_name(layout)))),
        *("--key-file", secrets(folder) / requests_source.NAME),
        *("--since", state.get("city", "since")),
    ]
    return worker(layout, layout.portal, NAME, command)


@contextmanager
def served(layout: Layout, state: State, folder: Path) -> Iterator[None]:
    """Let it run until the end of the block, if it does not run anyway."""
    process = as_process(layout, state, folder)
    if processes.running(process.record):
        yield
        return
    number = ports.port(state, _port_name(layout))
    processes.start(process)
    try:
        processes.wait_until(lambda: not ports.is_free(number), process, _START_SECONDS)
        yield
    finally:
        processes.stop(process.record)


def _port_name(layout: Layout) -> str:
    return f"{layout.portal.name}-{NAME}"
