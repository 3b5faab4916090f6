"""Checks of a table against its Table Schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ckanext.municipal.lib.tables.raw import RawTable, literal
from ckanext.municipal.lib.texts import N_, texts
from ckanext.municipal.quality.files.columns import Column, Table
from ckanext.municipal.quality.files.descriptor import Descriptor, ForeignKey, SchemaField
from ckanext.municipal.quality.files.forms import TEXT, Form
from ckanext.municipal.quality.files.judges import shown
from ckanext.municipal.quality.files.report import Report
from ckanext.municipal.quality.findings import Rule
from ckanext.municipal.quality.rules import schemas as rules
from ckanext.municipal.store.schema import Type

References = Callable[[str], RawTable | None]
"""Returns the table that a foreign key names."""
_LISTED = 8
_TYPE_NAMES = {
    "string": N_("text"), "integer": N_("whole number"), "number": N_("number"),
    "boolean": N_("yes or no"), "date": N_("date"), "datetime": N_("date and time"),
    "time": N_("time of day"), "year": N_("year"), "yearmonth": N_("year and month"),
    "duration": N_("duration"), "geopoint": N_("pair of coordinates"), "geojson": N_("GeoJSON"),
    "object": N_("JSON object"), "array": N_("JSON list"), "list": N_("list"), "any": N_("value"),
}  # fmt: skip


def given_forms(raw: RawTable, schema: Descriptor) -> list[Form]:
    """Return the form that the schema gives each column; text where it says nothing."""
    by_name = {field.name: field.form for field in schema.fields}
    return [by_name.get(name, TEXT) for name in raw.header]


def without_missing(raw: RawTable, schema: Descriptor) -> RawTable:
    """Return a table in which the words of the schema for missing values are blank."""
    by_name = {field.name: field.missing for field in schema.fields}
    replaced = []
    for cell, name in zip(raw.columns, raw.header, strict=True):
        words = [word for word in by_name.get(name, ()) if word]
        if words:
            listed = ", ".join(map(literal, words))
            replaced.append(f"CASE WHEN {cell} NOT IN ({listed}) THEN {cell} END AS {cell}")
    if not replaced:
        return raw
    relation = f"(SELECT * REPLACE ({', '.join(replaced)}) FROM {raw.relation})"  # noqa: S608
    return replace(raw, relation=relation)


def check_schema(
    table: Table, schema: Descriptor, report: Report, references: References | None = None
) -> None:
    """Report where a table, read with the forms of its schema, breaks it."""
    columns = _check_fields(table, schema, report)
    for field in schema.fields:
        if column := columns.get(field.name):
            _check_type(table, column, field, report)
            _check_constraints(table, column, field, report)
    for key in (schema.key, *schema.unique):
        if key and all(name in columns for name in key):
            blank = key == schema.key
            _check_key(table, [columns[name] for name in key], report, blank)
    for foreign in schema.foreign:
        if all(name in columns for name in foreign.fields):
            _check_foreign(table, columns, foreign, report, references)


def _check_fields(table: Table, schema: Descriptor, report: Report) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for column in table.columns:
        columns.setdefault(column.name, column)
    wanted = [field.name for field in schema.fields]
    for name in wanted:
        if name not in columns:
            report.add(rules.FIELD_MISSING, of=name)
    for column in table.columns:
        if column.name and column.name not in wanted:
            report.add(rules.FIELD_EXTRA, row=table.raw.header_row or None, of=column.name)
    found = [name for name in table.raw.header if name in wanted]
    expected = [name for name in wanted if name in columns]
    for name, other in zip(found, expected, strict=False):
        if name != other:
            places = {"found": table.raw.header.index(name) + 1, "expected": wanted.index(name) + 1}
            report.add(rules.FIELD_ORDER, row=table.raw.header_row or None, of=name, **places)
    return columns


def _check_type(table: Table, column: Column, field: SchemaField, report: Report) -> None:
    if column.misfits:
        where = f"{column.value} IS NULL AND {column.written} IS NOT NULL"
        type_ = texts(_TYPE_NAMES[field.type])
        _tell(table, column, report, rules.TYPE, where, cell=column.written, type=type_)


def _check_constraints(table: Table, column: Column, field: SchemaField, report: Report) -> None:
    value, form = column.value, column.form
    for name, wanted in field.constraints.items():
        if name == "required" and wanted is True:
            blank = (
                f"{value} IS NULL"
                if column.is_text
                else f"{value} IS NULL AND {column.written} IS NULL"
            )
            _tell(table, column, report, rules.REQUIRED, blank)
        elif name == "unique" and wanted is True:
            again = (
                f"{value} IN (SELECT {value} FROM {table.relation} GROUP BY 1 HAVING count(*) > 1)"  # noqa: S608
            )
            _tell_repeated(table, column, report, again)
        elif name == "enum":
            allowed = ", ".join(_typed(form, str(each)) for each in wanted)
            listed = ", ".join(map(str, wanted[:_LISTED])) + (" …" if len(wanted) > _LISTED else "")
            test = f"{value} IS NOT NULL AND {value} NOT IN ({allowed})"
            _tell(table, column, report, rules.ENUM, test, allowed=listed)
        elif name == "pattern" and form.duck == "VARCHAR":
            _check_pattern(table, column, str(wanted), report)
        elif name in _LIMITS:
            rule, sign = _LIMITS[name]
            test = f"{value} {sign} {_typed(form, str(wanted))}"
            _tell(table, column, report, rule, test, limit=str(wanted))
        elif name in _LENGTHS and form.duck == "VARCHAR":
            rule, sign = _LENGTHS[name]
            size = f"json_array_length({value})" if field.type == "array" else f"length({value})"
            _tell(table, column, report, rule, f"{size} {sign} {int(wanted)}", limit=int(wanted))


_LIMITS = {
    "minimum": (rules.MINIMUM, "<"),
    "maximum": (rules.MAXIMUM, ">"),
    "exclusiveMinimum": (rules.MINIMUM, "<="),
    "exclusiveMaximum": (rules.MAXIMUM, ">="),
}
_LENGTHS = {"minLength": (rules.MIN_LENGTH, "<"), "maxLength": (rules.MAX_LENGTH, ">")}


def _typed(form: Form, text: str) -> str:
    """Return the SQL of a value of the schema, which is written as in the data or as in JSON."""
    cell = literal(text)
    if form.duck == "VARCHAR":
        return cell
    return f"coalesce({form.reading(cell)}, TRY_CAST({cell} AS {form.duck}))"


def _check_pattern(table: Table, column: Column, pattern: str, report: Report) -> None:
    value = column.value
    test = f"NOT regexp_full_match({value}, {literal(pattern)})"
    if re.search(r"\(\?[=!<]|\\[1-9]", pattern):  # what RE2 does not know, Python judges
        whole = re.compile(f"^(?:{pattern})$")
        different = table.ask(
            f"SELECT DISTINCT {value} FROM {table.relation} WHERE {value} IS NOT NULL"  # noqa: S608
        )
        wrong = [literal(text) for (text,) in different if not whole.match(text)]
        test = f"{value} IN ({', '.join(wrong) or 'NULL'})"
    _tell(table, column, report, rules.PATTERN, test, pattern=pattern)


def _tell(  # noqa: PLR0917 - what a finding is made of
    table: Table,
    column: Column,
    report: Report,
    rule: Rule,
    where: str,
    cell: str = "",
    **told: Any,
) -> None:
    """Report every row that fulfils a condition, with its value."""
    ((count,),) = table.ask(f"SELECT count(*) FROM {table.relation} WHERE {where}")  # noqa: S608
    if not count:
        return
    shown_as = cell or _shown_cell(column)
    rows = table.ask(
        f"SELECT {table.line}, {shown_as} FROM {table.relation} WHERE {where}"  # noqa: S608
        f" ORDER BY 1 LIMIT {report.keep}"
    )
    places = [(row, {"value": shown(str(text or "")), **told}) for row, text in rows]
    report.many(rule, column.name, count, places)


def _shown_cell(column: Column) -> str:
    """Return the SQL of a value as a reader is shown it: numbers without a needless fraction."""
    if column.form.type is Type.NUMERIC:
        value = column.value
        return (
            f"CASE WHEN {value} = trunc({value}) AND abs({value}) < 1e15"
            f" THEN CAST(CAST({value} AS BIGINT) AS VARCHAR) ELSE CAST({value} AS VARCHAR) END"
        )
    return f"CAST({column.value} AS VARCHAR)"


def _tell_repeated(table: Table, column: Column, report: Report, where: str) -> None:
    value = column.value
    rows = table.ask(
        f"SELECT line, shown FROM (SELECT {table.line} AS line, CAST({value} AS VARCHAR) AS shown,"  # noqa: S608
        f" row_number() OVER (PARTITION BY {value} ORDER BY {table.line}) AS place"
        f" FROM {table.relation} WHERE {where}) WHERE place > 1 ORDER BY 1"
    )
    if rows:
        places = [(row, {"value": shown(text)}) for row, text in rows[: report.keep]]
        report.many(rules.UNIQUE, column.name, len(rows), places)


def _check_key(table: Table, key: Sequence[Column], report: Report, blank: bool) -> None:
    """Report rows whose key is that of an earlier row, or (of a primary key) blank."""
    values = [column.value for column in key]
    name = ", ".join(column.name for column in key)
    missing = " OR ".join(f"{value} IS NULL" for value in values)
    shown_as = " || ', ' || ".join(f"coalesce(CAST({value} AS VARCHAR), '')" for value in values)
    rows = table.ask(
        f"SELECT line, shown, first FROM (SELECT {table.line} AS line, {shown_as} AS shown,"  # noqa: S608
        f" ({missing}) AS blank, first({table.line}) OVER same AS first,"
        f" row_number() OVER same AS place FROM {table.relation}"
        f" WINDOW same AS (PARTITION BY {', '.join(values)} ORDER BY {table.line}))"
        f" WHERE {'blank OR' if blank else 'NOT blank AND'} place > 1 ORDER BY 1"
    )
    if rows:
        places = [
            (row, {"value": f"({shown(text)})", "first": first})
            for row, text, first in rows[: report.keep]
        ]
        report.many(rules.PRIMARY_KEY, name, len(rows), places)


def _check_foreign(
    table: Table,
    columns: Mapping[str, Column],
    foreign: ForeignKey,
    report: Report,
    references: References | None,
) -> None:
    other = table.raw if not foreign.resource else references and references(foreign.resource)
    if not other or any(name not in other.header for name in foreign.reference):
        problem = texts(
            N_("the foreign key refers to {target}, which there is not."),
            target=f"{foreign.resource}({', '.join(foreign.reference)})",
        )
        report.add(rules.BAD_SCHEMA, problem=problem)
        return
    here = [columns[name] for name in foreign.fields]
    there = []
    for column, name in zip(here, foreign.reference, strict=True):
        cell = f"c{other.header.index(name)}"
        there.append(column.form.value(cell, column.form.reading(cell)))
    values = [column.value for column in here]
    filled = " AND ".join(f"{value} IS NOT NULL" for value in values)
    known = f"SELECT {', '.join(there)} FROM {other.relation}"  # noqa: S608
    where = f"{filled} AND ({', '.join(values)}) NOT IN ({known})"
    if len(values) == 1:
        present = (
            f"SELECT k FROM (SELECT {there[0]} AS k FROM {other.relation}) WHERE k IS NOT NULL"  # noqa: S608
        )
        where = f"{filled} AND {values[0]} NOT IN ({present})"
    target = f"{foreign.resource or '.'}({', '.join(foreign.reference)})"
    name = ", ".join(foreign.fields)
    shown_as = " || ', ' || ".join(_shown_cell(column) for column in here)
    rows = table.ask(
        f"SELECT {table.line}, {shown_as} FROM {table.relation} WHERE {where} ORDER BY 1"  # noqa: S608
    )
    if rows:
        places = [
            (row, {"value": f"“{shown(text)}”", "target": target})
            for row, text in rows[: report.keep]
        ]
        report.many(rules.FOREIGN_KEY, name, len(rows), places)
