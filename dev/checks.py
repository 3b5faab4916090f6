"""`make lint`, `make texts`, `make docs` and `make bench`: what a change goes through beside the tests."""

from __future__ import annotations

import os
import subprocess

from dev import prerequisites, venv
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


def texts(layout: Layout) -> int:
    """Bring the catalogues of translations up to date with the code, and return 1 if it cannot be read."""
    with locked(layout.var / "lock"):
        prerequisites.ensure(layout)
    done = subprocess.run([layout.python, "-m", "dev.texts"], cwd=layout.root, check=False)
    return min(1, done.returncode)


def docs(layout: Layout) -> int:
    """Write the pages made from the code and build the site into `site/` of var; return the exit code.

    Raises `Stop` when MkDocs cannot be installed.
    """
    with locked(layout.var / "lock"):
        prerequisites.ensure(layout)
        if not (layout.venv / "bin" / "mkdocs").exists():
            venv.install_extra(layout, "docs")
    subprocess.run([layout.python, "-m", "dev.docs"], cwd=layout.root, check=True)
    site = layout.var / "site"
    words = [layout.venv / "bin" / "mkdocs", "build", "--strict", "--quiet", "--site-dir", site]
    # Material announces other projects in the middle of a build.
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(words, cwd=layout.root, env=environment, check=False)
    if done.returncode == 0:
        print(f"{site / 'index.html'}")
    return done.returncode


def bench(layout: Layout) -> int:
    """Run the measurements on the test site, writing bench/results.json, and return their exit code.

    Raises `Stop` when there are none in this checkout.
    """
    if not (layout.root / "bench" / "__main__.py").exists():
        raise Stop("There is no bench/ in this checkout: nothing to measure.")
    # Tests at the same time would empty its tables.
    with locked(layout.run / f"{layout.tests.name}.lock"):
        done = subprocess.run(
            [layout.python, "-m", "bench"],
            cwd=layout.root,
            env={**os.environ, "CKAN_INI": str(layout.tests.ini)},
            check=False,
        )
    return done.returncode
