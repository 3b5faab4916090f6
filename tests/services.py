"""The services of the test site, stopped and started as by an operator: PostgreSQL, Redis, Solr.

Every test of the run stands on them: only tests that are marked slow may stop one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dev.layout import Layout
from dev.site import Machine
from dev.state import State

ROOT = Path(__file__).resolve().parent.parent


class Services:
    """The three services by name; whatever was stopped runs again at the end."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def stop(self, name: str) -> None:
        """Stop a service: connections end, and nobody answers."""
        assert self._machine.services[name].stop(), f"{name} does not run"

    def start(self) -> None:
        """Start what does not run."""
        self._machine.ensure(*self._machine.layout.lanes)


@contextmanager
def services() -> Iterator[Services]:
    """Give the services that the launcher started for this run of the tests."""
    ini = Path(os.environ["CKAN_INI"]).resolve()
    layout = Layout(ROOT, ini.parent, ini.stem.removeprefix("test-"))
    if not (layout.var / "run").is_dir() or layout.tests.ini != ini:
        pytest.skip("the services of this test site are not the launcher's")
    state = State(layout.var / "state.json")
    running = Services(Machine(layout, state))
    try:
        yield running
    finally:
        running.start()
