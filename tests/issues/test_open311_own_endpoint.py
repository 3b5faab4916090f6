"""The portal's own endpoint, read over HTTP by the portal's own reader, gives the rows that it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from published_requests import ATHENS, CATEGORIES, NOW, publish
from servers.open311 import requests
from servers.serving import serving

from ckanext.municipal.harvest.report import Report
from ckanext.municipal.issues.canonical import Canonical
from ckanext.municipal.issues.request import SourceRequest, Step
from ckanext.municipal.issues.source import (
    REASONS,
    CategoryRule,
    IssueSource,
    Privacy,
    ReasonRule,
    StatusRule,
)
from ckanext.municipal.issues.sources.open311 import Open311
from ckanext.municipal.issues.sources.open311_api import Endpoint
from ckanext.municipal.issues.sources.open311_settings import Settings
from ckanext.municipal.lib.http import Client
from ckanext.municipal.portal import city, config, gazetteer
from dev.demo.web import Asked, Said

WORDS = {
    "open": ("Καταχωρήθηκε", "open"),
    "in_progress": ("Σε εξέλιξη", "in_progress"),
    "closed": ("Κλειστό", "closed"),
    "rejected": ("Απορρίφθηκε", "rejected"),
}
# Where a place is told from which category on depends on all requests: the walk decides it.
OF_THE_WALK = ("cell", "lat", "long", "district", "address")


def source() -> IssueSource:
    """A source that knows the words of the made-up requests, and the codes of the portal itself."""
    return IssueSource(
        name="own",
        title={"el": "Αιτήματα", "en": "Requests"},
        kind="open311",
        zone=ATHENS,
        box=city.load(config.city_file()).map_box,
        statuses=tuple(StatusRule(names, status) for status, names in WORDS.items()),
        reasons=(
            ReasonRule("solved", ("Αποκαταστάθηκε*",)),
            *(ReasonRule(reason, (reason,)) for reason in REASONS),
        ),
        categories=tuple(
            CategoryRule(
                row["code"],
                {"el": row["name_el"], "en": row["name_en"]},
                (row["name_el"],),
                row["parent"],
            )
            for row in CATEGORIES
        ),
        privacy=Privacy(title=True, description=True),
    )  # fmt: skip


def made() -> list[SourceRequest]:
    """Requests as another reader might give them, with and without a history."""
    found: list[SourceRequest] = []
    for number in range(45):
        at = NOW - timedelta(days=3 + 9 * number % 400, hours=number)
        steps = [Step(at, "Καταχωρήθηκε"), Step(at + timedelta(hours=5), "Σε εξέλιξη")]
        if number % 3 == 0:
            steps.append(Step(at + timedelta(hours=30 + number), "Κλειστό"))
        found.append(
            SourceRequest(
                id=f"0{number}/α" if number % 5 == 0 else f"{number:03}",
                status=steps[-1].status,
                category=("Κάδοι", "Καμένες λάμπες")[number % 2],
                category_path=(("Καθαριότητα", "Κάδοι"), ("Ηλεκτροφωτισμός", "Καμένες λάμπες"))[number % 2],
                requested=at,
                updated=steps[-1].at,
                close_note="Αποκαταστάθηκε από το συνεργείο" if number % 3 == 0 else None,
                agency="Διεύθυνση Καθαριότητας",
                title=f"Κάδος {number} <&>" if number % 4 else None,
                description="Ξεχείλισε." if number % 7 else None,
                lat=40.63 + number / 1e4,
                long=22.94,
                votes=number,
                comments=0,
                channel="web",
                duplicate_of="001" if number == 9 else None,
                steps=tuple(steps) if number % 6 else (),
            )
        )  # fmt: skip
    return [*found, replace(found[1], id="rejected", status="Απορρίφθηκε", steps=())]


def rows(given: Any) -> tuple[dict[str, Any], list[Any]]:
    """The rows that may be stored of some requests, by id, and their events."""
    canonical = Canonical(source(), gazetteer.load(config.gazetteer_file()))
    report = Report(dry_run=True)
    found = [canonical.of(request, report) for request in given]
    requests_ = {row["id"]: row for row, _ in filter(None, found)}
    return requests_, [event for _, events in filter(None, found) for event in events]


@contextmanager
def endpoint(app: Any, form: str) -> Iterator[Open311]:
    """Serve the portal over HTTP, and give a reader of it."""

    def portal(asked: Asked) -> Said:
        headers = {name: asked.headers[name] for name in ("accept", "accept-language")}
        query = urlencode(asked.query)
        answer = app.test_client().get(f"{asked.path}?{query}", headers=headers)
        return Said(answer.status_code, answer.get_data(), answer.content_type)

    with serving(portal) as server:
        told = Settings(format=form, page_size=20, since=NOW.date() - timedelta(days=420))
        where = Endpoint(server.url("/open311/v2"), told)
        yield Open311(where, Client(allow=[server.allow]), ATHENS)


@pytest.mark.parametrize("form", ["json", "xml"])
def test_the_own_reader_gets_the_rows_that_the_portal_holds(fresh_site, app, form):
    stored, events = rows(made())
    publish(stored.values(), events=events)
    with endpoint(app, form) as reader:
        batches = list(reader.walk())
    again, events_again = rows(requests(batches).values())
    assert not [f for batch in batches for f in (*batch.findings, *batch.refused)]
    assert set(again) == set(stored)
    for id, row in stored.items():
        same = {name: value for name, value in row.items() if name not in OF_THE_WALK}
        assert {name: again[id][name] for name in same} == same
    key = ("id", "sequence")
    assert sorted(events_again, key=lambda e: [e[k] for k in key]) == sorted(
        events, key=lambda e: [e[k] for k in key]
    )


def test_later_walks_of_the_own_endpoint_read_what_was_changed(fresh_site, app):
    stored, events = rows(made())
    publish(stored.values(), events=events)
    with endpoint(app, "json") as reader:
        cursor = list(reader.walk())[-1].cursor
        assert list(cursor) == ["updated"]
        assert not requests(list(reader.walk(cursor)))
        earlier = {"updated": cursor["updated"] - 200 * 24 * 3600}
        changed = requests(list(reader.walk(earlier)))
    assert 0 < len(changed) < len(stored)
    after = NOW - timedelta(days=200)
    assert {id for id, row in stored.items() if row["updated"] >= after} <= set(changed)
