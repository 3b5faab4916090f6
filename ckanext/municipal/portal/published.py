"""Datasets of one type that a reader may see, found with the reader's own rights."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

_AT_ONCE = 1000  # CKAN gives no more at once unless told otherwise
_PLAIN = re.compile(r"[0-9A-Za-z]{1,20}")


def datasets(
    context: Context, dataset_type: str, fields: Mapping[str, str], **where: str | None
) -> Iterator[dict[str, str]]:
    """Yield what the index knows of the datasets of a type that the reader of ``context`` may see.

    Of private datasets only those of the reader's own departments, of drafts and deleted ones
    none. ``fields`` gives each field of the index (``extras_fiscal_year``) the name by which it is
    wanted, ``id`` among them; what a dataset does not say is "". ``where`` are values by wanted
    name; None asks for any, and what is not letters and digits is the value of no dataset.
    """
    wanted = {name: value for name, value in where.items() if value is not None}
    if not all(_PLAIN.fullmatch(value) for value in wanted.values()):
        return
    asked = {ours: theirs for theirs, ours in fields.items()}
    conditions = [f"+dataset_type:{dataset_type}", "+state:active"]
    conditions += [f"+{asked[name]}:{value}" for name, value in wanted.items()]
    for document in _documents(context, " ".join(conditions), list(fields)):
        # CKAN asks for extras_NAME and answers with NAME.
        said = {
            ours: str(document.get(theirs.removeprefix("extras_")) or "")
            for theirs, ours in fields.items()
        }
        # Words of the index fold case; a value is one text and no other.
        if all(said[name] == value for name, value in wanted.items()) and _seen(context, said):
            yield said


def _documents(context: Context, conditions: str, fields: list[str]) -> Iterator[dict[str, Any]]:
    search = tk.get_action("package_search")
    start = 0
    while True:
        query = {
            "q": "*:*",
            "fq": conditions,
            "fl": fields,
            "rows": _AT_ONCE,
            "start": start,
            "include_private": True,
            "facet": "false",
        }
        answer = search(tk.fresh_context(context), query)
        yield from answer["results"]
        start += len(answer["results"])
        if not answer["results"] or start >= answer["count"]:
            return


def _seen(context: Context, said: Mapping[str, str]) -> bool:
    """The index may be a moment behind the database, which decides."""
    try:
        tk.check_access("package_show", tk.fresh_context(context), {"id": said["id"]})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True
