"""Squares of the grid as GeoJSON (RFC 7946) for a map. Pure: answers of ``municipal_issue_cells`` in."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

_METRES_A_DEGREE = 111_195  # of a meridian, on the sphere that the grid is made on
_LEVELS = 4


def metres(cell: str) -> int | None:
    """Return the side of a square, which its id begins with (``g100:…``)."""
    side = cell.partition(":")[0].removeprefix("g")
    return int(side) if side.isascii() and side.isdigit() and len(side) < 7 else None


def square(lat: Any, long: Any, metres: int) -> dict[str, Any]:
    """Return the square of so many metres around a point of WGS 84, as a polygon with six decimals."""
    tall = metres / 2 / _METRES_A_DEGREE
    wide = tall / max(math.cos(math.radians(float(lat))), 0.01)
    west, east = round(float(long) - wide, 6), round(float(long) + wide, 6)
    south, north = round(float(lat) - tall, 6), round(float(lat) + tall, 6)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def collection(cells: Iterable[Mapping[str, Any]], k: int) -> dict[str, Any]:
    """Return the squares as features: ``requests`` in each, and the ``level`` of its shade."""
    features = [
        {
            "type": "Feature",
            "id": cell["cell"],
            "geometry": square(cell["lat"], cell["long"], cell["metres"] or 100),
            "properties": {"requests": cell["requests"], "level": level(cell["requests"], k)},
        }
        for cell in cells
    ]
    return {"type": "FeatureCollection", "features": features}


def level(requests: int, k: int) -> int:
    """Return the shade of a square, 1 to 4: each begins at twice the number of the one before."""
    return min(_LEVELS, max(1, (requests // max(k, 1)).bit_length()))


def levels(k: int) -> list[tuple[int, int | None]]:
    """Return from how many to how many requests (None: any more) each shade stands for."""
    starts = [max(k, 1) * 2**step for step in range(_LEVELS)]
    return [*((low, 2 * low - 1) for low in starts[:-1]), (starts[-1], None)]
