"""Where a request lies, as far as it is told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from canonical_city import (
    CITY,
    EAST,
    GAZETTEER,
    SOURCE,
    WEST,
    canonical,
    district,
    made,
    request,
    row,
)
from canonical_city import found as findings
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.harvest.source_keys import Municipality
from ckanext.municipal.issues.canonical import Canonical
from ckanext.municipal.portal.gazetteer import Gazetteer
from ckanext.municipal.portal.geojson import Box


def test_a_place_becomes_the_middle_of_its_cell():
    one, other = (
        row(request(lat=40.64011, long=22.90012)),
        row(request(lat=40.64012, long=22.90011)),
    )
    assert one["cell"] == other["cell"]
    assert (one["lat"], one["long"]) == (other["lat"], other["long"])
    assert abs(one["lat"] - Decimal("40.6401")) < Decimal("0.0006")
    assert row(request(), grid_metres=500)["cell"].startswith("g500:")


@given(lat=st.floats(40.51, 40.69), long=st.floats(22.81, 23.09))
def test_nothing_finer_than_the_cell_is_left_of_a_place(lat, long):
    told = row(request(lat=lat, long=long))
    again = row(request(lat=float(told["lat"]), long=float(told["long"])))
    assert all(told[name] == again[name] for name in ("cell", "lat", "long", "district"))


def test_a_place_outside_the_city_is_left_out():
    told = row(request(lat=37.97, long=23.72))
    assert (told["cell"], told["lat"], told["long"], told["district"]) == ("", None, None, None)


def test_a_place_outside_the_city_keeps_the_district_that_the_source_names():
    assert row(request(lat=37.97, long=23.72, district="Δυτικό"))["district"] == "1-1"


def test_a_district_is_known_by_name_or_code():
    assert row(request(district="ΔΥΤΙΚΟ"))["district"] == "1-1"
    assert row(request(district="1-2"))["district"] == "1-2"


def test_an_unknown_district_is_told_and_left_to_the_place():
    rows = canonical()
    assert made(rows, request(district="Νότιο"))[0]["district"] == "1-1"
    (values,) = findings(rows)["issues-district-unknown"]
    assert values["value"] == "Νότιο"


def test_the_city_itself_is_no_district():
    assert row(request(district="Δήμος", lat=None))["district"] is None


def test_a_place_tells_the_district_only_where_no_other_can_be_meant():
    assert row(request(long=22.90))["district"] == "1-1"
    assert row(request(long=23.00))["district"] == "1-2"
    assert row(request(long=22.95))["district"] is None, "in both rectangles"


def test_a_place_tells_no_district_while_one_is_only_roughly_known():
    rough = district("1-3", "Βόρειο", Box(22.80, 40.69, 22.81, 40.70), exact=False)
    gazetteer = Gazetteer([CITY, WEST, EAST, rough])
    assert made(canonical(gazetteer=gazetteer), request())[0]["district"] is None
    named = request(district="Βόρειο")
    assert made(canonical(gazetteer=gazetteer), named)[0]["district"] == "1-3"


def test_no_district_is_told_of_a_city_that_the_gazetteer_does_not_know():
    chicago = Municipality("1714000", "", {"el": "Σικάγο", "en": "Chicago"})
    rows = Canonical(replace(SOURCE, municipality=chicago), GAZETTEER)
    for ward in ("28", "25", "1-1"):
        assert made(rows, request(ward, district=ward))[0]["district"] is None
    told = findings(rows)
    assert "issues-district-unknown" not in told
    assert [values["ids"] for values in told["issues-no-districts"]] == ["28, 25, 1-1"]


def test_a_city_of_the_gazetteer_is_known_by_code_or_name():
    for uid, name in (("1", "Πόλη"), ("77", "ΔΗΜΟΣ")):
        listed = Municipality(uid, "", {"el": name, "en": "Town"})
        rows = Canonical(replace(SOURCE, municipality=listed), GAZETTEER)
        assert made(rows, request(district="Δυτικό"))[0]["district"] == "1-1"
    alone = Canonical(replace(SOURCE, municipality=listed), Gazetteer([WEST, EAST]))
    assert made(alone, request(district="Δυτικό"))[0]["district"] == "1-1"
