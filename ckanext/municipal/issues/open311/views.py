"""``/open311/v2``: discovery, services and requests, in JSON and XML. Read only, without an account."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import ckan.plugins.toolkit as tk
import flask
from ckan.lib.search.common import SearchError

from ckanext.municipal.issues.open311 import arguments, jurisdictions, reading, xml
from ckanext.municipal.issues.open311.answers import Teller, with_events
from ckanext.municipal.issues.open311.discovery import FORMATS, Jurisdiction, discovery
from ckanext.municipal.issues.open311.errors import Fault, Refused
from ckanext.municipal.issues.open311.negotiation import form, language
from ckanext.municipal.issues.open311.services import definition
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal import city, config, gazetteer
from ckanext.municipal.portal.language import offered, pick
from ckanext.municipal.store.errors import BadPosition, NoTable, StoreError
from ckanext.municipal.store.read import Position

ENDPOINT = "/open311/v2"

_NO_ADDRESS = N_(
    "There is nothing at this address. There are: discovery, services, services/CODE, requests and "
    "requests/ID, each with .json or .xml."
)
_NO_SERVICE = N_("service_code: there is no {value} here. The codes are those of services.")
_NO_REQUEST = N_("service_request_id: there is no request {value} here.")
_NO_LANGUAGE = N_("lang: {value} is not offered. There are: {known}.")
_NOT_NOW = N_("The portal cannot read its tables at the moment. Try again in a minute.")
_BEGIN_AGAIN = N_("after: this is no place in the list. Begin again at the first page.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its parameters, the language and form of the answer, the rest of its path."""

    given: dict[str, list[str]]
    language: str
    form: str
    name: str = ""

    @property
    def jurisdiction(self) -> Jurisdiction:
        """The city that is asked about. Raises Refused."""
        return jurisdictions.chosen(self.given.get("jurisdiction_id", ()))


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: an element's name for XML and the value; since when it is so (None: not
    known); where it goes on."""

    root: str
    value: Any
    since: datetime | None = None
    next: Position | None = None


def answer(path: str = "") -> flask.Response:
    """Answer whatever is asked below `ENDPOINT`, always in Open311's forms."""
    name, said = form(path, flask.request.accept_mimetypes)
    known = offered()
    given = {key: flask.request.args.getlist(key) for key in flask.request.args}
    address = None if flask.request.environ.get("CKAN_LANG_IS_DEFAULT", True) else tk.h.lang()
    told = language(given.get("lang", ()), address, flask.request.accept_languages, known)
    asked = Asked(given, told, said)
    try:
        _check_language(given.get("lang", ()), known)
        return _sent(asked, _found(name.strip("/"), asked))
    except Refused as refused:
        return _refusal(asked, refused)
    except NoTable:
        return _refusal(asked, Refused(404, Fault(jurisdictions.NONE)))
    except BadPosition:
        return _refusal(asked, Refused(400, Fault(_BEGIN_AGAIN)))
    except (StoreError, SearchError):
        return _refusal(asked, Refused(503, Fault(_NOT_NOW)))


def get_blueprints() -> list[flask.Blueprint]:
    """Return the addresses of Open311."""
    pages = flask.Blueprint("municipal_open311", __name__)
    pages.add_url_rule(ENDPOINT, view_func=answer, strict_slashes=False)
    pages.add_url_rule(f"{ENDPOINT}/<path:path>", view_func=answer)
    return [pages]


def _found(name: str, asked: Asked) -> Answer:
    resource, _, rest = name.partition("/")
    if rest and resource in _ONE:
        return _ONE[resource](Asked(asked.given, asked.language, asked.form, rest))
    if not rest and resource in _ALL:
        return _ALL[resource](asked)
    raise Refused(404, Fault(_NO_ADDRESS))


def _discovery(asked: Asked) -> Answer:
    arguments.check_names(asked.given, ())
    contact = city.load(config.city_file()).contact
    url = _address("")
    who = (pick(contact.name, asked.language), contact.email, contact.url)
    return Answer("discovery", discovery(url, who, jurisdictions.published(), asked.language))


def _services(asked: Asked) -> Answer:
    arguments.check_names(asked.given, ())
    of = asked.jurisdiction
    return Answer("services", reading.categories(of.tables).services(asked.language), _since(of))


def _service(asked: Asked) -> Answer:
    arguments.check_names(asked.given, ())
    of = asked.jurisdiction
    if asked.name not in reading.categories(of.tables):
        raise Refused(404, Fault(_NO_SERVICE, value=asked.name[:40]))
    return Answer("service_definition", definition(asked.name), _since(of))


def _requests(asked: Asked) -> Answer:
    of = asked.jurisdiction
    wanted = arguments.question(asked.given, of.tables.zone, datetime.now(UTC))
    since = None if wanted.moving else _since(of)  # looked at before the rows are
    teller = _teller(asked, of)
    if unknown := [code for code in wanted.codes if code not in teller.categories]:
        raise Refused(404, *(Fault(_NO_SERVICE, value=code[:40]) for code in unknown[:5]))
    rows, further = reading.requests(of.tables, wanted)
    if not wanted.extended:
        return Answer("service_requests", [teller.request(row) for row in rows], since, further)
    events = reading.events(of.tables, (row["id"] for row in rows))
    told = [teller.request(row, own) for row, own in with_events(rows, events)]
    return Answer("service_requests", told, since, further)


def _request(asked: Asked) -> Answer:
    extended = arguments.extended_only(asked.given)
    of = asked.jurisdiction
    since = _since(of)
    row = reading.request(of.tables, asked.name)
    if row is None:
        raise Refused(404, Fault(_NO_REQUEST, value=asked.name[:40]))
    events = reading.events(of.tables, [asked.name]) if extended else None
    return Answer("service_requests", [_teller(asked, of).request(row, events)], since)


_ALL: dict[str, Callable[[Asked], Answer]] = {
    "discovery": _discovery,
    "services": _services,
    "requests": _requests,
}
_ONE: dict[str, Callable[[Asked], Answer]] = {"services": _service, "requests": _request}


def _teller(asked: Asked, of: Jurisdiction) -> Teller:
    places = gazetteer.load(config.gazetteer_file())
    site = config.site_url()
    return Teller(
        language=asked.language,
        schema=of.tables.schema("requests"),
        categories=reading.categories(of.tables),
        districts={place.code: place.name(asked.language) for place in places},
        page=lambda request_id: f"{site}/issues/request/{quote(request_id, safe='')}",
    )


def _since(of: Jurisdiction) -> datetime | None:
    return reading.last_changed(of.tables, of.changed)


def _address(path: str) -> str:
    """The address by which the portal is known, whatever host the question was sent to."""
    options = {"path": path} if path else {}
    return tk.h.url_for("municipal_open311.answer", locale="default", qualified=True, **options)


def _check_language(said: Sequence[str], known: Sequence[str]) -> None:
    for wanted in said:
        if wanted.strip() and wanted.strip().lower() not in known:
            raise Refused(400, Fault(_NO_LANGUAGE, value=wanted[:40], known=", ".join(known)))


def _sent(asked: Asked, told: Answer) -> flask.Response:
    response = _response(asked, 200, told.root, told.value)
    if told.since:
        response.last_modified = told.since
    if told.next:
        query = {key: values for key, values in asked.given.items() if key not in ("page", "after")}
        query |= {"lang": [asked.language], "after": [told.next.token()]}
        address = f"{_address(f'requests.{asked.form}')}?{urlencode(query, doseq=True)}"
        response.headers["Link"] = f'<{address}>; rel="next"'
    response.add_etag()
    response.make_conditional(flask.request)
    return response


def _refusal(asked: Asked, refused: Refused) -> flask.Response:
    response = _response(asked, refused.status, "errors", refused.body(asked.language))
    if refused.status == 503:
        response.retry_after = 60
    return response


def _response(asked: Asked, status: int, root: str, value: Any) -> flask.Response:
    if asked.form == "xml":
        body = xml.document(root, value)
    else:
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    response = flask.Response(body, status, content_type=f"{FORMATS[asked.form]}; charset=utf-8")
    response.content_language.add(asked.language)
    response.vary.update(("Accept", "Accept-Language"))
    return response
