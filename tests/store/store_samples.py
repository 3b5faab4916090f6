"""A small table, and one with a field of every type."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from ckanext.municipal.store import Field, TableSchema, Type

TEXTS = {"en": "A field", "el": "Ένα πεδίο"}


def field(name: str, kind: Type = Type.TEXT, **options: Any) -> Field:
    return Field(name=name, type=kind, title=TEXTS, description=TEXTS, **options)


def schema_of(*fields: Field, key: tuple[str, ...] = ("code",)) -> TableSchema:
    return TableSchema(
        name="samples",
        title=TEXTS,
        description=TEXTS,
        key=key,
        fields=fields,
        timezone=ZoneInfo("Europe/Athens"),
    )


CODE = field("code", required=True, search=True)
LABEL = field("label", search=True)
PAID = field("paid", Type.NUMERIC, decimals=2)
SAMPLES = schema_of(CODE, LABEL, PAID)
EVERY_TYPE = schema_of(
    CODE,
    LABEL,
    field("year", Type.INTEGER),
    PAID,
    field("day", Type.DATE),
    field("as_of", Type.TIMESTAMP),
    field("present", Type.BOOLEAN),
    field("extra", Type.JSON),
)
