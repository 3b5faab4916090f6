"""The schema that a table shows of itself, offered to whoever publishes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.municipal.quality.files.columns import Column
from ckanext.municipal.quality.files.forms import Form
from ckanext.municipal.store.schema import Field, TableSchema, Type

_FRICTIONLESS = {
    Type.TEXT: "string", Type.INTEGER: "integer", Type.NUMERIC: "number", Type.DATE: "date",
    Type.TIMESTAMP: "datetime", Type.BOOLEAN: "boolean", Type.JSON: "any",
}  # fmt: skip
_DECIMALS = 6  # what a figure without money's two needs at most


@dataclass(frozen=True, slots=True)
class InferredField:
    """A column: its name as the file has it, its type, and whether every row has a value."""

    name: str
    type: Type
    form: Form
    filled: bool

    def described(self) -> dict[str, Any]:
        """Return the field of a Frictionless Table Schema that reads the file as it is."""
        field: dict[str, Any] = {"name": self.name, "type": _FRICTIONLESS[self.type]}
        if self.form.mark == ",":
            field |= {"decimalChar": ",", "groupChar": "."}
        elif self.form.mark == ".":
            field |= {"decimalChar": ".", "groupChar": ","}
        if self.form.formats:
            field["format"] = _format(self.form)
        if self.form.true:
            field |= {"trueValues": list(self.form.true), "falseValues": list(self.form.false)}
        if self.filled:
            field["constraints"] = {"required": True}
        return field


@dataclass(frozen=True, slots=True)
class InferredSchema:
    """The columns of one table, and how many rows it had."""

    fields: tuple[InferredField, ...]
    rows: int

    def descriptor(self) -> dict[str, Any]:
        """Return a Frictionless Table Schema of the file as it is written."""
        fields = [field.described() for field in self.fields]
        return {"fields": fields, "missingValues": [""]}

    def table_schema(self, name: str) -> TableSchema:
        """Return the schema of the table in the DataStore; rows have no key but their order."""
        fields = tuple(
            Field(
                column,
                field.type,
                title=_in_both(field.name or column),
                description=_in_both(""),
                decimals=_DECIMALS if field.type is Type.NUMERIC else 0,
            )
            for field, column in zip(self.fields, self.column_names(), strict=True)
        )
        return TableSchema(name, _in_both(name), _in_both(""), (), fields)

    def column_names(self) -> list[str]:
        """Return names that no two columns share and none lacks."""
        names: list[str] = []
        for number, field in enumerate(self.fields, 1):
            name, again = field.name or f"column_{number}", 2
            while name in names:
                name, again = f"{field.name}_{again}", again + 1
            names.append(name)
        return names

    def as_json(self) -> dict[str, Any]:
        """Return what the next version of the table is compared with."""
        return {"rows": self.rows, "fields": [[f.name, f.type.value] for f in self.fields]}


def inferred(columns: Sequence[Column], rows: int) -> InferredSchema:
    """Return the schema of a table whose columns were read."""
    fields = tuple(
        InferredField(c.name, c.form.type, c.form, bool(rows) and c.values == rows) for c in columns
    )
    return InferredSchema(fields, rows)


def _format(form: Form) -> str:
    return form.formats[0] if len(form.formats) == 1 or form.order != "ymd" else "any"


def _in_both(text: str) -> Mapping[str, str]:
    return {"en": text, "el": text}
