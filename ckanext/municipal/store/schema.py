"""Table schemas: what the columns of a published table are, read from ``schemas/tables/*.yaml``.

The names are those of the Frictionless Table Schema standard (``name``, ``type``, ``title``,
``description``, ``constraints``, ``primaryKey``), with texts in every language of the portal. Of
ours are ``unit``, ``decimals``, ``index``, ``search``, ``labels`` and ``timezone``. Pure: no CKAN,
no database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parent.parent / "schemas" / "tables"


class Type(StrEnum):
    """What a field holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMERIC = "numeric"
    DATE = "date"
    TIMESTAMP = "timestamp"
    BOOLEAN = "boolean"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Field:
    """One column.

    ``decimals`` is the number of digits after the point that a numeric field keeps, no fewer and
    no more. ``labels`` gives the allowed values of ``enum`` their names. ``index`` asks for an
    index of its own, ``search`` puts the field's words into the table's full text (texts are in it,
    but for those of an ``enum``, unless they say no). ``title``, ``description`` and each label are
    ``{"en": ..., "el": ...}``.
    """

    name: str
    type: Type
    title: Mapping[str, str]
    description: Mapping[str, str]
    required: bool = False
    unit: str = ""
    decimals: int = 0
    enum: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pattern: re.Pattern[str] | None = None
    index: bool = False
    search: bool = False


@dataclass(frozen=True)
class TableSchema:
    """The columns of a table in order, and the fields that together name a row.

    ``timezone`` is the place whose clock the timestamps show: aware datetimes are brought to it,
    and read back in it. Without one only naive datetimes are stored: where tables of one schema
    are of several places, whoever knows the place says so (`by_clock`).
    """

    name: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    timezone: ZoneInfo | None = None

    @classmethod
    def load(cls, name: str, folder: Path | None = None) -> TableSchema:
        """Return the schema that ``<folder>/<name>.yaml`` describes (default: the suite's own).

        Raises SchemaError, which names the file, the place in it and the remedy.
        """
        return _load(name, folder or FOLDER)

    def by_clock(self, zone: ZoneInfo) -> TableSchema:
        """Return the same columns with the timestamps as the clock of ``zone`` shows them."""
        return replace(self, timezone=zone)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Field names, in order."""
        return tuple(each.name for each in self.fields)

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Place of each field in a row, from 0."""
        return {name: position for position, name in enumerate(self.names)}

    def clock(self, field: Field) -> str:
        """Return the name of the zone whose clock a field shows, "" for a field that shows none."""
        return self.timezone.key if self.timezone and field.type is Type.TIMESTAMP else ""

    def __getitem__(self, name: str) -> Field:
        return self.fields[self.positions[name]]


@lru_cache(maxsize=64)
def _load(name: str, folder: Path) -> TableSchema:
    from ckanext.municipal.store.schema_file import read

    return read(name, folder)
