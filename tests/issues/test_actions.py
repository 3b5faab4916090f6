"""What a program gets from the actions of requests, without an account."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from tests.issues.kept_site import (
    app,
    fresh_site,
    kept,
    loaded_plugins,
    published,
)
from tests.issues.published_requests import ATHENS, NOW, figures, publish, request

__all__ = ["app", "fresh_site", "kept", "loaded_plugins", "published"]

ROWS = [
    request("006", days=1, votes=9),
    request("14-02155558", days=5, status="in_progress", category="006", district="6114-2"),
    request("a/b.1", days=9, status="closed", lat=None, long=None, cell="", votes=None),
    request(
        "4", days=40, status="rejected", close_reason="not_responsible", agency="Γραφείο Νερού"
    ),
    request("old", days=400, status="archived", category="cleaning", votes=12),
    request("when?", requested=None, updated=None),
]
FIGURES = [
    figures(400, 300, 200),
    figures(90, 60, 40, period="2026"),
    figures(20, 10, 5, period="2026-03"),
    figures(None, None, None, period="2026-04"),
    figures(310, 240, 160, period="2025"),
    figures(10, 10, 10, period="2025-12"),
    figures(120, 100, 80, category="cleaning"),
    figures(80, 70, 60, category="cleaning-bins", days="1.25"),
    figures(280, 200, 120, category="lighting"),
    figures(70, 50, 30, category="lighting", period="2026"),
    figures(8, None, None, category="lighting", period="2026-03", days=None),
    figures(150, 90, 70, district="6114-1"),
    figures(250, 210, 130, district="6114-2"),
    figures(100, 70, 60, district="6114-2", category="lighting"),
]


@pytest.fixture
def dataset(published, ckan_config, monkeypatch) -> dict[str, Any]:
    monkeypatch.setitem(ckan_config, "ckan.datastore.default_fts_lang", "greek")
    return published(ROWS, statistics=FIGURES)


def ask(action: str, **query: Any) -> dict[str, Any]:
    return tk.get_action(f"municipal_issue_{action}")({"user": ""}, query)


def ids(**query: Any) -> list[str]:
    return [each["id"] for each in ask("search", **query)["requests"]]


def day(days: float) -> str:
    return f"{(NOW - timedelta(days=days)).astimezone(ATHENS):%Y-%m-%d}"


def test_requests_are_found_by_what_they_are(dataset):
    everything = ["006", "14-02155558", "a/b.1", "4", "old", "when?"]
    for query, expected in (
        ({}, everything),
        ({"category": "", "status": "", "q": "", "start": ""}, everything),
        ({"category": "cleaning"}, ["006", "a/b.1", "4", "old", "when?"]),
        (
            {"category": "cleaning-bins,006", "status": "open,in_progress"},
            [*everything[:2], "when?"],
        ),
        ({"status": ["rejected", "archived"]}, ["4", "old"]),
        ({"close_reason": "not_responsible"}, ["4"]),
        ({"district": "6114-2"}, ["14-02155558"]),
        ({"start": day(6)}, ["006", "14-02155558"]),
        ({"start": day(41), "end": day(8)}, ["a/b.1", "4"]),
        ({"end": day(40)}, ["4", "old"]),
        ({"q": "νερου γραφειο"}, ["4"]),
        ({"q": "κάτι που λείπει"}, []),
        ({"bbox": "22.9,40.6,23,40.7", "status": "closed,archived"}, ["old"]),
        ({"bbox": "0,0,1,1"}, []),
        ({"sort": "-votes"}, ["old", "006", "14-02155558", "4", "when?", "a/b.1"]),
        ({"sort": "requested", "limit": 2}, ["old", "4"]),
    ):
        found = ask("search", **query)
        assert [each["id"] for each in found["requests"]] == expected, query
        assert found["total"] == (6 if query.get("limit") else len(expected)), query


def test_a_request_says_all_that_is_published_of_it(dataset, app):
    told = ask("search", q="νερού")["requests"][0]
    assert (told["status"], told["close_reason"], told["votes"]) == (
        "rejected",
        "not_responsible",
        3,
    )
    assert told["category_path"] == ["cleaning", "cleaning-bins"]
    assert told["category_name"] == {"el": "Κάδοι", "en": "Bins"}
    assert told["district_name"]["en"] == "First Municipal Community"
    assert told["requested"] == ROWS[3]["requested"].replace(tzinfo=None).isoformat()
    answer = app.get("/api/3/action/municipal_issue_show?id=a/b.1").json["result"]
    assert answer["dataset_id"] == dataset["id"]
    assert answer["request"]["lat"] is None
    assert [event["to_status"] for event in answer["events"]] == ["open", "closed"]
    assert ask("show", id="006")["events"][0]["told"] == "source"


def test_pages_of_a_search_lose_and_repeat_nothing(fresh_site):
    publish([request(f"{n:02}", days=n // 3, votes=n % 4 or None) for n in range(30)])
    for sort in ("-requested", "requested", "-votes", "closed"):
        found: list[str] = []
        after = None
        while after or not found:
            answer = ask("search", sort=sort, limit=7, **({"after": after} if after else {}))
            assert answer["total"] == 30
            found += [each["id"] for each in answer["requests"]]
            after = answer["next"]
        assert sorted(found) == [f"{n:02}" for n in range(30)], sort


def test_figures_come_from_the_table_that_hides_small_groups(dataset):
    told = ask("statistics", by="month,year,category,district")
    assert told["smallest_group"] == 5
    assert (told["total"]["requested"], told["total"]["solved"]) == (400, 200)
    assert told["total"]["median_days_to_close"] == Decimal("3.50")
    assert told["total"]["mean_days_to_close"] == Decimal("10.50")
    months = [(each["period"], each["requested"]) for each in told["by"]["month"]]
    assert months == [("2025-12", 10), ("2026-03", 20), ("2026-04", None)]
    assert [each["period"] for each in told["by"]["year"]] == ["2025", "2026"]
    categories = [(each["category"], each["parent"]) for each in told["by"]["category"]]
    assert categories == [("lighting", None), ("cleaning", None), ("cleaning-bins", "cleaning")]
    assert told["by"]["category"][0]["name"]["el"] == "Ηλεκτροφωτισμός"
    assert [each["district"] for each in told["by"]["district"]] == ["6114-2", "6114-1"]

    part = ask("statistics", by="month,district", period="2026", category="lighting")
    assert part["total"]["requested"] == 70
    assert [each["closed"] for each in part["by"]["month"]] == [None]
    assert part["by"]["month"][0]["suppressed"]
    assert part["by"]["district"] == []
    assert ask("statistics", category="lighting", district="6114-2")["total"]["requested"] == 100
    # What the table does not tell is not counted from the rows.
    assert ask("statistics", district="6114-1", category="cleaning")["total"] is None
    below = ask("statistics", by="category", category="cleaning")["by"]["category"]
    assert [each["category"] for each in below] == ["cleaning", "cleaning-bins"]


def test_a_figure_smaller_than_the_group_is_never_told(fresh_site):
    rows = [figures(9, 6, 4), figures(4, 4, 4, category="cleaning"), figures(6, 3, 0, district="x")]
    publish([request("1")], statistics=rows)
    told = ask("statistics", by="category,district")
    assert (told["total"]["closed"], told["total"]["solved"]) == (6, None)
    assert told["total"]["suppressed"]
    assert told["by"]["category"][0]["requested"] is None
    assert told["by"]["district"][0]["solved"] == 0
    assert told["by"]["district"][0]["closed"] is None


def test_categories_are_ordered_by_their_paths(dataset):
    told = ask("categories")["categories"]
    assert [each["code"] for each in told] == ["cleaning", "cleaning-bins", "lighting", "006"]
    assert told[1]["path"] == ["cleaning", "cleaning-bins"]
    assert told[1]["source_names"] == ["Κάδοι", "Κάδοι, κίτρινοι"]
    assert told[3]["name"]["en"] == "Burnt-out lamps"


@pytest.mark.parametrize(
    ("action", "query", "field"),
    [
        ("search", {"status": "done"}, "status"),
        ("search", {"close_reason": "solved,<b>"}, "close_reason"),
        ("search", {"start": "yesterday"}, "start"),
        ("search", {"end": "2026-01-01T10:00"}, "end"),
        ("search", {"bbox": "1,2,3"}, "bbox"),
        ("search", {"bbox": "nan,nan,nan,nan"}, "bbox"),
        ("search", {"sort": "price"}, "sort"),
        ("search", {"limit": "-1"}, "limit"),
        ("search", {"limit": "10001"}, "limit"),
        ("search", {"after": "x"}, "after"),
        ("search", {"category": ",".join(map(str, range(101)))}, "category"),
        ("search", {"catgory": "cleaning"}, "catgory"),
        ("show", {}, "id"),
        ("show", {"id": ""}, "id"),
        ("statistics", {"by": "colour"}, "by"),
        ("statistics", {"period": "2026-13"}, "period"),
        ("statistics", {"period": "26"}, "period"),
        ("categories", {"lang": "en"}, "lang"),
    ],
)
@pytest.mark.usefixtures("loaded_plugins")
def test_a_wrong_parameter_is_named_with_what_to_write(action, query, field):
    with pytest.raises(tk.ValidationError) as refused:
        ask(action, **query)
    assert set(refused.value.error_dict) == {field}
    assert all(str(reason).strip() for reason in refused.value.error_dict[field])


def test_what_is_not_there_is_said(dataset):
    for action, query in (
        ("search", {"category": "sports"}),
        ("search", {"municipality": "9999"}),
        ("search", {"municipality": "* OR *"}),
        ("show", {"id": "nothing"}),
        ("show", {"id": "006", "municipality": "9999"}),
        ("statistics", {"category": "sports"}),
        ("statistics", {"municipality": "9999"}),
        ("categories", {"municipality": "9999"}),
    ):
        with pytest.raises(tk.ObjectNotFound) as missing:
            ask(action, **query)
        assert missing.value.message, (action, query)


def test_a_place_in_another_list_is_refused(dataset):
    after = ask("search", limit=1, sort="-votes")["next"]
    with pytest.raises(tk.ValidationError):
        ask("search", after=after, sort="-closed")


def test_where_single_requests_are_not_published_there_are_figures_only(fresh_site):
    publish(ROWS, statistics=FIGURES, published=("categories", "statistics", "readings"))
    assert ask("statistics")["total"]["requested"] == 400
    assert len(ask("categories")["categories"]) == 4
    for query in ({}, {"q": "νερού"}):
        with pytest.raises(tk.ObjectNotFound, match=r"figures|Single"):
            ask("search", **query)
    with pytest.raises(tk.ObjectNotFound):
        ask("show", id="006")
