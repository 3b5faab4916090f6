"""What a program may ask of /open311/v2/requests, and what it is told when it asks wrongly."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.issues.open311 import arguments, w3c
from ckanext.municipal.issues.open311.errors import Fault, Refused
from ckanext.municipal.store.read import Position

ATHENS = ZoneInfo("Europe/Athens")
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def ask(**said: str | list[str]) -> arguments.Question:
    given = {name: [value] if isinstance(value, str) else value for name, value in said.items()}
    return arguments.question(given, ATHENS, NOW)


def faults(**said: str | list[str]) -> list[str]:
    with pytest.raises(Refused) as refused:
        ask(**said)
    assert refused.value.status == 400
    assert all(error["code"] == 400 for error in refused.value.body("el"))
    return [str(fault) for fault in refused.value.faults]


def test_nothing_asked_is_the_last_90_days_and_no_more_than_1000():
    nothing = ask()
    assert nothing.requested == (NOW - timedelta(days=90), None)
    assert (nothing.page, nothing.size, nothing.extended, nothing.moving) == (1, 1000, False, True)
    assert ask(start_date="", status=" ", page="", bbox="") == nothing


def test_one_end_of_the_span_makes_the_other_90_days_away():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert ask(start_date="2026-01-01T00:00:00Z").requested == (start, start + timedelta(days=90))
    assert ask(end_date="2026-01-01T00:00:00Z").requested == (start - timedelta(days=90), start)
    assert not ask(end_date="2026-01-01T00:00:00Z").moving


def test_90_days_with_a_change_of_the_clock_between_are_90_days():
    assert ask(start_date="2026-03-01", end_date="2026-05-29").requested[0]
    assert ask(start_date="2026-08-01", end_date="2026-10-29").requested[0]
    assert "longer than 90 days" in faults(start_date="2026-01-01", end_date="2026-04-05")[0]


def test_a_day_is_a_whole_day_of_the_city():
    low, high = ask(start_date="2026-01-15", end_date="2026-01-15").requested
    assert low == datetime(2026, 1, 14, 22, tzinfo=UTC)
    assert high == datetime(2026, 1, 15, 21, 59, 59, 999999, tzinfo=UTC)


def test_who_asks_by_update_time_is_not_held_to_90_days():
    asked = ask(updated_after="2010-01-01T00:00:00Z")
    assert asked.requested == (None, None)
    assert asked.updated == (datetime(2010, 1, 1, tzinfo=UTC), None)
    assert not asked.moving


def test_ids_override_all_other_arguments():
    asked = ask(service_request_id="006, 14-02155558,006", status="nonsense", page="-1")
    assert asked.ids == ("006", "14-02155558")
    many = ",".join(map(str, range(1001)))
    assert "at most 1000" in faults(service_request_id=many)[0]


def test_lists_are_written_with_commas_or_the_parameter_repeated():
    assert ask(service_code=["006,033", "x"]).codes == ("006", "033", "x")
    assert ask(status="Open,CLOSED").statuses == (
        "open",
        "in_progress",
        "closed",
        "archived",
        "rejected",
    )
    assert ask(status="open").statuses == ("open", "in_progress")


def test_a_plus_that_arrived_as_a_space_is_understood():
    asked = ask(updated_after="2026-01-01T02:00:00 02:00")
    assert asked.updated[0] == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ({"start_date": "yesterday"}, "start_date: yesterday is not a date"),
        ({"start_date": "2026-02-30T00:00:00Z"}, "is not a date"),
        ({"end_date": "2026-01-01T00:00:00"}, "has no time zone"),
        ({"updated_after": "0001-01-01T00:00:00Z"}, "is not a date"),
        ({"updated_after": "9999-12-31T23:59:59-12:00"}, "is not a date"),
        ({"updated_before": "2026-01-01T00:00:00+99:00"}, "is not a date"),
        ({"start_date": "2026-02-01", "end_date": "2026-01-01"}, "start_date is after end_date"),
        ({"updated_after": "2026-02-01", "updated_before": "2026-01-01"}, "is after"),
        ({"status": "fixed"}, "neither open nor closed"),
        ({"page": "0"}, "page: 0 is not a whole number"),
        ({"page": "٣"}, "not a whole number"),
        ({"page_size": "1001"}, "from 1 to 1000"),
        ({"bbox": "40.6,22.9"}, "west,south,east,north"),
        ({"bbox": "23,40.6,22,40.7"}, "west,south,east,north"),
        ({"bbox": "nan,nan,nan,nan"}, "west,south,east,north"),
        ({"extensions": "maybe"}, "neither true nor false"),
        ({"after": "????"}, "no place in the list"),
        ({"after": Position(("x", "y")).token(), "page": "2"}, "Give one of them"),
        ({"status": ["open"], "page": ["1", "2"]}, "more than once"),
        ({"sevice_code": "006"}, "There is no parameter sevice_code"),
    ],
)
def test_a_wrong_parameter_is_named_with_what_it_should_be(said, part):
    (told,) = faults(**said)
    assert part in told


def test_all_wrong_parameters_are_told_at_once():
    assert len(faults(page="x", page_size="y", bbox="z", status="a,b")) == 5


@given(st.dictionaries(st.sampled_from(arguments.NAMES), st.lists(st.text(), max_size=2)))
def test_any_text_in_any_parameter_is_a_question_or_a_told_fault(said):
    with contextlib.suppress(Refused):
        arguments.question(said, ATHENS, NOW)


@given(
    st.datetimes(NOW.replace(1980, tzinfo=None), NOW.replace(2100, tzinfo=None)),
    st.sampled_from(["Z", "+02:00", "-11:30"]),
)
def test_a_moment_that_is_written_is_read_back(naive, offset):
    value = w3c.moment("x", naive.isoformat() + offset, ATHENS)
    assert w3c.moment("x", w3c.written(value) or "", ATHENS) == value


@pytest.mark.parametrize("minute", range(0, 180, 7))
def test_in_the_night_with_an_hour_twice_no_row_between_the_bounds_is_lost(minute):
    # 25 October 2026, 01:00 UTC: 04:00 becomes 03:00. Rows keep the clock's time only.
    row = datetime(2026, 10, 25, 0, 0, tzinfo=UTC) + timedelta(minutes=minute)
    kept = row.astimezone(ATHENS).replace(tzinfo=None, fold=0)
    for bound in range(0, 180, 9):
        at = datetime(2026, 10, 25, 0, 0, tzinfo=UTC) + timedelta(minutes=bound)
        low, _ = w3c.clock_span(at, None, ATHENS)
        _, high = w3c.clock_span(None, at, ATHENS)
        assert low is not None
        assert high is not None
        assert row < at or kept >= low
        assert row > at or kept <= high


def test_faults_are_told_in_the_readers_language():
    fault = Refused(400, Fault(arguments.TWICE, name="page")).body("en")
    assert fault == [{"code": 400, "description": "page is given more than once. Give it once."}]
