"""``/feeds``: what harvesters can pull here, told to people, and who did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.municipal.feeds import changes, forms, ldes
from ckanext.municipal.feeds.addresses import address
from ckanext.municipal.feeds.counted import FEEDS
from ckanext.municipal.feeds.model import pulls, served
from ckanext.municipal.feeds.model.pulls import Pulled

DAYS = 30
"""How many days of pulls are shown."""


@dataclass(slots=True)
class Program:
    """What programs of a kind pulled of one feed: requests by outcome, datasets, when last."""

    client: str
    feed: str
    latest: datetime
    sent: int = 0
    unchanged: int = 0
    refused: int = 0
    datasets: int = 0


def index() -> str:
    """Show the page."""
    values: dict[str, Any] = {
        "addresses": _addresses(),
        "numbers": served.numbers(),
        "findings": served.findings(tk.h.lang()),
        "programs": programs(pulls.since((datetime.now(UTC) - timedelta(days=DAYS)).date())),
        "feeds": FEEDS,
        "days": DAYS,
        "newest": served.state().changed,
    }
    return tk.render("feeds/index.html", values)


def programs(pulled: Iterable[Pulled]) -> list[Program]:
    """Return counts of one kind of program and feed together, the latest first."""
    found: dict[tuple[str, str], list[Pulled]] = defaultdict(list)
    for each in pulled:
        found[each.client, each.feed].append(each)
    told = []
    for (client, feed), counts in found.items():
        program = Program(client, feed, max(each.latest for each in counts))
        for each in counts:
            setattr(program, each.outcome, each.requests)
            program.datasets += each.datasets
        told.append(program)
    return sorted(told, key=lambda program: program.latest, reverse=True)


def _addresses() -> dict[str, dict[str, str]]:
    """The addresses of each feed, by form."""
    names = [form.extension for form in forms.FORMS]
    return {
        "page": {name: address("page", extension=name) for name in names},
        "full": {f"{name}.gz": address("full", name=f"{name}.gz") for name in names},
        "deletions": {"json": address("deletions")},
        "changes": {
            "LDES": changes.address(),
            **{form.extension: changes.address(form.extension) for form in ldes.FORMS},
        },
        "oai": {FEEDS["oai"]: address("oai")},
    }
