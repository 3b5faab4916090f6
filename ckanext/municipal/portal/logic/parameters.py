"""Parameters of actions that only read: each refusal says what to write instead.

Schemas are made with `schema`, so that no action takes a misspelt parameter for none at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Schema

_ = tk._
_SHOWN = 40  # characters of a wrong value that are said back
_LONGEST = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def schema(**fields: list[Any]) -> Schema:
    """Return a schema of these parameters and no others."""
    return {**fields, "__extras": [unknown_parameter]}


def _get(name: str) -> Any:
    return tk.get_validator(name)


def needed(*validators: Any) -> list[Any]:
    """Return the validators of a parameter that has to be given."""
    return [_get("not_missing"), _get("not_empty"), *validators]


def optional(*validators: Any) -> list[Any]:
    """Return the validators of a parameter that may be left out."""
    return [_get("ignore_missing"), *validators]


def unless_blank(*validators: Any) -> list[Any]:
    """Return the validators of a parameter that may be left out or left blank, as forms do."""
    return [_get("ignore_empty"), *validators]


def with_default(value: Any, *validators: Any) -> list[Any]:
    """Return the validators of a parameter that has a value where none is given."""
    return [_get("default")(value), *validators]


def one_of(*allowed: str) -> Callable[[Any], str]:
    """Return a validator that takes one of some words."""

    def validator(value: Any) -> str:
        if value not in allowed:
            raise tk.Invalid(
                _("{value} is not known here. Write one of: {allowed}.").format(
                    value=said(value), allowed=", ".join(allowed)
                )
            )
        return value

    return validator


def whole_number(least: int, most: int) -> Callable[[Any], int]:
    """Return a validator that takes a whole number within bounds."""

    def validator(value: Any) -> int:
        text = str(value).strip()
        if not (text.isascii() and text.isdigit() and len(text) < 10) or not (
            least <= int(text) <= most
        ):
            raise tk.Invalid(
                _("{value} does not fit. Write a whole number from {least} to {most}.").format(
                    value=said(value), least=least, most=most
                )
            )
        return int(text)

    return validator


def words(value: Any) -> str:
    """Read a short text as people type it."""
    text = _CONTROL.sub(" ", str(value)).strip()
    if len(text) > _LONGEST:
        raise tk.Invalid(
            _("This text is too long. Write at most {most} characters.").format(most=_LONGEST)
        )
    return text


def unknown_parameter(key: Any, data: Any, errors: Any, context: Any) -> None:
    """Refuse what no parameter is called: a misspelt one would be a wrong answer in silence."""
    extras = data.pop(key, None) or {}
    for name in extras:
        if name != "callback":  # CKAN's own, of JSONP
            errors.setdefault((said(name),), []).append(_("There is no parameter of this name."))


def said(value: Any) -> str:
    """Return a wrong value as a refusal repeats it: short, and on one line."""
    text = _CONTROL.sub(" ", str(value))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
