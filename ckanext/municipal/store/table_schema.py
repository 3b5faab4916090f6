"""A table schema as a Frictionless Table Schema, for ``datapackage.json``.

The standard's ``title`` and ``description`` are in one language; ``titles`` and ``descriptions``
have all of them, ``categories`` the names of coded values, and ``timezone`` whose clock moments show.
Readers that do not know these pass over them, as the standard asks.
"""

from __future__ import annotations

from typing import Any

from ckanext.municipal.store.schema import Field, TableSchema, Type

_TYPES = {
    Type.TEXT: {"type": "string"},
    Type.INTEGER: {"type": "integer"},
    Type.NUMERIC: {"type": "number", "decimalChar": "."},
    Type.DATE: {"type": "date", "format": "default"},
    Type.TIMESTAMP: {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S"},
    Type.BOOLEAN: {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
    Type.JSON: {"type": "any"},
}


def descriptor(schema: TableSchema, language: str = "en") -> dict[str, Any]:
    """Return the Table Schema of a table as our CSV export writes it.

    The one title and description of the standard are in ``language``.
    """
    return {
        "fields": [_field(schema, field, language) for field in schema.fields],
        "primaryKey": list(schema.key),
        "missingValues": [""],
    }


def _field(schema: TableSchema, field: Field, language: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": field.name,
        **_TYPES[field.type],
        "title": field.title[language],
        "titles": dict(field.title),
        "description": field.description[language],
        "descriptions": dict(field.description),
    }
    if field.unit:
        described["unit"] = field.unit
    if clock := schema.clock(field):
        described["timezone"] = clock
    if field.labels:
        described["categories"] = [
            {"value": value, "label": texts[language], "labels": dict(texts)}
            for value, texts in field.labels.items()
        ]
    constraints = _constraints(field)
    return {**described, "constraints": constraints} if constraints else described


def _constraints(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    # A CSV reader takes an empty text for a missing one, so that "required" would refuse a text
    # that is there and empty (the service code of revenue).
    if field.required and (field.type is not Type.TEXT or field.enum or field.pattern):
        constraints["required"] = True
    if field.enum:
        constraints["enum"] = list(field.enum)
    if field.pattern:
        constraints["pattern"] = field.pattern.pattern
    return constraints
