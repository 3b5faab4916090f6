"""The demonstration city's requests: a year of them, the same each time, and a site that lives on."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import yaml

from ckanext.municipal.harvest.report import Report
from ckanext.municipal.issues import source_yaml
from ckanext.municipal.issues.canonical import Canonical
from ckanext.municipal.issues.request import Batch
from ckanext.municipal.issues.sources import Access, reader_for
from ckanext.municipal.lib.http import Client
from ckanext.municipal.portal import city as portal_city
from ckanext.municipal.portal import gazetteer
from dev.demo import requests_source
from dev.demo.improve_my_city import city as demo
from dev.demo.improve_my_city.__main__ import STEP_SECONDS, Living
from dev.demo.web import server
from tests.dev.conftest import ROOT

FIRST = date(2025, 3, 10)
NOW = datetime(2026, 3, 9, 22, tzinfo=UTC).timestamp()
"""A little before the end of the 365th day, in Athens its last minute."""

DAY = 86_400
KEY = "sixteen-letters!"
CITY = portal_city.load(ROOT / "config" / "city.yaml")
PLACES = gazetteer.load(ROOT / "schemas" / "gazetteer.csv")


@pytest.fixture(scope="module")
def city() -> demo.DemonstrationCity:
    return demo.DemonstrationCity(FIRST)


@contextmanager
def read(city: demo.DemonstrationCity, now: float) -> Iterator[list[Batch]]:
    """What the source of the demonstration reads of its served site."""
    source = source_yaml.parse(requests_source.text(), "demo.yaml", CITY.map_box)
    web = server(Living(city, KEY, clock=lambda: now))
    threading.Thread(target=web.serve_forever, args=(0.05,), daemon=True).start()
    address = f"127.0.0.1:{web.server_address[1]}"
    try:
        with Client(allow=[address]) as client:
            access = Access(f"http://{address}/", client, {requests_source.NAME: KEY}.__getitem__)
            yield list(reader_for(source, access).walk())
    finally:
        web.shutdown()
        web.server_close()


def test_a_year_has_four_thousand_and_the_days_after_it_some_more(city):
    assert len(city.site(NOW).issues) == demo.IN_A_YEAR
    later = len(city.site(NOW + 30 * DAY).issues)
    assert 200 < later - demo.IN_A_YEAR < 450


def test_the_same_day_gives_the_same_site(city):
    again = demo.DemonstrationCity(FIRST)
    assert again.site(NOW).issues == city.site(NOW).issues


def test_a_site_that_is_asked_again_has_gone_on_and_changed_nothing_that_had_happened(city):
    before, after = city.site(NOW).issues, city.site(NOW + DAY).issues
    assert set(before) < set(after)
    changed = 0
    for number, issue in before.items():
        assert after[number].history[: len(issue.history)] == issue.history
        assert after[number].votes >= issue.votes
        assert (after[number].title, after[number].latitude) == (issue.title, issue.latitude)
        changed += after[number] != issue
    assert 0 < changed < 150


def test_histories_are_in_order_and_some_are_opened_again(city):
    issues = city.site(NOW).issues.values()
    for issue in issues:
        at = [entry.at for entry in issue.history]
        assert at == sorted(at)
        assert issue.created == at[0]
        assert at[-1] == issue.updated <= NOW
    notes = Counter(entry.note for issue in issues for entry in issue.history)
    assert notes[demo.REOPENED] > 20
    assert all(notes[note] > 20 for note in demo.UNSOLVED)
    assert 0 < sum(issue.state == demo.HIDDEN for issue in issues) < 80


def test_offices_work_in_working_hours_alone(city):
    for issue in city.site(NOW).issues.values():
        for entry in issue.history[1:]:
            at = datetime.fromtimestamp(entry.at - 600, demo._ZONE)
            assert at.weekday() < 5
            assert 7 <= at.hour <= 15


def test_seasons_are_seen_in_what_is_reported(city):
    numbers = {category.title: number for number, category in city.categories.items()}
    by_month = Counter(
        (issue.category, datetime.fromtimestamp(issue.created, UTC).month)
        for issue in city.site(NOW).issues.values()
    )
    watering = numbers["Άρδευση"]
    assert by_month[watering, 7] > 2 * by_month[watering, 1]


def test_every_request_says_that_it_is_made_up_and_lies_in_the_city(city):
    for issue in city.site(NOW).issues.values():
        assert demo.MARK in issue.title
        assert CITY.map_box.holds(float(issue.longitude), float(issue.latitude))


def test_its_source_reads_all_of_it_and_knows_every_word(city):
    source = source_yaml.parse(requests_source.text(), "demo.yaml", CITY.map_box)
    rows, report = Canonical(source, PLACES), Report()
    with read(city, NOW) as batches:
        requests = [request for batch in batches for request in batch.requests]
        made = [rows.of(request, report) for request in requests]
    rows.tell(report)
    assert 3_900 < len(requests) < demo.IN_A_YEAR
    assert None not in made
    assert report.quarantined == report.findings == []
    told = [row for row, _ in filter(None, made)]
    assert {row["status"] for row in told} == {"open", "in_progress", "closed", "archived"}
    reasons = {"solved", "not_solved", "duplicate", "not_responsible", None}
    assert {row["close_reason"] for row in told} == reasons
    groups = Counter((row["category_code"], row["cell"]) for row in told)
    shown = sum(count for count in groups.values() if count >= source.privacy.k)
    assert shown > 0.3 * len(told), "enough lie beside others for a map"


def test_what_is_due_happens_while_it_is_served(city):
    now = [NOW]
    living = Living(city, KEY, clock=lambda: now[0])
    before = living._app.site
    living(requests_asked())
    assert living._app.site is before
    now[0] += max(STEP_SECONDS, DAY)
    living(requests_asked())
    assert len(living._app.site.issues) > len(before.issues)


def requests_asked():
    from dev.demo.web import asked

    return asked("GET", "/index.php?option=com_imc&task=api2.issues", {})


def test_the_source_names_its_secret_and_its_address_alone_changes():
    text = requests_source.text("http://127.0.0.1:1234/")
    said = yaml.safe_load(text)
    assert said["where"] == {"url": "http://127.0.0.1:1234/"}
    assert said["source"]["key"] == {"secret": requests_source.NAME}
    assert "επίδειξης" in said["title"]["el"]
    assert "demonstration" in said["title"]["en"]
    at = FIRST + timedelta(days=1)
    assert str(at) not in text
