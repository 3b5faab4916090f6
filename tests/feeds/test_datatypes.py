"""Dates, numbers and durations of a record are told from what only looks like them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.lib.rdf.datatypes import well_formed

GOOD = {
    "xsd:date": ["2024-02-29", "2000-02-29", "-0044-03-15", "2024-12-31Z", "2024-12-31+02:00"],
    "xsd:dateTime": ["2024-01-31T10:00:00", "2024-01-31T24:00:00", "2024-01-31T10:00:00.5+14:00"],
    "xsd:decimal": ["1", "-1.50", "+.5", "1."],
    "xsd:duration": ["P1D", "-P1Y2M3DT4H5M6.7S", "PT1H", "P2M"],
    "xsd:gYear": ["2024", "-0044", "12024", "2024Z"],
    "xsd:gYearMonth": ["2024-12", "2024-01-02:00"],
    "xsd:hexBinary": ["", "0a1B"],
    "xsd:nonNegativeInteger": ["0", "-0", "+7", "007"],
}
BAD = {
    "xsd:date": [
        "2023-02-29",
        "1900-02-29",
        "2024-13-01",
        "24-01-01",
        "2024-1-1",
        "31/12/2024",
        "",
    ],
    "xsd:dateTime": [
        "2024-01-31",
        "2024-01-31 10:00:00",
        "2024-01-31T24:00:01",
        "2024-01-31T10:00",
    ],
    "xsd:decimal": ["1,5", "1e3", ".", "", "NaN", "١"],
    "xsd:duration": ["P", "PT", "P1DT", "1D", "P1S", "P1W"],
    "xsd:gYear": ["24", "02024", "2024-01"],
    "xsd:gYearMonth": ["2024-13", "2024-1"],
    "xsd:hexBinary": ["0", "0g", "0a 1b"],
    "xsd:nonNegativeInteger": ["-1", "1.0", "", "one"],
}


@pytest.mark.parametrize("datatype", GOOD)
def test_texts_of_a_datatype_are_known(datatype: str):
    assert [text for text in GOOD[datatype] if not well_formed(text, datatype)] == []


@pytest.mark.parametrize("datatype", BAD)
def test_texts_that_only_look_like_it_are_not(datatype: str):
    assert [text for text in BAD[datatype] if well_formed(text, datatype)] == []


def test_a_datatype_that_nobody_asks_for_knows_any_text():
    assert well_formed("anything", "xsd:anyURI")


# XML Schema knows zones of whole minutes, up to fourteen hours away.
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.dates(), st.datetimes(timezones=st.none() | ZONES), st.decimals(allow_nan=False))
def test_what_python_writes_is_known(day: date, moment: datetime, number: Decimal):
    assert well_formed(day.isoformat(), "xsd:date")
    assert well_formed(moment.isoformat(), "xsd:dateTime")
    if number.is_finite():
        assert well_formed(f"{number:f}", "xsd:decimal")


@given(st.text(alphabet="0123456789-:T+ZPYMDHS.", max_size=25))
def test_a_date_that_is_known_is_one_of_the_calendar(text: str):
    if well_formed(text, "xsd:date") and text[4:5] == "-" and text[0] not in "-0":
        assert date.fromisoformat(text[:10])
