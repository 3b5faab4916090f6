"""Validators of dates, intervals and fiscal years."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.municipal.portal import partial_dates
from ckanext.municipal.portal.logic.validators.fields import (
    Errors,
    Flat,
    Key,
    Validator,
    Wrong,
    checked,
    checked_text,
    leave_blank,
    scheming_field,
    sibling,
    stop,
    text,
)

__all__ = [
    "municipal_date",
    "municipal_duration",
    "municipal_end_date",
    "municipal_fiscal_year",
]

_FIRST_YEAR = 1900
_DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")


@scheming_field
def municipal_date(field: dict[str, Any], _schema: dict[str, Any]) -> Validator:
    """Store a date known to the year, month, day or second, in ISO 8601."""

    def validate(key: Key, data: Flat, errors: Errors, _context: dict[str, Any]) -> None:
        if isinstance(data.get(key), date | datetime):
            data[key] = data[key].isoformat()
        given = text(data, key)
        if not given:
            leave_blank(key, data, errors, field)
        data[key] = checked(_parse, given, key, errors).text

    return validate


@scheming_field
def municipal_end_date(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """Store a date that does not lie before its sibling ``start``."""
    check_date = municipal_date(field, schema)

    def validate(key: Key, data: Flat, errors: Errors, context: dict[str, Any]) -> None:
        check_date(key, data, errors, context)
        try:
            start = partial_dates.parse(text(data, sibling(key, "start")))
        except ValueError:
            return  # No start, or one whose own error is beside it.
        if partial_dates.parse(data[key]).last < start.first:
            message = tk._("The end {end} lies before the start {start}: exchange or correct them.")
            stop(key, errors, message.format(end=data[key], start=start.text))

    return validate


@checked_text
def municipal_duration(given: str) -> str:
    """Check a duration as XML Schema writes it (``P1M``, ``PT15M``)."""
    if not _DURATION.fullmatch(given):
        message = tk._("{given} is not a duration: write P1Y, P1M, P1D, PT1H or PT15M.")
        raise Wrong(message.format(given=given))
    return given


@checked_text
def municipal_fiscal_year(given: str) -> str:
    """Store a fiscal year, four digits, from 1900 to the year after next."""
    last = date.today().year + 2  # noqa: DTZ011 - a year, wherever the server stands
    year = int(given) if re.fullmatch(r"[0-9]{4}", given) else 0
    if not _FIRST_YEAR <= year <= last:
        message = tk._("{given} is not a fiscal year: write four digits, {first} to {last}.")
        raise Wrong(message.format(given=given, first=_FIRST_YEAR, last=last))
    return str(year)


def _parse(given: str) -> partial_dates.PartialDate:
    try:
        return partial_dates.parse(given)
    except ValueError:
        message = tk._("{given} is not a date: write 2016, 2016-04, 2016-04-01 or 1/4/2016.")
        raise Wrong(message.format(given=given)) from None
