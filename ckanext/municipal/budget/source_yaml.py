"""harvesters/NAME.yaml -> `BudgetSource`, or every fault of the file with its key and remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from ckanext.municipal.budget.charts import CHARTS
from ckanext.municipal.budget.phases import PHASE_IDS, Side
from ckanext.municipal.budget.source import (
    TYPE,
    BudgetSource,
    FileRule,
    SideFrom,
    Suppression,
    TableOptions,
)
from ckanext.municipal.harvest import source_keys as keys
from ckanext.municipal.harvest.source_form import Form, SourceInvalid
from ckanext.municipal.quality.findings import Finding

COLUMNS = ("service", "service_code", "code", "label", "year", "side", *PHASE_IDS)
_KEYS = (
    *("name", "type", "title", "organization", "municipality", "where", "schedule", "timezone"),
    *("files", "columns", "table", "chart", "service", "decimal", "limits", "suppress", "themes"),
)
_DATE_GROUPS = ("year", "month")  # day, hour, minute and second may be missing


def load(path: Path) -> BudgetSource:
    """Read one source's YAML file; raises `SourceInvalid` with every fault it has."""
    return parse(path.read_bytes(), path.name)


def parse(content: bytes | str | Mapping[str, Any], file: str) -> BudgetSource:
    """Read a source from the text of a YAML file, or from the mapping it holds.

    ``file`` is the name that faults carry. Raises `SourceInvalid`, also for text that is no YAML.
    """
    faults: list[Finding] = []
    source = _source(Form(file, keys.mapping_of(content, file), faults))
    if faults:
        raise SourceInvalid(faults)
    return source


def _source(form: Form) -> BudgetSource:
    form.only(_KEYS)
    form.choice("type", (TYPE,))
    columns = _columns(form.form("columns"))
    zone = keys.zone(form)
    where = form.form("where")
    service = form.form("service")
    service.only(("from", "aliases"))
    limits = form.form("limits")
    limits.only(("bad_rows",))
    return BudgetSource(
        name=keys.name(form),
        title=MappingProxyType(form.texts("title")),
        organization=form.text("organization", "the name of the publishing organisation"),
        municipality=keys.municipality(form),
        url=(places := keys.where(where))[0],
        inbox=places[1],
        schedule=form.choice("schedule", keys.SCHEDULES, "manual"),
        files=tuple(
            _file_rule(one, columns, zone)
            for one in form.forms("files", "a list of {pattern, side, year, as_of}")
        ),
        zone=zone,
        table=_table(form.form("table")),
        chart=form.choice("chart", ("auto", *CHARTS), "auto"),
        service_from=service.choice("from", ("column", "code", "none"), "column"),
        service_aliases=MappingProxyType(service.mapping("aliases")),
        decimal=form.choice("decimal", ("auto", ",", "."), "auto"),
        bad_rows=float(limits.number("bad_rows", 0, 1, 0.02)),
        themes=form.names("themes"),
        suppress=tuple(_suppression(one) for one in form.forms("suppress", "")),
    )


def _columns(form: Form) -> dict[str, tuple[str, ...]]:
    form.only(COLUMNS)
    columns = {}
    for name, value in form.content.items():
        headers = value if isinstance(value, list) else [value]
        if not headers or not all(isinstance(header, str) and header for header in headers):
            form.wrong(name, value, "the header of the column, or a list of headers")
            continue
        columns[name] = tuple(headers)
    return columns


def _file_rule(form: Form, columns: Mapping[str, tuple[str, ...]], zone: ZoneInfo) -> FileRule:
    form.only(("pattern", "side", "year", "as_of", "columns"))
    text = form.text("pattern", "a regular expression for the whole path of the file")
    try:
        pattern = re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        form.wrong("pattern", text, f"a regular expression: {error}")
        pattern = re.compile("")
    merged = {**columns, **_columns(form.form("columns"))}
    rule = FileRule(
        pattern,
        _side(form, pattern),
        _year(form, pattern),
        _as_of(form, pattern, zone),
        MappingProxyType(merged),
    )
    if (rule.side.by == "column" and "side" not in merged) or (
        rule.year == "column" and "year" not in merged
    ):
        form.wrong("columns", list(merged), "the headers of the columns side and year too")
    return rule


def _side(form: Form, pattern: re.Pattern[str]) -> SideFrom:
    value = form.content.get("side")
    if value == "code":
        return SideFrom("code")
    if isinstance(value, str) and value in list(Side):
        return SideFrom("constant", Side(value))
    expected = "expenditure, revenue, code, or {from: group | column | sheet, values: {…}}"
    if not isinstance(value, Mapping):
        form.wrong("side", value, expected)
        return SideFrom("code")
    body = form.form("side")
    body.only(("from", "values"))
    by = body.choice("from", ("group", "column", "sheet"))
    values = body.mapping("values")
    if not values or not set(values.values()) <= set(Side):
        body.wrong("values", values, "each written value with expenditure or revenue")
    if by == "group" and "side" not in pattern.groupindex:
        form.wrong("pattern", pattern.pattern, "a pattern with the group (?P<side>…)")
    return SideFrom(by, None, MappingProxyType(values))


def _year(form: Form, pattern: re.Pattern[str]) -> int | str:
    value = form.content.get("year")
    if isinstance(value, int) and not isinstance(value, bool) and 1900 <= value <= 2200:
        return value
    if value not in ("group", "column"):
        form.wrong("year", value, "a year, group or column")
    elif value == "group" and not {"year", "fiscal_year"} & set(pattern.groupindex):
        form.wrong("pattern", pattern.pattern, "a pattern with the group (?P<year>…)")
    return str(value)


def _as_of(form: Form, pattern: re.Pattern[str], zone: ZoneInfo) -> datetime | str:
    """The moment of the figures; a budget without one cannot be told from an unfinished year."""
    value = form.content.get("as_of")
    if value == "groups":
        missing = [name for name in _DATE_GROUPS if name not in pattern.groupindex]
        if missing:
            form.wrong("pattern", pattern.pattern, f"a pattern with the groups {missing}")
        return "groups"
    if value in ("modified", "year-end"):
        return str(value)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        form.wrong("as_of", value, "groups, modified, year-end, or a date such as 2025-02-02")
        return "modified"
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _table(form: Form) -> TableOptions:
    form.only(("encoding", "delimiter", "sheet"))
    return TableOptions(
        form.text("encoding", "an encoding", "") or None,
        form.text("delimiter", "a delimiter", "") or None,
        form.text("sheet", "the name of a sheet", "") or None,
    )


def _suppression(form: Form) -> Suppression:
    form.only(("service", "code", "label"))
    if not form.content:
        form.wrong("", form.content, "a code, or words of the label")
    return Suppression(*(form.text(key, "a text", "") for key in ("service", "code", "label")))
