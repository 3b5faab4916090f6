"""The full verdict on a million rows beside `frictionless validate` of the same file.

Ours has all rules; the peer has the schema that it infers itself, and its own checks. Each runs in a
process of its own, started anew; `peak_mb` is the most memory that ours had.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from bench import harness, million_rows

_OURS = """
import json, resource, sys
from pathlib import Path
from ckanext.municipal.quality.files.checking import check
verdict = check(Path(sys.argv[1]))
assert verdict.readable and verdict.tables[0].schema.rows == int(sys.argv[2])
print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
"""
_PEER = """
import sys
from frictionless import Resource, system
with system.use_context(trusted=True):
    report = Resource(path=sys.argv[1]).validate()
assert report.stats["tasks"] == 1 and report.tasks[0].stats["rows"] == int(sys.argv[2])
"""


def run() -> dict[str, Any]:
    """Measure and return the figure."""
    path = million_rows.file()
    peak: list[int] = []

    def ours() -> None:
        peak.append(json.loads(_run(_OURS, path)))

    found = harness.compare(ours, lambda: _run(_PEER, path), repeats=1)
    size = path.stat().st_size
    return {
        **found,
        "rows": million_rows.ROWS,
        "mb": round(size / 1e6),
        "mb_per_s": round(size / 1e6 / found["ours_s"], 1),
        "peak_mb": max(peak),
    }


def _run(program: str, path: object) -> str:
    words = [sys.executable, "-c", program, str(path), str(million_rows.ROWS)]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout
