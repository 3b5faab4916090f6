"""``/feeds/changes``: what happened to datasets, in pages that readers follow (DCAT-AP Feeds, LDES).

Where readers begin is the page of the newest changes, which leads to the older ones: ranges of
revisions, to which nothing is added once a greater revision is there.
"""

from __future__ import annotations

from typing import Any

import flask

from ckanext.municipal.feeds import addresses, answers, forms, freshness, ldes
from ckanext.municipal.feeds.answers import Answer, Version
from ckanext.municipal.feeds.counted import answered
from ckanext.municipal.feeds.forms import Form
from ckanext.municipal.feeds.ldes import Closed, Member, Page
from ckanext.municipal.feeds.model import activity
from ckanext.municipal.feeds.model.activity import Change
from ckanext.municipal.feeds.refusals import Fault, Refused
from ckanext.municipal.lib.texts import N_

A_PAGE = 250
"""How many revisions a page is of; part of its address, so that another number makes other addresses."""

# Caches that many readers share ask each time, so that what was made private is out of them too.
_FOR_A_WEEK = "public, max-age=604800, s-maxage=0, immutable"
_NO_PAGE = N_("There is no such page of changes. Begin at {address}")


def newest(extension: str = "") -> flask.Response:
    """Send the newest changes, and the addresses of the pages of older ones."""
    return answered("changes", lambda: _newest(_form(extension), extension))


def closed(first: int, last: int, extension: str = "") -> flask.Response:
    """Send the changes from a revision to another."""
    return answered("changes", lambda: _closed(_form(extension), extension, first, last))


def address(extension: str = "", **parts: Any) -> str:
    """Return where readers begin, or the address of a page, in a form or as the reader wants it."""
    view = "closed_changes" if parts else "changes"
    if extension:
        parts["extension"] = extension
    return addresses.address(view, **parts)


def _form(extension: str) -> Form:
    if extension:
        return forms.by_extension(extension, ldes.FORMS)
    return forms.by_accept(flask.request.accept_mimetypes, ldes.FORMS)


def _newest(form: Form, extension: str) -> tuple[Answer, int]:
    has = freshness.version("changes", form.name, extension)
    if answers.unchanged(flask.request, has):
        return _chosen(answers.not_modified(has), extension), 0
    number = activity.newest() // A_PAGE
    older = [
        Closed(_address_of(each.number, extension), each.since, each.until)
        for each in activity.ranges(A_PAGE)
        if each.number < number
    ]
    root = address(extension)
    page = Page(_stream(), root, root, older)
    return _told(form, extension, page, number, has)


def _closed(form: Form, extension: str, first: int, last: int) -> tuple[Answer, int]:
    number = last // A_PAGE - 1
    root = address(extension)
    if (first, last) != _range(number) or last > activity.newest():
        raise Refused(404, Fault(_NO_PAGE, address=root))
    has = answers.version("changes", form.name, extension, *activity.revisions(first, last))
    if answers.unchanged(flask.request, has):
        answer, members = _chosen(answers.not_modified(has), extension), 0
    else:
        page = Page(_stream(), root, _address_of(number, extension))
        answer, members = _told(form, extension, page, number, has)
    answer.kept = _FOR_A_WEEK
    return answer, members


def _told(form: Form, extension: str, page: Page, number: int, has: Version) -> tuple[Answer, int]:
    """The page of a range of revisions."""
    root = address()
    members = [_member(root, each) for each in activity.changes(*_range(number))]
    answer = answers.sent(ldes.document(form.name, page, members), form.content_type, has)
    return _chosen(answer, extension), len(members)


def _chosen(answer: Answer, extension: str) -> Answer:
    """An answer of which the Accept header chose the form where the address does not say it."""
    if not extension:
        answer.vary.add("Accept")
    return answer


def _stream() -> str:
    return f"{address()}#stream"


def _member(root: str, change: Change) -> Member:
    iri = f"{root}#{change.revision}"
    return Member(iri, change.kind, change.uri, change.published, change.ntriples)


def _range(number: int) -> tuple[int, int]:
    return number * A_PAGE + 1, (number + 1) * A_PAGE


def _address_of(number: int, extension: str) -> str:
    first, last = _range(number)
    return address(extension, first=first, last=last)
