"""Validators of Greek public identifiers: ΑΦΜ, ΑΔΑ, ids of Diavgeia."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.municipal.lib import identifiers
from ckanext.municipal.portal.logic.validators.fields import (
    Errors,
    Flat,
    Key,
    Validator,
    leave_blank,
    scheming_field,
    stop,
    text,
)

__all__ = ["municipal_ada", "municipal_afm", "municipal_diavgeia_id"]


@scheming_field
def municipal_afm(field: dict[str, Any], _schema: dict[str, Any]) -> Validator:
    """Store a Greek tax number (ΑΦΜ) whose check digit fits."""
    return _checked(field, identifiers.check_afm)


@scheming_field
def municipal_ada(field: dict[str, Any], _schema: dict[str, Any]) -> Validator:
    """Store the number of a Diavgeia decision (ΑΔΑ) in Greek capitals."""
    return _checked(field, identifiers.check_ada)


@scheming_field
def municipal_diavgeia_id(field: dict[str, Any], _schema: dict[str, Any]) -> Validator:
    """Store the id of an organisation or unit in Diavgeia: 1 to 9 digits."""

    def validate(key: Key, data: Flat, errors: Errors, _context: dict[str, Any]) -> None:
        given = text(data, key)
        if not given:
            leave_blank(key, data, errors, field)
        if not re.fullmatch(r"[0-9]{1,9}", given):
            message = tk._("{given} is not an id of Diavgeia: write its digits, as 6114.")
            stop(key, errors, message.format(given=given))
        data[key] = given

    return validate


def _checked(field: dict[str, Any], check: Callable[[str], str]) -> Validator:
    def validate(key: Key, data: Flat, errors: Errors, _context: dict[str, Any]) -> None:
        given = text(data, key)
        if not given:
            leave_blank(key, data, errors, field)
        try:
            data[key] = check(given)
        except identifiers.NotAnIdentifier as error:
            stop(key, errors, tk._(error.msgid).format(**error.values))

    return validate
