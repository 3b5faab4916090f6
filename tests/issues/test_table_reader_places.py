"""Where the requests of a spreadsheet are: degrees, planes in metres and feet, geometries."""

from __future__ import annotations

import pytest
from spreadsheets import (
    CITY,
    csv_of,
    feature,
    findings,
    geojson_of,
    point,
    read,
    requests,
    row,
    told,
)

from ckanext.municipal.issues.sources.table_fields import coordinate

__all__ = ["read"]

WHITE_TOWER = (40.6264, 22.9484)
ON_THE_GREEK_GRID = (410910.377, 4497530.569)
PLANE = {"id": "ID", "x": "X", "y": "Y"}


def on_plane(*points):
    return csv_of([[n, *some] for n, some in enumerate(points, 1)], ["ID", "X", "Y"])


def places(batches):
    return [
        None if r.lat is None or r.long is None else (round(r.lat, 5), round(r.long, 5))
        for r in requests(batches)
    ]


def test_points_of_the_greek_grid_are_degrees(read):
    batches = read(
        on_plane(ON_THE_GREEK_GRID, ("410910,377", "4.497.530,569")),
        columns=PLANE,
        crs="EPSG:2100",
    )
    assert places(batches) == [WHITE_TOWER, WHITE_TOWER]
    assert not findings(batches)


@pytest.mark.parametrize(
    "given", [("", ""), ("0", "0"), ("410910", ""), ("0", "4497530"), ("NULL", "NULL")]
)
def test_a_request_without_coordinates_is_read_without_a_place(read, given):
    batches = read(on_plane(ON_THE_GREEK_GRID, given), columns=PLANE, crs="EPSG:2100")
    assert places(batches) == [WHITE_TOWER, None]
    assert not findings(batches)


@pytest.mark.parametrize("given", [("", ""), ("0", "0"), ("0.0", "0,0")])
def test_zero_degrees_are_no_place(read, given):
    batches = read(csv_of([row(1, lat=given[0], long=given[1])]))
    assert (places(batches), findings(batches)) == ([None], [])


def test_a_table_that_maps_no_place_has_none_and_that_is_no_finding(read):
    batches = read(csv_of([row(1)]), columns={"id": "Αρ. αιτήματος"})
    assert (places(batches), findings(batches)) == ([None], [])


def test_latitude_in_the_column_of_longitude_is_noticed_by_the_citys_box(read):
    batches = read(csv_of([row(1, lat="22.9484", long="40.6264"), row(2)]))
    assert places(batches) == [WHITE_TOWER, WHITE_TOWER]
    (finding,) = findings(batches)
    assert (finding.rule.id, finding.place.row) == ("requests-place-exchanged", 2)


def test_east_in_the_column_of_north_is_noticed_by_the_citys_box(read):
    exchanged = ON_THE_GREEK_GRID[::-1]
    batches = read(on_plane(exchanged, ON_THE_GREEK_GRID), columns=PLANE, crs="EPSG:2100")
    assert places(batches) == [WHITE_TOWER, WHITE_TOWER]
    assert told(batches) == {"requests-place-exchanged": 1}


def test_a_place_outside_the_city_is_given_as_it_is_read(read):
    batches = read(csv_of([row(1, lat="37.9755", long="23.7348")]))
    assert places(batches) == [(37.9755, 23.7348)]
    assert not CITY.holds(23.7348, 37.9755)
    assert not findings(batches)


@pytest.mark.parametrize(
    "given", [("near the park", "22.9"), ("91", "22.9"), ("40.6", "181"), ("4497530", "410910")]
)
def test_coordinates_that_are_no_place_on_earth_are_told(read, given):
    batches = read(csv_of([row(1, lat=given[0], long=given[1])]))
    assert (places(batches), told(batches)) == ([None], {"requests-place-unreadable": 1})


def test_a_point_that_the_plane_does_not_reach_is_told(read):
    batches = read(on_plane(("1e30", "5"), ("9" * 25, "9" * 25)), columns=PLANE, crs="EPSG:2100")
    assert places(batches) == [None, None]
    assert told(batches) == {"requests-place-unreadable": 2}


def test_degrees_come_before_the_plane_and_the_plane_stands_in_for_them(read):
    columns = {"id": "ID", "lat": "Lat", "long": "Lon", "x": "X", "y": "Y"}
    content = csv_of(
        [[1, *WHITE_TOWER, 1, 1], [2, "", "", *ON_THE_GREEK_GRID]], ["ID", "Lat", "Lon", "X", "Y"]
    )
    batches = read(content, columns=columns, crs="EPSG:2100")
    assert places(batches) == [WHITE_TOWER, WHITE_TOWER]


SQUARE = [[22.94, 40.62], [22.96, 40.62], [22.96, 40.64], [22.94, 40.64], [22.94, 40.62]]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "MultiPoint", "coordinates": [[22.95, 40.63]]},
        {"type": "Polygon", "coordinates": [SQUARE]},
        {"type": "LineString", "coordinates": [[22.94, 40.62], [22.96, 40.64]]},
        {"type": "GeometryCollection", "geometries": [point(22.95, 40.63)]},
    ],
    ids=lambda geometry: geometry["type"],
)
def test_a_geometry_that_is_no_point_is_told_and_its_centre_taken(read, geometry):
    batches = read({"a.geojson": geojson_of([feature(geometry, ID=1)])}, columns={"id": "ID"})
    assert places(batches) == [(40.63, 22.95)]
    assert told(batches) == {"requests-place-not-a-point": 1}


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": ["a", "b"]},
        {"type": "Point", "coordinates": {"x": 1}},
        {"type": "Polygon", "coordinates": [[[1, 2]]]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Circle"},
        [1, 2],
        "POINT (1 2)",
    ],
    ids=str,
)
def test_a_geometry_that_is_none_is_told(read, geometry):
    batches = read({"a.geojson": geojson_of([feature(geometry, ID=1)])}, columns={"id": "ID"})
    assert places(batches) == [None]
    assert told(batches) == {"requests-place-unreadable": 1}


def test_a_feature_without_a_geometry_has_the_place_of_its_properties_or_none(read):
    features = [feature(None, ID=1, Lat=40.6264, Lon=22.9484), feature(None, ID=2)]
    columns = {"id": "ID", "lat": "Lat", "long": "Lon"}
    batches = read({"a.geojson": geojson_of(features)}, columns=columns)
    assert places(batches) == [WHITE_TOWER, None]
    assert not findings(batches)


def test_geojson_on_a_plane_is_brought_to_degrees(read):
    content = geojson_of([feature(point(*ON_THE_GREEK_GRID), ID=1)])
    batches = read({"a.geojson": content}, columns={"id": "ID"}, crs="EPSG:2100")
    assert places(batches) == [WHITE_TOWER]


@pytest.mark.parametrize(
    ("written", "decimal", "meant"),
    [
        ("40.6264", "auto", 40.6264),
        ("40,6264", "auto", 40.6264),
        ("4.497.530,569", "auto", 4497530.569),
        ("4,497,530", "auto", 4497530.0),
        ("4 497 530,5", ",", 4497530.5),
        ("4.497", ",", 4497.0),
        ("−22.9", ".", -22.9),
        (" 7 ", ".", 7.0),
        (0.00001, "auto", 0.00001),
        (10**40, "auto", None),
        (True, "auto", None),
        (float("nan"), "auto", None),
        ("1e5", "auto", None),
        ("nan", "auto", None),
        ("٤٠", "auto", None),
        ("", "auto", None),
        (None, "auto", None),
    ],
)
def test_a_coordinate_is_read_as_it_is_written(written, decimal, meant):
    assert coordinate(written, decimal) == meant
