"""Places for search by map: every dataset's rectangle, and a map without a tile server.

ckanext-spatial indexes one geometry from the field ``spatial``; ours stands in ``spatial_coverage``,
one entry a place, with a geometry or only the name of a place of the gazetteer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ckan.plugins import toolkit as tk
from shapely.geometry import shape

from ckanext.municipal.portal import city, config, gazetteer, geojson, language

# ckanext-spatial compares areas: a point has none and would never be found, and a box that is asked
# for exactly would fail by a rounding error. Ten metres cure both.
_MARGIN = 0.0001
_MAX_LONGITUDE = 540  # a map that was turned around the globe once
_REFUSED = "no box"


def placed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the Solr document of a dataset with its places as one geometry in ``spatial``.

    A field ``spatial`` that holds the name of a place is replaced by that place's rectangle; what
    is no geometry is left out, for it would keep the whole dataset from being indexed.
    """
    dataset = json.loads(document.get("validated_data_dict") or "{}")
    given = document.get("spatial") or document.get("extras_spatial")
    found = list(_geometries([{"geom": given}] if given else dataset.get("spatial_coverage")))
    for field in ("spatial", "extras_spatial"):
        document.pop(field, None)
    if found:
        whole = found[0] if len(found) == 1 else _collection(found)
        document["spatial"] = document["extras_spatial"] = json.dumps(_with_area(whole))
    return document


def widened(params: dict[str, Any]) -> dict[str, Any]:
    """Return search parameters whose box (``ext_bbox``) is ten metres wider on each side.

    A box that is not on Earth becomes one that ckanext-spatial refuses with its own words: left to
    itself it counts a longitude of 1e300 down by 360 until the server is stopped.
    """
    extras = params.get("extras") or {}
    if not extras.get("ext_bbox"):
        return params
    try:
        west, south, east, north = map(float, str(extras["ext_bbox"]).split(","))
        known = all(abs(x) <= _MAX_LONGITUDE for x in (west, east))
        known = known and all(abs(y) <= 90 for y in (south, north))
    except ValueError:
        known = False
    if not known:
        extras["ext_bbox"] = _REFUSED
        return params
    edges = (west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)
    extras["ext_bbox"] = ",".join(f"{edge:.6f}" for edge in edges)
    return params


def municipal_map() -> dict[str, Any]:
    """Return what a map of the city shows without any server: its box and its named districts.

    ``box`` is [[south, west], [north, east]] in degrees, ``places`` a list of ``name`` (in the
    reader's language), ``bbox`` ("west,south,east,north") and ``geometry``, the city first; ``base``
    is what the maps of ckanext-spatial are given: the operator's tile server, else the places.
    """
    home = city.load(config.city_file()).map_box
    places = [
        {
            "name": place.name(language.current()),
            "bbox": ",".join(f"{edge:g}" for edge in _edges(place.box)),
            "geometry": place.box.polygon(),
        }
        for place in gazetteer.load(config.gazetteer_file())
    ]
    box = [[home.south, home.west], [home.north, home.east]]
    return {"box": box, "places": places, "base": _tile_server() or {"places": places}}


def municipal_extent(dataset: dict[str, Any]) -> str:
    """Return the places of a dataset as one GeoJSON geometry for a map, ``""`` when it has none."""
    found = list(_geometries(dataset.get("spatial_coverage")))
    return json.dumps(found[0] if len(found) == 1 else _collection(found)) if found else ""


def _tile_server() -> dict[str, Any]:
    """Return the base map that the operator set for ckanext-spatial, ``{}`` when there is none."""
    prefix = "ckanext.spatial.common_map."
    settings = {
        key.removeprefix(prefix): v for key, v in tk.config.items() if key.startswith(prefix)
    }
    return settings if settings.get("type") else {}


def _edges(box: geojson.Box) -> tuple[float, float, float, float]:
    return box.west, box.south, box.east, box.north


def _collection(geometries: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "GeometryCollection", "geometries": geometries}


def _with_area(geometry: dict[str, Any]) -> dict[str, Any]:
    """Return a geometry, or a small rectangle around one that has no width or no height."""
    west, south, east, north = shape(geometry).bounds
    if east - west >= _MARGIN and north - south >= _MARGIN:
        return geometry
    return geojson.Box(west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN).polygon()


def _geometries(coverage: Any) -> Iterator[dict[str, Any]]:
    """Yield one geometry a place: its own, else its box or centre, else that of its name."""
    for place in coverage if isinstance(coverage, list) else []:
        candidates = (place.get(field) for field in ("geom", "bbox", "centroid", "text"))
        known = (_geometry(value) for value in candidates if value)
        if found := next(filter(None, known), None):
            yield found


def _geometry(value: Any) -> dict[str, Any] | None:
    if isinstance(value, str) and not value.lstrip().startswith("{"):
        place = gazetteer.load(config.gazetteer_file()).find(value)
        return place.box.polygon() if place else None
    try:
        return geojson.geometry(value)
    except geojson.BadGeometry:
        return None
