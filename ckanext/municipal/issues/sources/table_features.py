"""GeoJSON (RFC 7946) feature by feature: a FeatureCollection, or one Feature a line.

Only one feature at a time is made of the text, by Python's own JSON decoder: it withstands any
input, and a whole collection as objects takes many times the room of its text.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.texts import N_

_DECODER = json.JSONDecoder(parse_float=Decimal)
_BLANKS = re.compile(r"[ \t\r\n]*")


class UnreadableFeatures(ReadableError):
    """A file that is no GeoJSON with features; the sentence names the file and the remedy."""


def is_geojson(data: bytes) -> bool:
    """Return whether a file is a JSON object, or several: no table begins with a brace."""
    return data[:64].removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")


def features(data: bytes, name: str) -> Iterator[Any]:
    """Yield the features of a file, any JSON values, fractions exact (`Decimal`).

    Raises `UnreadableFeatures`, before any feature or after some.
    """
    count = 0
    try:
        text = _Text(data.decode("utf-8-sig"))
        while text.next():
            for feature in _of_object(text, name):
                yield feature
                count += 1
    except UnreadableFeatures:
        raise
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise UnreadableFeatures(
            N_(
                "{file} is not whole, or no proper GeoJSON, after {count} features. Export it again."
            ),
            file=name,
            count=count,
        ) from error


class _Text:
    """JSON text and the place in it that is read next. Errors are `ValueError`."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def next(self) -> str:
        """Return the next character that is not blank, without taking it; "" at the end."""
        if match := _BLANKS.match(self._text, self._at):
            self._at = match.end()
        return self._text[self._at : self._at + 1]

    def take(self, character: str) -> None:
        """Take a character that has to be there."""
        if self.next() != character:
            raise ValueError(character)
        self._at += 1

    def value(self) -> Any:
        """Take a whole value."""
        self.next()
        value, self._at = _DECODER.raw_decode(self._text, self._at)
        return value


def _of_object(text: _Text, name: str) -> Iterator[Any]:
    """Yield the features of a collection, or the one feature that an object is."""
    members: dict[str, Any] = {}
    text.take("{")
    while text.next() != "}":
        key = text.value()
        text.take(":")
        if key == "features" and text.next() == "[":
            members[key] = None
            yield from _of_array(text)
        else:
            members[str(key)] = text.value()
        if text.next() != "}":
            text.take(",")
    text.take("}")
    if members.get("type") == "Feature":
        yield members
    elif "features" not in members:
        raise UnreadableFeatures(
            N_("{file} is JSON, but no GeoJSON with features. Export it as GeoJSON or CSV."),
            file=name,
        )


def _of_array(text: _Text) -> Iterator[Any]:
    text.take("[")
    while text.next() != "]":
        yield text.value()
        if text.next() != "]":
            text.take(",")
    text.take("]")
