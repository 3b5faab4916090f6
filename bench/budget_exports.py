"""A month of daily exports of a city's budget, made here, and their harvest into the test site."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from ckan.types import Context

DAYS = 12
LINES = {"expenses": 1157, "incomes": 267}
"""Rows of an export by side, as many as the real ones of 2016 have."""

FILES = DAYS * len(LINES)
_SOURCE = "thessaloniki-budget"
_SERVICES = ("Υπηρεσίες πρασίνου", "Υπηρεσία Νεκροταφείων", "Δημοτική Αστυνομία", "Αποθεματικό")
PHASES = {
    "expenses": ("Προϋπολογισθέντα", "Διαμορφωθέντα", "Δεσμευθέντα", "Ενταλθέντα", "Πληρωθέντα"),
    "incomes": ("Προϋπολογισθέντα", "Διαμορφωθέντα", "Βεβαιωθέντα", "Εισπραχθέντα"),
}
_ACCOUNTS = {
    "expenses": (
        *("6011", "6031", "6117", "6211", "6262", "6422", "6474", "6611"),
        *("6737", "7131", "7326", "8111", "9111"),
    ),
    "incomes": ("0111", "1325", "3219"),
}
_LINES_AN_ACCOUNT = 90


def write(folder: Path) -> None:
    """Write the exports of both sides in the bytes of the real ones, the same in every run."""
    chance = random.Random(20160401)
    for side, count in LINES.items():
        (folder / side).mkdir(parents=True)
        rows = list(_rows(side, count, chance))
        for day in range(1, DAYS + 1):
            for row in chance.sample(rows, 30):
                row[-1] = f"{chance.randrange(1000)},{chance.randrange(100):02}"
            header = ["Υπηρεσία", "Κ.Α.", "Περιγραφή", *PHASES[side]]
            lines = [";".join(header), *(";".join([*row, ""]) for row in rows), ""]
            name = folder / side / f"2016_04_{day:02}_21.29.csv"
            name.write_bytes(b"\xfe\xff" + "\n".join(lines).encode("utf-16-be"))


def _rows(side: str, count: int, chance: random.Random) -> Iterator[list[str]]:
    for number in range(count):
        account, line = divmod(number, _LINES_AN_ACCOUNT)
        code = f"{_ACCOUNTS[side][account]}.{line + 1:02}.01"
        service = _SERVICES[number % len(_SERVICES)] if side == "expenses" else ""
        voted = f"{chance.randrange(1, 900)}.{chance.randrange(1000):03},00"
        executed = ["0,00"] * (len(PHASES[side]) - 2)
        yield [service, code, f"ΓΡΑΜΜΗ {number}", voted, voted, *executed]


def organisation(context: Context) -> str:
    """Make a department and return its id."""
    import ckan.plugins.toolkit as tk

    name = f"bench-{uuid4().hex[:12]}"
    titles = {"el": "Μέτρηση", "en": "Bench"}
    create = tk.get_action("organization_create")
    return create(context.copy(), {"name": name, "title_translated": titles})["id"]


def harvest(folder: Path, context: Context) -> str:
    """Make a harvest source for the exports, run it, and return its id."""
    import ckan.plugins.toolkit as tk

    source = tk.get_action("harvest_source_create")(
        context.copy(),
        {
            "name": f"bench-{uuid4().hex[:12]}",
            "title": "bench",
            "url": f"inbox:{uuid4().hex}",
            "source_type": "municipal_budget",
            "owner_org": organisation(context),
            "config": json.dumps({"source": _SOURCE}),
        },
    )
    harvest_again(source["id"], folder)
    return source["id"]


def harvest_again(source_id: str, folder: Path) -> None:
    """Run a harvest source in this process; raises RuntimeError where that did not go well."""
    from ckanext.municipal.harvest import foreground

    run = foreground.run(foreground.new_job(source_id, str(folder)))
    if run["outcome"] != "done" or run["set_aside"]:
        raise RuntimeError(f"the harvest did not go well: {run['messages']}")
