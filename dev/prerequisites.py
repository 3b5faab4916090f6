"""What every command needs before it begins: room on the disk, system packages, Python packages, catalogues."""

from __future__ import annotations

import subprocess

from dev import disk, packages, venv
from dev.errors import Stop
from dev.layout import Layout
from dev.steps import step

NEW_VENV_MEGABYTES = 1500
NEW_DATA_MEGABYTES = 800
RUNNING_MEGABYTES = 100
"""Room needed for the Python packages, for the services with their data, and for a start."""


def ensure(layout: Layout) -> None:
    """See to all of it, doing only what is not done yet; each a step the person sees.

    Raises `Stop` when something cannot be had.
    """
    require_room(layout)
    ready = venv.is_ready(layout)
    names = packages.missing(with_build_tools=not ready)
    if names:
        with step(f"System packages: {', '.join(names)}"):
            packages.install(layout, names)
    if not ready:
        with step(f"Python packages (CKAN {layout.release})"):
            venv.ensure(layout)
    _compile_catalogues(layout)


def ensure_for_tests(layout: Layout) -> None:
    """See to the programs that some tests need; where they cannot be had, say that those are skipped."""
    names = packages.missing_for_tests()
    if not names:
        return
    try:
        with step(f"System packages: {', '.join(names)}"):
            packages.install(layout, names)
    except Stop as stop:
        print(f"  {stop} Until then the tests that need it are skipped.")


def require_room(layout: Layout) -> None:
    """Return when the disk has room for what is not made yet; raises `Stop` when it has not."""
    if not layout.python.exists():
        disk.require(layout.venv, NEW_VENV_MEGABYTES, "move the checkout to a larger disk")
    made = (layout.var / "state.json").exists()
    disk.require(
        layout.var,
        RUNNING_MEGABYTES if made else NEW_DATA_MEGABYTES,
        "choose another folder with VAR=/path",
    )


def _compile_catalogues(layout: Layout) -> None:
    """Compile the translations that changed since they were compiled."""
    room = layout.root / "ckanext" / "municipal" / "i18n"
    for source in room.glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        done = subprocess.run(
            [layout.venv / "bin" / "pybabel", "-q", "compile", "-i", source, "-o", compiled],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Stop(f"{source} is no catalogue: {done.stderr.strip()}")
