"""Run the figures and write them into bench/results.json: one object, a key a figure.

A figure is a module of this folder with ``run()``; its name is the figure's. Those named on the
command line are run, or all; what the file holds of the others stays.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any

import bench
from bench import harness

RESULTS = Path(__file__).parent / "results.json"
_NO_FIGURES = {
    "__main__",
    "budget_exports",
    "clients",
    "feeds_site",
    "feeds_whole",
    "harness",
    "issues_city",
    "issues_worker",
    "million_rows",
    "samples",
    "site",
}


def figures() -> list[str]:
    """Return the names of all figures."""
    return sorted({each.name for each in pkgutil.iter_modules(bench.__path__)} - _NO_FIGURES)


def main(names: list[str]) -> int:
    """Run figures, print and store each as soon as it is there; return the exit code."""
    known = figures()
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"No such figure: {', '.join(unknown)}. There are: {', '.join(known)}.")
        return 2
    for name in names or known:
        found = {**importlib.import_module(f"bench.{name}").run(), **harness.machine()}
        print(f"{name:24} {found['ratio']:8.2f} x   ", end="")
        print(", ".join(f"{key} {value}" for key, value in found.items() if key != "ratio"))
        _store(name, found)
    return 0


def _store(name: str, found: dict[str, Any]) -> None:
    stored = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    stored[name] = found
    text = json.dumps(dict(sorted(stored.items())), ensure_ascii=False, indent=2) + "\n"
    half = RESULTS.with_suffix(".json.tmp")
    half.write_text(text, "utf-8")
    half.replace(RESULTS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
