"""The catalogue in pages: each is a whole document, and says where the next one is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.municipal.feeds import catalogue, hydra, searching
from ckanext.municipal.feeds.forms import Form
from ckanext.municipal.feeds.hydra import Links
from ckanext.municipal.feeds.model import served
from ckanext.municipal.feeds.model.served import Choice, Record
from ckanext.municipal.feeds.questions import Question
from ckanext.municipal.feeds.refusals import Fault, Refused
from ckanext.municipal.lib.rdf import fragments
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal import config, vocabularies

_NO_GROUP = N_("{name}: there is no {value} here. The names are those of {address}")
_NO_THEME = N_("theme: {value} is no theme of the European Union. There are: {names}.")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is sent: the document, how it hangs together, how many datasets it tells of."""

    body: bytes
    links: Links
    datasets: int


def page(form: Form, asked: Question, address: str, size: int) -> Page:
    """Return the page that is asked for, of the catalogue at ``address``, in a form.

    Raises Refused for what the parameters name and is not there.
    """
    choice = chosen(asked)
    offset = (asked.page - 1) * size
    found = served.page(form.name, choice, size + 1, after=asked.after, offset=offset)
    rows, further = found[:size], found[size:]
    following = (asked.page + 1, rows[-1].dataset_id) if further else None
    links = _links(asked, address, size, served.count(choice), following)
    return Page(_document(form.name, rows, links), links, len(rows))


def chosen(asked: Question) -> Choice:
    """Return the choice that a question means, its names looked up. Raises Refused."""
    return Choice(
        ids=searching.found_ids(asked.q, asked.fq) if asked.searches else None,
        since=asked.since,
        organization=_group(asked.organization, "organization"),
        group=_group(asked.group, "group"),
        theme=_theme(asked.theme),
        hvd=asked.hvd,
    )


def _links(
    asked: Question, address: str, size: int, total: int, following: tuple[int, str] | None
) -> Links:
    choice = asked.choice()

    def url(page: int, after: str | None = None) -> str:
        place = [("page", str(page))] + ([("after", after)] if after is not None else [])
        return f"{address}?{urlencode(choice + place)}"

    return Links(
        own=url(asked.page, asked.after),
        first=url(1),
        last=url(max(1, math.ceil(total / size))),
        previous=url(asked.page - 1) if asked.page > 1 else None,
        next=url(*following) if following else None,
        total=total,
        a_page=size,
    )


def _document(form: str, rows: list[Record], links: Links) -> bytes:
    own = fragments.fragment(form, list(hydra.triples(links)))
    listed = catalogue.fragment(form, [row.uri for row in rows])
    return fragments.document(form, [listed, own, *(row.fragment for row in rows)])


def _group(reference: str, kind: str) -> str:
    """The name of an organisation or group that is given by name or id."""
    if not reference:
        return ""
    found = model.Group.get(reference)
    if not found or found.state != "active" or found.is_organization != (kind == "organization"):
        address = tk.h.url_for(f"{kind}.index", qualified=True)
        raise Refused(404, Fault(_NO_GROUP, name=kind, value=reference[:40], address=address))
    return found.name


def _theme(said: str) -> str:
    """The URI of a theme that is given by URI, code or label."""
    if not said:
        return ""
    known = vocabularies.load("data-theme", config.vocabularies_folder())
    found = known.find(said)
    if not found:
        codes = ", ".join(concept.code for concept in known)
        raise Refused(404, Fault(_NO_THEME, value=said[:40], names=codes))
    return found.uri
