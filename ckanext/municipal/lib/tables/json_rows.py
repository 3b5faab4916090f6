"""Tables written as JSON: a list of objects, such a list inside an object, one object a line, GeoJSON.

Objects are read one at a time, so that memory does not grow with the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO, TypeGuard

from ckanext.municipal.lib.tables.model import Cell, Limits, UnreadableTable
from ckanext.municipal.lib.tables.recoding import find_encoding
from ckanext.municipal.lib.texts import N_

LONGITUDE, LATITUDE = "geometry.longitude", "geometry.latitude"
_PIECE = 2**16
_LONGEST = 8 * 2**20  # characters of one object
_SPACE = " \t\r\n"


class JsonFile:
    """The rows of a JSON file; each pass reads the file anew."""

    def __init__(self, path: Path, name: str, limits: Limits) -> None:
        self.path, self.name, self.limits = path, name, limits
        self.encoding = find_encoding(path, name).name

    def header(self) -> tuple[str, ...]:
        """Return every name that an object has, in the order in which they first occur."""
        names: dict[str, None] = {}
        for count, (_, row) in enumerate(self._objects(), 1):
            names.update(dict.fromkeys(row))
            if len(names) > self.limits.columns or count > self.limits.rows:
                raise UnreadableTable(
                    N_("{file}: more than {rows} rows or {columns} columns. Split it."),
                    file=self.name,
                    rows=self.limits.rows,
                    columns=self.limits.columns,
                )
        if not names:
            raise UnreadableTable(
                N_("{file} holds no list of objects. Publish a list with one object for each row."),
                file=self.name,
            )
        return tuple(names)

    def rows(self, header: tuple[str, ...]) -> Iterator[tuple[int, list[Cell]]]:
        """Yield each row with its number: the line of a file of lines, else the place in the list."""
        for number, row in self._objects():
            yield number, [_cell(row.get(name)) for name in header]

    def _objects(self) -> Iterator[tuple[int, dict[str, Any]]]:
        with self.path.open(encoding=self.encoding, errors="replace") as file:
            text = _Text(file, self.name)
            try:
                for number, value in _values(text):
                    if not isinstance(value, dict):
                        raise self._no_object(number)
                    yield number, _flat(value)
            except RecursionError:
                raise _damaged(self.name, text.line) from None

    def _no_object(self, number: int) -> UnreadableTable:
        return UnreadableTable(
            N_("{file}: row {row} is no object with names. Publish a list of objects."),
            file=self.name,
            row=number,
        )


class _Text:
    """A text that is read by pieces, with what is not read yet in sight."""

    def __init__(self, file: TextIO, name: str) -> None:
        self.file, self.name = file, name
        self.rest, self.at, self.line, self.ended = "", 0, 1, False
        self.decoder = json.JSONDecoder()
        self.peek()
        if self.rest.startswith("\ufeff"):
            self.at = 1

    def more(self) -> bool:
        """Read on; return whether there was anything."""
        piece = self.file.read(max(_PIECE, len(self.rest) - self.at))
        self.rest, self.at = self.rest[self.at :] + piece, 0
        self.ended = not piece
        return bool(piece)

    def peek(self) -> str:
        """Return the next sign that is no space, "" at the end."""
        while True:
            while self.at < len(self.rest) and self.rest[self.at] in _SPACE:
                self.line += self.rest[self.at] == "\n"
                self.at += 1
            if self.at < len(self.rest):
                return self.rest[self.at]
            if self.ended or not self.more():
                return ""

    def take(self, sign: str) -> None:
        """Go past a sign that must come next."""
        if self.peek() != sign:
            raise _damaged(self.name, self.line)
        self.at += 1

    def value(self) -> Any:
        """Return the next value; one that reaches to the end of the piece may be longer."""
        self.peek()
        while True:
            try:
                value, end = self.decoder.raw_decode(self.rest, self.at)
            except ValueError:
                end, value = -1, None
            if end >= 0 and (end < len(self.rest) or self.ended):
                self.line += self.rest.count("\n", self.at, end)
                self.at = end
                return value
            if self.ended or len(self.rest) - self.at > _LONGEST or not self.more():
                if end >= 0:
                    continue
                raise _damaged(self.name, self.line)


def _values(text: _Text) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a list, of the first list in an object, or of a file of one object a line."""
    if text.peek() == "[":
        yield from _elements(text)
        if text.peek():
            raise _damaged(text.name, text.line)
        return
    first = _list_or_object(text)
    if first is None:
        yield from _elements(text)  # what follows the list in the object says nothing of rows
        return
    line = 1
    while True:
        yield line, first
        if text.peek() == "":
            return
        line = text.line
        first = text.value()


def _elements(text: _Text) -> Iterator[tuple[int, Any]]:
    text.take("[")
    if text.peek() == "]":
        text.take("]")
        return
    number = 0
    while True:
        number += 1
        yield number, text.value()
        if text.peek() != ",":
            text.take("]")
            return
        text.take(",")


def _list_or_object(text: _Text) -> dict[str, Any] | None:
    """Return the first object; None where it holds a list of objects, whose bracket comes next."""
    text.take("{")
    found: dict[str, Any] = {}
    while text.peek() == '"':
        name = text.value()
        text.take(":")
        if text.peek() == "[" and _is_of_objects(text):
            return None
        found[name] = text.value()
        if text.peek() != ",":
            break
        text.take(",")
    text.take("}")
    return found


def _is_of_objects(text: _Text) -> bool:
    while len(text.rest) - text.at < _PIECE and text.more():
        pass
    return text.rest[text.at + 1 : text.at + _PIECE].lstrip().startswith("{")


def _flat(value: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a row; a GeoJSON feature gives its properties and where it is."""
    if value.get("type") != "Feature" or "geometry" not in value:
        return value
    properties = value.get("properties")
    row = dict(properties) if isinstance(properties, dict) else {}
    if "id" in value:
        row.setdefault("id", value["id"])
    geometry = value["geometry"]
    place = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if isinstance(geometry, dict) and geometry.get("type") == "Point" and _is_place(place):
        row[LONGITUDE], row[LATITUDE] = place[0], place[1]
    else:
        row["geometry"] = geometry
    return row


def _is_place(place: Any) -> TypeGuard[list[Any]]:
    return isinstance(place, list) and len(place) >= 2 and not isinstance(place[0], list)


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    return json.dumps(value, ensure_ascii=False)


def _damaged(name: str, line: int) -> UnreadableTable:
    return UnreadableTable(
        N_("{file}, line {row}: this is no JSON. Export the file again, whole."),
        file=name,
        row=line,
    )
