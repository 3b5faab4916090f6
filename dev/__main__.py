"""The commands of the Makefile."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from dataclasses import replace

from dev import checks, portal, prerequisites, supervisor, testing
from dev.errors import Stop
from dev.layout import RELEASES, Layout
from dev.site import Machine
from dev.state import State, locked
from dev.steps import step


def main(words: list[str]) -> int:
    """Do what the command line says and return the exit code."""
    layout = None
    try:
        layout = Layout.of_environment()
        if words[:1] == ["ckan"]:
            # Its options are CKAN's to read.
            portal.run_ckan(layout, words[1:])
        arguments = _parser().parse_args(words)
        # What is made holds passwords, uploads and logs; only PostgreSQL's own user passes through to its folder.
        os.umask(0o077)
        layout.var.mkdir(parents=True, exist_ok=True)
        layout.var.chmod(0o711)
        return arguments.work(layout, State(layout.var / "state.json"))
    except Stop as reason:
        if layout:
            _leave_nothing_empty(layout)
        print(f"\n{reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command again: it goes on from here.", file=sys.stderr)
        return 130


def _leave_nothing_empty(layout: Layout) -> None:
    """Remove the folder of a run that was refused before it had begun."""
    if layout.var.exists() and {entry.name for entry in layout.var.iterdir()} <= {"lock"}:
        shutil.rmtree(layout.var)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m dev", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, work in COMMANDS.items():
        commands.add_parser(name, help=work.__doc__).set_defaults(work=work)
    return parser


def _up(layout: Layout, state: State) -> int:
    """Start the portal, making what is missing; PORT chooses its port."""
    wanted = os.environ.get("PORT") or None
    if wanted is not None and not wanted.isdecimal():
        raise Stop(f"PORT={wanted} is not a number: say for instance `make up PORT=8080`.")
    address = portal.up(layout, state, int(wanted) if wanted else None)
    print(f"\n  {address.url}\n  name      {address.name}\n  password  {address.password}\n")
    return 0


def _url(layout: Layout, state: State) -> int:
    """Print the portal's address and nothing else."""
    print(portal.url(layout, state))
    return 0


def _lint(layout: Layout, state: State) -> int:
    """Check the code: ruff's rules, its format, pyright's types."""
    return checks.lint(layout)


def _texts(layout: Layout, state: State) -> int:
    """Collect the texts of the code into the catalogues for translators."""
    return checks.texts(layout)


def _docs(layout: Layout, state: State) -> int:
    """Build the documentation, links checked."""
    return checks.docs(layout)


def _bench(layout: Layout, state: State) -> int:
    """Measure speed beside the usual ways."""
    testing.prepare(layout, state)
    return checks.bench(layout)


def _venv(layout: Layout, state: State) -> int:
    """Make the virtual environment."""
    with locked(layout.var / "lock"):
        prerequisites.ensure(layout)
    return 0


def _test(layout: Layout, state: State) -> int:
    """Run the tests; ARGS are pytest's."""
    return testing.run(layout, state, os.environ.get("ARGS", ""))


def _test_slow(layout: Layout, state: State) -> int:
    """Run the tests marked slow."""
    return testing.run(layout, state, os.environ.get("ARGS", ""), slow=True)


def _down(layout: Layout, state: State) -> int:
    """Stop all that was started."""
    with locked(layout.var / "lock"):
        with step("Stop the portal"):
            for line in RELEASES:
                supervisor.stop(replace(layout, line=line))
        for name, service in reversed(Machine(layout, state).services.items()):
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
    "up": _up,
    "url": _url,
    "venv": _venv,
    "test": _test,
    "test-slow": _test_slow,
    "lint": _lint,
    "texts": _texts,
    "docs": _docs,
    "bench": _bench,
    "down": _down,
    "clean": _clean,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
