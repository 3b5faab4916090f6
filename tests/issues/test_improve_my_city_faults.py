"""Improve My City over a bad line: a walk is whole, or it says that it is not."""

from __future__ import annotations

import contextlib

import pytest
from servers import going_wrong as wrong
from servers.improve_my_city import HOUR, START, ids, issue, requests, running
from servers.serving import Fault

from ckanext.municipal.harvest.record import TryLater
from ckanext.municipal.lib.http import HttpError

REQUESTS = 40


def emptied(envelope):
    return {**envelope, "data": [], **({"total": 0} if "total" in envelope else {})}


def renamed(envelope):
    """What a new version of the program may do."""
    data = [{("number" if k == "id" else k): v for k, v in e.items()} for e in envelope["data"]]
    return {**envelope, "data": data}


FAULTS = {
    "timeout": wrong.timeout(),
    "reset": wrong.reset(),
    "reset in the middle": wrong.reset_midway(),
    "no word": wrong.hang_up(),
    "429": wrong.too_many("0"),
    "500": wrong.error(500),
    "503": wrong.error(503),
    "503 after the work was done": wrong.done_but_error(503),
    "login page": wrong.login_page(),
    "truncated JSON": wrong.truncated(),
    "cut off": wrong.cut_off(),
    "wrong length": wrong.promised_less(),
    "no body": wrong.empty(),
    "endless body": wrong.endless(),
    "slow body": wrong.slow(1.0),
    "half of the list": wrong.changed(lambda e: {**e, "data": e["data"][: len(e["data"]) // 2]}),
    "empty list": wrong.changed(lambda e: {**e, "data": []}),
    "empty list and no total": wrong.changed(emptied),
    "list of null": wrong.changed(lambda e: {**e, "data": None}),
    "other schema": wrong.changed(renamed),
    "another envelope": wrong.changed(lambda e: e["data"]),
    "notice before the data": wrong.body(lambda body: b"<b>Notice</b>: undefined" + body),
    "refused": wrong.changed(lambda e: {**e, "success": False, "message": "db"}),
}


@pytest.mark.parametrize("at", [0, 1, 4, 7])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_walk_with_a_fault_is_whole_or_says_that_it_is_not(fault, at):
    with running(REQUESTS, Fault(FAULTS[fault], after=at)) as city:
        read: list[int] = []
        try:
            for batch in city.reader().walk():
                read += [int(request.id) for request in batch.requests]
        except (TryLater, HttpError):
            assert read == list(range(1, len(read) + 1))
        else:
            assert read == list(range(1, REQUESTS + 1))
        assert ids(city.read()) == list(range(1, REQUESTS + 1))


@pytest.mark.parametrize("fault", ["429", "503", "503 after the work was done", "reset", "cut off"])
def test_a_passing_fault_is_overcome_in_the_same_walk(fault):
    with running(REQUESTS, Fault(FAULTS[fault], after=3)) as city:
        assert ids(city.read()) == list(range(1, REQUESTS + 1))
        assert city.slept


def test_every_request_twice_in_the_answers_is_one_request():
    twice = Fault(wrong.changed(lambda e: {**e, "data": e["data"] * 2}), on="issues", times=0)
    with running(REQUESTS, twice) as city:
        assert ids(city.read()) == list(range(1, REQUESTS + 1))


def test_a_site_that_answers_in_another_form_is_not_emptied():
    fault = Fault(wrong.changed(renamed), on="issues", times=0)
    with running(REQUESTS, fault) as city, pytest.raises(TryLater) as refused:
        city.read()
    assert refused.value.finding.rule.id == "imc-answer-unknown"
    assert "issues" in refused.value.finding.message("en")


def test_a_page_for_people_is_told_as_what_it_is():
    with (
        running(REQUESTS, Fault(wrong.login_page(), times=0)) as city,
        pytest.raises(TryLater) as refused,
    ):
        city.read()
    assert refused.value.finding.rule.id == "imc-answer-not-data"


def test_what_changes_between_any_two_answers_is_read_as_it_is_in_the_end():
    for between in range(1, 12):
        with running(REQUESTS) as city:
            now = START + 100 * HOUR

            def work(city=city, now=now):
                city.site.move(1, 2, now)
                city.site.move(20, 3, now + 1)
                city.site.move(40, 4, now + 2)
                city.site.put(issue(41, updated=now + 3))

            city.server.otherwise.faults = (Fault(wrong.meanwhile(work), after=between),)
            city.server.otherwise.seen = [0]
            latest = {int(request.id): request.status for request in requests(city.read())}
            again = requests(city.read(city.read()[-1].cursor))
            latest |= {int(request.id): request.status for request in again}
        assert sorted(latest) == list(range(1, 42)), between
        assert (latest[1], latest[20], latest[40]) == ("Γνωστοποιήθηκε", "Σε εξέλιξη", "Κλειστό")


def test_a_walk_that_failed_in_the_middle_goes_on_from_its_cursor():
    with running(200, Fault(wrong.error(500), on="issues", after=75)) as city:
        read, cursor = set(), None
        with contextlib.suppress(HttpError):
            for batch in city.reader().walk():
                read |= {request.id for request in batch.requests}
                cursor = batch.cursor
        assert 0 < len(read) < 200
        read |= {request.id for request in requests(city.read(cursor))}
        assert len(read) == 200
