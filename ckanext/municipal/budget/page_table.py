"""The rows of a view of the budget as a table of the store, for CSV of exactly what is shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ckanext.municipal.store.schema import Field, TableSchema, Type

_NOTHING: Mapping[str, str] = {"en": "", "el": ""}


def node_table(
    rows: Iterable[Mapping[str, Any]], phases: Sequence[str], inhabitants: bool
) -> tuple[TableSchema, list[dict[str, Any]]]:
    """Return schema and rows of the nodes of a tree, as the action answers them."""
    fields = [
        *(_text(name) for name in ("code", "name_el", "name_en")),
        _number("lines", 0),
        *(_number(phase, 2) for phase in phases),
        _number("share", 6),
        _number("execution", 6),
    ]
    if inhabitants:
        fields += [_number(f"{phase}_per_inhabitant", 2) for phase in phases]
    table = [
        {
            "code": row["code"],
            **_names("name", row["name"]),
            "lines": row["lines"],
            "share": row["share"],
            "execution": row["execution"],
            **{phase: row["amounts"][phase] for phase in phases},
            **{
                f"{phase}_per_inhabitant": row["per_inhabitant"][phase]
                for phase in (phases if inhabitants else ())
            },
        }
        for row in rows
    ]
    return _schema("budget_view", fields), table


def line_table(
    lines: Iterable[Mapping[str, Any]], phases: Sequence[str]
) -> tuple[TableSchema, list[dict[str, Any]]]:
    """Return schema and rows of budget lines, as the action answers them."""
    texts = ("service_code", "service_name_el", "service_name_en", "code", "label")
    fields = [*map(_text, texts), *(_number(phase, 2) for phase in phases), _number("execution", 6)]
    table = [
        {
            "service_code": line["service_code"],
            **_names("service_name", line["service_name"]),
            "code": line["code_raw"],
            "label": line["label"],
            **{phase: line["amounts"][phase] for phase in phases},
            "execution": line["execution"],
        }
        for line in lines
    ]
    return _schema("budget_view_lines", fields), table


def course_table(
    series: Iterable[Mapping[str, Any]], phases: Sequence[str]
) -> tuple[TableSchema, list[dict[str, Any]]]:
    """Return schema and rows of a course over the snapshots, as the action answers it."""
    fields = [_text("as_of"), *(_number(phase, 2) for phase in phases), _number("execution", 6)]
    table = [
        {
            "as_of": point["as_of"],
            **{phase: point["amounts"][phase] for phase in phases},
            "execution": point["execution"],
        }
        for point in series
    ]
    return _schema("budget_view_course", fields), table


def _names(field: str, names: Mapping[str, str] | None) -> dict[str, str | None]:
    return {f"{field}_{language}": (names or {}).get(language) for language in ("el", "en")}


def _text(name: str) -> Field:
    return Field(name, Type.TEXT, _NOTHING, _NOTHING)


def _number(name: str, decimals: int) -> Field:
    kind = Type.NUMERIC if decimals else Type.INTEGER
    return Field(name, kind, _NOTHING, _NOTHING, decimals=decimals)


def _schema(name: str, fields: Iterable[Field]) -> TableSchema:
    return TableSchema(name, _NOTHING, _NOTHING, (), tuple(fields))
