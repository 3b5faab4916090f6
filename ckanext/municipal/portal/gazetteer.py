"""Places of the city by name: a district named in a dataset becomes a geometry. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ckanext.municipal.lib.greek import fold
from ckanext.municipal.portal.geojson import Box

_EDGES = ("west", "south", "east", "north")
_COLUMNS = ("code", "kind", "en", "el", *_EDGES, "precision")


class GazetteerError(Exception):
    """A gazetteer that cannot be used; the text says file, line, column and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """A named place: its code, kind (municipality, district ...), names by language, rectangle.

    ``exact`` is false where the rectangle is only roughly where the place is.
    """

    code: str
    kind: str
    names: dict[str, str]
    box: Box
    exact: bool
    aliases: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Return the name in a language, else in English."""
        return self.names.get(language) or self.names["en"]


class Gazetteer:
    """The places of a file in their order, found by code or by name in any language."""

    def __init__(self, places: list[Place]) -> None:
        """Index the places."""
        self._places = places
        self._by_name = {
            _key(name): place
            for place in reversed(
                places
            )  # Of two equal names the first place in the file is meant.
            for name in (place.code, *place.names.values(), *place.aliases)
        }

    def __iter__(self) -> Iterator[Place]:
        """Yield the places in the order of the file."""
        return iter(self._places)

    def find(self, text: str) -> Place | None:
        """Return the place of this code or name; accents, case and punctuation do not matter."""
        return self._by_name.get(_key(text))


def load(path: Path) -> Gazetteer:
    """Return the gazetteer of a CSV, read once while the file does not change.

    Raises GazetteerError when the file is missing or a row is not a place.
    """
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise GazetteerError(
            f"{path}: no such gazetteer. Put the file there, or correct the option "
            "ckanext.municipal.gazetteer."
        ) from error
    return _read(path, changed)


def _key(text: str) -> str:
    letters = (character if character.isalnum() else " " for character in fold(text))
    return " ".join("".join(letters).split())


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> Gazetteer:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise GazetteerError(f"{path}: add the missing column {', '.join(missing)}.")
        return Gazetteer([_place(row, path, reader.line_num) for row in reader])


def _place(row: dict[str, str | None], path: Path, line: int) -> Place:
    cells = {column: (value or "").strip() for column, value in row.items() if column}
    edges: dict[str, float] = {}
    for column in _EDGES:
        try:
            edges[column] = float(cells[column])
        except ValueError:
            raise GazetteerError(
                f"{path}, line {line}, {column}: write degrees with a decimal point, as 22.95."
            ) from None
    box = Box(**edges)
    if not (-180 <= box.west < box.east <= 180 and -90 <= box.south < box.north <= 90):
        raise GazetteerError(f"{path}, line {line}: west < east and south < north, in degrees.")
    return Place(
        code=cells["code"],
        kind=cells["kind"],
        names={"en": cells["en"], "el": cells["el"]},
        box=box,
        exact=cells["precision"] == "exact",
        aliases=tuple(part for part in cells.get("aliases", "").split("|") if part),
    )
