"""GeoJSON geometries (RFC 7946): read, check, and the rectangle around them. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.validation import explain_validity

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.texts import N_

_DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}


class BadGeometry(ReadableError):
    """Not a geometry that can be used."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in degrees, WGS 84: west and east are longitudes, south and north latitudes."""

    west: float
    south: float
    east: float
    north: float

    def polygon(self) -> dict[str, Any]:
        """Return the rectangle as a GeoJSON polygon, counter-clockwise."""
        west, south, east, north = self.west, self.south, self.east, self.north
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return {"type": "Polygon", "coordinates": [ring]}

    def centre(self) -> dict[str, Any]:
        """Return the middle of the rectangle as a GeoJSON point, to a tenth of a metre."""
        middle = ((self.west + self.east) / 2, (self.south + self.north) / 2)
        return {"type": "Point", "coordinates": [round(degrees, 6) for degrees in middle]}

    def holds(self, longitude: float, latitude: float) -> bool:
        """Return whether a place lies in it or on its edge."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


def geometry(value: Any, home: Box | None = None) -> dict[str, Any]:
    """Return a valid GeoJSON geometry out of a dict or text; a Feature gives its geometry.

    Positions are longitude, latitude in degrees. ``home`` is where most places are: with it,
    exchanged coordinates are told from far-away ones. Raises BadGeometry.
    """
    found = _loaded(value)
    if found.get("type") == "Feature" and isinstance(found.get("geometry"), dict):
        found = found["geometry"]
    kind = found.get("type")
    if kind not in _DEPTH:
        raise BadGeometry(
            N_("{kind} is not a geometry: use {kinds}."), kind=kind, kinds=", ".join(_DEPTH)
        )
    coordinates: Any = found.get("coordinates")
    positions = _positions(coordinates, _DEPTH[kind])
    _check_positions(positions, home)
    if kind in ("Polygon", "MultiPolygon"):
        polygons = [coordinates] if kind == "Polygon" else coordinates
        for ring in (ring for polygon in polygons for ring in polygon):
            _check_ring(ring)
    plain = {"type": kind, "coordinates": coordinates}
    _check_shape(plain)
    return plain


def write(value: dict[str, Any]) -> str:
    """Return a geometry as compact JSON, the same text for the same geometry."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def around(value: Any) -> Box:
    """Return the rectangle around a geometry. Raises BadGeometry."""
    return Box(*shape(geometry(value)).bounds)


def _loaded(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise BadGeometry(
                N_("This is neither GeoJSON nor a known place: choose a place or paste a geometry.")
            ) from error
    if not isinstance(value, dict):
        raise BadGeometry(N_("A geometry is a GeoJSON object with type and coordinates."))
    return value


def _positions(value: Any, depth: int) -> list[list[float]]:
    """Return every position of nested coordinates; raises when the nesting is not that deep."""
    if not isinstance(value, list) or not value:
        raise BadGeometry(N_("The coordinates are empty or not a list."))
    if depth:
        return [position for part in value for position in _positions(part, depth - 1)]
    numbers = all(isinstance(n, int | float) and not isinstance(n, bool) for n in value)
    if not numbers or not 2 <= len(value) <= 4:
        raise BadGeometry(
            N_("{position} is not a position: write [longitude, latitude] as numbers."),
            position=str(value)[:60],
        )
    return [value]


def _check_positions(positions: list[list[float]], home: Box | None) -> None:
    for longitude, latitude, *_height in positions:
        if not abs(longitude) <= 180 or not abs(latitude) <= 90:
            # Greek Grid (EPSG:2100) counts metres: x 100,000 to 1,000,000, y 3,700,000 to 4,700,000.
            metres = 1e5 < longitude < 1e6 and 3.7e6 < latitude < 4.7e6
            raise BadGeometry(
                N_("These are metres of the Greek Grid: convert them to degrees (WGS 84) first.")
                if metres
                else N_(
                    "{longitude}, {latitude} is not on Earth: longitude is -180 to 180 degrees, "
                    "latitude -90 to 90."
                ),
                longitude=longitude,
                latitude=latitude,
            )
    if home and all(home.holds(latitude, longitude) for longitude, latitude, *_ in positions):
        raise BadGeometry(N_("Longitude and latitude are exchanged: write longitude first."))


def _check_ring(ring: list[list[float]]) -> None:
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise BadGeometry(
            N_(
                "A ring of the polygon is open: it needs at least four positions, the last one "
                "equal to the first."
            )
        )


def _check_shape(plain: dict[str, Any]) -> None:
    try:
        found = shape(plain)
        valid, reason = found.is_valid, explain_validity(found)
    except (ShapelyError, ValueError, TypeError, OverflowError) as error:
        raise BadGeometry(N_("The geometry cannot be drawn: check its coordinates.")) from error
    if not valid:
        raise BadGeometry(N_("The geometry is not valid ({reason}): redraw it."), reason=reason)
