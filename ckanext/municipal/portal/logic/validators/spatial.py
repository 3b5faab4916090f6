"""Validators of places: a GeoJSON geometry, or the name of a place of the gazetteer."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.municipal.portal import city, config, gazetteer, geojson
from ckanext.municipal.portal.logic.validators.fields import (
    Errors,
    Flat,
    Key,
    is_blank,
    sibling,
    stop,
    text,
)

__all__ = ["municipal_geometry", "municipal_place"]


def municipal_geometry(key: Key, data: Flat, errors: Errors, _context: dict[str, Any]) -> None:
    """Store a GeoJSON geometry; the name of a known place gives that place's rectangle.

    Longitude before latitude, in degrees; rings closed; no crossing lines. A blank one is filled by
    ``municipal_place`` when its sibling ``text`` names a place.
    """
    given = data.get(key)
    if is_blank(given):
        data.pop(key, None)
        raise tk.StopOnError
    place = gazetteer.load(config.gazetteer_file()).find(given) if isinstance(given, str) else None
    if place:
        data[key] = geojson.write(place.box.polygon())
        if not text(data, sibling(key, "text")):
            data[sibling(key, "text")] = place.name(config.default_language())
        return
    try:
        home = city.load(config.city_file()).map_box
        data[key] = geojson.write(geojson.geometry(given, home))
    except geojson.BadGeometry as error:
        stop(key, errors, tk._(error.msgid).format(**error.values))


def municipal_place(key: Key, data: Flat, _errors: Errors, _context: dict[str, Any]) -> None:
    """Store the name of a place; one that the gazetteer knows fills a blank sibling ``geom``.

    A name that the gazetteer does not know is kept: a dataset may be about a place elsewhere.
    """
    given = text(data, key)
    if not given:
        data.pop(key, None)
        raise tk.StopOnError
    data[key] = given
    place = gazetteer.load(config.gazetteer_file()).find(given)
    geometries = (data.get(sibling(key, name)) for name in ("geom", "bbox", "centroid"))
    if place and all(map(is_blank, geometries)):
        data[sibling(key, "geom")] = geojson.write(place.box.polygon())
