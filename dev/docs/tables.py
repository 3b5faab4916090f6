"""docs/tables.md: every column of every published table, from ``schemas/tables/*.yaml``."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.municipal.store.schema import FOLDER, Field, TableSchema, Type
from dev.docs import markdown

_OPENING = """\
One section a table, one row a column. The same columns are in the DataStore, in the CSV, JSON and
Parquet files and in `datapackage.json`; the texts below are in the data dictionary of the portal,
in Greek and in English. Columns of the key are marked *key*; together they name a row.

Timestamps show the clock of the place that the section names, without an offset. `numeric` columns
keep exactly the decimals stated. An empty cell means that the source does not say; it is never a
zero. [Reuse](reuse.md) explains how the figures are defined."""


def schemas() -> list[TableSchema]:
    """Return the schema of every published table, in the order of their names."""
    names = sorted(path.stem for path in FOLDER.glob("[a-z]*.yaml"))
    return [TableSchema.load(name) for name in names]


def render() -> str:
    """Return the page."""
    return markdown.page(_lines())


def _lines() -> Iterator[str]:
    yield "# Tables"
    yield ""
    yield markdown.note("schemas/tables")
    yield ""
    yield _OPENING
    for schema in schemas():
        yield ""
        yield f"## `{schema.name}`"
        yield ""
        yield f"**{schema.title['en']}** ({schema.title['el']}). {schema.description['en']}"
        yield ""
        yield f"Key: {', '.join(f'`{name}`' for name in schema.key)}. Clock: {_clock(schema)}."
        yield ""
        yield from markdown.table(
            ("Column", "Type", "Name", "What it holds"),
            (_row(schema, field) for field in schema.fields),
        )


def _clock(schema: TableSchema) -> str:
    if not any(field.type is Type.TIMESTAMP for field in schema.fields):
        return "none"
    return schema.timezone.key if schema.timezone else "the source's own, `timezone` of its YAML"


def _row(schema: TableSchema, field: Field) -> tuple[str, str, str, str]:
    return (
        f"`{field.name}`" + (" *key*" if field.name in schema.key else ""),
        _type(field),
        f"{field.title['en']}, {field.title['el']}",
        field.description["en"] + _values(field),
    )


def _type(field: Field) -> str:
    if field.type is Type.NUMERIC:
        said = f"numeric, {field.decimals} decimals"
        return f"{said}, {field.unit}" if field.unit else said
    return field.type.value


def _values(field: Field) -> str:
    return f" One of: {', '.join(f'`{value}`' for value in field.enum)}." if field.enum else ""
