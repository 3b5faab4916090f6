"""The page /budget beside CKAN's own dataset page: 20 clients, 95 of 100 answers within so long.

Both are served by the web server of ``make up`` and warm. The budget is that of
``budget_harvest_vs_naive``: 1,157 and 267 lines, 24 snapshots; the dataset has three resources.
Clients and server share the machine's cores.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from bench import budget_exports, clients, harness, site

if TYPE_CHECKING:
    from ckan.types import Context

_YEAR = 2016


def run() -> dict[str, Any]:
    """Measure and return the figure."""
    with tempfile.TemporaryDirectory() as folder, site.app()._wsgi_app.test_request_context():
        context = site.context()
        budget_exports.write(Path(folder) / "files")
        budget_exports.harvest(Path(folder) / "files", context)
        dataset = _dataset(context)
    with site.served() as port:
        found = harness.by_turns(
            lambda: clients.p95(port, f"/en/budget?year={_YEAR}"),
            lambda: clients.p95(port, f"/en/dataset/{dataset}"),
        )
    return {**found, "clients": clients.CLIENTS, "pages": clients.CLIENTS * clients.PAGES_EACH}


def _dataset(context: Context) -> str:
    import ckan.plugins.toolkit as tk

    name = f"bench-{uuid4().hex[:12]}"
    files = [
        {"url": f"https://example.org/{kind}", "format": kind.upper(), "name": kind}
        for kind in ("csv", "json", "xlsx")
    ]
    tk.get_action("package_create")(
        context.copy(),
        {
            "name": name,
            "title_translated": {"el": "Μέτρηση", "en": "Bench"},
            "notes_translated": {"el": "Μέτρηση", "en": "Bench"},
            "owner_org": budget_exports.organisation(context),
            "resources": files,
        },
    )
    return name
