"""Dates known to the year, month, day or second."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.portal import partial_dates


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2016", date(2016, 1, 1), date(2016, 12, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2016-04-01", date(2016, 4, 1), date(2016, 4, 1)),
        ("1/4/2016", date(2016, 4, 1), date(2016, 4, 1)),
        ("01.04.2016", date(2016, 4, 1), date(2016, 4, 1)),
        ("2016-04-01T12:30:00", date(2016, 4, 1), date(2016, 4, 1)),
    ],
)
def test_date_spans_the_days_it_can_mean(text: str, first: date, last: date):
    found = partial_dates.parse(text)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "16", "2016-13", "2016-02-30", "31/2/2016", "yesterday", "0000", "２０１６"]
)
def test_what_is_no_date_is_refused(text: str):
    with pytest.raises(ValueError):  # noqa: PT011 - the validator has the words
        partial_dates.parse(text)


@given(st.text(max_size=24))
def test_any_text_is_a_date_or_refused(text: str):
    try:
        found = partial_dates.parse(text)
    except ValueError:
        return
    assert found.first <= found.last
    assert partial_dates.parse(found.text) == found


@given(st.dates())
def test_every_day_comes_back(day: date):
    assert partial_dates.parse(day.isoformat()).first == day
