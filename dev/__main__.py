"""The commands of the Makefile."""

from __future__ import annotations

import argparse
import os
import shutil
import sys

from dev import testing, venv
from dev.errors import Stop
from dev.layout import Layout
from dev.site import Machine
from dev.state import State, locked
from dev.steps import step


def main(words: list[str]) -> int:
    """Do what the command line says and return the exit code."""
    arguments = _parser().parse_args(words)
    try:
        layout = Layout.of_environment()
        layout.var.mkdir(parents=True, exist_ok=True)
        return arguments.work(layout, State(layout.var / "state.json"))
    except Stop as reason:
        print(f"\n{reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command again: it goes on from here.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m dev", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, work in COMMANDS.items():
        commands.add_parser(name, help=work.__doc__).set_defaults(work=work)
    return parser


def _venv(layout: Layout, state: State) -> int:
    """Make the virtual environment."""
    with locked(layout.var / "lock"), step(f"Python packages (CKAN {layout.release})"):
        venv.ensure(layout)
    return 0


def _test(layout: Layout, state: State) -> int:
    """Run the tests; ARGS are pytest's."""
    return testing.run(layout, state, os.environ.get("ARGS", ""))


def _test_slow(layout: Layout, state: State) -> int:
    """Run the tests marked slow."""
    return testing.run(layout, state, os.environ.get("ARGS", ""), slow=True)


def _down(layout: Layout, state: State) -> int:
    """Stop all that was started."""
    machine = Machine(layout, state)
    for name, service in (
        ("Solr", machine.solr),
        ("Redis", machine.redis),
        ("PostgreSQL", machine.postgres),
    ):
        with step(f"Stop {name}"):
            service.stop()
    return 0


def _clean(layout: Layout, state: State) -> int:
    """Stop all that was started and remove what it kept."""
    _down(layout, state)
    with step(f"Remove {layout.var}"):
        Machine(layout, state).postgres.remove()
        shutil.rmtree(layout.var, ignore_errors=True)
    return 0


COMMANDS = {
    "venv": _venv,
    "test": _test,
    "test-slow": _test_slow,
    "down": _down,
    "clean": _clean,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
