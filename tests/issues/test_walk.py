"""A walk through a source: what the tables hold at its end, also when it was cut off on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import ckan.plugins as plugins
import pytest

from ckanext.municipal.harvest.report import Report
from ckanext.municipal.issues import model, tables
from ckanext.municipal.issues.intake import Limits
from ckanext.municipal.issues.reading import Memory, plan_reading
from ckanext.municipal.issues.tables import Tables
from ckanext.municipal.issues.walk import Target, Walk
from ckanext.municipal.lib.dates import ATHENS
from ckanext.municipal.store.connection import reading
from ckanext.municipal.store.transaction import transaction
from tests.issues.tiny_city import START, Broken, City, PlainRows, request

WHERE = Target(Tables("11111111-2222-3333-4444-555555555555", ATHENS), k=5, reader="v1")
SHARE = 0.1
BAD_ROWS = 0.02


class Portal:
    """The tables of one source, and what its harvester remembers."""

    def __init__(self) -> None:
        self.memory: Memory | None = None
        self.now = START
        self.report = Report()

    def read(self, city: City, *, confirmed: bool = False, reader: str = "v1") -> Walk:
        """One run; what it remembers is lost if it does not come to its end."""
        self.now += timedelta(days=1)
        where = replace(WHERE, reader=reader)
        memory, self.memory = self.memory, None
        plan = plan_reading(
            where.tables.rows("readings"),
            memory,
            now=self.now,
            reader=reader,
            incremental=city.incremental,
            whole_every=timedelta(days=7),
            confirmed=confirmed,
        )
        with transaction(where.tables.lock) as tx:
            where.tables.prepare(tx)
        self.report = Report(confirmed=confirmed)
        walk = Walk(where, plan, PlainRows(), self.report)
        walk.store(city)
        walk.finish(Limits(SHARE, BAD_ROWS))
        self.memory = walk.remembered()
        return walk

    def table(self, name: str) -> list[tables.Row]:
        return list(WHERE.tables.rows(name))

    def ids(self) -> list[str]:
        return [row["id"] for row in self.table("requests")]

    def content(self) -> dict[str, Any]:
        """Everything published but when it was read."""
        return {
            name: self.table(name) for name in ("requests", "events", "categories", "statistics")
        }

    def versions(self) -> dict[str, list[tuple[str, str]]]:
        """Every stored row with the transaction that wrote it: equal means that none was written."""
        found = {}
        with reading() as connection, connection.cursor() as cursor:
            for name in tables.TABLES:
                table = WHERE.tables.id(name)
                cursor.execute(f'SELECT ctid::text, xmin::text FROM "{table}" ORDER BY _id')
                found[name] = cursor.fetchall()
        return found


@pytest.fixture(scope="module")
def plugins_loaded(migrated) -> Iterator[None]:
    """The plugins of test.ini, loaded once: it takes seconds."""
    plugins.load_all()
    yield
    plugins.unload_all()


@pytest.fixture
def portal(plugins_loaded, clean_datastore) -> Portal:
    model.forget(WHERE.tables.package_id)
    return Portal()


def city(count: int = 40, **options: Any) -> City:
    return City([request(number) for number in range(count)], **options)


def test_a_source_is_read_into_its_tables(portal):
    walk = portal.read(city())
    assert walk.changed
    assert portal.ids() == [f"{number:05}" for number in range(40)]
    assert len(portal.table("events")) == 40
    assert portal.table("statistics")[0]["requested"] == 40
    (told,) = portal.table("readings")
    assert (told["whole"], told["finished"], told["read"], told["inserted"]) == (True, True, 40, 40)


@pytest.mark.parametrize("incremental", [True, False], ids=["incremental", "whole"])
def test_the_same_again_writes_nothing(portal, incremental):
    source = city(incremental=incremental)
    portal.read(source)
    before, written = portal.content(), portal.versions()
    for _ in range(2):
        assert not portal.read(source).changed
    assert portal.content() == before
    assert portal.versions() == written
    assert len(portal.table("readings")) == 1


def test_an_incremental_walk_reads_only_what_came_after_the_last(portal):
    source = city()
    portal.read(source)
    source.requests.append(request(40))
    source.read = 0
    assert portal.read(source).changed
    assert source.read == 1
    assert len(portal.ids()) == 41


def test_after_a_week_everything_is_read_again(portal):
    source = city()
    portal.read(source)
    portal.now += timedelta(days=7)
    source.read = 0
    portal.read(source)
    assert source.read == 40


def test_another_configuration_reads_everything_again(portal):
    source = city()
    portal.read(source)
    source.read = 0
    portal.read(source, reader="v2")
    assert source.read == 40


@pytest.mark.parametrize("batches", [0, 1, 2, 3])
@pytest.mark.parametrize("incremental", [True, False], ids=["incremental", "whole"])
def test_a_walk_that_breaks_is_resumed_where_it_was_and_ends_the_same(portal, batches, incremental):
    source = city(incremental=incremental)
    source.breaks_after = batches
    with pytest.raises(Broken):
        portal.read(source)
    assert len(portal.ids()) == 10 * batches
    source.breaks_after, source.read = None, 0
    portal.read(source)
    assert source.read == 40 - 10 * batches
    resumed = portal.content()
    assert len(portal.table("readings")) == 1
    with transaction(WHERE.tables.lock) as tx:
        for name in tables.TABLES:
            tx.drop(WHERE.tables.id(name))
    model.forget(WHERE.tables.package_id)
    portal.memory = None
    portal.read(city(incremental=incremental))
    assert portal.content() == resumed


def test_a_whole_walk_deletes_what_the_source_has_no_more(portal):
    portal.read(city(incremental=False))
    source = city(incremental=False)
    gone = source.requests.pop(20)
    portal.read(source)
    assert gone.id not in portal.ids()
    assert gone.id not in {row["id"] for row in portal.table("events")}
    assert portal.table("statistics")[0]["requested"] == 39


def test_a_resumed_whole_walk_knows_what_the_one_before_it_met(portal):
    portal.read(city(incremental=False))
    source = city(incremental=False)
    gone = source.requests.pop(35)
    source.requests[5] = request(5, title="changed")  # so that there is something to resume
    source.breaks_after = 2
    with pytest.raises(Broken):
        portal.read(source)
    source.breaks_after, source.read = None, 0
    portal.read(source)
    assert source.read < len(source.requests)
    assert portal.ids() == [each.id for each in source.requests]
    assert gone.id not in portal.ids()


def test_what_went_after_it_was_met_is_gone_when_a_resumed_walk_ends(portal):
    source = city()
    source.breaks_after = 2
    with pytest.raises(Broken):
        portal.read(source)
    source.breaks_after = None
    source.present = tuple(each.id for each in source.requests if each.id != "00011")
    portal.read(source)
    assert portal.ids() == list(source.present)


def test_a_broken_walk_never_deletes(portal):
    portal.read(city(incremental=False))
    source = city(incremental=False)
    source.breaks_after = 1
    for _ in range(3):
        with pytest.raises(Broken):
            portal.read(source)
    assert len(portal.ids()) == 40


def test_an_empty_source_that_had_requests_is_a_question(portal):
    portal.read(city(incremental=False))
    portal.read(City([], incremental=False))
    assert portal.report.question.rule.id == "harvest-source-empty"
    assert portal.report.absent == 40
    assert len(portal.ids()) == 40
    portal.read(City([], incremental=False), confirmed=True)
    assert portal.ids() == []


def test_more_gone_than_usual_is_a_question_until_it_is_answered(portal):
    portal.read(city())
    few = city(30)
    portal.now += timedelta(days=7)
    for _ in range(2):  # the next walk is whole again, and asks again
        portal.read(few)
        assert portal.report.question.rule.id == "harvest-deletions-held"
        assert portal.report.question.values == {"absent": 10, "known": 40}
        assert len(portal.ids()) == 40
    portal.read(few, confirmed=True)
    assert portal.report.question is None
    assert len(portal.ids()) == 30


def test_a_walk_in_which_much_could_not_be_read_deletes_nothing(portal):
    source = city(100, incremental=False)
    portal.read(source)
    source.refused = [source.requests.pop(20) for _ in range(3)]
    portal.read(source)
    assert portal.report.findings[-1].rule.id == "issues-too-many-refused"
    assert portal.report.findings[-1].values == {"refused": 3, "share": "2 %"}
    assert len(portal.ids()) == 100
    assert portal.memory
    assert portal.memory.whole is None, "so the next walk is whole again"
    source.refused = []
    portal.read(source)
    assert len(portal.ids()) == 97


def test_a_question_goes_away_when_the_source_is_whole_again(portal):
    portal.read(city(incremental=False))
    portal.read(city(3, incremental=False))
    assert portal.report.question
    assert not portal.read(city(incremental=False)).changed
    assert portal.report.question is None


def test_what_the_source_withdraws_is_gone_at_once(portal):
    source = city()
    portal.read(source)
    source.withdrawn = ("00007",)
    portal.read(source)
    assert "00007" not in portal.ids()
    assert "00007" not in {row["id"] for row in portal.table("events")}
    assert "00007" not in dict(model.shown_places(WHERE.tables.package_id, 1))


def test_what_a_source_no_longer_lists_is_gone(portal):
    source = city()
    portal.read(source)
    source.present = tuple(each.id for each in source.requests if each.id != "00011")
    portal.read(source)
    assert "00011" not in portal.ids()
    source.present = ()
    portal.read(source)
    assert portal.report.question
    assert len(portal.ids()) == 39


def places(portal: Portal) -> dict[str, str]:
    return {row["id"]: row["cell"] for row in portal.table("requests")}


def test_a_place_is_told_only_beside_others_of_its_category(portal):
    source = City([request(number) for number in range(14)])
    portal.read(source)
    told = places(portal)
    assert {id_ for id_, cell in told.items() if cell} == {f"{n:05}" for n in range(10)}
    assert all(
        row["lat"] is None and row["long"] is None
        for row in portal.table("requests")
        if not row["cell"]
    )
    source.requests.append(request(14))
    portal.read(source)
    assert all(places(portal).values()), "the fifth lets the four before it appear"
    source.withdrawn = ("00014",)
    portal.read(source)
    assert sum(map(bool, places(portal).values())) == 10, "and they go with it"


def test_a_request_that_changes_category_takes_its_old_neighbours_place(portal):
    source = City([request(number) for number in range(5)])
    portal.read(source)
    assert all(places(portal).values())
    source.requests.append(request(4, category="waste", updated=START + timedelta(days=99)))
    portal.read(source)
    assert not any(places(portal).values())


def test_of_two_requests_with_one_id_always_the_same_is_taken(portal):
    source = city(incremental=False)
    source.requests.insert(25, replace(request(3), title="again"))
    portal.read(source)
    before = portal.content()
    assert next(row for row in before["requests"] if row["id"] == "00003")["title"] is None
    assert not portal.read(source).changed
    assert portal.content() == before


def test_a_request_that_moves_while_it_is_read_is_taken_as_it_is_last(portal):
    source = city()
    source.requests.append(request(3, title="newer", updated=START + timedelta(days=50)))
    portal.read(source)
    assert next(r for r in portal.table("requests") if r["id"] == "00003")["title"] == "newer"


def test_steps_that_the_source_takes_back_go_from_the_events(portal):
    source = city()
    twice = request(0).steps * 2
    source.requests[0] = replace(request(0), steps=twice)
    portal.read(source)
    assert len(portal.table("events")) == 41
    source.requests.append(request(0, updated=START + timedelta(days=50)))
    portal.read(source)
    assert len(portal.table("events")) == 40
