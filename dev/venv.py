"""The virtual environment of a checkout: CKAN, the extensions it stands on, and the suite itself."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys

from dev.errors import Stop
from dev.layout import Layout

TOOLS = (
    "gunicorn",
    "pytest-ckan==0.0.12",
    "pytest-factoryboy",
    "pytest-xdist",
    "factory-boy",
    "hypothesis",
    "ruff",
    "pyright",
    "build",
    "setuptools>=69",
    "frictionless",
    "pyshacl",
    "oaipmh-scythe",
    "xlwt",
)
"""What runs and proves the suite, beside what setup.py asks for."""


def ensure(layout: Layout) -> None:
    """Make the environment, or bring it up to date when a requirement changed.

    An environment whose making was cut short is made again from nothing: a package half copied would look installed.
    Raises `Stop` when pip fails.
    """
    wanted = _fingerprint(layout)
    complete = layout.venv / "complete"
    under_way = layout.venv / "incomplete"
    if complete.exists() and complete.read_text() == wanted:
        return
    fresh = under_way.exists() or not layout.python.exists()
    try:
        if fresh:
            shutil.rmtree(layout.venv, ignore_errors=True)
            layout.venv.mkdir(parents=True)
            under_way.touch()
            _run(layout, [sys.executable, "-m", "venv", str(layout.venv)])
        complete.unlink(missing_ok=True)
        under_way.touch()
        _install(layout)
    except Stop:
        if fresh:
            shutil.rmtree(layout.venv, ignore_errors=True)
        raise
    complete.write_text(wanted)
    under_way.unlink()


def is_ready(layout: Layout) -> bool:
    """Say whether the environment is whole and fits the present requirements."""
    complete = layout.venv / "complete"
    return complete.exists() and complete.read_text() == _fingerprint(layout)


def install_extra(layout: Layout, extra: str) -> None:
    """Add an extra of setup.py to the environment. Raises `Stop` when pip fails."""
    constraints = ["-c", str(layout.constraints)] if layout.constraints.exists() else []
    pip = [str(layout.python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    _run(layout, [*pip, *constraints, "-e", f"{layout.root}[{extra}]"])
    (layout.packages / "ckanext" / "__init__.py").unlink(missing_ok=True)


def _install(layout: Layout) -> None:
    constraints = ["-c", str(layout.constraints)] if layout.constraints.exists() else []
    pip = [str(layout.python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    _run(layout, [*pip, *constraints, f"ckan[requirements]=={layout.release}", *TOOLS])
    _run(layout, [*pip, *constraints, "-e", str(layout.root)])
    # ckanext-spatial brings a file that makes `ckanext` an ordinary package, where type checkers miss ours.
    (layout.packages / "ckanext" / "__init__.py").unlink(missing_ok=True)


def _fingerprint(layout: Layout) -> str:
    parts = [layout.release, *TOOLS, str(layout.root)]
    for path in (layout.constraints, layout.root / "setup.py"):
        parts.append(path.read_text() if path.exists() else "")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _run(layout: Layout, command: list[str]) -> None:
    log = layout.log / f"venv-{layout.line}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        done = subprocess.run(
            command, stdout=out, stderr=subprocess.STDOUT, umask=0o022, check=False
        )
    if done.returncode:
        raise Stop(
            f"Python packages could not be installed: check the network and run again (see {log})."
        )
