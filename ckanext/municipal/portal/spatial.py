"""Places for search by map: every dataset's rectangle, and a map without a tile server.

ckanext-spatial indexes one geometry from the field ``spatial``; ours stands in ``spatial_coverage``,
one entry a place, with a geometry or only the name of a place of the gazetteer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ckan.plugins import toolkit as tk

from ckanext.municipal.portal import city, config, gazetteer, geojson, language


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
        document["spatial"] = document["extras_spatial"] = json.dumps(whole)
    return document


def municipal_map() -> dict[str, Any]:
    """Return what a map of the city shows without any server: its box and its named districts.

    ``box`` is [[south, west], [north, east]] in degrees, ``places`` a list of ``name`` (in the
    reader's language), ``bbox`` ("west,south,east,north") and ``geometry``, smallest places last.
    """
    home = city.load(config.city_file()).map_box
    places = list(gazetteer.load(config.gazetteer_file()))
    return {
        "box": [[home.south, home.west], [home.north, home.east]],
        "places": [
            {
                "name": place.name(language.current()),
                "kind": place.kind,
                "bbox": ",".join(f"{edge:g}" for edge in _edges(place.box)),
                "geometry": place.box.polygon(),
            }
            for place in places
        ],
        "config": _base_map(),
    }


def _base_map() -> dict[str, Any]:
    """Return the base map that the operator set for ckanext-spatial, ``{}`` for our own."""
    prefix = "ckanext.spatial.common_map."
    settings = {
        key.removeprefix(prefix): v for key, v in tk.config.items() if key.startswith(prefix)
    }
    return settings if settings.get("type") else {}


def _edges(box: geojson.Box) -> tuple[float, float, float, float]:
    return box.west, box.south, box.east, box.north


def _collection(geometries: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "GeometryCollection", "geometries": geometries}


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
