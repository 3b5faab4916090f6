"""100,000 citizens' requests harvested over HTTP once more, with nothing changed, beside the first time.

The city is made here and speaks Improve My City v3 in a process of its own; the worker is another
one. Ours is the run in which nothing is new: it asks what was changed and writes no row. The peer
is the first run, which reads every request, stores it with its history and publishes dataset and
files: once, as it takes minutes. ``first_peak_mb`` and ``again_peak_mb`` are the most memory that
the worker had, CKAN itself included; ``written`` is how many rows the second kind of run wrote.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import yaml

from bench import issues_city, site
from bench.issues_worker import harvested
from dev.demo import requests_source

if TYPE_CHECKING:
    from ckan.types import Context

_REPEATS = 3
# Harvesting's own books (jobs, objects, runs) are kept of every run.
_WRITTEN = """
    SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables
    WHERE relname NOT LIKE 'harvest\\_%' AND relname NOT LIKE 'municipal\\_harvest\\_%'
"""


def run() -> dict[str, Any]:
    """Measure and return the figure; the source and all that came of it are removed."""
    with (
        tempfile.TemporaryDirectory() as folder,
        issues_city.served() as (port, count),
        site.app()._wsgi_app.test_request_context(),
    ):
        options = _options(Path(folder), port)
        context = site.context()
        source_id = _source(context, f"http://127.0.0.1:{port}/")
        try:
            first = harvested(source_id, options)
            written = _written()
            again = [harvested(source_id, options) for _ in range(_REPEATS)]
            written = _written() - written
        finally:
            _remove(context, source_id)
    ours_s = statistics.median(each["seconds"] for each in again)
    return {
        "ratio": round(first["seconds"] / ours_s, 1),
        "ours_s": round(ours_s, 2),
        "peer_s": round(first["seconds"], 1),
        "repeats": _REPEATS,
        "requests": count,
        "written": written,
        "first_peak_mb": first["peak_mb"],
        "again_peak_mb": max(each["peak_mb"] for each in again),
    }


def _options(folder: Path, port: int) -> dict[str, str]:
    """What a worker of this portal is told: where the city is, its key, where files go."""
    secrets = folder / "secrets"
    secrets.mkdir()
    (secrets / requests_source.NAME).write_text(issues_city.KEY)
    return {
        "ckan.storage_path": str(folder / "storage"),
        "ckanext.municipal.harvest.secrets": str(secrets),
        "ckanext.municipal.http.allow": f"127.0.0.1:{port}",
    }


def _source(context: Context, address: str) -> str:
    import ckan.plugins.toolkit as tk

    name = f"bench-{uuid4().hex[:12]}"
    titles = {"el": "Μέτρηση", "en": "Bench"}
    owner = tk.get_action("organization_create")(
        context.copy(), {"name": name, "title_translated": titles}
    )["id"]
    settings = {**yaml.safe_load(requests_source.text(address)), "name": name}
    source = tk.get_action("harvest_source_create")(
        context.copy(),
        {
            "name": name,
            "title": "bench",
            "url": address,
            "source_type": "municipal_issues",
            "owner_org": owner,
            "config": json.dumps({"settings": settings}),
        },
    )
    return source["id"]


def _written() -> int:
    """Return how many rows were written in both databases so far."""
    import sqlalchemy as sa
    from ckan import model
    from ckanext.datastore.backend.postgres import get_read_engine

    time.sleep(2)  # PostgreSQL counts a transaction up to a second after it
    total = 0
    for engine in (model.meta.engine, get_read_engine()):
        assert engine is not None
        with engine.connect() as connection:
            total += int(connection.execute(sa.text(_WRITTEN)).scalar_one())
    return total


def _remove(context: Context, source_id: str) -> None:
    import ckan.plugins.toolkit as tk

    tk.get_action("harvest_source_clear")(context.copy(), {"id": source_id})
    tk.get_action("harvest_source_delete")(context.copy(), {"id": source_id})
