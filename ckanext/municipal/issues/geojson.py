"""Requests as GeoJSON (RFC 7946): a point in the middle of the grid cell of each that has one. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

Row = Mapping[str, Any]
PROPERTIES = (
    "status",
    "category_code",
    "requested",
    "closed",
    "close_reason",
    "district",
    "days_to_close",
    "votes",
    "cell",
)
MEDIA_TYPE = "application/geo+json"


def write_geojson(rows: Iterable[Row], categories: Mapping[str, Row], file: BinaryIO) -> int:
    """Write requests as a FeatureCollection and return the number of bytes. See `pieces`."""
    return sum(file.write(piece.encode()) for piece in pieces(rows, categories))


def pieces(rows: Iterable[Row], categories: Mapping[str, Row]) -> Iterator[str]:
    """Yield requests as GeoJSON, a feature a line; those whose place is not published are left out.

    ``categories`` are rows of the table of categories by code: features carry the names. Moments
    are local times with their offset. The same rows give the same text.
    """
    yield '{"type":"FeatureCollection","features":['
    first = True
    for row in rows:
        if row["lat"] is None or row["long"] is None:
            continue
        yield ("\n" if first else ",\n") + _feature(row, categories)
        first = False
    yield "\n]}\n"


def _feature(row: Row, categories: Mapping[str, Row]) -> str:
    names = categories.get(row["category_code"], {})
    properties = {
        **{name: _plain(row[name]) for name in PROPERTIES},
        "category_name_el": names.get("name_el"),
        "category_name_en": names.get("name_en"),
    }
    described = json.dumps(properties, ensure_ascii=False, separators=(",", ":"))
    point = f'{{"type":"Point","coordinates":[{row["long"]},{row["lat"]}]}}'
    id_ = json.dumps(row["id"], ensure_ascii=False)
    return f'{{"type":"Feature","id":{id_},"geometry":{point},"properties":{described}}}'


def _plain(value: Any) -> Any:
    """A value as JSON has it: numbers as numbers, moments as text with an offset."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if value is None or isinstance(value, str | int):
        return value
    return float(value)
