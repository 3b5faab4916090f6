"""Reads what a reader asks for; each refusal says what to write instead."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.municipal.budget.phases import PHASE_IDS
from ckanext.municipal.budget.tables import schema_of
from ckanext.municipal.portal.logic.parameters import one_of, said, words

_ = tk._
_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LINE_SORTS = ("code", "service", "label", "execution", *PHASE_IDS)


def fiscal_year(value: Any) -> int:
    """Read a year, ``2016``."""
    if not _YEAR.fullmatch(text := str(value).strip()):
        raise tk.Invalid(
            _("{value} is not a fiscal year. Write four digits, as 2016.").format(value=said(text))
        )
    return int(text)


def fiscal_years(value: Any) -> list[int]:
    """Read some years, ``2015,2016`` or a list, two to ten of them."""
    parts = value if isinstance(value, list) else str(value).split(",")
    years = sorted({fiscal_year(part) for part in parts if str(part).strip()})
    if not 2 <= len(years) <= 10:
        raise tk.Invalid(_("Name two to ten years, as 2015,2016."))
    return years


def moment(value: Any) -> datetime:
    """Read a day, ``2016-04-29`` (its end is meant), or a moment by the municipality's clock."""
    if isinstance(value, datetime):
        return value
    zone = schema_of("execution").timezone
    try:
        read = datetime.fromisoformat(text := str(value).strip())
        if _DAY.fullmatch(text):
            read = datetime.combine(read, time.max)
        return read.replace(tzinfo=zone) if read.tzinfo is None else read.astimezone(zone)
    except (ValueError, OverflowError):
        raise tk.Invalid(
            _("{value} is not a day or time. Write it as 2016-04-29 or 2016-04-29T22:54.").format(
                value=said(value)
            )
        ) from None


def sort_by(value: Any) -> str:
    """Read an order: a word of `LINE_SORTS`, with ``-`` before it the largest first."""
    return ("-" if str(value).startswith("-") else "") + one_of(*LINE_SORTS)(
        str(value).removeprefix("-")
    )


def level(value: Any) -> int | str:
    """Read a level of comparison: the length of the code, or ``line``."""
    word = one_of("1", "2", "3", "4", "5", "7", "line")(str(value).strip())
    return word if word == "line" else int(word)


def path(value: Any) -> tuple[str, ...]:
    """Read the way from the root to a node: codes with a comma between them, or a list."""
    parts = value if isinstance(value, list | tuple) else str(value).split(",")
    return tuple(words(part) for part in parts if str(part).strip())
