"""What the feeds settle is scored in the same transaction, and nothing that is not public is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from feed_portal import call, make
from quality_portal import rows

import ckanext.municipal.quality.plugin as quality_plugin
from ckanext.municipal.feeds import maker, work
from ckanext.municipal.quality import keeping
from ckanext.municipal.quality.model import links as link_rows
from ckanext.municipal.quality.model import overview, scores
from ckanext.municipal.quality.model.connection import connection
from ckanext.municipal.quality.model.tables import dataset, history, link, use
from ckanext.municipal.quality.score.metrics import TOTAL

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


def row(dataset_id: str) -> dict[str, Any] | None:
    with connection() as ours, ours.begin():
        return scores.row(ours, dataset_id)


def kept(dataset_id: str) -> dict[str, Any]:
    found = row(dataset_id)
    assert found
    return found


@pytest.fixture
def one() -> dict[str, Any]:
    made = make("one")
    work.drain()
    return made


def test_a_new_dataset_is_scored_by_its_record(one: dict[str, Any]):
    told = kept(one["id"])
    assert told["served"]
    assert told["title"] == {"el": "Τίτλος one", "": "Τίτλος one"}
    assert told["interoperability"] == 110  # CSV with its media type, and it conforms
    assert told["findability"] == 0
    assert told["points"] == sum(told[name] for name in scores._SCORE[1:])
    assert told["unknown"] == 50  # its address was not checked yet
    assert told["fixes"][0] == {"id": "download-url", "gain": 50}  # 20, and 30 when it answers
    assert told["stars"] == 0  # no licence


def test_what_is_mended_lifts_the_score_by_what_was_promised(one: dict[str, Any]):
    before = kept(one["id"])
    promised = {each["id"]: each["gain"] for each in before["fixes"]}
    theme = ["http://publications.europa.eu/resource/authority/data-theme/ENVI"]
    call("package_patch", id="one", theme=theme, license_id="CC0")
    work.drain()
    after = kept(one["id"])
    assert after["points"] - before["points"] == promised["theme"] + promised["licence"]
    assert not {"theme", "licence"} & {each["id"] for each in after["fixes"]}
    assert after["stars"] == 3


def test_the_same_record_again_writes_nothing(one: dict[str, Any]):
    before = kept(one["id"])
    call("package_patch", id="one", version_notes="")
    work.drain()
    assert kept(one["id"])["changed"] == before["changed"]


@pytest.mark.parametrize("how", ["private", "draft", "deleted"])
def test_what_is_not_public_any_more_is_told_to_nobody_and_then_forgotten(
    one: dict[str, Any], how: str
):
    changes = {
        "private": {"private": True, "owner_org": factories.Organization()["id"]},
        "draft": {"state": "draft"},
        "deleted": {"state": "deleted"},
    }
    call("package_patch", id="one", **changes[how])
    with connection() as ours, ours.begin():  # before any worker ran
        assert overview.rows(ours) == []
        assert overview.met(ours) == (0, 0, {})
    work.drain()
    assert row(one["id"]) is None
    assert rows(sa.select(link)) == rows(sa.select(use)) == []
    [last] = rows(sa.select(history.c.points))  # of one day: it came and left
    assert last.points is None


def test_a_dataset_that_was_never_public_leaves_no_trace():
    make("hidden", private=True, owner_org=factories.Organization()["id"])
    work.drain()
    for table in (dataset, history, link, use):
        assert rows(sa.select(table)) == []


def test_a_dataset_that_the_feeds_refuse_is_scored_and_known_to_be_refused():
    make("first", uri="https://example.org/id/1")
    second = make("second", uri="https://example.org/id/1")
    work.drain()
    told = kept(second["id"])
    assert not told["served"]
    assert told["interoperability"] == 80
    assert "conformance" in {each["id"] for each in told["fixes"]}
    assert told["findings"][0]["rule"] == "feeds-uri-taken"


def test_addresses_are_kept_once_whoever_names_them(one: dict[str, Any]):
    two = make("two", resources=[{"url": "https://example.org/one.csv", "format": "CSV"}])
    work.drain()
    [known] = rows(sa.select(link))
    assert (known.url, known.host) == ("https://example.org/one.csv", "example.org")
    assert len(rows(sa.select(use))) == 2
    call("package_patch", id="two", resources=[])
    work.drain()
    assert [each.dataset_id for each in rows(sa.select(use))] == [one["id"]]
    call("package_delete", id="one")
    work.drain()
    assert rows(sa.select(link)) == []
    assert kept(two["id"])["fixes"][0]["id"] == "resource"


def test_an_address_of_any_length_does_no_harm():
    long = "https://example.org/" + "ά" * 3000
    made = make("odd", resources=[{"url": long}])
    work.drain()
    assert kept(made["id"])["distributions"] == 1
    [known] = rows(sa.select(link.c.host))
    assert known.host == "example.org"


def test_a_fault_of_scoring_is_no_fault_of_the_feeds(monkeypatch: pytest.MonkeyPatch):
    def fail(ours: Any, dataset_id: str, record: Any) -> None:
        ours.execute(sa.insert(history).values(dataset_id=dataset_id, day=datetime.now(UTC)))
        raise RuntimeError

    monkeypatch.setattr(quality_plugin.keeping, "keep", fail)
    made = make("one")
    work.drain()
    assert row(made["id"]) is None
    assert rows(sa.select(history)) == []
    served = sa.text("SELECT count(*) FROM municipal_feed_record WHERE state = 'public'")
    assert model.Session.execute(served).scalar() == 1


def test_every_record_is_told_anew_when_facts_are_read_otherwise(monkeypatch: pytest.MonkeyPatch):
    before = maker.current()
    monkeypatch.setattr(keeping, "VERSION", "other")
    assert maker.current() != before


def test_history_has_one_row_a_day_and_only_where_something_changed(one: dict[str, Any]):
    first = datetime(2026, 1, 1, tzinfo=UTC).date()
    with connection() as ours, ours.begin():
        ours.execute(sa.update(history).values(day=first))
    call("package_patch", id="one", notes_translated={"el": "Άλλο"})
    work.drain()
    assert [each.day for each in rows(sa.select(history))] == [first]
    call("package_patch", id="one", license_id="CC0")
    work.drain()
    call("package_patch", id="one", frequency="MONTHLY", access_rights="PUBLIC")
    work.drain()
    days = rows(sa.select(history.c.day, history.c.points).order_by(history.c.day))
    assert [day for day, _ in days] == [first, datetime.now(UTC).date()]
    assert [points for _, points in days] == [days[0][1], kept(one["id"])["points"]]


def test_the_course_of_the_portal_is_the_average_of_those_there_on_each_day():
    ids = [make(name)["id"] for name in ("one", "two")]
    work.drain()
    days = [datetime(2026, 1, number, tzinfo=UTC).date() for number in (1, 2, 3, 4)]
    told = [(ids[0], 0, 100), (ids[1], 1, 200), (ids[0], 2, 300), (ids[1], 3, None)]
    with connection() as ours, ours.begin():
        ours.execute(sa.delete(history))
        dimensions = dict.fromkeys(scores._SCORE[1:], 0)
        for dataset_id, number, points in told:
            values = {**dimensions, "points": points, "day": days[number]}
            ours.execute(sa.insert(history).values(dataset_id=dataset_id, **values))
        course = overview.course(ours)
    assert [(day, count, float(points)) for day, count, points in course] == [
        (days[0], 1, 100.0),
        (days[1], 2, 150.0),
        (days[2], 2, 250.0),
        (days[3], 1, 300.0),
    ]


def test_links_that_answer_bring_the_points_that_were_not_known(one: dict[str, Any]):
    before = kept(one["id"])
    with connection() as ours, ours.begin():
        [(link_id,)] = ours.execute(sa.select(link.c.id))
        ours.execute(sa.update(link).values(state="ok"))
        assert link_rows.users(ours, link_id) == [one["id"]]
        keeping.keep_again(ours, one["id"])
    after = kept(one["id"])
    assert after["points"] == before["points"] + 50
    assert after["unknown"] == 0
    assert after["points"] <= TOTAL
