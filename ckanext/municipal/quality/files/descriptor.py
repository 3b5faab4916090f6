"""A Table Schema of the Frictionless standard as the forms and constraints of columns.

Versions 1 and 2 of the standard are read: https://specs.frictionlessdata.io/table-schema and
https://datapackage.org/standard/table-schema.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.tables.raw import literal
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.files import forms
from ckanext.municipal.quality.files.forms import Form
from ckanext.municipal.store.schema import Type

_TRUE, _FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")
_CONSTRAINTS = frozenset(
    {
        "required", "unique", "enum", "pattern", "minimum", "maximum", "exclusiveMinimum",
        "exclusiveMaximum", "minLength", "maxLength",
    }
)  # fmt: skip
_EMAIL = r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+"
_URI = r"[A-Za-z][A-Za-z0-9+.-]*://[^\s]+"
_UUID = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_BASE64 = "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
_YEAR = "CASE WHEN regexp_full_match({c}, '-?[0-9]{4}') THEN TRY_CAST({c} AS BIGINT) END"
_DURATION = (
    r"-?P(?:[0-9]+W|(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?"
    r"(?:T(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?)"
)
_DEGREES = r"[+-]?[0-9]+(?:\.[0-9]+)?"


class UnusableSchema(ReadableError):
    """A Table Schema that cannot be used; the sentence names the place in it."""


@dataclass(frozen=True, slots=True)
class SchemaField:
    """A field: its name, type, form and constraints."""

    name: str
    type: str
    form: Form
    constraints: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Fields whose values must occur in fields of a table: "" is the table itself."""

    fields: tuple[str, ...]
    resource: str
    reference: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A Table Schema, read."""

    fields: tuple[SchemaField, ...]
    key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    foreign: tuple[ForeignKey, ...] = ()


def parse(schema: Any) -> Descriptor:
    """Return a Table Schema given as the object that its JSON is. Raises UnusableSchema."""
    if not isinstance(schema, Mapping) or not isinstance(schema.get("fields"), list):
        raise UnusableSchema(N_("it has no list “fields”."))
    missing = schema.get("missingValues", [""])
    fields = tuple(_field(each, place, missing) for place, each in enumerate(schema["fields"], 1))
    names = {each.name for each in fields}
    if len(names) < len(fields):
        raise UnusableSchema(N_("two fields have the same name."))
    key = _names(schema.get("primaryKey", ()), names, "primaryKey")
    unique = tuple(_names(each, names, "uniqueKeys") for each in schema.get("uniqueKeys") or ())
    foreign = tuple(_foreign_key(each, names) for each in schema.get("foreignKeys") or ())
    return Descriptor(fields, key, unique, foreign)


def _names(names: Any, known: set[str], where: str) -> tuple[str, ...]:
    listed = (names,) if isinstance(names, str) else tuple(names or ())
    if unknown := [name for name in listed if name not in known]:
        raise UnusableSchema(
            N_("“{where}” names the field “{name}”, which is not among the fields."),
            where=where,
            name=unknown[0],
        )
    return listed


def _foreign_key(key: Any, known: set[str]) -> ForeignKey:
    reference = key.get("reference") if isinstance(key, Mapping) else None
    if not isinstance(reference, Mapping) or "fields" not in reference or "fields" not in key:
        raise UnusableSchema(N_("a foreign key needs “fields” and a “reference” with “fields”."))
    of = reference["fields"]
    there = (of,) if isinstance(of, str) else tuple(of)
    here = _names(key["fields"], known, "foreignKeys")
    if len(here) != len(there):
        raise UnusableSchema(N_("a foreign key has as many fields here as where it refers to."))
    return ForeignKey(here, str(reference.get("resource", "")), there)


def _field(given: Any, place: int, missing: Sequence[Any]) -> SchemaField:
    if not isinstance(given, Mapping) or not isinstance(given.get("name"), str):
        raise UnusableSchema(N_("field {place} has no name."), place=place)
    type_ = given.get("type", "any")
    constraints = given.get("constraints") or {}
    if unknown := sorted(set(constraints) - _CONSTRAINTS):
        raise UnusableSchema(
            N_("the field “{name}” has a constraint “{constraint}”, which there is not."),
            name=given["name"],
            constraint=unknown[0],
        )
    make = _FORMS.get(type_)
    if make is None:
        raise UnusableSchema(
            N_("the field “{name}” has the type “{type}”, which there is not."),
            name=given["name"],
            type=type_,
        )
    _check_pattern(given["name"], constraints.get("pattern"))
    own = given.get("missingValues", missing)
    blank = tuple(str(v["value"] if isinstance(v, Mapping) else v) for v in own)
    return SchemaField(given["name"], type_, make(given), constraints, blank)


def _check_pattern(name: str, pattern: Any) -> None:
    try:
        re.compile(pattern or "")
    except (re.error, TypeError):
        raise UnusableSchema(
            N_("the pattern of the field “{name}” is no regular expression."), name=name
        ) from None


def _shaped(pattern: str) -> Form:
    """Return the form of texts of one shape."""
    return _tested(f"regexp_full_match({{c}}, {literal(pattern)})")


def _tested(condition: str) -> Form:
    return Form(Type.JSON, "VARCHAR", f"CASE WHEN {condition} THEN {{c}} END")


def _string(given: Mapping[str, Any]) -> Form:
    shapes = {"email": _EMAIL, "uri": _URI, "uuid": _UUID, "binary": _BASE64}
    shape = shapes.get(given.get("format", "default"))
    return _shaped(shape) if shape else forms.TEXT


def _integer(given: Mapping[str, Any]) -> Form:
    group = given.get("groupChar", "")
    return Form(Type.INTEGER, "BIGINT", _bare(given, "[+-]?[0-9]+", group, "", "BIGINT"))


def _number(given: Mapping[str, Any]) -> Form:
    point, group = given.get("decimalChar", "."), given.get("groupChar", "")
    shape = (
        f"[+-]?(?:[0-9]+(?:{re.escape(point)}[0-9]*)?|{re.escape(point)}[0-9]+)(?:[eE][+-]?[0-9]+)?"
    )
    read = _bare(given, f"{shape}|NaN|-?INF", group, point, "DOUBLE")
    return Form(Type.NUMERIC, "DOUBLE", read, mark=point)


def _bare(given: Mapping[str, Any], shape: str, group: str, point: str, duck: str) -> str:
    """Return SQL that reads a number: groups taken out, and what stands around it unless bare."""
    cell = "{c}"
    if group:
        cell = f"replace({cell}, {literal(group)}, '')"
    if given.get("bareNumber") is False:
        signs = f"0-9eE+{re.escape(point)}-" if point else "0-9+-"
        cell = f"regexp_replace({cell}, '^[^{signs}]+|[^{signs}]+$', '', 'g')"
    test = f"regexp_full_match({cell}, {literal(shape)})"
    read = f"replace({cell}, {literal(point)}, '.')" if point not in ("", ".") else cell
    read = f"replace({read}, 'INF', 'inf')" if duck == "DOUBLE" else read
    return f"CASE WHEN {test} THEN TRY_CAST({read} AS {duck}) END"


def _boolean(given: Mapping[str, Any]) -> Form:
    true = [str(each) for each in given.get("trueValues", _TRUE)]
    false = [str(each) for each in given.get("falseValues", _FALSE)]
    listed = [", ".join(map(literal, words)) or "NULL" for words in (true, false)]
    read = f"CASE WHEN {{c}} IN ({listed[0]}) THEN true WHEN {{c}} IN ({listed[1]}) THEN false END"
    return Form(Type.BOOLEAN, "BOOLEAN", read, true=tuple(true), false=tuple(false))


_ISO_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_ISO_TIME = "[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"


def _date(given: Mapping[str, Any]) -> Form:
    return _moment(given, Type.DATE, "DATE", _ISO_DATE)


def _datetime(given: Mapping[str, Any]) -> Form:
    return _moment(given, Type.TIMESTAMP, "TIMESTAMP", f"{_ISO_DATE}[T ]{_ISO_TIME}")


def _moment(given: Mapping[str, Any], type_: Type, duck: str, shape: str) -> Form:
    wanted = given.get("format", "default")
    if wanted == "any":
        any_of = "coalesce(TRY_CAST({c} AS TIMESTAMP), try_strptime({c}, ['%d/%m/%Y', '%d-%m-%Y',"
        any_of += " '%d.%m.%Y', '%d/%m/%Y %H:%M', '%d/%m/%Y %H:%M:%S']))"
        return Form(type_, duck, f"CAST({any_of} AS {duck})", order="any")
    if wanted == "default":
        test = f"regexp_full_match({{c}}, '{shape}')"
        return Form(
            type_, duck, f"CASE WHEN {test} THEN TRY_CAST({{c}} AS {duck}) END", order="ymd"
        )
    return Form(
        type_,
        duck,
        f"CAST(try_strptime({{c}}, {literal(wanted)}) AS {duck})",
        order="dmy" if wanted.find("%d") < wanted.find("%Y") else "ymd",
        formats=(wanted,),
    )


def _time(given: Mapping[str, Any]) -> Form:
    wanted = given.get("format", "default")
    if wanted in ("default", "any"):
        return _tested(
            f"regexp_full_match({{c}}, '{_ISO_TIME}') AND TRY_CAST(substr({{c}}, 1, 8) AS TIME) IS NOT NULL"
        )
    return _tested(f"try_strptime({{c}}, {literal(wanted)}) IS NOT NULL")


def _geopoint(given: Mapping[str, Any]) -> Form:
    shapes = {
        "default": f"{_DEGREES}, *{_DEGREES}",
        "array": rf"\[ *{_DEGREES} *, *{_DEGREES} *\]",
        "object": r"\{.*\"lon\".*\"lat\".*\}|\{.*\"lat\".*\"lon\".*\}",
    }
    shape = shapes.get(given.get("format", "default"), shapes["default"])
    figures = "regexp_extract_all({c}, '[+-]?[0-9]+(?:\\.[0-9]+)?')"
    inside = f"abs(TRY_CAST({figures}[1] AS DOUBLE)) <= 180 AND abs(TRY_CAST({figures}[2] AS DOUBLE)) <= 90"
    test = f"regexp_full_match({{c}}, {literal(shape)})"
    return _tested(test if given.get("format") == "object" else f"{test} AND {inside}")


def _json(kind: str) -> Form:
    read = "CASE WHEN json_valid({c}) THEN json_type({c}) END"
    return _tested(f"{read} = '{kind}'")


_FORMS = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "year": lambda _: Form(Type.INTEGER, "BIGINT", _YEAR),
    "yearmonth": lambda _: _shaped("-?[0-9]{4}-(?:0[1-9]|1[0-2])"),
    "duration": lambda _: _shaped(_DURATION),
    "geopoint": _geopoint,
    "geojson": lambda _: _json("OBJECT"),
    "object": lambda _: _json("OBJECT"),
    "array": lambda _: _json("ARRAY"),
    "list": lambda _: forms.TEXT,
    "any": lambda _: forms.TEXT,
}  # fmt: skip
