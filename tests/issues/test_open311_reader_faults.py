"""GeoReport over a bad line: a walk is whole, or it says that it is not."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace

import pytest
from servers import going_wrong as wrong
from servers.open311 import (
    BLOOMINGTON,
    BOSTON,
    CHICAGO,
    FIXMYSTREET,
    PLAIN,
    Dialect,
    ids,
    requests,
    running,
)
from servers.open311_city import HOUR
from servers.serving import Fault

from ckanext.municipal.harvest.record import TryLater
from ckanext.municipal.issues.open311.xml import document
from ckanext.municipal.issues.request import Batch
from ckanext.municipal.lib.http import HttpError

REQUESTS = 30
ALL = list(range(1, REQUESTS + 1))
SOME = (replace(CHICAGO, limit=18), replace(PLAIN, limit=18))
ERRORS = [{"code": 500, "description": "The database does not answer"}]


def only(told: bytes, changed: bytes) -> bytes:
    """The changed body, in the form of the one that it takes the place of."""
    if told.lstrip().startswith(b"<"):
        return document("errors", ERRORS) if changed == json.dumps(ERRORS).encode() else changed
    return changed


def renamed(body: bytes) -> bytes:
    """What a new version of the program may do."""
    return body.replace(b"service_request_id", b"request_number")


FAULTS = {
    "timeout": wrong.timeout(),
    "reset": wrong.reset(),
    "reset in the middle": wrong.reset_midway(),
    "no word": wrong.hang_up(),
    "429": wrong.too_many("0"),
    "500": wrong.error(500),
    "503": wrong.error(503),
    "503 after the work was done": wrong.done_but_error(503),
    "404": wrong.error(404),
    "400": wrong.error(400),
    "login page": wrong.login_page(),
    "truncated": wrong.truncated(),
    "cut off": wrong.cut_off(),
    "wrong length": wrong.promised_less(),
    "no body": wrong.empty(),
    "endless body": wrong.endless(),
    "slow body": wrong.slow(1.0),
    "empty list": wrong.body(lambda body: only(body, b"<service_requests/>" if body[:1] == b"<" else b"[]")),
    "null": wrong.body(lambda body: b"null"),
    "an object": wrong.body(lambda body: b"{}"),
    "errors with status 200": wrong.body(lambda body: only(body, json.dumps(ERRORS).encode())),
    "other schema": wrong.body(renamed),
    "notice before the data": wrong.body(lambda body: b"<b>Notice</b>: undefined" + body),
    "document type": wrong.body(lambda body: b'<!DOCTYPE r [<!ENTITY e "x">]><r>&e;</r>'),
}  # fmt: skip


@pytest.mark.parametrize("at", [0, 7])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("dialect", SOME, ids=lambda dialect: dialect.name)
def test_a_walk_with_a_fault_is_whole_or_says_that_it_is_not(dialect: Dialect, fault, at):
    form = dialect.form  # said, so that another form is not tried in its place
    with running(REQUESTS, dialect, Fault(FAULTS[fault], after=at), days=2) as served:
        read: list[Batch] = []
        try:
            for batch in served.reader(format=form).walk():
                read.append(batch)
        except (TryLater, HttpError):
            read = []
        well = requests(served.read(format=form))
    assert sorted(map(int, well)) == ALL
    assert requests(read) in ({}, well)


@pytest.mark.parametrize("fault", ["429", "503", "503 after the work was done", "reset", "cut off"])
@pytest.mark.parametrize("dialect", [BOSTON, BLOOMINGTON, FIXMYSTREET], ids=lambda each: each.name)
def test_a_passing_fault_is_overcome_in_the_same_walk(dialect, fault):
    with running(REQUESTS, dialect, Fault(FAULTS[fault], after=4), days=2) as served:
        assert ids(served.read()) == ALL


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("login page", "open311-answer-not-data"),
        ("truncated", "open311-answer-not-data"),
        ("no body", "open311-answer-not-data"),
        ("null", "open311-answer-unknown"),
        ("other schema", "open311-answer-unknown"),
        ("errors with status 200", "open311-call-refused"),
        ("404", "open311-call-refused"),
    ],
)
@pytest.mark.parametrize("dialect", SOME, ids=lambda dialect: dialect.name)
def test_a_server_that_is_out_of_order_is_told_as_what_it_is(dialect, fault, rule):
    broken = Fault(FAULTS[fault], on="/requests", times=0)
    with running(REQUESTS, dialect, broken) as served, pytest.raises(TryLater) as refused:
        served.read()
    finding = refused.value.finding
    assert finding.rule.id == rule
    assert finding.message("el")
    assert "database" not in finding.message("en")


def test_a_server_that_has_no_json_is_asked_for_xml():
    no_json = Fault(wrong.login_page(), on="services.json", times=0)
    with running(REQUESTS, replace(CHICAGO, form="xml"), no_json) as served:
        assert ids(served.read()) == ALL
        assert all("requests.xml" in each for each in served.asked)


def test_a_server_that_is_busy_is_not_asked_in_another_form():
    with running(REQUESTS, CHICAGO, Fault(wrong.error(503), times=0)) as served:
        with pytest.raises(HttpError):
            served.read()
        assert not any(".xml" in each.path for each in served.server.requests)


def test_a_clock_that_is_some_hours_wrong_loses_nothing():
    for wrong_by in (-20, -3, 3, 20):
        with running(REQUESTS, CHICAGO, days=2) as served:
            now = served.app.now
            served.server.otherwise.clock = lambda now=now, by=wrong_by: now + by * HOUR
            batches = served.read()
            assert ids(batches) == ALL
            served.city.close("007", now + 60)
            assert "007" in requests(served.read(batches[-1].cursor)), wrong_by


def test_a_walk_that_failed_in_the_middle_goes_on_from_its_cursor():
    fault = Fault(wrong.error(500), on="/requests", after=30)
    with running(200, replace(CHICAGO, limit=20), fault) as served:
        read, cursor = set(), None
        with contextlib.suppress(TryLater, HttpError):
            for batch in served.reader().walk():
                read |= {int(request.id) for request in batch.requests}
                cursor = batch.cursor
        assert 0 < len(read) < 200
        read |= set(ids(served.read(cursor)))
        assert len(read) == 200
