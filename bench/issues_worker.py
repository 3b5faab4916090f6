"""A worker that harvests one source once and tells, as JSON, how long it took and how much memory it had."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench import site


def harvested(source_id: str, options: dict[str, str]) -> dict[str, Any]:
    """Harvest a source by a process of its own with these options of CKAN; returns what it told.

    ``seconds`` are those of the run, without the start of the process; ``peak_mb`` is the most
    memory that the process ever had, its start included.
    """
    command = [sys.executable, "-m", "bench.issues_worker", source_id, json.dumps(options)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ)
    return json.loads(done.stdout.splitlines()[-1])


def main(source_id: str, options: str) -> None:
    """Harvest the source."""
    app = site.app()
    import ckan.plugins.toolkit as tk

    from ckanext.municipal.harvest import foreground

    tk.config.update(json.loads(options))
    with app._wsgi_app.test_request_context():
        started = time.perf_counter()
        run = foreground.run(foreground.new_job(source_id))
        seconds = time.perf_counter() - started
    if run["outcome"] != "done" or run["set_aside"]:
        raise RuntimeError(f"the harvest did not go well: {run['messages']}")
    peak = re.findall(r"^VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(), re.MULTILINE)
    print(json.dumps({"seconds": seconds, "peak_mb": int(peak[0]) // 1024}))


if __name__ == "__main__":
    main(*sys.argv[1:])
