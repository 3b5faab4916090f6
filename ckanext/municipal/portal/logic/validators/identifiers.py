"""Validators of Greek public identifiers: ΑΦΜ, ΑΔΑ, ids of Diavgeia."""

from __future__ import annotations

import re
from collections.abc import Callable

import ckan.plugins.toolkit as tk

from ckanext.municipal.lib import identifiers
from ckanext.municipal.portal.logic.validators.fields import Wrong, checked_text

__all__ = ["municipal_ada", "municipal_afm", "municipal_diavgeia_id"]


@checked_text
def municipal_afm(given: str) -> str:
    """Store a Greek tax number (ΑΦΜ) whose check digit fits."""
    return _checked(identifiers.check_afm, given)


@checked_text
def municipal_ada(given: str) -> str:
    """Store the number of a Diavgeia decision (ΑΔΑ) in Greek capitals."""
    return _checked(identifiers.check_ada, given)


@checked_text
def municipal_diavgeia_id(given: str) -> str:
    """Store the id of an organisation or unit in Diavgeia: 1 to 9 digits."""
    if not re.fullmatch(r"[0-9]{1,9}", given):
        message = tk._("{given} is not an id of Diavgeia: write its digits, as 6114.")
        raise Wrong(message.format(given=given))
    return given


def _checked(check: Callable[[str], str], given: str) -> str:
    try:
        return check(given)
    except identifiers.NotAnIdentifier as error:
        raise Wrong(tk._(error.msgid).format(**error.values)) from None
