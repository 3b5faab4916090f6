"""GeoReport v2 of six kinds of servers: what a walk yields, and that it is all of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from servers import going_wrong as wrong
from servers.open311 import (
    ATHENS,
    BLOOMINGTON,
    BOSTON,
    CHICAGO,
    DIALECTS,
    FIXMYSTREET,
    KEY,
    PLAIN,
    SAN_FRANCISCO,
    Dialect,
    ids,
    requests,
    running,
)
from servers.open311_city import DAY, HOUR, PEOPLE, SERVICES, START, Report, city, report, rich
from servers.serving import Fault

from ckanext.municipal.harvest.record import RecordRefused, TryLater
from ckanext.municipal.issues.request import SourceRequest, Step
from ckanext.municipal.issues.sources.open311 import OVERLAP_SECONDS
from ckanext.municipal.quality.findings import Place

by_name = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)


def moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def meant(each: Report, dialect: Dialect) -> SourceRequest:
    """What a request of the city should become, as far as a dialect can say it."""
    closed = each.status == "closed"
    name, group = SERVICES[each.service]
    told = SourceRequest(
        id=str(int(each.id)) if dialect.numbers else each.id,
        status=each.status,
        category=name,
        category_path=(name,) if dialect.fixmystreet and name == group else (group, name),
        requested=moment(each.requested),
        updated=moment(each.updated),
        closed=moment(each.updated) if closed else None,
        close_note=each.note if closed else None,
        agency=each.agency,
        description=each.description or None,
        address=each.address or None,
        lat=each.lat,
        long=each.long,
        photo=each.photo or None,
        place=Place("requests"),
    )
    if dialect.attributes:
        steps = tuple(Step(moment(at), kind) for at, kind in each.notes)
        told = replace(told, channel=each.channel, district=each.ward, steps=steps)
        told = replace(told, duplicate_of=each.parent or None)
    return replace(told, channel=each.channel, comments=0) if dialect.fixmystreet else told


@by_name
def test_every_dialect_gives_the_same_requests_of_the_same_city(dialect):
    with running(rich(), dialect) as served:
        batches = served.read()
        expected = [meant(each, dialect) for each in served.city.reports.values()]
    assert requests(batches) == {each.id: each for each in expected}
    assert not [f for batch in batches for f in (*batch.findings, *batch.refused)]


@by_name
def test_xml_gives_the_same_requests_as_json(dialect):
    if dialect.fixmystreet or dialect.attributes is list or dialect.form == "xml":
        pytest.skip("this server has one form")
    with running(rich(), dialect) as served:
        in_json, in_xml = served.read(format="json"), served.read(format="xml")
        assert any("requests.xml" in each for each in served.asked)
    assert requests(in_json) == requests(in_xml)


@by_name
def test_nobody_who_reported_or_worked_on_a_request_is_in_it(dialect, caplog):
    caplog.set_level("DEBUG")
    with running(rich(), dialect) as served:
        told = repr(served.read()) + caplog.text
    for name in PEOPLE:
        assert name not in told


@by_name
@pytest.mark.parametrize("limit", [17, 50])
def test_all_are_read_wherever_the_server_cuts_its_answers_off(dialect, limit):
    with running(300, replace(dialect, limit=limit)) as served:
        assert ids(served.read()) == list(range(1, 301))
        assert len(served.asked) < 6 * 300 / limit + 60


@by_name
def test_a_long_history_is_asked_for_in_windows_of_90_days(dialect):
    made = city(0)
    made.put(
        *(report(n, requested=START + n * 9 * DAY, updated=START + n * 9 * DAY) for n in range(120))
    )
    with running(made, dialect, days=1100) as served:
        batches = served.read()
        queries = [parse_qs(urlsplit(each).query) for each in served.asked]
    assert ids(batches) == list(range(120))
    spans = [
        datetime.fromisoformat(q["end_date"][0]) - datetime.fromisoformat(q["start_date"][0])
        for q in queries
        if "end_date" in q
    ]
    assert max(spans) <= timedelta(days=90)


@by_name
def test_requests_come_oldest_first(dialect):
    with running(200, replace(dialect, limit=20)) as served:
        batches = [batch for batch in served.read() if batch.requests]
    order = [int(batch.requests[-1].id) for batch in batches]
    assert order == sorted(order)
    for batch in batches:
        assert [int(one.id) for one in batch.requests] == sorted(
            int(one.id) for one in batch.requests
        )
    assert max(len(batch.requests) for batch in batches) <= 20


@pytest.mark.parametrize(
    ("dialect", "paging"),
    [
        (BOSTON, "auto"),
        (BOSTON, "0"),
        (BLOOMINGTON, "auto"),
        (BLOOMINGTON, "1"),
        (CHICAGO, "auto"),
        (SAN_FRANCISCO, "1"),
    ],
)
def test_more_requests_in_one_second_than_an_answer_holds_are_read_by_pages(dialect, paging):
    made = city(20)
    made.put(*(report(n, requested=START + 30 * HOUR, updated=START + n) for n in range(100, 195)))
    with running(made, replace(dialect, limit=20)) as served:
        batches = served.read(paging=paging)
    assert ids(batches) == [*range(1, 21), *range(100, 195)]
    assert not [finding for batch in batches for finding in batch.findings]


@pytest.mark.parametrize("dialect", [FIXMYSTREET, PLAIN], ids=lambda dialect: dialect.name)
def test_without_pages_they_are_read_by_service_and_status(dialect):
    made = city(20)
    made.put(*(report(n, requested=START + 30 * HOUR, updated=START + n) for n in range(100, 150)))
    for number in range(100, 125):
        made.close(f"{number}", START + 40 * HOUR)
    with running(made, replace(dialect, limit=15)) as served:
        batches = served.read(page_size=15)
    assert ids(batches) == [*range(1, 21), *range(100, 150)]
    assert not [finding for batch in batches for finding in batch.findings]


@pytest.mark.parametrize("dialect", [BOSTON, BLOOMINGTON, CHICAGO], ids=lambda each: each.name)
@pytest.mark.parametrize("limit", [20, 100])
def test_a_city_that_tells_only_the_day_is_read_whole(dialect, limit):
    made = city(0)
    for number in range(25 * 45):
        day = START + number // 45 * DAY
        made.put(report(number, requested=day, updated=day + number))
    with running(made, replace(dialect, limit=limit)) as served:
        assert ids(served.read()) == list(range(25 * 45))
        assert len(served.asked) < 25 * 25


def test_a_second_that_cannot_be_read_whole_is_told():
    made = city(20)
    made.put(*(report(n, requested=START + 30 * HOUR, updated=START + n) for n in range(100, 250)))
    with running(made, replace(PLAIN, limit=15)) as served:
        batches = served.read()
    (finding,) = [finding for batch in batches for finding in batch.findings]
    assert finding.rule.id == "open311-crowded-second"
    assert "15" in finding.message("el")
    assert set(range(1, 21)) < set(ids(batches))


@pytest.mark.parametrize("dialect", [BOSTON, BLOOMINGTON, CHICAGO], ids=lambda each: each.name)
def test_a_server_that_does_not_mind_times_is_read_by_pages(dialect):
    with running(95, replace(dialect, limit=20, dates=False)) as served:
        assert ids(served.read()) == list(range(1, 96))
    with running(9, replace(dialect, limit=20, dates=False, last_again=False)) as served:
        assert ids(served.read()) == list(range(1, 10))


@pytest.mark.parametrize("paging", ["auto", "none"])
def test_one_without_times_and_pages_is_refused_with_a_remedy(paging):
    dialect = replace(CHICAGO, limit=20, dates=False, first_page=None)
    with running(95, dialect) as served, pytest.raises(RecordRefused) as refused:
        served.read(paging=paging)
    assert refused.value.finding.rule.id == "open311-periods-ignored"
    assert "start_date" in refused.value.finding.message("en")


@by_name
def test_later_walks_read_what_was_changed_where_the_server_knows_it(dialect):
    with running(rich(200), dialect) as served:
        cursor = served.read()[-1].cursor
        assert list(cursor) == ["updated" if dialect.updated else "whole"]
        now = served.app.now
        served.city.close("003", now + HOUR)
        served.city.put(report(201, requested=now + 60, updated=now + 60))
        served.app.now = now + 2 * HOUR
        again = served.read(cursor)
    if dialect.updated:
        assert ids(again) == [3, 201]
        assert requests(again)[str(3) if dialect.numbers else "003"].status == "closed"
        assert again[-1].present is None
    else:
        assert ids(again) == list(range(1, 202))
        assert sorted(map(int, again[-1].present or ())) == list(range(1, 202))


def test_an_incremental_walk_looks_back_a_day_and_never_goes_back():
    with running(rich(60), CHICAGO, days=40) as served:
        since = START + 20 * DAY
        served.city.close("003", since - OVERLAP_SECONDS + 60)
        batches = served.read({"updated": since})
        assert ids(batches) == [3]
        cursors = [batch.cursor["updated"] for batch in batches]
    assert min(cursors) >= since
    assert cursors[-1] == served.app.now


def test_a_server_that_ignores_what_it_is_asked_about_changes_is_not_believed():
    with running(rich(), BOSTON) as served:
        with pytest.raises(TryLater) as refused:
            served.read({"updated": START + 10 * DAY}, updated="true")
        assert "updated: false" in refused.value.finding.remedy("en")
        assert served.reader(updated="false").incremental is False
        assert served.reader().incremental is True


@pytest.mark.parametrize("cursor", [None, {}, 7, {"updated": None}, {"updated": "x"}, {"whole": 1}])
def test_a_cursor_that_is_none_makes_the_walk_whole(cursor):
    with running(20) as served:
        assert ids(served.read(cursor)) == list(range(1, 21))


@by_name
def test_a_walk_that_was_stopped_goes_on_from_any_of_its_cursors(dialect):
    with running(150, replace(dialect, limit=20)) as served:
        batches = [batch for batch in served.read() if batch.requests]
        for stop in (0, 3, len(batches) - 2):
            rest = served.read(batches[stop].cursor)
            assert set(ids(batches[: stop + 1])) | set(ids(rest)) == set(range(1, 151))
            assert len(ids(rest)) < 150
            assert rest[-1].present is None


@by_name
def test_what_comes_closes_and_goes_between_two_answers_costs_nothing_else(dialect):
    for between in (1, 4, 9, 20):
        with running(120, replace(dialect, limit=20)) as served:
            now = served.app.now

            def work(served=served, now=now):
                served.city.close("100", now)
                served.city.close("002", now)
                del served.city.reports["060"]
                served.city.put(report(500, requested=now, updated=now))

            fault = Fault(wrong.meanwhile(work), on="/requests", after=between)
            served.server.otherwise.faults, served.server.otherwise.seen = (fault,), [0]
            met = set(ids(served.read()))
        assert {*range(1, 121)} - {60} <= met, between
        assert 500 in met


@by_name
def test_every_request_twice_in_an_answer_is_one_request(dialect):
    def twice(told):
        return (
            {"service_requests": told["service_requests"] * 2}
            if isinstance(told, dict)
            else told * 2
        )

    if dialect.form == "xml":
        pytest.skip("JSON is changed here")
    with running(90, dialect, Fault(wrong.changed(twice), on="/requests", times=0)) as served:
        assert ids(served.read()) == list(range(1, 91))


def test_identifiers_are_text_whatever_the_server_makes_of_them():
    made = city(0)
    names = ("006", "14-02155558", "a/b.1", "  7 ", "0")
    made.put(*(replace(report(n), id=name) for n, name in enumerate(names)))
    with running(made, CHICAGO) as served:
        assert set(requests(served.read())) == {name.strip() for name in names}
    with running(3, BLOOMINGTON) as served:
        assert set(requests(served.read())) == {"1", "2", "3"}


@pytest.mark.parametrize("form", ["json", "xml"])
def test_discovery_leads_to_the_server_and_says_its_limit(form):
    with running(80, replace(CHICAGO, limit=25)) as served:
        assert ids(served.read(address=f"/discovery.{form}")) == list(range(1, 81))
        assert {parse_qs(urlsplit(each).query)["page_size"][0] for each in served.asked} == {"25"}
        assert all(each.startswith("/v2/") for each in served.asked)


def test_discovery_that_leads_nowhere_or_elsewhere_with_a_key_says_so():
    nowhere = Fault(wrong.changed(lambda told: {**told, "endpoints": []}), on="discovery")
    with running(3, CHICAGO, nowhere) as served, pytest.raises(RecordRefused) as refused:
        served.read(address="/discovery.json")
    assert refused.value.finding.rule.id == "open311-no-endpoint"

    def moved(told):
        return {**told, "endpoints": [{**told["endpoints"][1], "url": "http://else.example/v2"}]}

    elsewhere = Fault(wrong.changed(moved), on="discovery")
    with running(3, CHICAGO, elsewhere) as served, pytest.raises(RecordRefused) as refused:
        served.read(address="/discovery.json", key=KEY)
    assert refused.value.finding.rule.id == "open311-endpoint-elsewhere"
    assert KEY not in repr(refused.value.finding)


def test_a_key_is_sent_and_shown_nowhere(caplog):
    caplog.set_level("DEBUG")
    with running(9, CHICAGO, key=KEY) as served:
        assert ids(served.read(key=KEY)) == list(range(1, 10))
        assert all(f"api_key={KEY}" in each for each in served.asked)
        with pytest.raises(TryLater) as refused:
            served.read(key="another-key")
        assert KEY not in repr(served.reader(key=KEY))
    assert refused.value.finding.rule.id == "open311-key-refused"
    for secret in (KEY, "another-key"):
        assert secret not in repr(refused.value.finding) + str(refused.value) + caplog.text


@pytest.mark.parametrize("dialect", [CHICAGO, PLAIN], ids=lambda dialect: dialect.name)
def test_a_wrong_jurisdiction_is_told_with_its_remedy(dialect):
    with running(9, dialect) as served:
        assert len(ids(served.read(jurisdiction="city.example"))) == 9
        with pytest.raises(TryLater) as refused:
            served.read(jurisdiction="elsewhere.example")
    assert refused.value.finding.rule.id == "open311-call-refused"
    assert "404" in refused.value.finding.message("en")
    assert "jurisdiction" in refused.value.finding.remedy("en")


def test_moments_without_a_zone_are_by_the_clock_of_the_source():
    made = city(0)
    summer = int(datetime(2023, 7, 5, 5, 30, tzinfo=ATHENS).timestamp())
    made.put(report(1, requested=summer, updated=summer))
    with running(made, PLAIN) as served:
        (one,) = requests(served.read(since=moment(summer).date())).values()
    assert one.requested == moment(summer)
    assert one.requested.utcoffset() == timedelta(hours=3)


def test_a_server_that_refuses_parameters_it_does_not_know_is_asked_without_them():
    with running(30, PLAIN) as served:
        served.read()
        asked = [set(parse_qs(urlsplit(each).query)) for each in served.asked]
    assert asked[0] > {"page_size", "extensions"}
    assert all(each == {"start_date", "end_date"} for each in asked[4:-1])
    assert asked[-1] == {"updated_before"}


def test_the_language_of_the_city_is_asked_for():
    with running(3) as served:
        served.read()
        assert {each.headers["accept-language"] for each in served.server.requests} == {"el"}


def test_an_address_of_a_call_is_the_address_of_the_server():
    with running(3) as served:
        for address in ("/v2/requests.json", "/v2/services.xml", "/v2/", "/v2?x=1"):
            assert ids(served.read(address=address)) == [1, 2, 3]
        assert all(re.match(r"/v2/requests\.json\?", each) for each in served.asked)
