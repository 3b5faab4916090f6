"""A dataset is late from the day on which its promise, grace included, is broken."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.quality.freshness import Fresh, after, freshness, grace, latest

_TABLE = Path(__file__).resolve().parents[2] / "schemas" / "vocabularies" / "frequency.csv"
_DAY = timedelta(days=1)


def _intervals() -> dict[str, str]:
    with _TABLE.open(encoding="utf-8") as file:
        return {row["code"]: row["interval"] for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("code", "due", "days_of_grace"),
    [
        ("HOURLY", date(2024, 2, 1), 1),
        ("DAILY", date(2024, 2, 1), 1),
        ("WEEKLY", date(2024, 2, 7), 1),
        ("MONTHLY_2", date(2024, 2, 15), 1),
        ("MONTHLY", date(2024, 2, 29), 2),
        ("QUARTERLY", date(2024, 4, 30), 9),
        ("ANNUAL_2", date(2024, 7, 31), 18),
        ("ANNUAL", date(2025, 1, 31), 30),
        ("QUINQUENNIAL", date(2029, 1, 31), 30),
    ],
)
def test_each_frequency_is_due_by_the_calendar(code: str, due: date, days_of_grace: int):
    last, interval = date(2024, 1, 31), _intervals()[code]
    assert after(last, interval) == due
    still = freshness(interval, last, due + days_of_grace * _DAY)
    assert (still.state, still.due, still.days_late) == (Fresh.ON_TIME, due, 0)
    missed = freshness(interval, last, due + (days_of_grace + 1) * _DAY)
    assert (missed.state, missed.days_late) == (Fresh.LATE, days_of_grace + 1)


def test_frequencies_without_a_date_can_miss_none():
    without = {code for code, interval in _intervals().items() if not interval}
    assert without == {"CONT", "UPDATE_CONT", "IRREG", "NEVER", "OTHER", "UNKNOWN"}
    assert freshness("", date(1990, 1, 1), date(2026, 1, 1)).state is Fresh.NOT_APPLICABLE


def test_every_interval_of_the_table_can_be_read():
    for code, interval in _intervals().items():
        assert not interval or after(date(2024, 1, 31), interval) > date(2024, 1, 31), code


def test_without_a_promise_or_a_known_change_nothing_is_late():
    assert freshness(None, date(2000, 1, 1), date(2026, 1, 1)).state is Fresh.NO_PROMISE
    assert freshness("P1D", None, date(2026, 1, 1)).state is Fresh.NOT_APPLICABLE


def test_the_last_of_what_is_known_counts():
    old, new = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)
    assert latest([None, old, new]) == new
    assert latest([None]) is None


@pytest.mark.parametrize("text", ["", "1M", "P", "PT", "P1X", "weekly", "P-1D"])
def test_what_is_no_interval_is_refused_with_an_example(text: str):
    with pytest.raises(ValueError, match="P1M"):
        after(date(2024, 1, 1), text)


_parts = st.integers(0, 5000)


@given(st.dates(), _parts, _parts, _parts)
def test_any_interval_leads_forward_or_beyond_the_calendar(
    day: date, years: int, months: int, days: int
):
    interval = f"P{years}Y{months}M{days}D"
    try:
        due = after(day, interval)
    except ValueError:
        return
    assert due >= day
    assert _DAY <= grace(day, due) <= 30 * _DAY
    told = freshness(interval, day, due + 31 * _DAY)
    assert (told.state, told.days_late) == (Fresh.LATE, 31)
