"""Where the requests of a table are: columns of degrees or of plane coordinates, or geometries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import shapely

from ckanext.municipal.issues.sources import table_rules as rules
from ckanext.municipal.issues.sources.table_fields import coordinate
from ckanext.municipal.issues.sources.table_rows import TableRow
from ckanext.municipal.issues.sources.table_settings import Settings
from ckanext.municipal.lib.projection import Projection
from ckanext.municipal.portal.geojson import Box
from ckanext.municipal.quality.findings import Rule

_Degrees = tuple[float, float] | tuple[None, None]
_NOWHERE = (None, None)
_NO_GEOMETRY = (
    *(shapely.errors.ShapelyError, TypeError, ValueError, LookupError),
    *(AttributeError, ArithmeticError, RecursionError),
)


@dataclass(slots=True)
class Position:
    """Where a request is, latitude and longitude of WGS 84, or nowhere; ``rules`` say what was odd."""

    lat: float | None = None
    long: float | None = None
    rules: list[Rule] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Point:
    """Coordinates as they stand in a row: x is the longitude or points east, y to the north."""

    x: float
    y: float
    plane: bool

    @property
    def exchanged(self) -> _Point:
        return _Point(self.y, self.x, self.plane)

    @property
    def is_nothing(self) -> bool:
        """Return whether it is what programs write where they know no place."""
        return (self.x == 0 or self.y == 0) if self.plane else self.x == self.y == 0


class Positions:
    """Finds the positions of rows. ``box`` is where the city lies."""

    def __init__(self, settings: Settings, box: Box) -> None:
        self._decimal, self._box = settings.decimal, box
        self._projection = Projection(settings.crs) if settings.crs else None
        self._pairs = [(x, y) for x, y in (("long", "lat"), ("x", "y")) if x in settings.columns]

    def of(self, rows: Sequence[TableRow]) -> list[Position]:
        """Return the positions of some rows, in their order: those of a plane all at once.

        A place that lies in the city only if x and y are exchanged is taken that way.
        """
        positions = [Position() for _ in rows]
        points, found = [], []
        for row, position in zip(rows, positions, strict=True):
            if point := self._point(row, position):
                points.append(point)
                found.append(position)
        places = self._degrees(points)
        outside = [at for at, place in enumerate(places) if not self._in_city(place)]
        others = self._degrees([points[at].exchanged for at in outside])
        for at, other in zip(outside, others, strict=True):
            if self._in_city(other):
                places[at] = other
                found[at].rules.append(rules.PLACE_EXCHANGED)
        for (lat, long), position in zip(places, found, strict=True):
            if lat is None or long is None or not (-90 <= lat <= 90 and -180 <= long <= 180):
                position.rules.append(rules.PLACE_UNREADABLE)
            else:
                position.lat, position.long = lat, long
        return positions

    def _in_city(self, place: _Degrees) -> bool:
        lat, long = place
        return lat is not None and long is not None and self._box.holds(long, lat)

    def _degrees(self, points: Sequence[_Point]) -> list[_Degrees]:
        if self._projection is None:
            return [(point.y, point.x) for point in points]
        on_plane = [(point.x, point.y) for point in points if point.plane]
        projected = iter(self._projection.degrees(on_plane))
        return [next(projected) if point.plane else (point.y, point.x) for point in points]

    def _point(self, row: TableRow, position: Position) -> _Point | None:
        """Return the coordinates of a row, None where there are none of use."""
        read = self._of_geometry if row.geometry else self._of_columns
        point = read(row, position)
        return None if point and point.is_nothing else point

    def _of_columns(self, row: TableRow, position: Position) -> _Point | None:
        for x, y in self._pairs:
            if x in row.cells and y in row.cells:
                east = coordinate(row.cells[x][0].value, self._decimal)
                north = coordinate(row.cells[y][0].value, self._decimal)
                if east is not None and north is not None:
                    return _Point(east, north, plane=x == "x")
                position.rules.append(rules.PLACE_UNREADABLE)
                return None
        return None

    def _of_geometry(self, row: TableRow, position: Position) -> _Point | None:
        geometry = row.geometry
        try:
            is_point = geometry["type"] == "Point"
            if is_point:
                x, y = geometry["coordinates"][:2]
            else:
                centre = shapely.from_geojson(json.dumps(geometry, default=float)).centroid
                x, y = centre.x, centre.y
            point = _Point(float(x), float(y), plane=self._projection is not None)
        except _NO_GEOMETRY:
            position.rules.append(rules.PLACE_UNREADABLE)
            return None
        if not is_point:
            position.rules.append(rules.PLACE_NOT_A_POINT)
        return point
