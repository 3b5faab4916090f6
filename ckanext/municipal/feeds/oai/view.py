"""``/oai``: the address of the repository, by GET and POST."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
import flask

from ckanext.municipal.feeds import answers, config, freshness
from ckanext.municipal.feeds.addresses import address
from ckanext.municipal.feeds.answers import Answer
from ckanext.municipal.feeds.counted import answered
from ckanext.municipal.feeds.model import harvested
from ckanext.municipal.feeds.model.harvested import Header, Wanted
from ckanext.municipal.feeds.oai import documents, errors, requests
from ckanext.municipal.feeds.oai.documents import Repository, Told
from ckanext.municipal.feeds.oai.errors import Problem, Unanswered
from ckanext.municipal.feeds.oai.requests import Request
from ckanext.municipal.lib.texts import N_, text
from ckanext.municipal.portal import city, vocabularies
from ckanext.municipal.portal import config as portal

# A change may be a moment old before others see it: who asks for what came since this answer, by the
# moment that it tells, misses none.
_SETTLED = timedelta(seconds=5)
_SET_NAME = re.compile(r"[\w.!~*'()-]+", re.A)
_KINDS = {"organization": N_("Departments"), "theme": N_("Themes of the European Union")}

_NO_RECORD = N_("identifier: {value} is of no dataset that is or was here.")
_NO_RECORDS = N_("Nothing changed in this period and set.")


def oai() -> flask.Response:
    """Answer a request, whichever of the six verbs it has."""
    return answered("oai", _answer)


def _answer() -> tuple[Answer, int]:
    post = flask.request.method == "POST"
    given = (flask.request.form if post else flask.request.args).to_dict(flat=False)
    # Weak: two answers that say the same tell different moments.
    has = replace(freshness.version("oai", _city().contact.email, sorted(given.items())), weak=True)
    if not post and answers.unchanged(flask.request, has):
        return answers.not_modified(has), 0
    at = datetime.now(UTC) - _SETTLED
    body, arguments, told = _told(given)
    document = documents.document(address("oai"), at, arguments, body)
    return answers.sent(document, "text/xml; charset=utf-8", has), told


def _told(given: dict[str, list[str]]) -> tuple[bytes, dict[str, str], int]:
    """The body of an answer, the arguments that it repeats, and how many datasets it tells of."""
    try:
        asked = requests.read(given)
        body, told = _VERBS[asked.verb](asked)
        return body, dict(asked.arguments), told
    except Unanswered as unanswered:
        language: Any = tk.h.lang()
        found = [(each.code, each.message(language)) for each in unanswered.problems]
        wrong = any(code in errors.WITHOUT_ARGUMENTS for code, _ in found)
        return documents.problems(found), {} if wrong else requests.repeated(given), 0


def _identify(_asked: Request) -> tuple[bytes, int]:
    name, email = _city().portal_title[_language()], _city().contact.email
    earliest = harvested.earliest() or datetime.now(UTC)
    return documents.identify(Repository(address("oai"), name, email, earliest)), 0


def _formats(asked: Request) -> tuple[bytes, int]:
    if asked.identifier:
        _one(asked.identifier)
    return documents.formats(), 0


def _sets(_asked: Request) -> tuple[bytes, int]:
    return documents.sets(_every_set()), 0


def _record(asked: Request) -> tuple[bytes, int]:
    found = _one(asked.identifier, documents.COLUMNS[asked.prefix])
    return documents.listed(asked.verb, asked.prefix, _as_told([found])), int(found.public)


def _list(asked: Request) -> tuple[bytes, int]:
    wanted = Wanted(asked.since, asked.before, asked.set)
    column = documents.COLUMNS[asked.prefix] if asked.verb == "ListRecords" else ""
    size = config.page_size()
    found = harvested.headers(wanted, asked.after, size + 1, column)
    rows, further = found[:size], found[size:]
    if not rows:
        raise Unanswered(Problem(errors.NO_RECORDS, _NO_RECORDS))
    told = _as_told(rows)
    number = sum(row.public for row in rows)
    if not further and not asked.resumed:
        return documents.listed(asked.verb, asked.prefix, told), number
    after = asked.cursor + len(rows)
    token = requests.token(asked, rows[-1].revision, after) if further else ""
    total = asked.cursor + harvested.count(wanted, asked.after)
    more = documents.more(token, total, asked.cursor)
    return documents.listed(asked.verb, asked.prefix, told, more), number


_VERBS: dict[str, Callable[[Request], tuple[bytes, int]]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _record,
    "ListIdentifiers": _list,
    "ListRecords": _list,
}


def _city() -> city.City:
    return city.load(portal.city_file())


def _language() -> str:
    return _city().languages[0]


def _start() -> str:
    """What every identifier begins with (https://www.openarchives.org/OAI/2.0/guidelines-oai-identifier.htm)."""
    return f"oai:{urlsplit(address('oai')).hostname}:"


def _one(identifier: str, column: str = "") -> Header:
    start = _start()
    dataset_id = identifier.removeprefix(start) if identifier.startswith(start) else ""
    found = harvested.one(dataset_id, column)
    if not found:
        raise Unanswered(Problem(errors.NO_RECORD, _NO_RECORD, value=identifier[:100]))
    return found


def _as_told(rows: Iterable[Header]) -> list[Told]:
    start = _start()
    return [
        Told(
            f"{start}{row.dataset_id}",
            row.changed,
            tuple(_sets_of(row)),
            not row.public,
            row.payload,
        )
        for row in rows
    ]


def _sets_of(row: Header) -> Iterator[str]:
    if row.organization:
        yield f"organization:{row.organization}"
    for uri in row.themes:
        if name := _theme_name(uri):
            yield f"theme:{name}"


def _theme_name(uri: str) -> str:
    """The code of an EU theme, "" where it could not be the name of a set."""
    name = uri.removeprefix(harvested.theme(""))
    return name if _SET_NAME.fullmatch(name) else ""


def _every_set() -> Iterator[tuple[str, str]]:
    """Yield the specification and the name of every set: those of a kind after the kind (§2.6)."""
    language: Any = _language()
    known = vocabularies.load("data-theme", portal.vocabularies_folder())
    yield "organization", text(_KINDS["organization"], language)
    for name, title in harvested.organizations():
        yield f"organization:{name}", title
    yield "theme", text(_KINDS["theme"], language)
    for uri in harvested.themes():
        concept = known.get(uri)
        if name := _theme_name(uri):
            yield f"theme:{name}", concept.label(language) if concept else name
