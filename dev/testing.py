"""`make test`: what the tests need, and then pytest."""

from __future__ import annotations

import shlex
import subprocess

from dev import prerequisites, processes
from dev.layout import LANES, Layout
from dev.site import Machine, write_ini
from dev.state import State, locked
from dev.steps import step

# A process that died says so, instead of coming back on a site that nobody made.
_SHARED_OUT = ("-n", str(LANES), "--dist", "loadfile", "--max-worker-restart=0")
_NONE_FOUND = 5  # pytest's exit code


def prepare(layout: Layout, state: State) -> Machine:
    """Bring up all that the tests need and return the services; a second call takes a second."""
    machine = Machine(layout, state)
    with locked(layout.var / "lock"):
        prerequisites.ensure(layout)
        machine.ensure(*layout.lanes)
        machine.postgres.durable(state.get("made", "portal") is not None)
        with step("Test databases"):
            for site in layout.lanes:
                machine.make_databases(site)
                site.storage.mkdir(parents=True, exist_ok=True)
                base = (layout.root / "test.ini").read_text()
                write_ini(site.ini, base, machine.addresses(site))
                machine.migrate(site)
    return machine


def run(layout: Layout, state: State, arguments: str, *, slow: bool = False) -> int:
    """Run pytest with `arguments` (as typed in a shell) on the sites of the tests and return its exit code.

    The tests are shared out to as many processes as there are lanes, file by file. `slow` runs every
    test over generated input with 100,000 examples, and then in one process what is marked slow:
    some of it stops the services.
    """
    prepare(layout, state)
    prerequisites.ensure_for_tests(layout)
    environment = {**processes.environment(), "CKAN_INI": str(layout.tests.ini)}
    if slow:
        environment.setdefault("MUNICIPAL_EXAMPLES", "100000")
        parts = [["-m", "hypothesis and not slow", *_SHARED_OUT], ["-m", "slow"]]
    else:
        parts = [["-m", "not slow", *_SHARED_OUT]]
    words = [str(layout.python), "-m", "pytest", "--ckan-ini", str(layout.tests.ini)]
    codes = []
    # Two runs would empty each other's tables.
    with locked(layout.run / f"{layout.tests.name}.lock"):
        for part in parts:
            done = subprocess.run(
                [*words, *part, *shlex.split(arguments)],
                cwd=layout.root,
                env=environment,
                umask=0o022,
                check=False,
            )
            codes.append(done.returncode)
    # Of two parts, that ARGS names a test of one only is no failure.
    return max((code for code in codes if code != _NONE_FOUND), default=_NONE_FOUND)
