"""``/issues/feed.atom``: requests by category, district and status, for people who follow a place.

Asked as a visitor without an account, whoever asks: the same for everybody, so that it may be kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
import flask
from ckan.lib.search.common import SearchError

from ckanext.municipal.issues import atom
from ckanext.municipal.issues.helpers import municipal_issue_status, municipal_issue_word
from ckanext.municipal.issues.open311 import reading
from ckanext.municipal.issues.open311.jurisdictions import authority
from ckanext.municipal.issues.page import reasons
from ckanext.municipal.issues.published import PublishedRequests, anonymous, published_requests
from ckanext.municipal.issues.tables import Tables
from ckanext.municipal.portal import config, gazetteer
from ckanext.municipal.portal.written import municipal_moment, municipal_name
from ckanext.municipal.store.errors import StoreError

PARAMETERS = ("municipality", "category", "district", "status")
A_PAGE = 50
_ = tk._
Answer = dict[str, Any]
Asked = Mapping[str, str]


def answer() -> flask.Response:
    """Send a page of the feed, or 304 where the reader has it already."""
    given = tk.request.args
    names = (*PARAMETERS, "after")
    asked = {name: text for name in names if (text := given.get(name, "").strip())}
    query = {**asked, "sort": "-updated", "limit": A_PAGE}
    try:
        found = tk.get_action("municipal_issue_search")(anonymous(), query)
        of = _published(found)
        since = reading.last_changed(of.stored, of.changed)
    except tk.ValidationError as error:
        return _refused(400, reasons(error))
    except tk.ObjectNotFound as error:
        return _refused(404, error.message or "")
    except (StoreError, SearchError):
        return _refused(
            503, _("The portal cannot read its tables at the moment. Try again in a minute.")
        )
    told = atom.document(_feed(asked, found, of.stored, since))
    response = flask.Response(told, content_type=f"{atom.MEDIA_TYPE}; charset=utf-8")
    if since:
        response.last_modified = since
    response.add_etag()
    response.make_conditional(flask.request)
    return response


def _refused(status: int, reason: str) -> flask.Response:
    response = flask.Response(f"{reason}\n", status, content_type="text/plain; charset=utf-8")
    if status == 503:
        response.retry_after = 60
    return response


def _published(found: Answer) -> PublishedRequests:
    return next(
        each
        for each in published_requests(anonymous(), found["municipality"])
        if each.id == found["dataset_id"]
    )


def _feed(asked: Asked, found: Answer, of: Tables, since: datetime | None) -> atom.Feed:
    language = tk.h.lang()
    chosen = {name: asked[name] for name in PARAMETERS if name in asked}
    entries = [_entry(asked, found, one) for one in found["requests"]]
    updated = [entry.updated for entry in entries] + ([since] if since else [])
    name = municipal_name(found["municipality_name"]) or found["municipality"]
    parts = [f"{key}={value}" for key, value in sorted(chosen.items())]
    return atom.Feed(
        id=atom.tag(authority(), "requests", found["municipality"], language, *parts),
        title=_title(chosen, of, name),
        author=name,
        language=language,
        updated=max(updated, default=_local(found["as_of"], found)),
        own=_address("feed", asked),
        page=_address("index", chosen),
        first=_address("feed", chosen),
        next=_address("feed", {**chosen, "after": found["next"]}) if found["next"] else None,
        entries=entries,
    )


def _title(chosen: Asked, of: Tables, name: str) -> str:
    """The name of the feed: whose requests, and what they were chosen by."""

    def parts(parameter: str) -> list[str]:
        return [text for each in chosen.get(parameter, "").split(",") if (text := each.strip())]

    title = f"{_('Requests')}, {name}"
    categories = reading.categories(of)
    places = gazetteer.load(config.gazetteer_file())
    narrowed = [municipal_name(categories.names(code)) for code in parts("category")]
    for code in parts("district"):
        place = places.find(code)
        narrowed.append(municipal_name(place.names) if place else code)
    narrowed += [municipal_issue_word("status", status) for status in parts("status")]
    return f"{title}: {', '.join(narrowed)}" if narrowed else title


def _entry(asked: Asked, found: Answer, one: Answer) -> atom.Entry:
    category = municipal_name(one["category_name"])
    status = municipal_issue_status(one)
    place = municipal_name(one["district_name"]) or one["district"] or ""
    said = [part for part in (one["description"], category, status, place, one["address"]) if part]
    if one["requested"]:
        moment = municipal_moment(one["requested"])
        said.append(_("Requested on {moment}.").format(moment=moment))
    whose = {"municipality": asked["municipality"]} if "municipality" in asked else {}
    return atom.Entry(
        id=atom.tag(authority(), "requests", found["municipality"], one["id"]),
        title=f"{one['title'] or category}: {status}",
        summary=" · ".join(said),
        page=_address("request", {**whose, "request_id": one["id"]}),
        published=_local(one["requested"], found) if one["requested"] else None,
        updated=_local(one["updated"] or one["requested"] or found["as_of"], found),
        category=(one["category"], category),
    )


def _local(text: str, found: Answer) -> datetime:
    """A moment of an answer, with the zone that the answer names."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(found["timezone"]))


def _address(view: str, parameters: Asked) -> str:
    return tk.h.url_for(f"municipal_issues.{view}", qualified=True, **parameters)
