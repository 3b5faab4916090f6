"""Links over real HTTP, with a server that misbehaves: three strikes, back-off, changes, restarts."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from faults import FaultServer, answer, in_turn, reset
from feed_portal import make
from quality_portal import all_due, rows

from ckanext.municipal.feeds import work as feeds
from ckanext.municipal.lib.http import Client, Retries
from ckanext.municipal.quality.links import work
from ckanext.municipal.quality.links.asking import Seen, ask
from ckanext.municipal.quality.links.judging import Known, has_changed, judged
from ckanext.municipal.quality.model.connection import connection, taken
from ckanext.municipal.quality.model.tables import dataset, host, link
from ckanext.municipal.quality.score.judging import Link

_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def client(server: FaultServer) -> Client:
    return Client(allow=[server.allow], total_seconds=3, retries=Retries(attempts=1))


def no_head(behaviour: Any, status: int = 405) -> Any:
    refuse = answer(status)
    return lambda e: (refuse if e.request.method == "HEAD" else behaviour)(e)


def test_head_is_asked_and_nothing_more_where_it_tells_a_version():
    with FaultServer() as server, client(server) as asking:
        url = server.on(
            "/x", answer(200, b"a,b", etag='"1"', content_type="text/csv; charset=utf-8")
        )
        seen = ask(asking, url)
        assert (seen.answers, seen.head, seen.etag, seen.type, seen.size) == (
            True,
            True,
            '"1"',
            "text/csv",
            3,
        )
        assert [each.method for each in server.requests] == ["HEAD"]


def test_what_answers_get_alone_is_known_as_such():
    with FaultServer() as server, client(server) as asking:
        seen = ask(asking, server.on("/x", no_head(answer(200, b"a" * 200_000))))
        assert (seen.answers, seen.head, seen.size) == (True, False, 200_000)
        assert judged(Known(), seen, _NOW).state is Link.NO_HEAD


def test_content_without_a_version_is_known_by_its_first_bytes():
    with FaultServer() as server, client(server) as asking:
        url = server.on("/x", in_turn(*[answer(200, b"one")] * 4, answer(200, b"two")))
        first, same, other = ask(asking, url), ask(asking, url), ask(asking, url)
        assert first.digest == same.digest != other.digest


@pytest.mark.parametrize("status", [401, 403, 404, 410, 500, 503])
def test_three_strikes_before_an_address_is_broken_and_one_answer_mends_it(status: int):
    with FaultServer() as server, client(server) as asking:
        url = server.on("/x", answer(status))
        known = Known(state=Link.OK)
        for expected in (Link.OK, Link.OK, Link.BROKEN):
            known = judged(known, ask(asking, url), _NOW)
            assert known.state is expected
        assert known.reason
        assert set(known.reason) == {"el", "en"}
        server.on("/x", answer(200, b"x"))
        assert judged(known, ask(asking, url), _NOW).state is Link.OK


def test_too_many_requests_is_our_fault_and_no_strike():
    with FaultServer() as server, client(server) as asking:
        seen = ask(asking, server.on("/x", answer(429, retry_after="600")))
        assert (seen.busy, seen.retry_after) == (True, 600.0)
        assert judged(Known(strikes=1), seen, _NOW) == Known(strikes=1)


def test_content_is_another_only_where_no_mark_is_the_same():
    known = Known(etag='"1"', modified="Mon", digest="a")
    assert not has_changed(known, Seen(True, etag='W/"1"', modified="Tue"))
    assert not has_changed(known, Seen(True, etag='"2"', modified="Mon"))
    assert not has_changed(known, Seen(True))
    assert has_changed(known, Seen(True, etag='"2"', modified="Tue"))


@pytest.fixture
def site(
    with_plugins: Any, clean_db: Any, clean_index: Any, ckan_config: Any, monkeypatch: Any
) -> Any:
    with FaultServer() as server:
        monkeypatch.setitem(ckan_config, "ckanext.municipal.http.allow", server.allow)
        monkeypatch.setitem(ckan_config, "ckanext.municipal.quality.pause", "0")
        yield server


def _put(server: FaultServer, *paths: str) -> str:
    made = make("one", resources=[{"url": server.url(path), "format": "CSV"} for path in paths])
    feeds.drain()
    return made["id"]


def test_what_is_due_is_asked_once_and_the_dataset_is_scored_anew(site: FaultServer):
    site.on("/a.csv", answer(200, b"a", etag='"1"'))
    _put(site, "/a.csv")
    assert work.check_due() == 1
    assert work.check_due() == 0
    [told] = rows(sa.select(dataset.c.unknown, dataset.c.accessibility))
    assert tuple(told) == (0, 50)
    [known] = rows(sa.select(link.c.state, link.c.due, link.c.checked))
    assert known.state == "ok"
    assert known.due - known.checked == timedelta(days=7)


def test_an_address_that_stays_away_costs_its_points_after_the_third_time(site: FaultServer):
    site.on("/a.csv", in_turn(answer(200, etag='"1"'), answer(404)))
    _put(site, "/a.csv")
    points = []
    for _ in range(4):
        all_due()
        work.check_due()
        points += [each.accessibility for each in rows(sa.select(dataset.c.accessibility))]
    assert points == [50, 50, 50, 0]
    assert [each.broken for each in rows(sa.select(dataset.c.broken))] == [1]


def test_a_server_that_wants_to_be_left_alone_is(site: FaultServer):
    site.otherwise = answer(429, retry_after="7200")
    _put(site, "/a.csv", "/b.csv", "/c.csv")
    work.check_due()
    assert site.hits == 1
    [left] = rows(sa.select(host.c.not_before))
    assert left.not_before > datetime.now(UTC) + timedelta(minutes=119)


def test_a_server_that_is_down_is_asked_three_times_and_all_its_addresses_failed(site: FaultServer):
    site.otherwise = reset()
    _put(site, *(f"/{number}.csv" for number in range(8)))
    assert work.check_due() == 3
    assert {each.strikes for each in rows(sa.select(link.c.strikes))} == {1}


def test_a_server_that_another_process_asks_is_not_asked_by_a_second(site: FaultServer):
    site.on("/a.csv", answer(200, etag='"1"'))
    _put(site, "/a.csv")
    with connection() as other, taken(other, "host", site.allow) as mine:
        assert mine
        assert work.check_due() == 0
    assert work.check_due() == 1


def test_a_check_that_was_stopped_goes_on_where_it_was(site: FaultServer):
    site.otherwise = answer(200, etag='"1"')
    _put(site, *(f"/{number}.csv" for number in range(12)))
    work.check_due(0.0)  # ends before it begins: everything is still due
    assert site.hits == 0
    done: list[int] = []
    stop = threading.Event()
    done.append(work.check_due(stop=stop, tell=lambda *_: stop.set()))  # stopped after the first
    done.append(work.check_due())
    assert done == [1, 11]
    assert len({each.path for each in site.requests}) == len(site.requests) == 12
