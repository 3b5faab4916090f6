"""Validators of small closed values: yes or no, choices of the schema, metres, icon names."""

from __future__ import annotations

import json
import re
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.municipal.portal.logic.validators.fields import (
    Errors,
    Flat,
    Key,
    Validator,
    Wrong,
    checked_text,
    leave_blank,
    scheming_field,
    stop,
    text,
    texts,
)

__all__ = ["municipal_choices_list", "municipal_icon", "municipal_metres", "municipal_yes_no"]


def municipal_yes_no(key: Key, data: Flat, errors: Errors, _context: dict[str, Any]) -> None:
    """Store ``"true"`` or ``"false"``."""
    given = text(data, key)
    if not given:
        data.pop(key, None)
        raise tk.StopOnError
    if errors.get(key):
        raise tk.StopOnError
    try:
        data[key] = "true" if tk.asbool(given) else "false"
    except ValueError:
        stop(key, errors, tk._("Say true or false."))


@scheming_field
def municipal_choices_list(field: dict[str, Any], _schema: dict[str, Any]) -> Validator:
    """Store the chosen values of ``field.choices`` as a JSON list, in the order of the choices."""
    allowed = [choice["value"] for choice in field["choices"]]

    def validate(key: Key, data: Flat, errors: Errors, _context: dict[str, Any]) -> None:
        given = texts(data.get(key))
        if not given:
            leave_blank(key, data, errors, field)
        unknown = [value for value in given if value not in allowed]
        if unknown:
            message = tk._("{given} cannot be chosen: use {known}.")
            stop(key, errors, message.format(given=unknown[0], known=", ".join(allowed)))
        data[key] = json.dumps([value for value in allowed if value in given])

    return validate


@checked_text
def municipal_metres(given: str) -> str:
    """Store a length in metres, a number above 0; a decimal comma becomes a point."""
    number = given.replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", number) or not float(number):
        message = tk._("{given} is not a length: write metres as a number, as 0.5 or 30.")
        raise Wrong(message.format(given=given))
    return number


@checked_text
def municipal_icon(given: str) -> str:
    """Store the name of an icon: lower-case letters, digits and dashes, without ``fa-``."""
    name = given.removeprefix("fa-")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        message = tk._("{given} is not the name of an icon: write it as leaf or map-location-dot.")
        raise Wrong(message.format(given=given))
    return name
