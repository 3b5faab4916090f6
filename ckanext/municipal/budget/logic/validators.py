"""Reads what a reader asks for; each refusal says what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.municipal.budget.phases import PHASE_IDS
from ckanext.municipal.budget.tables import schema_of

_ = tk._
_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHOWN = 40  # characters of a wrong value that are said back
_LONGEST = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
LINE_SORTS = ("code", "service", "label", "execution", *PHASE_IDS)


def fiscal_year(value: Any) -> int:
    """Read a year, ``2016``."""
    if not _YEAR.fullmatch(text := str(value).strip()):
        raise tk.Invalid(
            _("{value} is not a fiscal year. Write four digits, as 2016.").format(value=_said(text))
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
                value=_said(value)
            )
        ) from None


def one_of(*allowed: str) -> Callable[[Any], str]:
    """Return a validator that takes one of some words."""

    def validator(value: Any) -> str:
        if value not in allowed:
            raise tk.Invalid(
                _("{value} is not known here. Write one of: {allowed}.").format(
                    value=_said(value), allowed=", ".join(allowed)
                )
            )
        return value

    return validator


def sort_by(value: Any) -> str:
    """Read an order: a word of `LINE_SORTS`, with ``-`` before it the largest first."""
    return ("-" if str(value).startswith("-") else "") + one_of(*LINE_SORTS)(
        str(value).removeprefix("-")
    )


def whole_number(least: int, most: int) -> Callable[[Any], int]:
    """Return a validator that takes a whole number within bounds."""

    def validator(value: Any) -> int:
        text = str(value).strip()
        if not (text.isascii() and text.isdigit() and len(text) < 10) or not (
            least <= int(text) <= most
        ):
            raise tk.Invalid(
                _("{value} does not fit. Write a whole number from {least} to {most}.").format(
                    value=_said(value), least=least, most=most
                )
            )
        return int(text)

    return validator


def level(value: Any) -> int | str:
    """Read a level of comparison: the length of the code, or ``line``."""
    word = one_of("1", "2", "3", "4", "5", "7", "line")(str(value).strip())
    return word if word == "line" else int(word)


def words(value: Any) -> str:
    """Read a short text as people type it."""
    text = _CONTROL.sub(" ", str(value)).strip()
    if len(text) > _LONGEST:
        raise tk.Invalid(
            _("This text is too long. Write at most {most} characters.").format(most=_LONGEST)
        )
    return text


def path(value: Any) -> tuple[str, ...]:
    """Read the way from the root to a node: codes with a comma between them, or a list."""
    parts = value if isinstance(value, list | tuple) else str(value).split(",")
    return tuple(words(part) for part in parts if str(part).strip())


def unknown_parameter(key: Any, data: Any, errors: Any, context: Any) -> None:
    """Refuse what no parameter is called: a misspelt one would be a wrong answer in silence."""
    extras = data.pop(key, None) or {}
    for name in extras:
        if name != "callback":  # CKAN's own, of JSONP
            errors.setdefault((_said(name),), []).append(_("There is no parameter of this name."))


def _said(value: Any) -> str:
    text = _CONTROL.sub(" ", str(value))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
