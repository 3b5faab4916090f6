"""Twenty-four daily exports harvested beside the obvious script for it.

The peer reads each file with the csv module and calls, a file, one ``datastore_upsert`` of all its
rows and one ``package_update``: what a city's script does today. Ours does more: it checks every
row and amount, keeps every day, finds what is wrong, and publishes CSV, JSON, Parquet, Fiscal Data
Package and the originals. Both start from nothing at each turn, on files made here.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from bench import budget_exports, harness, site

if TYPE_CHECKING:
    from ckan.types import Context


def run() -> dict[str, Any]:
    """Measure and return the figure; ``repeat_s`` is ours again with nothing changed."""
    with tempfile.TemporaryDirectory() as folder, site.app()._wsgi_app.test_request_context():
        inbox = Path(folder)
        budget_exports.write(inbox / "files")
        context = site.context()
        sources: list[str] = []
        found = harness.compare(
            lambda: sources.append(budget_exports.harvest(inbox / "files", context)),
            lambda: _naive(inbox / "files", context),
            repeats=3,
        )
        again = harness.median(
            lambda: budget_exports.harvest_again(sources[-1], inbox / "files"), repeats=3
        )
        return {**found, "repeat_s": again, "files": budget_exports.FILES}


def _naive(folder: Path, context: Context) -> None:
    import ckan.plugins.toolkit as tk

    dataset = tk.get_action("package_create")(
        context.copy(),
        {
            "name": f"bench-{uuid4().hex[:12]}",
            "title_translated": {"el": "Προϋπολογισμός", "en": "Budget"},
            "notes_translated": {"el": "Προϋπολογισμός", "en": "Budget"},
            "owner_org": budget_exports.organisation(context),
            "resources": [{"url": "https://example.org/budget.csv"}],
        },
    )
    resource = dataset["resources"][0]["id"]
    phases = sorted({phase for names in budget_exports.PHASES.values() for phase in names})
    fields = [{"id": name, "type": "text"} for name in ("side", "service", "code", "label")]
    tk.get_action("datastore_create")(
        context.copy(),
        {
            "resource_id": resource,
            "force": True,
            "fields": fields + [{"id": phase, "type": "numeric"} for phase in phases],
            "primary_key": ["side", "service", "code"],
        },
    )
    for path in sorted(folder.rglob("*.csv")):
        records = list(_records(path))
        upsert = {"resource_id": resource, "records": records, "method": "upsert", "force": True}
        tk.get_action("datastore_upsert")(context.copy(), upsert)
        shown = tk.get_action("package_show")(context.copy(), {"id": dataset["id"]})
        tk.get_action("package_update")(context.copy(), {**shown, "version": path.stem})


def _records(path: Path) -> Iterator[dict[str, Any]]:
    rows = list(csv.reader(path.read_text(encoding="utf-16").splitlines(), delimiter=";"))
    phases = rows[0][3:]
    for row in rows[1:]:
        amounts = (cell.replace(".", "").replace(",", ".") for cell in row[3:])
        about = {"side": path.parent.name, "service": row[0], "code": row[1], "label": row[2]}
        yield {**about, **dict(zip(phases, amounts, strict=False))}
