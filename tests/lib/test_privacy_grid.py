"""The grid: a place becomes its cell's centre, the same always, anywhere on the Earth."""

from __future__ import annotations

import math
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from ckanext.municipal.lib.privacy import Cell, Grid, NotAPlace

EARTH = Geod(ellps="WGS84")
lats, longs = st.floats(-90, 90), st.floats(-180, 180)
sides = st.sampled_from([10, 50, 100, 137, 250, 500, 1_000, 100_000])


def distance(lat: float, long: float, other_lat: float, other_long: float) -> float:
    """Metres on the ellipsoid, which the grid knows nothing of."""
    return EARTH.inv(long, lat, other_long, other_lat)[2]


@given(sides, lats, longs)
def test_centre_of_a_cell_is_in_it(side, lat, long):
    grid = Grid(side)
    cell = grid.cell(lat, long)
    assert grid.cell(float(cell.lat), float(cell.long)) == cell
    assert grid.cell(lat, long) == Grid(side).cell(lat, long) == cell


@given(st.sampled_from([50, 100, 250, 1_000]), st.floats(-85, 85), longs, st.data())
def test_every_point_of_a_cell_has_its_centre(side, lat, long, data):
    grid = Grid(side)
    cell = grid.cell(lat, long)
    centre_lat, centre_long = float(cell.lat), float(cell.long)
    north, east = data.draw(st.floats(-0.48, 0.48)), data.draw(st.floats(-0.48, 0.48))
    # Degrees by the sphere that the grid is made on; what it leaves out is the rounding of the centre.
    degree = math.radians(6_371_008.8)
    inside_lat = centre_lat + north * (side - 2) / degree
    inside_long = centre_long + east * (side - 2) / degree / math.cos(math.radians(centre_lat))
    if abs(inside_long) <= 180:
        assert grid.cell(inside_lat, inside_long) == cell


@given(st.sampled_from([50, 100, 250, 1_000]), st.floats(-85, 85), longs)
def test_place_is_moved_by_half_a_diagonal_at_most(side, lat, long):
    cell = Grid(side).cell(lat, long)
    moved = distance(lat, long, float(cell.lat), float(cell.long))
    assert moved <= side / math.sqrt(2) * 1.01 + 1


def test_cells_are_squares_of_the_asked_side():
    """The edges of 1,500 cells between 80° south and north are looked for, and measured."""
    rnd = random.Random(40)
    for _ in range(1_500):
        side = rnd.choice([50, 100, 250, 1_000])
        grid = Grid(side)
        cell = grid.cell(rnd.uniform(-80, 80), rnd.uniform(-179, 179))
        lat, long = float(cell.lat), float(cell.long)
        top, bottom, right, left = (
            _edge(grid, cell, *to) for to in ((1, 0), (-1, 0), (0, 1), (0, -1))
        )
        height = distance(lat - bottom, long, lat + top, long)
        width = distance(lat, long - left, lat, long + right)
        assert abs(height / side - 1) <= 0.01, (cell, height)
        assert abs(width / side - 1) <= 0.01, (cell, width)


def _edge(grid: Grid, cell: Cell, north: int, east: int) -> float:
    """Return how many degrees it is from a cell's centre to its edge in one direction."""
    inside, outside = 0.0, grid.metres / 10_000
    while outside - inside > 1e-9:
        middle = (inside + outside) / 2
        there = grid.cell(float(cell.lat) + north * middle, float(cell.long) + east * middle)
        inside, outside = (middle, outside) if there == cell else (inside, middle)
    return inside


def test_cell_of_a_square_in_thessaloniki_is_this_one_for_ever():
    """Published places must not move with a release: averaging two grids would tell more."""
    cell = Grid(100).cell(40.6301, 22.943)
    assert (cell.id, cell.lat, cell.long) == (
        "g100:145254:171261",
        Decimal("40.63042"),
        Decimal("22.94319"),
    )


def test_both_sides_of_the_antimeridian_and_the_poles_have_cells():
    grid = Grid(100)
    assert grid.cell(10, 180) == grid.cell(10, -180)
    assert grid.cell(10, 179.9999999) != grid.cell(10, -179.9999999)
    for pole in (90, -90):
        assert grid.cell(pole, 0).id != grid.cell(-pole, 0).id
        assert abs(grid.cell(pole, 12.3).lat) > Decimal("89.999")
        assert Grid(100_000).cell(pole, 179).id.startswith("g100000:")


def test_neighbours_share_no_cell():
    grid = Grid(100)
    ids = {grid.cell(40.6 + i * 0.001, 22.9 + j * 0.0015).id for i in range(20) for j in range(20)}
    assert len(ids) == 400


@pytest.mark.parametrize(
    ("lat", "long"),
    [
        *((math.nan, 0.0), (0.0, math.nan), (math.inf, 0.0), (0.0, -math.inf)),
        *((90.0001, 0.0), (-91.0, 0.0), (0.0, 180.0001), (0.0, -540.0)),
    ],
)
def test_what_is_no_place_is_refused_without_being_repeated(lat, long):
    with pytest.raises(NotAPlace) as refused:
        Grid(100).cell(lat, long)
    assert "0001" not in str(refused.value)


@pytest.mark.parametrize("side", [0, 9, -100, 100_001, 99.5])
def test_side_that_hides_nothing_or_everything_is_refused(side):
    with pytest.raises(ValueError, match="10 to 100000"):
        Grid(side)
