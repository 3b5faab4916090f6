"""Names for addresses from Greek titles, by ELOT 743."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from ckan.plugins import toolkit as tk

from ckanext.municipal.lib import elot743, greek
from ckanext.municipal.portal import language, model, translated

__all__ = ["municipal_group_name_from_title", "municipal_name_from_title"]

_RESERVED = {"new", "edit", "search"}  # pages of CKAN
_ROOM_FOR_NUMBER = 5  # "-9999": more datasets of one title than anybody makes


@lru_cache(maxsize=1)
def municipal_transcription_rules() -> list[dict[str, str]]:
    """Return the rows of the ELOT 743 table, for the form's JavaScript: greek, position, latin."""
    with elot743.TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def free_name(title: str, taken: Callable[[str], bool], *, fallback: str) -> str:
    """Return the transcribed title, followed by ``-2``, ``-3`` … while the name is taken."""
    name = greek.slug(title, fallback=fallback, max_length=elot743.MAX_NAME - _ROOM_FOR_NUMBER)
    number, candidate = 1, name
    while candidate in _RESERVED or taken(candidate):
        number += 1
        candidate = f"{name}-{number}"
    return candidate


def municipal_name_from_title(key: Any, data: dict[Any, Any], errors: Any, context: Any) -> None:
    """Fill a dataset's empty ``name`` from its title, so that neither form nor API needs one.

    For the first place among the validators of ``name``. A name that is there stays, an existing
    dataset keeps its own. The title in the portal's own language is used, else the first one there
    is; with no title either, CKAN's own "missing value" speaks.
    """
    _fill(key, data, context.get("package"), model.dataset_name_is_taken, "dataset")


def municipal_group_name_from_title(
    key: Any, data: dict[Any, Any], errors: Any, context: Any
) -> None:
    """Fill the empty ``name`` of a group or organisation, as ``municipal_name_from_title`` does."""
    _fill(key, data, context.get("group"), model.group_name_is_taken, "group")


def _fill(
    key: Any, data: dict[Any, Any], existing: Any, taken: Callable[[str], bool], kind: str
) -> None:
    if data.get(key) and data[key] is not tk.missing:
        return
    if existing is not None:
        data[key] = existing.name
    elif title := _title(data):
        data[key] = free_name(title, taken, fallback=kind)


def _title(data: dict[Any, Any]) -> str:
    """Return the title as submitted: a dict or JSON by language, the form's inputs, or plain."""
    given = translated.read(data.get(("title_translated",)))
    submitted = given or data.get(("__extras",)) or {}
    prefix = "" if given else "title_translated-"
    titles = {
        name.removeprefix(prefix): said
        for name, said in submitted.items()
        if name.startswith(prefix) and isinstance(said, str)
    }
    plain = data.get(("title",))
    return language.pick(titles, language.default()) or (plain if isinstance(plain, str) else "")
