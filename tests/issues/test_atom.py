"""Atom feeds of requests: what a feed reader gets, and what it does not get twice."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.issues import atom
from ckanext.municipal.store.transaction import transaction
from tests.issues.kept_site import (
    app,
    changes_it,
    fresh_site,
    kept,
    loaded_plugins,
    published,
)
from tests.issues.published_requests import NOW, XSS, publish, put, reading, request, take

__all__ = ["app", "changes_it", "fresh_site", "kept", "loaded_plugins", "published"]

URL = "/issues/feed.atom"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    return [
        request("006", days=1),
        request("14-02155558", days=5, status="in_progress", category="006", district="6114-2"),
        request("a/b.1", days=9, status="closed"),
        request("when?", requested=None, updated=None),
    ]


@pytest.fixture
def dataset(published, rows) -> dict[str, Any]:
    return published(rows)


def feed(app: Any, url: str = URL) -> ET.Element:
    answer = app.get(url, status=200)
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.data)
    check(root)
    return root


def check(root: ET.Element) -> None:
    """What RFC 4287 requires of a feed and of each entry."""
    assert root.tag == f"{ATOM}feed"
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    assert link(root, "self").startswith("http")
    entries = root.findall(f"{ATOM}entry")
    for part in (root, *entries):
        assert part.findtext(f"{ATOM}id", "").startswith("tag:")
        assert part.findtext(f"{ATOM}title")
        updated = part.findtext(f"{ATOM}updated", "")
        assert datetime.fromisoformat(updated).tzinfo, updated
        assert link(part, "alternate").startswith("http")
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{ATOM}{name}")) == 1
    ids = [each.findtext(f"{ATOM}id") for each in entries]
    assert len(ids) == len(set(ids))
    assert all(each.findtext(f"{ATOM}summary") for each in entries)


def link(part: ET.Element, relation: str) -> str:
    found = [each for each in part.findall(f"{ATOM}link") if each.get("rel") == relation]
    assert len(found) <= 1
    return str(found[0].get("href")) if found else ""


def names(root: ET.Element) -> list[str]:
    return [link(each, "alternate").rpartition("/")[2] for each in root.findall(f"{ATOM}entry")]


def test_what_changed_last_comes_first_and_leads_to_its_page(dataset, app):
    root = feed(app, f"/en{URL}")
    assert names(root) == ["006", "14-02155558", "b.1", "when%3F"]
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    first = root.find(f"{ATOM}entry")
    assert first is not None
    assert first.findtext(f"{ATOM}title") == "Bins: Open"
    assert "First Municipal Community" in first.findtext(f"{ATOM}summary", "")
    for each in root.findall(f"{ATOM}entry"):
        assert app.get(urlsplit(link(each, "alternate")).path).status_code == 200


def test_a_place_a_category_and_a_status_can_be_followed(dataset, app):
    for query, expected in (
        ("category=lighting", ["14-02155558"]),
        ("district=6114-1", ["006", "b.1", "when%3F"]),
        ("status=closed,rejected", ["b.1"]),
        ("category=cleaning&district=6114-2", []),
    ):
        root = feed(app, f"{URL}?{query}")
        assert names(root) == expected, query
        assert query.partition("&")[0] in link(root, "self").replace("%2C", ",")
    assert "Ηλεκτροφωτισμός" in str(feed(app, f"{URL}?category=lighting").findtext(f"{ATOM}title"))
    html = app.get("/issues?category=lighting&status=open").get_data(as_text=True)
    found = html[html.index("application/atom+xml") :].partition('href="')[2].partition('"')[0]
    assert "category=lighting" in found
    feed(app, found.replace("&amp;", "&"))


def test_ids_stay_in_any_language_and_whatever_changes(dataset, changes_it, rows, app):
    def ids(root: ET.Element) -> list[str | None]:
        return sorted(str(each.findtext(f"{ATOM}id")) for each in root.findall(f"{ATOM}entry"))

    before = ids(feed(app))
    assert before[0] == "tag:thessaloniki.gr,2026:requests/6114/006"
    with transaction(dataset["id"]) as tx:
        put(tx, dataset, "requests", [{**rows[0], "status": "closed", "updated": NOW}])
    assert ids(feed(app, f"/en{URL}?district=6114-1")) == [i for i in before if "14-" not in str(i)]


def test_pages_lead_through_everything_while_the_data_change(fresh_site, app):
    made = [request(f"{n:03}", days=n) for n in range(130)]
    dataset = publish(made, events=[])
    url, found = f"{URL}?category=cleaning", []
    while url:
        root = feed(app, url)
        found += names(root)
        first = link(root, "first")
        assert "after=" not in first
        following = urlsplit(link(root, "next"))
        url = f"{following.path}?{following.query}" if following.path else ""
        with transaction(dataset["id"]) as tx:
            put(tx, dataset, "requests", [request(f"new-{len(found)}", days=0)])
            take(tx, dataset, "129")
    assert found == [f"{n:03}" for n in range(129)]


def test_a_feed_that_did_not_change_is_not_sent_again(dataset, changes_it, rows, app):
    answer = app.get(URL)
    mark = {"If-None-Match": answer.headers["ETag"]}
    since = {"If-Modified-Since": answer.headers["Last-Modified"]}
    assert "private" not in answer.headers["Cache-Control"]
    for known in (mark, since):
        again = app.get(URL, headers=known)
        assert (again.status_code, again.data) == (304, b"")
    with transaction(dataset["id"]) as tx:
        put(tx, dataset, "requests", [{**rows[0], "status": "closed", "updated": NOW}])
        put(tx, dataset, "readings", [reading(NOW + timedelta(hours=1), finished=False)])
    for known in (mark, since):
        assert app.get(URL, headers=known).status_code == 200
    assert "Last-Modified" not in app.get(URL).headers


def test_a_wrong_question_is_answered_with_a_sentence(dataset, app):
    for query, status in (
        ("status=done", 400),
        ("after=x", 400),
        ("category=sports", 404),
        ("municipality=1", 404),
        ("district=nowhere", 200),
        ("utm_source=reader", 200),
    ):
        answer = app.get(f"{URL}?{query}", status=status)
        if status != 200:
            assert answer.content_type == "text/plain; charset=utf-8"
            assert answer.get_data(as_text=True).strip()


def test_texts_of_citizens_are_text(fresh_site, app):
    named = ("title", "description", "agency", "address", "district")
    publish([request("x", **dict.fromkeys(named, XSS))])
    data = app.get(URL).data
    assert b"<script" not in data
    root = ET.fromstring(data)
    check(root)
    summary = root.findtext(f"{ATOM}entry/{ATOM}summary")
    assert XSS.replace("\x01", "\ufffd").replace("\x0b", "\ufffd") in str(summary)
    tag = root.findtext(f"{ATOM}entry/{ATOM}id")
    assert tag == "tag:thessaloniki.gr,2026:requests/6114/x"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_makes_a_document_that_a_parser_reads(text: str, name: str):
    now = datetime(2026, 3, 1, tzinfo=UTC)
    id_ = atom.tag("city.gr", text.encode("utf-8", "replace").decode(), name[:0])
    entry = atom.Entry(id_, text, name, text, now, now, (text, name))
    made = atom.Feed(id_, name, text, "el", now, text, name, text, None, [entry])
    root = ET.fromstring(atom.document(made))
    assert len(root.findall(f"{ATOM}entry")) == 1
