"""Where a request lies, as far as it is told: a grid cell, a district, a street; never the place itself.

A district is the one that the source names. Where it names none, a cell tells it only in a city of
whose districts all rectangles are exact: each district then lies within its own, so that a place
which is in one rectangle alone is in that district. A rectangle that is only roughly where a
district is says nothing about its border, and a guess would be a wrong figure. Of a city that the
gazetteer does not know no district is told: its names would be taken for those of another. Pure.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ckanext.municipal.issues import rules
from ckanext.municipal.issues.labels import label
from ckanext.municipal.issues.oddities import Oddities
from ckanext.municipal.issues.request import SourceRequest
from ckanext.municipal.issues.source import IssueSource
from ckanext.municipal.lib.privacy import Cell, Grid, street
from ckanext.municipal.portal.gazetteer import Gazetteer
from ckanext.municipal.portal.geojson import Box

MUNICIPALITY = "municipality"
NOWHERE = {"cell": "", "lat": None, "long": None, "district": None, "address": None}
"""The fields of a place, for a request that is told without one."""


class Places:
    """Finds the place of requests that may be stored."""

    def __init__(self, source: IssueSource, gazetteer: Gazetteer, oddities: Oddities) -> None:
        self._box = source.box
        self._grid = Grid(source.privacy.grid_metres)
        self._streets = source.privacy.street
        self._named = lru_cache(maxsize=1024)(gazetteer.find)
        self._oddities = oddities
        self._known = _knows(gazetteer, source)
        districts = [place for place in gazetteer if place.kind != MUNICIPALITY]
        exact = self._known and all(place.exact for place in districts)
        self._districts = districts if exact else []

    def of(self, request: SourceRequest, *, sensitive: bool = False) -> dict[str, Any]:
        """Return the fields of a request that tell where it is; `NOWHERE` has their names.

        Of a ``sensitive`` one nothing is told, but that it has no coordinates.
        """
        if not _has_coordinates(request, self._box):
            self._oddities.note(rules.NO_COORDINATES, request)
        if sensitive:
            return NOWHERE
        cell = self._cell(request)
        place = {**NOWHERE, "district": self._district(request, cell)}
        if cell:
            place |= {"cell": cell.id, "lat": cell.lat, "long": cell.long}
        if self._streets and request.address:
            place["address"] = street(request.address)
        return place

    def _cell(self, request: SourceRequest) -> Cell | None:
        lat, long = request.lat, request.long
        if lat is None or long is None or not _has_coordinates(request, self._box):
            return None
        if self._box.holds(long, lat):
            return self._grid.cell(lat, long)
        self._oddities.note(rules.OUTSIDE, request)
        return None

    def _district(self, request: SourceRequest, cell: Cell | None) -> str | None:
        if request.district and not self._known:
            self._oddities.note(rules.NO_DISTRICTS, request, field="district")
        elif request.district:
            found = self._named(request.district)
            if found and found.kind != MUNICIPALITY:
                return found.code
            name = label(request.district) or ""
            self._oddities.note(rules.DISTRICT_UNKNOWN, request, name, field="district")
        if cell is None:
            return None
        where = float(cell.long), float(cell.lat)
        around = [place.code for place in self._districts if place.box.holds(*where)]
        return around[0] if len(around) == 1 else None


def _knows(gazetteer: Gazetteer, source: IssueSource) -> bool:
    """Whether a gazetteer is of a source's city: the portal's own, or one of those that it lists."""
    cities = [place for place in gazetteer if place.kind == MUNICIPALITY]
    if source.municipality is None or not cities:
        return True
    names = (source.municipality.uid, *source.municipality.name.values())
    return any(gazetteer.find(name) in cities for name in names if name)


def _has_coordinates(request: SourceRequest, box: Box) -> bool:
    """Whether there are any; zeros are what programs write for none, but on the equator."""
    if request.lat is None or request.long is None:
        return False
    return not request.lat == request.long == 0 or box.holds(0, 0)
