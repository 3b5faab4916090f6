"""Which requests are meant: parameters of the actions as a filter of the table of requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.municipal.issues.open311 import reading
from ckanext.municipal.issues.open311.services import Categories
from ckanext.municipal.issues.tables import Tables

_ = tk._


def where(asked: Mapping[str, Any], of: Tables, categories: Categories) -> dict[str, Any]:
    """Return the filter of some tables for validated parameters; a category means those below it too.

    Raises ObjectNotFound for a category that there is not: a misspelt one would be an empty answer.
    """
    found: dict[str, Any] = {
        name: asked[name] for name in ("status", "close_reason", "district") if asked.get(name)
    }
    if codes := asked.get("category"):
        for code in codes:
            if code not in categories:
                raise tk.ObjectNotFound(no_category(code))
        found["category_code"] = categories.below(codes)
    span = asked.get("start"), asked.get("end")
    if any(span):
        found["requested"] = reading.between(of, span)
    if box := asked.get("bbox"):
        found |= reading.within(box)
    return found


def no_category(code: str) -> str:
    """Return what is said of a category that there is not."""
    return _("There is no category {code}. The codes are those of the list of categories.").format(
        code=code[:40]
    )
