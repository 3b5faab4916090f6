"""What a program gets at /open311/v2, over HTTP and without an account."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from ckan.tests import factories
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ckanext.municipal.issues.open311 import arguments
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

V2 = "/open311/v2"
ENGLISH = {"Accept-Language": "en"}
ANY_TIME = "updated_after=1990-01-01"
ODD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            "006",
            "open",
            XSS,
            "\0",
            "'; DROP TABLE package; --",
            "1' OR '1'='1",
            "*:* OR private:true",
            '{!lucene}*:*" OR "',
            "_query_:x",
            "6114) OR (private:true",
            "-1",
            "9" * 400,
            "1e999",
            "2026-01-01T00:00:00Z",
            "../../etc/passwd",
            "%00",
            "22,40,23,41",
            "WyJ4Il0",
            "bnVsbA",
        ]
    ),
)


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    return [
        request("006", days=1),
        request("14-02155558", days=5, status="in_progress", category="006"),
        request("a/b.1", days=9, status="closed", lat=None, long=None, cell=""),
        request("4", days=40, status="rejected", close_reason="not_responsible"),
        request("old", days=400, status="archived", category="cleaning", votes=None),
        request("when?", requested=None, updated=None),
    ]


@pytest.fixture
def dataset(published, rows) -> dict[str, Any]:
    return published(rows)


def ask(app: Any, path: str, status: int = 200, **options: Any) -> Any:
    answer = app.get(f"{V2}/{path}", status=status, **options)
    assert answer.content_type in ("application/json; charset=utf-8", "text/xml; charset=utf-8")
    return answer


def ids(answer: Any) -> list[str]:
    return [one["service_request_id"] for one in answer.json]


def errors(answer: Any) -> list[str]:
    for error in answer.json:
        assert error["code"] == answer.status_code
    return [error["description"] for error in answer.json]


def test_an_empty_portal_says_so_in_both_forms(fresh_site, app):
    assert "published here yet" in errors(ask(app, "requests?lang=en", status=404))[0]
    root = ET.fromstring(ask(app, "services.xml?lang=en", status=404).data)
    assert root.findtext("error/code") == "404"
    assert ask(app, "discovery").json["endpoints"][0]["jurisdictions"] == []


def test_requests_are_the_newest_of_90_days_and_one_has_its_address(dataset, app):
    answer = ask(app, "requests.json")
    assert ids(answer) == ["006", "14-02155558", "a/b.1", "4"]
    assert answer.json[0]["service_request_id"] == "006"
    assert answer.json[1]["service_name"] == "Καμένες λάμπες"
    assert answer.json[2]["lat"] is None
    for one in ids(answer):
        assert ids(ask(app, f"requests/{one}.json")) == [one]
    root = ET.fromstring(ask(app, "requests/006.xml").data)
    assert root.findtext("request/service_request_id") == "006"
    assert "no request nothing" in errors(ask(app, "requests/nothing?lang=en", status=404))[0]


def test_requests_can_be_chosen(dataset, app):
    for query, expected in [
        ("status=open", ["006", "14-02155558"]),
        ("status=closed", ["a/b.1", "4"]),
        ("status=open,closed&service_code=006", ["14-02155558"]),
        ("service_request_id=old,006,nowhere&status=open", ["006", "old"]),
        (ANY_TIME, ["006", "14-02155558", "a/b.1", "4", "old"]),
        ("bbox=22.9,40.6,23.0,40.7&service_code=cleaning-bins", ["006", "4"]),
        ("bbox=0,0,1,1", []),
        ("page_size=2&page=2", ["a/b.1", "4"]),
        ("page_size=2&page=3", []),
        (
            f"start_date={(NOW - timedelta(days=6)).date()}&end_date={NOW.date()}",
            ["006", "14-02155558"],
        ),
        (f"updated_before={(NOW - timedelta(days=30)).strftime('%Y-%m-%d')}", ["4", "old"]),
    ]:
        assert ids(ask(app, f"requests?{query}")) == expected, query


def test_updated_after_and_before_hold_their_own_moment(dataset, rows, app):
    at = rows[1]["updated"].isoformat().replace("+", "%2B")
    found = ids(ask(app, f"requests?updated_after={at}&updated_before={at}"))
    assert found == ["14-02155558"]


def test_history_and_attributes_come_when_asked_for(dataset, rows, app):
    plain = ask(app, "requests").json[0]
    assert "notes" not in plain
    told = ask(app, "requests?extensions=true").json
    assert told[0].items() >= plain.items()
    assert told[1]["extended_attributes"]["status"] == "in_progress"
    assert [note["type"] for note in told[2]["notes"]] == ["submitted", "closed"]
    assert told[2]["notes"][1]["datetime"] == rows[2]["updated"].isoformat()
    one = ask(app, "requests/a/b.1.xml?extensions=true").data
    notes = ET.fromstring(one).findall("request/notes/note")
    assert [note.findtext("type") for note in notes] == ["submitted", "closed"]


def test_services_are_told_in_the_readers_language(dataset, app):
    names = [one["service_name"] for one in ask(app, "services").json]
    assert names == ["Καθαριότητα", "Κάδοι", "Ηλεκτροφωτισμός", "Καμένες λάμπες"]
    for answer in (
        ask(app, "services?lang=en"),
        ask(app, "services", headers={"Accept-Language": "en-GB,en;q=0.8"}),
        app.get(f"/en{V2}/services"),
    ):
        assert answer.json[3]["service_name"] == "Burnt-out lamps"
        assert answer.headers["Content-Language"] == "en"
    assert ask(app, "services/006.json").json == {"service_code": "006", "attributes": []}
    assert "no 007" in errors(ask(app, "services/007?lang=en", status=404))[0]
    assert "no 007" in errors(ask(app, "requests?service_code=007&lang=en", status=404))[0]
    assert "not offered" in errors(ask(app, "services?lang=tlh", status=400, headers=ENGLISH))[0]


def test_discovery_leads_to_the_endpoint(dataset, app):
    (endpoint,) = ask(app, "discovery.json").json["endpoints"]
    assert endpoint["url"] == "http://test.ckan.net/open311/v2"
    assert endpoint["jurisdictions"][0]["jurisdiction_id"] == "6114"
    assert ET.fromstring(ask(app, "discovery.xml").data).tag == "discovery"


def test_an_address_that_is_none_answers_in_open311_too(dataset, app):
    for path in ("", "tokens/1.json", "requests.csv", "services/", "requests/", "nothing/x.json"):
        answer = app.get(f"{V2}/{path}" if path else V2)
        if path in ("services/", "requests/"):
            assert answer.status_code == 200
        else:
            assert answer.status_code == 404
            assert answer.json[0]["code"] == 404
    assert ET.fromstring(ask(app, "nothing.xml", status=404).data).tag == "errors"


def test_each_city_is_a_jurisdiction_of_its_own(dataset, changes_it, app):
    publish([request("elsewhere")], municipality="4711")
    for own in ("", "?jurisdiction_id=6114", "?jurisdiction_id=thessaloniki.gr"):
        assert "006" in ids(ask(app, f"requests{own}"))
    assert ids(ask(app, "requests?jurisdiction_id=4711")) == ["elsewhere"]
    ask(app, "requests/elsewhere", status=404)
    told = errors(ask(app, "requests?jurisdiction_id=1&lang=en", status=404))
    assert told == ["jurisdiction_id: there is no 1 here. There are: 6114, 4711."]


def test_a_private_dataset_is_nowhere_whoever_asks(fresh_site, app, browse):
    publish([request("secret-canary")], private=True)
    paths = ("requests", "requests/secret-canary", "services", "requests?jurisdiction_id=6114")
    sysadmin = browse(factories.Sysadmin(password="correct123"))
    for path in paths:
        for form in ("json", "xml"):
            head, mark, query = path.partition("?")
            url = f"{V2}/{head}.{form}{mark}{query}"
            assert app.get(url).status_code == 404
            assert sysadmin.get(url).status_code == 404
    assert b"6114" not in sysadmin.get(f"{V2}/discovery").data


def test_of_two_datasets_of_a_city_the_private_one_never_shows(dataset, changes_it, app):
    publish([request("secret-canary")], private=True)
    assert "secret-canary" not in ids(ask(app, f"requests?{ANY_TIME}"))
    ask(app, "requests/secret-canary", status=404)


def test_requests_that_are_stored_but_not_published_are_nowhere(fresh_site, app):
    publish([request("secret-canary")], published=("categories", "statistics", "readings"))
    for path in ("requests", "requests/secret-canary", "services"):
        assert "published here yet" in errors(ask(app, f"{path}?lang=en", status=404))[0]
    assert ask(app, "discovery").json["endpoints"][0]["jurisdictions"] == []


def test_an_answer_that_did_not_change_is_not_sent_again(dataset, changes_it, rows, app):
    answer = ask(app, f"requests?{ANY_TIME}")
    mark, since = answer.headers["ETag"], answer.headers["Last-Modified"]
    again = {"If-None-Match": mark}
    assert app.get(f"{V2}/requests?{ANY_TIME}", headers=again).status_code == 304
    since_then = {"If-Modified-Since": since}
    assert app.get(f"{V2}/requests?{ANY_TIME}", headers=since_then).status_code == 304
    with transaction(dataset["id"]) as tx:
        put(tx, dataset, "requests", [{**rows[0], "votes": 4, "status": "closed"}])
        put(tx, dataset, "readings", [reading(NOW + timedelta(hours=1), finished=False)])
    assert app.get(f"{V2}/requests?{ANY_TIME}", headers=again).status_code == 200
    # While a run goes on, nobody is told since when the rows are as they are.
    during = app.get(f"{V2}/requests?{ANY_TIME}", headers=since_then)
    assert during.status_code == 200
    assert "Last-Modified" not in during.headers
    with transaction(dataset["id"]) as tx:
        put(tx, dataset, "readings", [reading(NOW + timedelta(hours=1))])
    after = app.get(f"{V2}/requests?{ANY_TIME}", headers=since_then)
    assert after.status_code == 200
    assert after.headers["Last-Modified"] != since


def test_an_answer_that_depends_on_the_hour_has_no_date_of_change(dataset, app):
    assert "Last-Modified" not in ask(app, "requests").headers
    assert "ETag" in ask(app, "requests").headers
    vary = ask(app, "requests").headers["Vary"]
    assert {"Accept", "Accept-Language"} <= {each.strip() for each in vary.split(",")}


def test_other_sites_may_read_as_ckan_is_told(dataset, app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.cors.origin_allow_all", True)
    answer = ask(app, "requests", headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def following(app: Any, url: str, between: Any = None) -> list[str]:
    """All ids of a list, page after page, as its links lead."""
    found: list[str] = []
    while url:
        answer = app.get(url)
        found += ids(answer)
        link = answer.headers.get("Link", "")
        assert not link or link.endswith('>; rel="next"')
        parts = urlsplit(link.partition(">")[0].removeprefix("<"))
        url = f"{parts.path}?{parts.query}" if link else ""
        if between:
            between(found)
    return found


def test_pages_lose_and_repeat_nothing_while_the_data_change(fresh_site, app):
    made = [request(f"{n:03}", days=1 + n / 100) for n in range(100)]
    made += [request(f"same-{n}", requested=made[50]["requested"]) for n in range(20)]
    made += [request(f"never-{n}", requested=None) for n in range(5)]
    dataset = publish(made, events=[])
    steps = iter(range(1000))

    def change(found: list[str]) -> None:
        """A run between two pages: new ones come, one is withdrawn, all that are left change."""
        n = next(steps)
        rest = [row for row in made if row["id"] not in found and row["id"] != "099"]
        with transaction(dataset["id"]) as tx:
            put(tx, dataset, "requests", [request(f"new-{n}", days=0)])
            put(tx, dataset, "requests", [{**r, "updated": NOW, "status": "closed"} for r in rest])
            take(tx, dataset, f"{n:03}")

    found = following(app, f"{V2}/requests?{ANY_TIME}&page_size=7", change)
    assert len(found) == len(set(found))
    assert {row["id"] for row in made} - set(found) == set()
    again = following(app, f"{V2}/requests.json?{ANY_TIME}&page_size=50&extensions=true&lang=en")
    assert len(again) == len(set(again))
    assert {f"new-{n}" for n in range(next(steps))} <= set(again)


def test_a_link_of_another_list_is_refused(dataset, app):
    for token in ("W10", "WyJ4Iiwgbnl9", "WyIyMDI2LTAxLTAxIiwgIngiLCAieSJd", "WyJub24iLCAieCJd"):
        assert errors(ask(app, f"requests?after={token}", status=400))


def test_texts_that_look_like_markup_are_only_texts(fresh_site, app):
    publish([request("x", description=XSS, title=XSS, agency=XSS, status_raw=XSS, photo_url=XSS)])
    answer = ask(app, "requests.json?extensions=true")
    assert answer.json[0]["description"] == XSS
    data = ask(app, "requests.xml?extensions=true").data
    assert b"<script" not in data
    told = ET.fromstring(data).findtext("request/description")
    assert told == XSS.replace("\x01", "\ufffd").replace("\x0b", "\ufffd")


def test_no_question_makes_an_error_page(dataset, app):
    @settings(
        max_examples=300,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
        database=None,
    )
    @given(
        path=st.sampled_from(["requests", "services", "discovery", "requests/006", "services/006"]),
        form=st.sampled_from(["", ".json", ".xml"]),
        query=st.dictionaries(
            st.sampled_from([*arguments.NAMES, *arguments.ALWAYS, "x"]), ODD, max_size=3
        ),
        rest=ODD.map(lambda text: "".join(text.splitlines())),  # no address of CKAN's has one
    )
    def visit(path: str, form: str, query: dict[str, str], rest: str) -> None:
        tail = f"/{quote(rest, safe='')}" if rest and "/" in path else ""
        answer = app.get(f"{V2}/{path}{tail}{form}", query_string=query)
        assert answer.status_code in (200, 400, 404)
        if "xml" in answer.content_type:
            body = ET.fromstring(answer.data)
            told = [error.findtext("code") for error in body.iter("error")]
        else:
            body = json.loads(answer.data)
            told = [str(e.get("code")) for e in body] if answer.status_code != 200 else []
        if answer.status_code != 200:
            assert set(told) == {str(answer.status_code)}

    visit()


def test_questions_to_the_search_index_find_no_more(dataset, changes_it, app):
    publish([request("secret-canary")], private=True, municipality="4711")
    for text in ("4711", "6114 OR private:true", "*", '" OR "', "{!term f=id}x", "x" * 10_000):
        answer = app.get(f"{V2}/requests", query_string={"jurisdiction_id": text})
        assert answer.status_code == 404, text


@pytest.mark.parametrize("query", ["", "?extensions=true"])
def test_1000_requests_come_in_one_answer_that_leads_to_the_next(fresh_site, app, query):
    publish([request(str(n), days=n / 20, status="closed") for n in range(1500)])
    for form in ("json", "xml"):
        answer = ask(app, f"requests.{form}{query}")
        assert 'rel="next"' in answer.headers["Link"]
