"""GeoJSON (RFC 7946) feature by feature: a FeatureCollection, or one Feature a line."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import Any

import ijson

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.texts import N_

_WHERE = {"FeatureCollection": "features.item", "Feature": ""}


class UnreadableFeatures(ReadableError):
    """A file that is no GeoJSON with features; the sentence names the file and the remedy."""


def is_geojson(data: bytes) -> bool:
    """Return whether a file is a JSON object, or several: no table begins with a brace."""
    return data[:64].removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")


def features(data: bytes, name: str) -> Iterator[Any]:
    """Yield the features of a file, any JSON values, numbers exact (`Decimal`) or whole.

    Raises `UnreadableFeatures`, before any feature or after some.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    kind = next(_items(data, "type", name), None)
    if not isinstance(kind, str) or kind not in _WHERE:
        raise UnreadableFeatures(
            N_("{file} is JSON, but no GeoJSON with features. Export it as GeoJSON or CSV."),
            file=name,
        )
    yield from _items(data, _WHERE[kind], name)


def _items(data: bytes, where: str, name: str) -> Iterator[Any]:
    try:
        yield from ijson.items(io.BytesIO(data), where, multiple_values=True)
    except (ijson.JSONError, ValueError, ArithmeticError) as error:
        # Text that is no UTF-8, and numbers that no program means, are other errors than of JSON.
        raise UnreadableFeatures(
            N_("{file} is not whole, or no proper GeoJSON. Export it again."), file=name
        ) from error
