"""Coordinates on a plane, in metres and in feet, as degrees of WGS 84."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.lib.projection import Projection, UnknownSystem

METRE = 1e-5  # degrees
# The Greek Grid's was worked out by hand (series of Krüger, shift of the EGSA87 datum); those of New York are
# two rows of its 311 data, which give both.
KNOWN = {
    "White Tower of Thessaloniki": ("EPSG:2100", 410910.377, 4497530.569, 40.6264, 22.9484),
    "Amsterdam Avenue": ("EPSG:2263", 1000372, 242869, 40.83327996642333, -73.9417403043681),
    "Shore Parkway": ("EPSG:2263", 1002973, 152924, 40.5863974, -73.9325913),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_place_is_where_it_is(name):
    code, x, y, lat, long = KNOWN[name]
    ((found_lat, found_long),) = Projection(code).degrees([(x, y)])
    assert found_lat == pytest.approx(lat, abs=METRE / 2)
    assert found_long == pytest.approx(long, abs=METRE / 2)


def test_the_state_plane_in_feet_has_the_code_of_esri_whoever_is_named():
    greer_avenue = [(899199.0, 1028841.0)]
    ((lat, long),) = Projection("ESRI:102696").degrees(greer_avenue)
    assert (38.5, -90.35) < (lat, long) < (38.8, -90.15)
    assert Projection("EPSG:102696").degrees(greer_avenue) == [(lat, long)]


@pytest.mark.parametrize(
    "code", ["EPSG:4326", "EPSG:999999", "ESRI:1", "EPSG:5703", "+proj=tmerc", ""]
)
def test_a_code_of_no_plane_says_what_to_write(code):
    with pytest.raises(UnknownSystem) as unknown:
        Projection(code)
    assert "EPSG:2100" in str(unknown.value) or "lat and long" in str(unknown.value)


def test_many_points_at_once_are_quick_and_in_order():
    points = [(410_000.0 + n % 1000, 4_497_000.0 + n // 1000) for n in range(100_000)]
    projection = Projection("EPSG:2100")
    begun = time.process_time()
    found = projection.degrees(points)
    assert time.process_time() - begun < 2
    assert found[31_007] == projection.degrees([points[31_007]])[0]


def test_no_grids_are_fetched_from_the_network_even_if_the_environment_asks_for_it():
    script = (
        "from ckanext.municipal.lib.projection import Projection;"
        "from pyproj.network import is_network_enabled;"
        "Projection('EPSG:2100'); print(is_network_enabled())"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PROJ_NETWORK": "ON"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "False"


GREEK_GRID = Projection("EPSG:2100")


@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=4))
def test_any_numbers_are_a_place_on_earth_or_none(points):
    found = GREEK_GRID.degrees(points)
    assert len(found) == len(points)
    for lat, long in found:
        if lat is not None and long is not None:
            assert -90 <= lat <= 90
            assert -180 <= long <= 180
