"""Rules of a table that has a Table Schema: every constraint of the Frictionless standard."""

from __future__ import annotations

from typing import Any

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Severity
from ckanext.municipal.quality.rules.registry import FileExample, Scope, rule

_HEAD = "station;value\n"
_ROWS = "a;1\nb;2\n"


def _schema(**more: Any) -> dict[str, Any]:
    fields = [{"name": "station", "type": "string"}, {"name": "value", "type": "integer"}]
    told = [field | more.pop(field["name"], {}) for field in fields]
    return {"fields": told, **more}


def _example(rows: str, head: str = _HEAD, **more: Any) -> FileExample:
    return FileExample(head + _ROWS + rows, schema=_schema(**more))


BAD_SCHEMA = rule(
    Scope.SCHEMA,
    "schema-unusable",
    Severity.ERROR,
    message=N_("The table schema cannot be used: {problem}"),
    remedy=N_("Correct the schema; its form is told at specs.frictionlessdata.io/table-schema."),
    example=FileExample(_HEAD + _ROWS, schema={"fields": [{"type": "string"}]}),
)
FIELD_MISSING = rule(
    Scope.SCHEMA,
    "schema-field-missing",
    Severity.ERROR,
    message=N_("The schema names the column “{field}”, which the table does not have."),
    remedy=N_("Add the column, or correct its heading."),
    example=FileExample("station\na\nb\n", schema=_schema()),
)
FIELD_EXTRA = rule(
    Scope.SCHEMA,
    "schema-field-extra",
    Severity.ERROR,
    message=N_("The table has the column “{field}”, which the schema does not name."),
    remedy=N_("Delete the column, or describe it in the schema."),
    example=FileExample("station;value;height\na;1;2\nb;2;3\n", schema=_schema()),
)
FIELD_ORDER = rule(
    Scope.SCHEMA,
    "schema-field-order",
    Severity.WARNING,
    message=N_("“{field}” is column {found} of the table and column {expected} of the schema."),
    remedy=N_("Bring the columns into the order of the schema."),
    example=FileExample("value;station\n1;a\n2;b\n", schema=_schema()),
)
TYPE = rule(
    Scope.SCHEMA,
    "schema-type",
    Severity.ERROR,
    message=N_("“{value}” is no {type}, as the schema wants it of “{field}”."),
    remedy=N_("Correct the value, or the type and format in the schema."),
    example=_example("c;three\n"),
)
REQUIRED = rule(
    Scope.SCHEMA,
    "schema-required",
    Severity.ERROR,
    message=N_("“{field}” is blank, and the schema requires a value."),
    remedy=N_("Fill in the value."),
    example=_example("c;\n", value={"constraints": {"required": True}}),
)
UNIQUE = rule(
    Scope.SCHEMA,
    "schema-unique",
    Severity.ERROR,
    message=N_("“{value}” occurs again in “{field}”, and the schema allows each value once."),
    remedy=N_("Delete or correct one of the two rows."),
    example=_example("a;3\n", station={"constraints": {"unique": True}}),
)
ENUM = rule(
    Scope.SCHEMA,
    "schema-enum",
    Severity.ERROR,
    message=N_("“{value}” is not among the values that the schema allows in “{field}”: {allowed}."),
    remedy=N_("Use one of the allowed values, or add this one to the schema."),
    example=_example("c;3\n", station={"constraints": {"enum": ["a", "b"]}}),
)
PATTERN = rule(
    Scope.SCHEMA,
    "schema-pattern",
    Severity.ERROR,
    message=N_("“{value}” is not written as the schema wants it of “{field}”: {pattern}"),
    remedy=N_("Correct the value, or the pattern in the schema."),
    example=_example("C3;3\n", station={"constraints": {"pattern": "[a-z]"}}),
)
MINIMUM = rule(
    Scope.SCHEMA,
    "schema-minimum",
    Severity.ERROR,
    message=N_("“{value}” is less than {limit}, the least that the schema allows in “{field}”."),
    remedy=N_("Correct the value, or the limit in the schema."),
    example=_example("c;0\n", value={"constraints": {"minimum": 1}}),
)
MAXIMUM = rule(
    Scope.SCHEMA,
    "schema-maximum",
    Severity.ERROR,
    message=N_("“{value}” is more than {limit}, the most that the schema allows in “{field}”."),
    remedy=N_("Correct the value, or the limit in the schema."),
    example=_example("c;30\n", value={"constraints": {"maximum": 9}}),
)
MIN_LENGTH = rule(
    Scope.SCHEMA,
    "schema-min-length",
    Severity.ERROR,
    message=N_("“{value}” is shorter than the {limit} that the schema wants of “{field}”."),
    remedy=N_("Correct the value, or the length in the schema."),
    example=FileExample(
        _HEAD + "ab;1\nb;2\n", schema=_schema(station={"constraints": {"minLength": 2}})
    ),
)
MAX_LENGTH = rule(
    Scope.SCHEMA,
    "schema-max-length",
    Severity.ERROR,
    message=N_("“{value}” is longer than the {limit} that the schema allows in “{field}”."),
    remedy=N_("Correct the value, or the length in the schema."),
    example=_example("ccc;3\n", station={"constraints": {"maxLength": 2}}),
)
PRIMARY_KEY = rule(
    Scope.SCHEMA,
    "schema-primary-key",
    Severity.ERROR,
    message=N_("The key {value} names row {first} already, or is blank: it must name one row."),
    remedy=N_("Delete or correct one of the two rows."),
    example=_example("a;3\n", primaryKey="station"),
)
FOREIGN_KEY = rule(
    Scope.SCHEMA,
    "schema-foreign-key",
    Severity.ERROR,
    message=N_("{value} does not occur in {target}, to which the schema refers."),
    remedy=N_("Correct the value, or add it to the table that is referred to."),
    example=FileExample(
        "id;parent\n1;1\n2;1\n3;9\n",
        schema={
            "fields": [{"name": "id", "type": "integer"}, {"name": "parent", "type": "integer"}],
            "foreignKeys": [{"fields": "parent", "reference": {"resource": "", "fields": "id"}}],
        },
    ),
)
