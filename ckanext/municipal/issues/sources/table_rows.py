"""The bytes of a file of requests -> its rows, with the cells of mapped columns and no others.

What a city's export says of people (names, e-mail addresses, devices) ends here: no cell of a
column that the mapping does not name is given on.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, NamedTuple

from ckanext.municipal.harvest.record import RecordRefused
from ckanext.municipal.issues.sources import table_rules as rules
from ckanext.municipal.issues.sources.table_features import features, is_geojson
from ckanext.municipal.issues.sources.table_settings import PATH, PLACES, Settings
from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.greek import header_key
from ckanext.municipal.lib.tables import SheetStream, UnreadableTable, stream
from ckanext.municipal.quality.findings import Finding, Place

_NOTHING = frozenset({"", '""', "NULL", "\\N"})
_HEADER_FEATURES = 200
"""So many features of a GeoJSON tell which properties there are."""


class Cell(NamedTuple):
    """What stands in a column, and its heading."""

    heading: str
    value: Any


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its filled cells by field, as the file has them; or ``fault``, why it cannot be read.

    ``geometry`` is that of a feature of a GeoJSON, empty if it has none; None for rows of tables.
    """

    place: Place
    cells: Mapping[str, Sequence[Cell]]
    geometry: Any = None
    fault: Finding | None = None


def rows(data: bytes, name: str, settings: Settings) -> Iterator[TableRow]:
    """Yield the rows of a file: CSV, workbook or GeoJSON, as its bytes say.

    Raises `RecordRefused`, before any row or after some: no table, another one, damaged, too large.
    """
    read = _features if is_geojson(data) else _table
    try:
        yield from read(data, name, settings)
    except ReadableError as error:
        values = {"problem": rules.said(error)}
        raise RecordRefused(Finding(rules.FILE_UNREADABLE, Place(name), values)) from error


def _table(data: bytes, name: str, settings: Settings) -> Iterator[TableRow]:
    headings = [heading for some in settings.columns.values() for heading in some]
    others: list[_Layout] = []
    found = False
    try:
        for sheet in _sheets(data, name, settings, headings):
            layout = _Layout(sheet.header, settings, Place(name, sheet.name, sheet.header_row))
            if layout.missing and sheet.name and "id" not in layout.columns:
                others.append(layout)  # a sheet with a legend, perhaps
                continue
            layout.check()
            found = True
            yield from _sheet_rows(sheet, layout)
    except UnreadableTable as error:
        if not found:
            _another_header(data, name, settings, error)
        raise
    if not found and others:
        others[0].check()


def _sheets(
    data: bytes, name: str, settings: Settings, header: Sequence[str] | None
) -> Iterator[SheetStream]:
    return stream(
        data,
        name,
        encoding=settings.encoding,
        delimiter=settings.delimiter,
        sheet=settings.sheet,
        header=header,
    )


def _another_header(data: bytes, name: str, settings: Settings, error: UnreadableTable) -> None:
    """Raise `RecordRefused` with the headings that are there, if it is a table of something else."""
    try:
        sheet = next(_sheets(data, name, settings, None))
    except UnreadableTable:
        raise error from None
    _Layout(sheet.header, settings, Place(name, sheet.name, sheet.header_row)).check()


def _sheet_rows(sheet: SheetStream, layout: _Layout) -> Iterator[TableRow]:
    file, name = layout.place.file, layout.place.sheet
    for row in sheet.rows:
        place = Place(file, name, row.number)
        if row.ragged:
            values = {"cells": len(row.cells), "headers": len(sheet.header)}
            yield TableRow(place, {}, fault=Finding(rules.RAGGED, place, values))
        else:
            yield TableRow(place, layout.cells(row.cells.__getitem__))


def _features(data: bytes, name: str, settings: Settings) -> Iterator[TableRow]:
    found = features(data, name)
    first = list(islice(found, _HEADER_FEATURES))
    told = (one.get("properties") for one in first if isinstance(one, Mapping))
    header = tuple(dict.fromkeys(key for one in told if isinstance(one, Mapping) for key in one))
    layout = _Layout(header, settings, Place(name), mapped_places=False)
    if header:
        layout.check()
    for number, feature in enumerate(chain(first, found), 1):
        place = Place(name, row=number)
        properties = feature.get("properties") if isinstance(feature, Mapping) else None
        if not isinstance(feature, Mapping) or not isinstance(properties, Mapping):
            yield TableRow(place, {}, fault=Finding(rules.NOT_A_FEATURE, place))
            continue
        cells = layout.cells(lambda at, properties=properties: properties.get(header[at]))
        yield TableRow(place, cells, feature.get("geometry") or {})


class _Layout:
    """Which columns of a header hold which fields; ``missing`` are headings that are not there."""

    def __init__(
        self,
        header: Sequence[str],
        settings: Settings,
        place: Place,
        *,
        mapped_places: bool = True,
    ) -> None:
        self.header, self.place = header, place
        self.columns: dict[str, tuple[tuple[str, int], ...]] = {}
        self.missing: list[str] = []
        places: dict[str, int] = {}
        for at, heading in enumerate(header):
            places.setdefault(header_key(heading), at)
        for field, names in settings.columns.items():
            found = [places[key] for key in map(header_key, names) if key in places]
            if found:
                self.columns[field] = tuple((header[at], at) for at in found)
            if field in PLACES and not mapped_places:
                continue
            if field == PATH or not found:
                there = settings.optional.union(places)
                self.missing += [name for name in names if header_key(name) not in there]

    def check(self) -> None:
        """Raise `RecordRefused` if a mapped column is missing."""
        if not self.missing:
            return
        keys = {header_key(heading): heading for heading in self.header if heading}
        near = [
            keys[found]
            for name in self.missing
            for found in difflib.get_close_matches(header_key(name), keys, 1, 0.5)
        ]
        values = {
            "file": self.place.file,
            "columns": ", ".join(self.missing),
            "headers": ", ".join(heading for heading in self.header if heading)[:300],
            "nearest": ", ".join(dict.fromkeys(near)) or "–",
        }
        place = Place(self.place.file, self.place.sheet, self.place.row, self.missing[0])
        raise RecordRefused(Finding(rules.COLUMNS_MISSING, place, values))

    def cells(self, value_at: Callable[[int], Any]) -> dict[str, list[Cell]]:
        """Return the filled cells of a row by field; ``value_at`` gives what a column holds."""
        cells: dict[str, list[Cell]] = {}
        for field, columns in self.columns.items():
            filled = [
                Cell(heading, value)
                for heading, at in columns
                if not _is_nothing(value := value_at(at))
            ]
            if filled:
                cells[field] = filled
        return cells


def _is_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and value.strip() in _NOTHING)
