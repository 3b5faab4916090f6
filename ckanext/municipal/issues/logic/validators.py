"""Reads what is asked of requests; each refusal says what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.municipal.issues.open311 import arguments, w3c
from ckanext.municipal.issues.open311.errors import Fault
from ckanext.municipal.portal import language
from ckanext.municipal.portal.geojson import Box
from ckanext.municipal.portal.logic.parameters import one_of, said, words
from ckanext.municipal.store.errors import BadPosition
from ckanext.municipal.store.read import Position

_ = tk._
_PERIOD = re.compile(r"(?:19|20|21)[0-9]{2}(?:-(?:0[1-9]|1[0-2]))?")
_MOST = 100  # values of a list


def codes(value: Any) -> tuple[str, ...]:
    """Read one or more codes, ``cleaning,lighting`` or a list; nothing where all are blank."""
    parts = value if isinstance(value, list | tuple) else str(value).split(",")
    found = tuple(dict.fromkeys(code for part in parts if (code := words(part))))
    if len(found) > _MOST:
        raise tk.Invalid(_("These are too many. Write at most {most}.").format(most=_MOST))
    return found


def some_of(*allowed: str) -> Callable[[Any], tuple[str, ...]]:
    """Return a validator that takes one or more of some words."""
    check = one_of(*allowed)

    def validator(value: Any) -> tuple[str, ...]:
        return tuple(check(each) for each in codes(value))

    return validator


def sort_by(*fields: str) -> Callable[[Any], str]:
    """Return a validator that takes a field to sort by, with ``-`` before it the largest first."""
    check = one_of(*fields)

    def validator(value: Any) -> str:
        text = str(value).strip()
        return ("-" if text.startswith("-") else "") + check(text.removeprefix("-"))

    return validator


def moment(name: str, *, end: bool = False) -> Callable[[Any], datetime]:
    """Return a validator that takes a moment with its offset, or a day: its beginning, or its end,
    by the clock of the dataset that is asked, and so without an offset."""

    def validator(value: Any) -> datetime:
        try:
            return w3c.moment(name, str(value).strip(), None, end=end)
        except Fault as fault:
            raise _invalid(fault) from None

    return validator


def box(value: Any) -> Box:
    """Read a rectangle, ``west,south,east,north`` in degrees."""
    try:
        return arguments.box_of(str(value))
    except Fault as fault:
        raise _invalid(fault) from None


def position(value: Any) -> Position:
    """Read where a page begins, as the answer before it says in ``next``."""
    try:
        return Position.parse(str(value).strip())
    except BadPosition:
        raise tk.Invalid(beginning_again()) from None


def beginning_again() -> str:
    """Return what is said of a position that is none."""
    return _("This is no place in the list. Begin again at the first page.")


def period(value: Any) -> str:
    """Read a year, ``2026``, or a month, ``2026-03``."""
    if not _PERIOD.fullmatch(text := str(value).strip()):
        raise tk.Invalid(
            _("{value} is neither a year nor a month. Write it as 2026 or 2026-03.").format(
                value=said(value)
            )
        )
    return text


def _invalid(fault: Fault) -> tk.Invalid:
    return tk.Invalid(fault.message(language.current()))
