"""A verdict on a file as lines for a terminal, as JSON, and as the exit code of a command. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.municipal.lib.texts import N_, text, texts
from ckanext.municipal.quality.files.checking import Verdict
from ckanext.municipal.quality.findings import Finding, Severity

CLEAN, ERRORS, UNREADABLE = 0, 1, 2
"""Exit codes for scripts: nothing that is an error, errors, not a table that can be read."""

_SEVERITIES = {
    Severity.ERROR: N_("error"),
    Severity.WARNING: N_("warning"),
    Severity.NOTE: N_("note"),
}
_NOTHING = N_("{file}: nothing was found that is wrong.")
_SUMS = N_("{file}: {errors} errors, {warnings} warnings, {notes} notes.")
_ROWS = N_("{rows} rows, {columns} columns")
_ROW = N_("row {row}")
_MORE = N_("and {n} more of these")
_SHOWN = 3
"""Findings of a rule and column that a terminal is shown."""


def exit_code(verdict: Verdict) -> int:
    """Return the code that a command ends with."""
    if not verdict.readable:
        return UNREADABLE
    return ERRORS if verdict.worst() is Severity.ERROR else CLEAN


def said(verdict: Verdict, language: str, *, whole: bool) -> str:
    """Return what a command prints: lines for people, or the whole verdict as JSON."""
    if whole:
        return json.dumps(as_json(verdict), ensure_ascii=False, indent=2, default=str)
    return "\n".join(lines(verdict, language))


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as plain values: texts in every language, the schema that each table shows."""
    return {
        "file": verdict.file,
        "readable": verdict.readable,
        "tables": [
            {
                "sheet": table.sheet,
                "rows": table.schema.rows,
                "encoding": table.encoding,
                "delimiter": table.delimiter,
                "header_row": table.header_row,
                "schema": table.schema.descriptor(),
            }
            for table in verdict.tables
        ],
        "counts": [
            {"rule": rule, "sheet": sheet, "field": field, "count": count}
            for (rule, sheet, field), count in verdict.counts.items()
        ],
        "findings": [_finding(each) for each in verdict.findings],
    }


def lines(verdict: Verdict, language: str) -> Iterator[str]:
    """Yield the verdict as lines of text: the worst first, a rule and column together, then the sums."""
    for table in verdict.tables:
        size = text(_ROWS, language, rows=table.schema.rows, columns=len(table.schema.fields))
        yield ", ".join(filter(None, (table.sheet, size, table.encoding)))
    seen: Counter[tuple[str, str, str]] = Counter()
    for each in verdict.findings:
        key = each.rule.id, each.place.sheet, each.place.field
        seen[key] += 1
        if seen[key] <= _SHOWN:
            yield from _told(each, language, first=seen[key] == 1)
        if seen[key] == _SHOWN and (left := verdict.counts[key] - _SHOWN) > 0:
            yield f"    {text(_MORE, language, n=left)}"
    yield _sums(verdict, language)


def _told(each: Finding, language: str, *, first: bool) -> Iterator[str]:
    """A finding; its remedy stands once, below the first of its kind."""
    row = text(_ROW, language, row=each.place.row) if each.place.row else ""
    place = ", ".join(filter(None, (each.place.sheet, row)))
    severity = text(_SEVERITIES[each.rule.severity], language)
    yield f"{severity:<15} {place + ': ' if place else ''}{each.message(language)} [{each.rule.id}]"
    if first:
        yield f"    {each.remedy(language)}"


def _sums(verdict: Verdict, language: str) -> str:
    severity = {each.rule.id: each.rule.severity for each in verdict.findings}
    count: Counter[Severity] = Counter()
    for (rule, _sheet, _field), times in verdict.counts.items():
        count[severity[rule]] += times
    if not count:
        return text(_NOTHING, language, file=verdict.file)
    return text(
        _SUMS,
        language,
        file=verdict.file,
        errors=count[Severity.ERROR],
        warnings=count[Severity.WARNING],
        notes=count[Severity.NOTE],
    )


def _finding(each: Finding) -> dict[str, Any]:
    rule, place = each.rule, each.place
    values: Mapping[str, Any] = each.values
    return {
        "rule": rule.id,
        "severity": rule.severity.value,
        "sheet": place.sheet,
        "row": place.row,
        "field": place.field,
        "value": values.get("value"),
        "message": texts(rule.message, **values),
        "remedy": texts(rule.remedy, **values),
    }
