"""Checks of cells: misfits of typed columns, texts, identifiers, personal data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ckanext.municipal.lib.dates import NotADate
from ckanext.municipal.lib.dates import day as read_day
from ckanext.municipal.lib.numbers import Evidence, evidence
from ckanext.municipal.lib.privacy import called, redact
from ckanext.municipal.lib.tables.raw import literal
from ckanext.municipal.lib.texts import LANGUAGES, N_, texts
from ckanext.municipal.quality.files.columns import Column, Table
from ckanext.municipal.quality.files.deciding import is_missing_word
from ckanext.municipal.quality.files.judges import (
    IDENTIFIER_CHECKS,
    judgements,
    shown,
    suspect_pattern,
)
from ckanext.municipal.quality.files.names import IDENTIFIERS, Subject
from ckanext.municipal.quality.files.report import Report
from ckanext.municipal.quality.findings import Rule
from ckanext.municipal.quality.rules import values as rules
from ckanext.municipal.store.schema import Type

_DIFFERENT = 20_000  # different texts of a column that are judged
_PRIVATE = 300  # and of those that may hold personal data
_REPEATED = 20  # a text that occurs so often on average is asked about once, not for each row
TYPE_NAMES = {
    Type.TEXT: N_("text"),
    Type.INTEGER: N_("whole number"),
    Type.NUMERIC: N_("number"),
    Type.DATE: N_("date"),
    Type.TIMESTAMP: N_("date and time"),
    Type.BOOLEAN: N_("yes or no"),
    Type.JSON: N_("JSON"),
}
_PERSONAL = "@|[0-9](?:[ ./-]?[0-9]){8,}|GR[0-9]{2}|(?:^|[^\\pL])(?:κ|κα|κος|κυρία|κύριος|Mr|Mrs)\\.? [Α-ΩA-Z]"

_Judged = tuple[str, int, Iterable[tuple[Rule, Mapping[str, Any]]]]
"""A text, how often it stands in its column, and what is wrong with it."""


def check_values(table: Table, report: Report) -> None:
    """Report what is wrong with single cells."""
    for column in table.columns:
        if column.odd:
            _check_odd(table, column, report)
        if column.is_text and column.values:
            _check_texts(table, column, report)
        if column.subject in IDENTIFIER_CHECKS:
            _check_identifiers(table, column, report)
        _check_personal(table, column, report)


def type_name(type_: Type) -> dict[str, str]:
    """Return what values of a type are called, in every language."""
    return texts(TYPE_NAMES[type_])


# --- Cells that are not plainly of their column's type -------------------------------------------


def _check_odd(table: Table, column: Column, report: Report) -> None:
    found = table.ask(
        f"SELECT {column.written}, {column.value} IS NULL, count(*) FROM {table.relation}"  # noqa: S608
        f" WHERE {column.written} IS NOT NULL GROUP BY 1, 2 LIMIT {_DIFFERENT}"
    )
    judged = [(text, count, _wrong_with(text, misfit, column)) for text, misfit, count in found]
    _tell(table, column, column.written, report, judged)


def _wrong_with(
    text: str, misfit: bool, column: Column
) -> Iterable[tuple[Rule, Mapping[str, Any]]]:
    if is_missing_word(text):
        return [(rules.MISSING_WORD, {"value": text.strip()})]
    found = list(judgements(text, column))
    if misfit and not any(rule in _EXPLAIN for rule, _ in found):
        found.append((_misfit_rule(text, column), {"value": shown(text), "type": _type(column)}))
    return found


_EXPLAIN = (rules.SCIENTIFIC, rules.FORMULA, rules.FORMULA_ERROR)


def _type(column: Column) -> dict[str, str]:
    return type_name(column.form.type)


def _misfit_rule(text: str, column: Column) -> Rule:
    if column.form.type is Type.NUMERIC:
        other = Evidence.POINT if column.form.mark == "," else Evidence.COMMA
        if evidence(text) is other:
            return rules.MIXED_MARKS
    if column.form.type in (Type.DATE, Type.TIMESTAMP):
        date = re.match(r"\s*(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?!\d)", text)
        if date:
            return _date_rule([int(date[at]) for at in (1, 2, 3)], column)
    return rules.MISFIT


def _date_rule(parts: Sequence[int], column: Column) -> Rule:
    """Tell a day that there is not from one in another order, and both from what is no date."""
    if column.form.order == "ymd" or parts[2] < 100:
        year_first = parts[0] > 31
        return rules.IMPOSSIBLE_DATE if year_first else rules.MISFIT
    first, second = parts[:2]
    swapped = (second, first) if column.form.order == "dmy" else (first, second)
    if _is_day(*swapped, parts[2]):
        return rules.MIXED_DATES
    return rules.IMPOSSIBLE_DATE


def _is_day(day: int, month: int, year: int) -> bool:
    try:
        read_day(f"{year:04}-{month:02}-{day:02}")
    except NotADate:
        return False
    return True


# --- Texts ---------------------------------------------------------------------------------------


def _check_texts(table: Table, column: Column, report: Report) -> None:
    pattern = literal(suspect_pattern(column))
    found = _suspects(table, column, f"regexp_matches({{c}}, {pattern})", _DIFFERENT)
    judged = [(text, count, judgements(text, column)) for text, count in found]
    _tell(table, column, column.value, report, judged)


def _suspects(table: Table, column: Column, test: str, limit: int) -> list[tuple[str, int]]:
    """Return the different texts of a column that pass a test in SQL, and how often each occurs."""
    value, relation = column.value, table.relation
    if column.different * _REPEATED < table.rows:
        each = f"(SELECT {value}, count(*) AS n FROM {relation} GROUP BY 1)"  # noqa: S608
        return table.ask(
            f"SELECT {value}, n FROM {each} WHERE {test.replace('{c}', value)} LIMIT {limit}"  # noqa: S608
        )
    return table.ask(
        f"SELECT {value}, count(*) FROM {relation} WHERE {test.replace('{c}', value)}"  # noqa: S608
        f" GROUP BY 1 LIMIT {limit}"
    )


def _tell(
    table: Table, column: Column, cell: str, report: Report, judged: Sequence[_Judged]
) -> None:
    """Report what is wrong with texts, by rule, each with the first rows in which they stand."""
    values: dict[Rule, dict[str, Mapping[str, Any]]] = {}
    counts: Counter[Rule] = Counter()
    for text, count, wrong in judged:
        for rule, shown_values in wrong:
            values.setdefault(rule, {})[text] = shown_values
            counts[rule] += count
    for rule, by_text in values.items():
        some = ", ".join(literal(text) for text in list(by_text)[: 10 * report.keep])
        rows = table.ask(
            f"SELECT {table.line}, {cell} FROM {table.relation} WHERE {cell} IN ({some})"  # noqa: S608
            f" ORDER BY 1 LIMIT {report.keep}"
        )
        told = [(line, by_text[text]) for line, text in rows]
        at_least = len(judged) == _DIFFERENT
        report.many(rule, column.name, counts[rule], told, at_least=at_least)


# --- Identifiers and personal data ---------------------------------------------------------------


def _check_identifiers(table: Table, column: Column, report: Report) -> None:
    check = IDENTIFIER_CHECKS[column.subject]
    found = _suspects(table, column, f"NOT ({check.right})", _DIFFERENT)
    judged = []
    for text, count in found:
        answer = None if is_missing_word(text) else check.judge(text.strip())
        judged.append((text, count, [answer] if answer else []))
    _tell(table, column, column.value, report, judged)


_SUBJECT_KINDS = {
    Subject.AMKA: "amka", Subject.PHONE: "phone", Subject.IBAN: "iban", Subject.AFM: "afm",
}  # fmt: skip
_OF_PERSONS = "regexp_matches({c}, '^[0-6][0-9]{8}$')"  # tax numbers of firms begin with 7 to 9


def _check_personal(table: Table, column: Column, report: Report) -> None:
    """Report once a column that seems to hold personal data; the data itself is not repeated."""
    if column.subject in _SUBJECT_KINDS:
        test = _OF_PERSONS if column.subject is Subject.AFM else "true"
        found = _suspects(table, column, test, 1) if column.values else []
        if found:
            kinds = {_SUBJECT_KINDS[column.subject]}
            _tell_personal(table, column, report, kinds, [text for text, _ in found], None)
        return
    if not column.is_text or column.subject in IDENTIFIERS or not column.values:
        return
    found = _suspects(table, column, f"regexp_matches({{c}}, {literal(_PERSONAL)})", _PRIVATE)
    kinds, where, count = set(), [], 0
    for text, times in found:
        if of_text := redact(f"{column.name}: {text}").found:
            kinds.update(of_text)
            where.append(text)
            count += times
    if kinds:
        _tell_personal(table, column, report, kinds, where, count)


def _tell_personal(  # noqa: PLR0917 - what a finding is made of
    table: Table,
    column: Column,
    report: Report,
    kinds: set[str],
    where: Sequence[str],
    count: int | None,
) -> None:
    some = ", ".join(literal(text) for text in where)
    (row,) = table.one(
        f"SELECT min({table.line}) FROM {table.relation} WHERE {column.value} IN ({some})"  # noqa: S608
    )
    names = {
        language: ", ".join(sorted(called(kind, language) for kind in kinds))
        for language in LANGUAGES
    }
    places = [(row, {"kinds": names, "cells": count or column.values})]
    report.many(rules.PERSONAL, column.name, 1, places)
