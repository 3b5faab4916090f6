"""Geometries and places by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.portal import city, gazetteer, geojson
from ckanext.municipal.portal.config import PACKAGE, SCHEMAS

CITY = PACKAGE / "config/city.yaml"
HOME = geojson.Box(22.895, 40.587, 22.992, 40.662)
SQUARE = [[22.9, 40.6], [22.95, 40.6], [22.95, 40.65], [22.9, 40.65], [22.9, 40.6]]


def test_geometry_as_text_and_as_a_feature_is_the_same():
    polygon = {"type": "Polygon", "coordinates": [SQUARE]}
    feature = {"type": "Feature", "properties": {}, "geometry": polygon}
    assert geojson.geometry(json.dumps(polygon)) == geojson.geometry(feature) == polygon


def test_crs_and_other_members_are_left_out():
    point = {"type": "Point", "coordinates": [22.9, 40.6], "crs": {"type": "name"}, "id": 7}
    assert geojson.geometry(point) == {"type": "Point", "coordinates": [22.9, 40.6]}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("Atlantis", "neither GeoJSON nor a known place"),
        ("[" * 5_000, "neither GeoJSON"),
        ("[1, 2]", "a GeoJSON object"),
        ({"type": "FeatureCollection", "features": []}, "FeatureCollection is not a geometry"),
        ({"type": "Point"}, "empty or not a list"),
        ({"type": "Point", "coordinates": ["22.9", "40.6"]}, "not a position"),
        ({"type": "Point", "coordinates": [40.63, 22.94]}, "exchanged"),
        ({"type": "Point", "coordinates": [410_000, 4_498_000]}, "Greek Grid"),
        ({"type": "Point", "coordinates": [200, 10]}, "not on Earth"),
        ({"type": "Point", "coordinates": [float("nan"), 10]}, "not on Earth"),
        ({"type": "Polygon", "coordinates": [SQUARE[:-1]]}, "open"),
        (
            {
                "type": "Polygon",
                "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]],
            },
            "not valid",
        ),
    ],
)
def test_wrong_geometry_is_told_apart(value: object, told: str):
    with pytest.raises(geojson.BadGeometry, match=told):
        geojson.geometry(value, HOME)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)
kinds = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "X")


@given(st.sampled_from(kinds), json_values)
def test_any_coordinates_give_a_geometry_or_a_reason(kind: str, coordinates: object):
    try:
        found = geojson.geometry({"type": kind, "coordinates": coordinates}, HOME)
    except geojson.BadGeometry:
        return
    assert geojson.geometry(geojson.write(found)) == found


@given(st.floats(-179, 178), st.floats(-89, 88), st.floats(0.001, 1), st.floats(0.001, 1))
def test_box_around_a_boxs_polygon_is_the_box(west: float, south: float, wide: float, high: float):
    box = geojson.Box(west, south, west + wide, south + high)
    assert geojson.around(box.polygon()) == box


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Τριανδρία", "6114-6"),
        ("ΤΡΙΑΝΔΡΙΑ", "6114-6"),
        ("Triandria", "6114-6"),
        ("Α΄ Δημοτική Κοινότητα", "6114-1"),
        ("α' δημοτικη κοινοτητα", "6114-1"),
        ("6114", "6114"),
        ("Nowhere", None),
        ("", None),
    ],
)
def test_place_by_any_name(name: str, code: str | None):
    found = gazetteer.load(SCHEMAS / "gazetteer.csv").find(name)
    assert (found.code if found else None) == code


def test_the_citys_districts_lie_in_the_city():
    box = city.load(CITY).map_box
    districts = [p for p in gazetteer.load(SCHEMAS / "gazetteer.csv") if p.code != "6114"]
    assert len(districts) == 6
    for district in districts:
        assert box.holds(district.box.west, district.box.south), district
        assert box.holds(district.box.east, district.box.north), district


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("x,district,X,Χ,22.9,40.6,22.8,40.7,exact", "west < east"),
        ('x,district,X,Χ,"22,9",40.6,22.95,40.7,exact', "line 2, west"),
    ],
)
def test_wrong_gazetteer_names_line_and_remedy(tmp_path: Path, row: str, told: str):
    path = tmp_path / "places.csv"
    head = "code,kind,en,el,west,south,east,north,precision\n"
    path.write_text(head + row + "\n", encoding="utf-8")
    with pytest.raises(gazetteer.GazetteerError, match=told):
        gazetteer.load(path)


def test_city_of_the_package_is_complete():
    found = city.load(CITY)
    assert found.uid == "6114"
    assert found.vat == "998082845"
    assert found.languages == ("el", "en")
    assert found.name["el"] == "Δήμος Θεσσαλονίκης"
    assert found.currency == "EUR"


@pytest.mark.parametrize(
    ("year", "residents"), [(2016, 325_182), (2021, 319_045), (2030, 319_045), (1999, 325_182)]
)
def test_residents_are_those_of_the_latest_census(year: int, residents: int):
    assert city.load(CITY).residents(year) == residents


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('vat: "998082845"', "vat: 998082845", "vat: write the nine digits"),
        ("box: [22.895, 40.587", "box: [23.895, 40.587", "map.box: write"),
        ("  email: opendata@thessaloniki.gr\n", "", "contact.email: write an e-mail"),
        ("  en: Municipality of Thessaloniki\n\nuid", "\nuid", "name: write a text for each"),
        ("languages: [el, en]", "languages: el", "languages: write a list"),
        ("currency: EUR", "currency: [", "not readable as YAML"),
    ],
)
def test_wrong_city_file_names_key_and_remedy(tmp_path: Path, old: str, new: str, told: str):
    text = CITY.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "city.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(city.CityError, match=told):
        city.load(path)
