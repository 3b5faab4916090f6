"""Checks of whole columns, and of places on the map, which are two columns."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ckanext.municipal.portal.geojson import Box
from ckanext.municipal.quality.files.columns import Column, Table
from ckanext.municipal.quality.files.deciding import Doubt
from ckanext.municipal.quality.files.judges import shown
from ckanext.municipal.quality.files.names import Subject
from ckanext.municipal.quality.files.report import Report
from ckanext.municipal.quality.findings import Rule
from ckanext.municipal.quality.rules import columns as rules
from ckanext.municipal.quality.rules import values
from ckanext.municipal.store.schema import Type

_FEW = 10  # rows below which nothing is said of what is usual
_FENCE = 5  # widths of the middle half beyond which a value is an outlier
_RARE = 0.005  # share of the rows; what occurs more often is no outlier but how the values are
_WIDE = 100  # largest to smallest from which on sizes are compared, not differences
_DATES = (Type.DATE, Type.TIMESTAMP)
_EARLY, _LATE = date(1800, 1, 1), date(2100, 12, 31)
_CODE_LENGTH = 4


WORLD = Box(-180.0, -90.0, 180.0, 90.0)


def check_columns(table: Table, report: Report, box: Box | None = None) -> None:
    """Report what is wrong with whole columns; ``box`` is where the places of the data lie."""
    for column in table.columns:
        _check_course(table, column, report)
        if column.form.type in _DATES:
            _check_dates(table, column, report)
        if column.form.type in (Type.INTEGER, Type.NUMERIC):
            _check_outliers(table, column, report)
        if column.subject is Subject.CODE:
            _check_lost_zeros(table, column, report)
    _check_places(table, report, box)


def _check_course(table: Table, column: Column, report: Report) -> None:
    decision = column.decision
    if table.rows and not column.values and not column.misfits:
        report.add(rules.BLANK_COLUMN, of=column.name)
    elif table.rows >= _FEW and column.values == table.rows and column.least == column.most:
        report.add(rules.CONSTANT, of=column.name, value=shown(str(column.least)))
    if decision.doubt is Doubt.MIXED:
        _at(table, column, report, rules.MIXED, decision.example)
    elif decision.doubt is Doubt.DECIMALS:
        _at(table, column, report, rules.NO_MARK, decision.example)


def _at(table: Table, column: Column, report: Report, rule: Rule, text: str) -> None:
    """Report a rule about a column at the first row with a text."""
    line = table.connection.execute(
        f"SELECT min({table.line}) FROM {table.relation} WHERE {column.value} = ?",  # noqa: S608
        [text],
    ).fetchall()[0][0]
    report.add(rule, row=line, of=column.name, value=shown(text))


def _check_dates(table: Table, column: Column, report: Report) -> None:
    value = column.value
    if column.least is None:
        return
    if _day(column.least) < _EARLY or _day(column.most) > _LATE:
        where = f"{value} < DATE '{_EARLY}' OR {value} >= DATE '{_LATE}' + 1"
        _rows(table, column, report, values.IMPLAUSIBLE_DATE, where)
    if column.form.order in ("dmy", "mdy"):
        days, different = table.one(
            f"SELECT max(day({value})), count(DISTINCT {value}) FROM {table.relation}"  # noqa: S608
            f" WHERE day({value}) <> month({value})"
        )
        if days is not None and days <= 12 and different > 1 and not column.misfits:
            report.add(rules.NO_ORDER, of=column.name)


def _day(moment: Any) -> date:
    if isinstance(moment, datetime):
        return moment.date()
    return moment if isinstance(moment, date) else date.max  # infinity, or a year of five digits


def _rows(
    table: Table, column: Column, report: Report, rule: Rule, where: str, **told: Any
) -> None:
    """Report every row whose value fulfils a condition."""
    ((count,),) = table.ask(f"SELECT count(*) FROM {table.relation} WHERE {where}")  # noqa: S608
    if not count:
        return
    rows = table.ask(
        f"SELECT {table.line}, CAST({column.value} AS VARCHAR) FROM {table.relation}"  # noqa: S608
        f" WHERE {where} ORDER BY 1 LIMIT {report.keep}"
    )
    report.many(rule, column.name, count, [(row, {"value": text, **told}) for row, text in rows])


def _check_outliers(table: Table, column: Column, report: Report) -> None:
    if column.values < 2 * _FEW or column.least == column.most or _names_rows(column):
        return
    value = column.value
    low, middle, high = table.one(
        f"SELECT approx_quantile({value}, 0.25), approx_quantile({value}, 0.5),"  # noqa: S608
        f" approx_quantile({value}, 0.75) FROM {table.relation}"
    )
    wide = column.least > 0 and column.most > _WIDE * column.least
    measure = (lambda sql: f"ln({sql})") if wide else str
    half = f"({measure(f'{high}::DOUBLE')} - {measure(f'{low}::DOUBLE')})"
    distance = f"{measure(value)} - {measure(f'{middle}::DOUBLE')}"
    # Of sizes, only the very large are strange: in most tables some are as small as can be.
    where = f"{distance if wide else f'abs({distance})'} > {_FENCE} * {half}"
    beyond, spread = table.one(
        f"SELECT count(*) FILTER ({where}), any_value({half}) FROM {table.relation}"  # noqa: S608
    )
    if spread and 0 < beyond <= max(1, _RARE * column.values):
        told = {"low": _plain(low), "high": _plain(high)}
        _rows(table, column, report, values.OUTLIER, where, **told)


def _names_rows(column: Column) -> bool:
    """Return whether figures are names or places, of which none is too large."""
    return column.subject is not Subject.NONE


def _plain(figure: float) -> str:
    return f"{figure:.15g}"


def _check_lost_zeros(table: Table, column: Column, report: Report) -> None:
    """Codes of one length, some with zeros at the beginning, and some that are shorter."""
    if not column.is_text:
        return
    value = column.value
    lengths = table.ask(
        f"SELECT strlen({value}), count(*), count(*) FILTER ({value}[1] = '0')"  # noqa: S608
        f" FROM {table.relation} WHERE regexp_full_match({value}, '[0-9]+') GROUP BY 1"
    )
    total = sum(count for _, count, _ in lengths)
    if total < _FEW or total < 0.9 * column.values:
        return
    usual, count, zeros = max(lengths, key=lambda each: each[1])
    longer = any(length > usual for length, _, _ in lengths)
    if usual < _CODE_LENGTH or longer or count < 0.8 * total or not zeros:
        return
    where = f"regexp_full_match({value}, '[1-9][0-9]*') AND strlen({value}) < {usual}"
    _rows(table, column, report, values.LOST_ZEROS, where)


# --- Places --------------------------------------------------------------------------------------


def _check_places(table: Table, report: Report, box: Box | None) -> None:
    found = {
        subject: next((c for c in table.columns if c.subject is subject and _is_figure(c)), None)
        for subject in (Subject.LATITUDE, Subject.LONGITUDE)
    }
    latitude, longitude = found[Subject.LATITUDE], found[Subject.LONGITUDE]
    if latitude is None or longitude is None or not latitude.values:
        return
    lat, lon = latitude.value, longitude.value
    metres = f"abs({lat}) > 1000 OR abs({lon}) > 1000"
    ((projected,),) = table.ask(f"SELECT count(*) FROM {table.relation} WHERE {metres}")  # noqa: S608
    if projected > 0.5 * latitude.values:
        report.add(rules.PROJECTED, of=latitude.name)
        return
    area = box or WORLD
    inside, swapped = _within(lat, lon, area), _within(lon, lat, area)
    _places(table, report, latitude, longitude, rules.SWAPPED, f"NOT ({inside}) AND ({swapped})")
    wrong = f"(NOT ({inside}) AND NOT ({swapped})) OR ({lat} = 0 AND {lon} = 0)"
    _places(table, report, latitude, longitude, rules.OUTSIDE, wrong)


def _is_figure(column: Column) -> bool:
    return column.form.type in (Type.INTEGER, Type.NUMERIC)


def _within(lat: str, lon: str, area: Box) -> str:
    return (
        f"{lat} BETWEEN {area.south} AND {area.north} AND {lon} BETWEEN {area.west} AND {area.east}"
    )


def _places(  # noqa: PLR0917 - what a finding is made of
    table: Table, report: Report, latitude: Column, longitude: Column, rule: Rule, where: str
) -> None:
    ((count,),) = table.ask(f"SELECT count(*) FROM {table.relation} WHERE {where}")  # noqa: S608
    if not count:
        return
    rows = table.ask(
        f"SELECT {table.line}, {latitude.value}, {longitude.value} FROM {table.relation}"  # noqa: S608
        f" WHERE {where} ORDER BY 1 LIMIT {report.keep}"
    )
    told = [(row, {"latitude": _plain(lat), "longitude": _plain(lon)}) for row, lat, lon in rows]
    report.many(rule, latitude.name, count, told)
