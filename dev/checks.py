"""`make lint` and `make bench`: what a change must pass beside the tests."""

from __future__ import annotations

import os
import subprocess

from dev import prerequisites
from dev.errors import Stop
from dev.layout import Layout
from dev.state import locked

LINTERS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("pyright",),
)


def lint(layout: Layout) -> int:
    """Run every linter, all of them even when one complains, and return 1 if one did."""
    with locked(layout.var / "lock"):
        prerequisites.ensure(layout)
    worst = 0
    for name, *words in LINTERS:
        done = subprocess.run([layout.venv / "bin" / name, *words], cwd=layout.root, check=False)
        worst = max(worst, min(1, done.returncode))
    return worst


def bench(layout: Layout) -> int:
    """Run the measurements on the test site, writing bench/results.json, and return their exit code.

    Raises `Stop` when there are none in this checkout.
    """
    if not (layout.root / "bench" / "__main__.py").exists():
        raise Stop("There is no bench/ in this checkout: nothing to measure.")
    return subprocess.run(
        [layout.python, "-m", "bench"],
        cwd=layout.root,
        env={**os.environ, "CKAN_INI": str(layout.tests.ini)},
        check=False,
    ).returncode
