"""The course of a request, from its steps and dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from canonical_city import AT, ATHENS, canonical, made, request

from ckanext.municipal.issues.history import Clock
from ckanext.municipal.issues.request import Step
from ckanext.municipal.issues.tables import Row

Course = list[tuple[int, str, str]]


def day(number: int) -> datetime:
    return AT + timedelta(days=number)


def course(status: str = "Κλειστό", *steps: tuple[int, str], **said: Any) -> tuple[Row, Course]:
    """The row, and of each event the day, the status from then on, and who told it."""
    told = tuple(Step(day(number), name) for number, name in steps)
    row, events = made(canonical(), request(status=status, steps=told, **said))
    return row, [
        ((event["at"] - day(0)).days, event["to_status"], event["told"]) for event in events
    ]


def test_events_follow_from_dates_where_the_source_tells_no_steps():
    row, events = course(acknowledged=day(1), closed=day(3))
    assert events == [
        (0, "open", "derived"),
        (1, "in_progress", "derived"),
        (3, "closed", "derived"),
    ]
    assert (row["days_to_acknowledge"], row["days_to_close"]) == (Decimal(1), Decimal(3))


def test_a_request_that_is_open_has_one_event():
    row, events = course("Καταχωρήθηκε")
    assert events == [(0, "open", "derived")]
    assert (row["acknowledged"], row["closed"]) == (None, None)


def test_each_event_says_where_it_came_from_and_how_long_it_stayed():
    steps = (Step(day(0), "Καταχωρήθηκε"), Step(day(2), "Σε εξέλιξη"), Step(day(5), "Κλειστό"))
    _, events = made(canonical(), request(steps=steps))
    told = [(e["from_status"], e["step_raw"], e["days_in_step"]) for e in events]
    assert told == [
        (None, "Καταχωρήθηκε", Decimal(2)),
        ("open", "Σε εξέλιξη", Decimal(3)),
        ("in_progress", "Κλειστό", None),
    ]


def test_the_beginning_is_added_where_the_first_step_already_left_it():
    _, events = course("Κλειστό", (1, "Σε εξέλιξη"), (2, "Κλειστό"))
    assert events[0] == (0, "open", "derived")
    _, events = course("Κλειστό", (1, "Καταχωρήθηκε"), (2, "Κλειστό"))
    assert events[0] == (1, "open", "source")


def test_acknowledged_is_when_it_first_left_the_open_state():
    row, _ = course("Κλειστό", (0, "Καταχωρήθηκε"), (2, "Κλειστό"))
    assert row["acknowledged"] == day(2)
    row, _ = course("Σε εξέλιξη", (0, "Σε εξέλιξη"), (1, "Καταχωρήθηκε"), (5, "Σε εξέλιξη"))
    assert row["days_to_acknowledge"] == Decimal(0)


def test_closed_is_the_first_time_and_empty_while_it_is_open_again():
    again = ((1, "Κλειστό"), (2, "Καταχωρήθηκε"))
    row, _ = course("Καταχωρήθηκε", *again, closed=day(1))
    assert (row["status"], row["closed"], row["days_to_close"]) == ("open", None, None)
    row, _ = course("Στο αρχείο", *again, (9, "Στο αρχείο"))
    assert (row["status"], row["closed"]) == ("archived", day(1))


def test_steps_count_more_than_a_date_of_closing_that_was_set_later():
    row, events = course("Κλειστό", (0, "Καταχωρήθηκε"), (2, "Κλειστό"), closed=day(4000))
    assert row["closed"] == day(2)
    assert len(events) == 2


def test_an_end_that_the_steps_leave_out_follows_from_the_date():
    _, events = course("Κλειστό", (0, "Καταχωρήθηκε"), (2, "Σε εξέλιξη"), closed=day(7))
    assert events[-1] == (7, "closed", "derived")
    row, events = course("Κλειστό", (0, "Καταχωρήθηκε"), (9, "Σε εξέλιξη"), closed=day(7))
    assert events[-1] == (9, "in_progress", "source")
    assert row["closed"] == day(7)


@pytest.mark.parametrize("said", [{"closed": day(-1)}, {"acknowledged": day(-1)}])
def test_an_order_that_cannot_be_leaves_the_days_empty(said):
    row, events = course(**said)
    (name,) = said
    assert row[name] == day(-1)
    assert row[{"closed": "days_to_close", "acknowledged": "days_to_acknowledge"}[name]] is None
    assert [at for at, _, _ in events] == sorted(at for at, _, _ in events)


def test_a_step_with_an_unknown_name_changes_no_status():
    _, events = course("Κλειστό", (0, "Καταχωρήθηκε"), (1, "Αυτοψία"), (2, "Κλειστό"))
    assert [status for _, status, _ in events] == ["open", "open", "closed"]
    row, _ = course("Άγνωστο", (0, "Καταχωρήθηκε"), (1, "Σε εξέλιξη"))
    assert row["status"] == "in_progress"


def test_a_step_into_another_category_is_no_event():
    steps = (Step(day(0), "Καταχωρήθηκε"), Step(day(1), category="Κάδοι"))
    _, events = made(canonical(), request(status="Καταχωρήθηκε", steps=steps))
    assert len(events) == 1


def test_steps_out_of_order_are_put_in_order():
    _, events = course("Κλειστό", (5, "Κλειστό"), (0, "Καταχωρήθηκε"), (2, "Σε εξέλιξη"))
    assert [status for _, status, _ in events] == ["open", "in_progress", "closed"]


def test_days_are_told_with_two_decimals_also_over_the_change_of_the_clock():
    clock = Clock(ATHENS)
    before = clock.moment(datetime(2024, 10, 26, 12, tzinfo=ATHENS))
    after = clock.moment(datetime(2024, 10, 27, 12, tzinfo=ATHENS))
    assert clock.between(before, after) == Decimal("1.04")
    assert Clock(ATHENS, days=True).between(before, after) == Decimal("1.00")
    twice = [datetime(2024, 10, 27, 0, 30, tzinfo=UTC), datetime(2024, 10, 27, 1, 15, tzinfo=UTC)]
    first, second = map(clock.moment, twice)
    assert clock.between(first, second) == Decimal("0.03")
    assert clock.between(second, first) is None
