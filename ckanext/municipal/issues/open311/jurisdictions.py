"""The cities whose requests are published to everybody: datasets of type ``issue_reports``.

Looked for as a visitor without an account, whoever asks: what an answer holds never depends on
who is signed in, so that it may be cached.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from ckanext.municipal.issues.open311 import arguments
from ckanext.municipal.issues.open311.discovery import Jurisdiction
from ckanext.municipal.issues.open311.errors import Fault, Refused
from ckanext.municipal.issues.published import anonymous, published_requests
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal import city, config

NONE = N_("No citizens' requests are published here yet.")
_NOT_FOUND = N_("jurisdiction_id: there is no {value} here. There are: {known}.")


def published() -> list[Jurisdiction]:
    """Return one for each municipality, the portal's own first; of two datasets of a municipality
    the one that was changed last."""
    own = city.load(config.city_file()).uid
    found = {
        each.municipality: Jurisdiction(
            each.municipality, each.municipality_names, each.stored, each.changed
        )
        for each in reversed(published_requests(anonymous()))
        if each.single
    }
    return sorted(found.values(), key=lambda each: (each.id != own, each.id))


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
