"""The page /feeds: what there is to pull, and who did."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from chromium import violations_of
from ckan import model

from ckanext.municipal.feeds.model import pulls
from ckanext.municipal.feeds.overview import programs
from tests.feeds.portal import create, delete, settle

pytestmark = pytest.mark.usefixtures("fresh_site")

EUROPE = {"User-Agent": "Mozilla/5.0 (European Data Portal) Firefox/40.1"}


def page(app: Any, url: str = "/en/feeds") -> str:
    return app.get(url).body


def test_every_address_that_is_told_answers(app: Any):
    create("spending")
    settle()
    found = re.findall(r'data-module-copy-value="([^"]+)"', page(app))
    assert len(found) == 16
    for address in found:
        assert app.get(address.removeprefix("http://test.ckan.net")).status_code == 200


def test_it_is_in_both_languages_and_linked_from_every_page(app: Any):
    for language in ("el", "en"):
        assert 'href="http://test.ckan.net/catalog.ttl"' in page(app, f"/{language}/feeds")
    assert 'href="/en/feeds"' in app.get("/en/about").body


@pytest.mark.parametrize(
    ("language", "zone", "told"),
    [
        ("el", "Europe/Athens", "έγινε στις 31 Ιουλίου 2026, 15:00 GMT+03:00."),
        ("en", "Europe/Athens", "is of 31 July 2026, 15:00 GMT+03:00."),
        ("en", "UTC", "is of 31 July 2026, 12:00 UTC."),
    ],
)
def test_moments_are_in_the_portals_time_and_the_readers_language(
    app, ckan_config, monkeypatch, language, zone, told
):
    monkeypatch.setitem(ckan_config, "ckan.display_timezone", zone)
    create("spending")
    settle()
    model.Session.execute(
        sa.text("UPDATE municipal_feed_record SET changed = '2026-07-31T12:00:00Z'")
    )
    model.Session.commit()
    assert told in page(app, f"/{language}/feeds")


def test_it_tells_how_many_datasets_there_are_and_how_many_are_left_out(app: Any):
    create("spending")
    create("water")
    create("gone")
    settle()
    delete("gone")
    settle()
    model.Session.execute(
        sa.text(
            "UPDATE municipal_feed_record SET state = 'quarantined' WHERE uri = (SELECT max(uri)"
            " FROM municipal_feed_record WHERE state = 'public')"
        )
    )
    model.Session.commit()
    shown = re.sub(r"<[^>]+>", "", page(app))
    assert "1 dataset is in the feeds." in shown
    assert "1 public dataset does not, and is left out" in shown


def test_it_tells_who_pulled_what_by_kind_and_keeps_no_address(app: Any):
    create("spending")
    settle()
    assert "Nobody yet." in page(app)
    tag = app.test_client().head("/catalog.rdf", headers=EUROPE).headers["ETag"]
    app.get("/catalog.rdf", headers=EUROPE)
    app.get("/catalog.rdf", headers=EUROPE | {"If-None-Match": tag}, status=304)
    app.get("/catalog.rdf?page=x", headers=EUROPE, status=400)
    app.get("/catalog-full.ttl", headers={"User-Agent": "curl/8"})
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page(app)))
    assert re.search(r"data\.europa\.eu The catalogue in pages 1 1 1 1 ", shown)
    assert re.search(r"Command line The whole catalogue 1 1 0 0 ", shown)
    rows = model.Session.execute(sa.text("SELECT t::text FROM municipal_feed_pull t")).scalars()
    assert not [row for row in rows if "127.0.0.1" in row or "Firefox" in row]


def test_axe_finds_nothing(app: Any, browser_tools: tuple[str, str], tmp_path: Any):
    create("spending")
    settle()
    app.get("/catalog.rdf", headers=EUROPE)
    assert violations_of(app.app, browser_tools, tmp_path, "/feeds") == {}


def test_counts_are_kept_for_a_year_and_a_month(app: Any):
    pulls.note("Python", "pages", "sent", 100)
    old = "UPDATE municipal_feed_pull SET day = current_date - 401"
    model.Session.execute(sa.text(old))
    model.Session.commit()
    pulls.note("Python", "pages", "sent", 100)
    pulls.note("Python", "pages", "sent", 7)
    kept = pulls.since(datetime(2000, 1, 1, tzinfo=UTC).date())
    assert [(each.requests, each.datasets) for each in kept] == [(2, 107)]
    assert [(each.sent, each.unchanged, each.datasets) for each in programs(kept)] == [(2, 0, 107)]


def test_a_request_that_cannot_be_counted_is_answered_all_the_same(app: Any):
    create("spending")
    settle()
    model.Session.execute(sa.text("ALTER TABLE municipal_feed_pull RENAME TO elsewhere"))
    model.Session.commit()
    try:
        assert "spending" in app.get("/catalog.nt").body
    finally:
        model.Session.execute(sa.text("ALTER TABLE elsewhere RENAME TO municipal_feed_pull"))
        model.Session.commit()
