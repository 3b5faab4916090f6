"""Dates: day before month, moments with their zone."""

from __future__ import annotations

import contextlib
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.lib.dates import ATHENS, NotADate, day, from_groups, moment

MONTHS = (  # noqa: SIM905
    "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου"
    " Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου"
).split()


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_way_of_writing_a_day_is_read(when):
    ways = [
        when.isoformat(),
        f"{when:%d/%m/%Y}",
        f"{when.day}.{when.month}.{when.year}",
        f"{when.day}-{when.month}-{when.year}",
        f"{when.day} {MONTHS[when.month - 1]} {when.year}",
        f"{when.day}η {MONTHS[when.month - 1].upper()} {when.year}",
    ]
    assert {day(text) for text in ways} == {when}


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)))  # noqa: DTZ001
def test_a_file_name_gives_its_moment_in_athens(when):
    pattern = re.compile(
        r"(?P<year>\d{4})_(?P<month>\d\d)_(?P<day>\d\d)_(?P<hour>\d\d)\.(?P<minute>\d\d)\.csv"
    )
    match = pattern.fullmatch(f"{when:%Y_%m_%d_%H.%M}.csv")
    assert match
    read = from_groups(match.groupdict())
    assert read.tzinfo is ATHENS
    gap = read.replace(tzinfo=None) - when.replace(second=0, microsecond=0)
    assert gap in (timedelta(0), timedelta(hours=1))  # an hour when the clocks leave it out


@given(st.text(max_size=30) | st.text("0123456789-/.: Tαπρmμ", max_size=25))
def test_any_text_is_a_date_or_refused(text):
    for read in (day, moment):
        with contextlib.suppress(NotADate):
            assert read(text)


@given(st.dictionaries(st.sampled_from(["year", "month", "day", "hour", "minute", "side"]),
                       st.text("0123456789απρ", max_size=4) | st.none()))  # fmt: skip
def test_any_groups_are_a_moment_or_refused(groups):
    with contextlib.suppress(NotADate):
        assert from_groups(groups).tzinfo is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-04-01T22:54:00Z", "2016-04-01T22:54:00+00:00"),
        ("2016-04-01 22:54:10.250+03:00", "2016-04-01T22:54:10+03:00"),
        ("1/4/2016 10:54 μ.μ.", "2016-04-01T22:54:00+03:00"),
        ("1/4/2016, 12.05 π.μ.", "2016-04-01T00:05:00+03:00"),
        ("01.12.2016", "2016-12-01T00:00:00+02:00"),
        ("27/03/2016 03:30", "2016-03-27T04:30:00+03:00"),
    ],
)
def test_moments_as_people_write_them(text, expected):
    assert moment(text).isoformat() == expected


@pytest.mark.parametrize(
    "text",
    ["", "31/04/2016", "4/13/2016", "1/4/16", "2016-4/1", "αύριο", "0000-00-00", "2016-04-01T25:00",
     "5 Φθινοπώρου 2016", "1/4/2016 13:00 μ.μ.", "٢٠١٦-04-01"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text):
    with pytest.raises(NotADate, match="Write it as 2016-04-01"):
        moment(text)


def test_a_file_named_after_a_period_shows_its_end():
    assert from_groups({"year": "2016", "month": "2"}).date() == date(2016, 2, 29)
    assert from_groups({"year": "2016", "month": "ΑΠΡΙΛΙΟΣ"}).date() == date(2016, 4, 30)
    assert from_groups({"year": "2015"}).date() == date(2015, 12, 31)
    brussels = ZoneInfo("Europe/Brussels")
    assert from_groups({"year": "2015", "hour": "8"}, brussels).utcoffset() == timedelta(hours=1)
