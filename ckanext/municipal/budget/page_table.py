"""The rows of a view of the budget as a table of the store, for CSV of exactly what is shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ckanext.municipal.store.schema import TableSchema
from ckanext.municipal.store.shown import names, number, schema, text


def node_table(
    rows: Iterable[Mapping[str, Any]], phases: Sequence[str], inhabitants: bool
) -> tuple[TableSchema, list[dict[str, Any]]]:
    """Return schema and rows of the nodes of a tree, as the action answers them."""
    fields = [
        *(text(name) for name in ("code", "name_el", "name_en")),
        number("lines"),
        *(number(phase, 2) for phase in phases),
        number("share", 6),
        number("execution", 6),
    ]
    if inhabitants:
        fields += [number(f"{phase}_per_inhabitant", 2) for phase in phases]
    table = [
        {
            "code": row["code"],
            **names("name", row["name"]),
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
    return schema("budget_view", fields), table


def line_table(
    lines: Iterable[Mapping[str, Any]], phases: Sequence[str]
) -> tuple[TableSchema, list[dict[str, Any]]]:
    """Return schema and rows of budget lines, as the action answers them."""
    texts = ("service_code", "service_name_el", "service_name_en", "code", "label")
    fields = [*map(text, texts), *(number(phase, 2) for phase in phases), number("execution", 6)]
    table = [
        {
            "service_code": line["service_code"],
            **names("service_name", line["service_name"]),
            "code": line["code_raw"],
            "label": line["label"],
            **{phase: line["amounts"][phase] for phase in phases},
            "execution": line["execution"],
        }
        for line in lines
    ]
    return schema("budget_view_lines", fields), table


def course_table(
    series: Iterable[Mapping[str, Any]], phases: Sequence[str]
) -> tuple[TableSchema, list[dict[str, Any]]]:
    """Return schema and rows of a course over the snapshots, as the action answers it."""
    fields = [text("as_of"), *(number(phase, 2) for phase in phases), number("execution", 6)]
    table = [
        {
            "as_of": point["as_of"],
            **{phase: point["amounts"][phase] for phase in phases},
            "execution": point["execution"],
        }
        for point in series
    ]
    return schema("budget_view_course", fields), table
