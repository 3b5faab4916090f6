"""The cities whose requests are published to everybody: datasets of type ``issue_reports``.

Looked for as a visitor without an account, whoever asks: what an answer holds never depends on
who is signed in, so that it may be cached.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.municipal.issues.open311 import arguments
from ckanext.municipal.issues.open311.discovery import Jurisdiction
from ckanext.municipal.issues.open311.errors import Fault, Refused
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal import city, config, translated

_FIELDS = {
    "id": "id",
    "metadata_modified": "changed",
    "extras_municipality_uid": "municipality",
    "extras_municipality_name_translated": "names",
}
_MOST = 1_000
_UID = re.compile(r"[0-9A-Za-z]{1,20}")

NONE = N_("No citizens' requests are published here yet.")
_NOT_FOUND = N_("jurisdiction_id: there is no {value} here. There are: {known}.")


def anonymous() -> Context:
    """Return the context of a visitor without an account."""
    return {"user": "", "ignore_auth": False, "auth_user_obj": None}


def published() -> list[Jurisdiction]:
    """Return one for each municipality, the portal's own first; of two datasets of a municipality
    the one that was changed last."""
    own = city.load(config.city_file())
    found: dict[str, Jurisdiction] = {}
    for one in sorted(_documents(), key=lambda each: each.changed):
        names = one.names or (own.name if one.id == own.uid else {})
        found[one.id] = Jurisdiction(one.id, names, one.dataset, one.changed)
    return sorted(found.values(), key=lambda each: (each.id != own.uid, each.id))


def chosen(said: Sequence[str]) -> Jurisdiction:
    """Return the jurisdiction that a question is about: by its id, the portal's city by default.

    The city is also known by its web address, ``city.gr``, as the standard suggests. Raises
    Refused with 404 where there is none.
    """
    names = {text for each in said if (text := each.strip())}
    if len(names) > 1:
        raise Refused(400, Fault(arguments.TWICE, name="jurisdiction_id"))
    own = city.load(config.city_file())
    wanted = next(iter(names), own.uid)
    known = published()
    if wanted.lower().removeprefix("www.") == authority():
        wanted = own.uid
    for one in known:
        if one.id == wanted:
            return one
    if not known:
        raise Refused(404, Fault(NONE))
    if not names and len(known) == 1:
        return known[0]
    listed = ", ".join(each.id for each in known)
    raise Refused(404, Fault(_NOT_FOUND, value=wanted[:40], known=listed))


def authority() -> str:
    """Return the city's own domain, ``city.gr``: it stays when the portal moves."""
    host = urlsplit(city.load(config.city_file()).homepage).hostname or "localhost"
    return host.removeprefix("www.")


def _documents() -> list[Jurisdiction]:
    query = {
        "q": "*:*",
        "fq": "+dataset_type:issue_reports +state:active",
        "fl": list(_FIELDS),
        "rows": _MOST,
        "facet": "false",
    }
    answer = tk.get_action("package_search")(anonymous(), query)
    return [one for each in answer["results"] if (one := _jurisdiction(each))]


def _jurisdiction(document: Mapping[str, Any]) -> Jurisdiction | None:
    # CKAN asks for extras_NAME and answers with NAME.
    said = {
        ours: document.get(solr.removeprefix("extras_")) or "" for solr, ours in _FIELDS.items()
    }
    if not _UID.fullmatch(said["municipality"]) or not _everybody_may_see(said["id"]):
        return None
    names = translated.read(said["names"]) or {}
    return Jurisdiction(said["municipality"], names, said["id"], str(said["changed"]))


def _everybody_may_see(package_id: str) -> bool:
    """The index may be a moment behind the database, which decides."""
    try:
        tk.check_access("package_show", anonymous(), {"id": package_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True
