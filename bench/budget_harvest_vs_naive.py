"""Twenty-four daily exports harvested beside the obvious script for it.

The peer reads each file with the csv module and calls, a file, one ``datastore_upsert`` of all its
rows and one ``package_update``: what a city's script does today. Ours does more: it checks every
row and amount, keeps every day, finds what is wrong, and publishes CSV, JSON, Parquet, Fiscal Data
Package and the originals. Both start from nothing at each turn, on files made here.
"""

from __future__ import annotations

import csv
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from bench import harness, site

if TYPE_CHECKING:
    from ckan.types import Context

DAYS = 12
LINES = {"expenses": 1157, "incomes": 267}
_SOURCE = "thessaloniki-budget"
_SERVICES = ("Υπηρεσίες πρασίνου", "Υπηρεσία Νεκροταφείων", "Δημοτική Αστυνομία", "Αποθεματικό")
_PHASES = {
    "expenses": ("Προϋπολογισθέντα", "Διαμορφωθέντα", "Δεσμευθέντα", "Ενταλθέντα", "Πληρωθέντα"),
    "incomes": ("Προϋπολογισθέντα", "Διαμορφωθέντα", "Βεβαιωθέντα", "Εισπραχθέντα"),
}


def run() -> dict[str, Any]:
    """Measure and return the figure; ``repeat_s`` is ours again with nothing changed."""
    with tempfile.TemporaryDirectory() as folder, site.app()._wsgi_app.test_request_context():
        inbox = Path(folder)
        _write_exports(inbox / "files")
        context = _site_context()
        sources: list[str] = []
        found = harness.compare(
            lambda: sources.append(_harvest(inbox / "files", context)),
            lambda: _naive(inbox / "files", context),
            repeats=3,
        )
        again = harness.median(lambda: _run(sources[-1], inbox / "files"), repeats=3)
        return {**found, "repeat_s": again, "files": DAYS * len(LINES)}


def _write_exports(folder: Path) -> None:
    chance = random.Random(20160401)
    for side, count in LINES.items():
        (folder / side).mkdir(parents=True)
        rows = list(_rows(side, count, chance))
        for day in range(1, DAYS + 1):
            for row in chance.sample(rows, 30):
                row[-1] = f"{chance.randrange(1000)},{chance.randrange(100):02}"
            header = ["Υπηρεσία", "Κ.Α.", "Περιγραφή", *_PHASES[side]]
            lines = [";".join(header), *(";".join([*row, ""]) for row in rows), ""]
            name = folder / side / f"2016_04_{day:02}_21.29.csv"
            name.write_bytes(b"\xfe\xff" + "\n".join(lines).encode("utf-16-be"))


def _rows(side: str, count: int, chance: random.Random) -> Iterator[list[str]]:
    for number in range(count):
        group = "6117" if side == "expenses" else "0111"
        code = f"{group}.{number // 90 + 1:02}.{number % 90 + 1:02}"
        service = _SERVICES[number % len(_SERVICES)] if side == "expenses" else ""
        voted = f"{chance.randrange(1, 900)}.{chance.randrange(1000):03},00"
        executed = ["0,00"] * (len(_PHASES[side]) - 2)
        yield [service, code, f"ΓΡΑΜΜΗ {number}", voted, voted, *executed]


def _site_context() -> Context:
    import ckan.plugins.toolkit as tk

    name = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return {"user": name, "ignore_auth": True}


def _organisation(context: Context) -> str:
    import ckan.plugins.toolkit as tk

    name = f"bench-{uuid4().hex[:12]}"
    titles = {"el": "Μέτρηση", "en": "Bench"}
    create = tk.get_action("organization_create")
    return create(context.copy(), {"name": name, "title_translated": titles})["id"]


def _harvest(folder: Path, context: Context) -> str:
    import ckan.plugins.toolkit as tk

    source = tk.get_action("harvest_source_create")(
        context.copy(),
        {
            "name": f"bench-{uuid4().hex[:12]}",
            "title": "bench",
            "url": f"inbox:{uuid4().hex}",
            "source_type": "municipal_budget",
            "owner_org": _organisation(context),
            "config": json.dumps({"source": _SOURCE}),
        },
    )
    _run(source["id"], folder)
    return source["id"]


def _run(source_id: str, folder: Path) -> None:
    from ckanext.municipal.harvest import foreground

    run = foreground.run(foreground.new_job(source_id, str(folder)))
    if run["outcome"] != "done" or run["set_aside"]:
        raise RuntimeError(f"the harvest did not go well: {run['messages']}")


def _naive(folder: Path, context: Context) -> None:
    import ckan.plugins.toolkit as tk

    dataset = tk.get_action("package_create")(
        context.copy(),
        {
            "name": f"bench-{uuid4().hex[:12]}",
            "title_translated": {"el": "Προϋπολογισμός", "en": "Budget"},
            "notes_translated": {"el": "Προϋπολογισμός", "en": "Budget"},
            "owner_org": _organisation(context),
            "resources": [{"url": "https://example.org/budget.csv"}],
        },
    )
    resource = dataset["resources"][0]["id"]
    phases = sorted({phase for names in _PHASES.values() for phase in names})
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
