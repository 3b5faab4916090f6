"""The processes that make up a running portal, in the order they are started."""

from __future__ import annotations

import os
from pathlib import Path

from dev.layout import Layout, Site
from dev.processes import Process

WEB_THREADS = 4
WEB_SECONDS = 120
"""How long one request may take before its worker is replaced: the export of the largest table."""


def workers(layout: Layout, site: Site, port: int) -> list[Process]:
    """Return the web server and the five workers of a site, each with its own record and log."""
    ckan: list[str | Path] = [layout.venv / "bin" / "ckan", "-c", site.ini]
    return [
        worker(layout, site, "web", _web_server(layout, port)),
        worker(layout, site, "jobs", [*ckan, "jobs", "worker"]),
        worker(layout, site, "gather", [*ckan, "harvester", "gather-consumer"]),
        worker(layout, site, "fetch", [*ckan, "harvester", "fetch-consumer"]),
        worker(layout, site, "scheduler", [*ckan, "municipal", "scheduler"]),
        worker(layout, site, "feeds", [*ckan, "municipal", "feeds", "worker"]),
    ]


def _web_server(layout: Layout, port: int) -> list[str | Path]:
    """Return gunicorn's command.

    gunicorn: pure Python with nothing to compile, replaces a worker that hangs or dies, and restarts without losing a
    request. uWSGI is no longer developed, and waitress has one process, so that one page's work slows every other.
    """
    processes = max(2, min(4, os.cpu_count() or 2))
    return [
        *(layout.venv / "bin" / "gunicorn", "dev.wsgi:application", "--name", "municipal"),
        *("--bind", f"127.0.0.1:{port}", "--worker-tmp-dir", "/dev/shm"),
        *("--workers", str(processes), "--threads", str(WEB_THREADS)),
        *("--timeout", str(WEB_SECONDS), "--graceful-timeout", "10"),
        # A worker that has served this many requests is replaced, so that no leak adds up.
        *("--max-requests", "20000", "--max-requests-jitter", "2000"),
        *("--no-control-socket",),
    ]


def record(layout: Layout, site: Site, name: str) -> Path:
    """Return where a process of a site says who it is."""
    return layout.run / site.name / f"{name}.json"


def worker(layout: Layout, site: Site, name: str, command: list[str | Path]) -> Process:
    """Return a process of a site, which ends with whoever started it."""
    return Process(
        name=name,
        command=command,
        record=record(layout, site, name),
        log=layout.log / f"{name}.log",
        cwd=layout.root,
        environment={"CKAN_INI": str(site.ini), "PYTHONPATH": str(layout.root)},
        dies_with_parent=True,
    )
