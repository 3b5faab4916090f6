"""The addresses of the feeds for harvesters: the catalogue in pages and whole, datasets, deletions.

They answer everybody alike, whoever is signed in. The addresses of ckanext-dcat are answered here
too, whichever of the two plugins is enabled first, and so is a page for people that is asked for
as RDF.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import ckan.plugins.toolkit as tk
import flask
from ckan import model

from ckanext.municipal.feeds import (
    answers,
    changes,
    config,
    dump,
    forms,
    freshness,
    kept,
    overview,
    pages,
)
from ckanext.municipal.feeds import questions as asking
from ckanext.municipal.feeds.addresses import address as address_of
from ckanext.municipal.feeds.answers import Version
from ckanext.municipal.feeds.counted import answered
from ckanext.municipal.feeds.forms import Form
from ckanext.municipal.feeds.model import served
from ckanext.municipal.feeds.model.served import Deletion
from ckanext.municipal.feeds.oai import view
from ckanext.municipal.feeds.refusals import Fault, Refused
from ckanext.municipal.lib.rdf import fragments
from ckanext.municipal.lib.texts import N_

DELETIONS_AT_ONCE = 1_000

_NO_DATASET = N_("There is no public dataset {value} here.")
_GONE = N_("Dataset {value} was removed. What was removed, and when, is told at {address}")
_STOCK_DATASETS = ("dcat.read_dataset", "dcat.read_dataset_series")

Answer = tuple[flask.Response, int]


def page(extension: str) -> flask.Response:
    """Send a page of the catalogue."""
    return answered("pages", lambda: _page(forms.by_extension(extension), extension))


def negotiated() -> flask.Response:
    """Send a page of the catalogue as the Accept header wants it; people are shown what there is."""
    accept = flask.request.accept_mimetypes
    if forms.HTML in accept.values() and not forms.instead_of_html(accept):
        return flask.redirect(tk.h.url_for("municipal_feeds.overview"), 303)  # type: ignore[return-value]
    return answered("pages", lambda: _chosen(_page, forms.by_accept(accept)))


def full(name: str) -> flask.Response:
    """Send the whole catalogue: ``ttl``, or ``ttl.gz`` for a gzip file."""
    return answered("full", lambda: _full(name))


def dataset(reference: str, extension: str) -> flask.Response:
    """Send the record of one dataset, by id or name."""
    return answered("dataset", lambda: _dataset(forms.by_extension(extension), reference))


def deletions() -> flask.Response:
    """Send what was removed since a moment, as JSON."""
    return answered("deletions", _deletions)


def instead() -> flask.Response | None:
    """Answer what another plugin, or a page for people, would; None where RDF is not asked for."""
    if flask.request.method not in ("GET", "HEAD"):
        return None
    name, parts = flask.request.endpoint, flask.request.view_args or {}
    extension = parts.get("_format")
    if name == "dcat.read_catalog" and extension:
        return page(extension)
    if name in _STOCK_DATASETS and extension:
        return dataset(parts["_id"], extension)
    form = forms.instead_of_html(flask.request.accept_mimetypes) if _has_rdf(name) else None
    if form is None:
        return None
    reference = parts.get("_id") or parts.get("id")
    if reference is None:
        return answered("pages", lambda: _chosen(_page, form))
    return answered("dataset", lambda: _chosen(_dataset, form, reference))


def vary(response: flask.Response) -> flask.Response:
    """Tell caches of a page for people that it may also be had as RDF."""
    if _has_rdf(flask.request.endpoint):
        response.vary.add("Accept")
    return response


def _has_rdf(endpoint: str | None) -> bool:
    """Whether an address is that of a page for people which RDF can be had of."""
    pages_ = ("home.index", "dcat.read_catalog", *_STOCK_DATASETS)
    return endpoint in (*pages_, *(f"{type_}.read" for type_ in config.types()))


def _given() -> dict[str, list[str]]:
    return {name: flask.request.args.getlist(name) for name in flask.request.args}


def _chosen(make: Any, form: Form, *parts: str) -> Answer:
    """An answer of which the Accept header chose the form."""
    answer, datasets = make(form, *parts)
    answer.vary.add("Accept")
    return answer, datasets


def _page(form: Form, extension: str = "") -> Answer:
    asked = asking.question(_given(), config.profiles())
    size = config.page_size()
    address = address_of("page", extension=extension or form.extension)
    # The search index may be a moment behind the records: what it answers has no version before it is made.
    place = (address, size, asked.choice(), asked.page, asked.after)
    has = None if asked.searches else freshness.version(*place)
    if has and answers.unchanged(flask.request, has):
        return answers.not_modified(has), 0
    made = pages.page(form, asked, address, size)
    has = has or answers.version(made.body)
    if asked.searches and answers.unchanged(flask.request, has):
        return answers.not_modified(has), 0
    answer = answers.sent(made.body, form.content_type, has)
    if links := made.links.header():
        answer.headers["Link"] = links
    return answer, made.datasets


def _full(name: str) -> Answer:
    extension = name.removesuffix(".gz")
    form = forms.by_extension(extension)
    has = _version_of_all(form)
    if answers.unchanged(flask.request, has):
        return answers.not_modified(has), 0
    is_file = name != extension
    zipped = is_file or answers.wants_gzip()
    body = _whole(form, f"{extension}.gz" if zipped else extension, has)
    datasets = served.count(served.Choice())
    if is_file:
        return answers.file(body, f"catalog-full.{name}", has), datasets
    return answers.streamed(body, form.content_type, has, compressed=zipped), datasets


def _version_of_all(form: Form) -> Version:
    return freshness.version("full", form.extension, fragments.head(form.name))


def _whole(form: Form, name: str, has: Version) -> Iterable[bytes]:
    """The catalogue as a file that is there, or record by record, which makes the file."""
    if file := kept.opened(name, has.tag):
        return file
    pieces = dump.pieces(form.name)
    if name != form.extension:
        pieces = answers.zipped(pieces)
    return kept.keep(pieces, name, has.tag, lambda: _is_still(has, form))


def _is_still(has: Version, form: Form) -> bool:
    """Asked when an answer has been sent, and its request is over."""
    try:
        return _version_of_all(form).tag == has.tag
    finally:
        model.Session.remove()


def _dataset(form: Form, reference: str) -> Answer:
    asking.question(_given(), config.profiles())
    known = served.known(reference)
    if known and known.state == "gone":
        address = address_of("deletions")
        raise Refused(410, Fault(_GONE, value=known.dataset_id, address=address))
    if not known or known.state != "public":
        raise Refused(404, Fault(_NO_DATASET, value=reference[:100]))
    head = fragments.head(form.name)
    has = answers.version(form.media_type, head, known.digest, changed=known.changed)
    if answers.unchanged(flask.request, has):
        return answers.not_modified(has), 0
    told = served.fragment(form.name, known.dataset_id)
    if told is None:  # made private since the line before
        raise Refused(404, Fault(_NO_DATASET, value=reference[:100]))
    body = fragments.document(form.name, [told])
    answer = answers.sent(body, form.content_type, has)
    address = address_of("dataset", reference=known.dataset_id, extension=form.extension)
    answer.headers["Content-Location"] = address
    return answer, 1


def _deletions() -> Answer:
    since, after = asking.deletions(_given())
    has = freshness.version("deletions", since, after)
    if answers.unchanged(flask.request, has):
        return answers.not_modified(has), 0
    as_of = served.state().changed
    found = served.deletions(since, after, DELETIONS_AT_ONCE + 1)
    rows = found[:DELETIONS_AT_ONCE]
    next_ = None
    if len(found) > len(rows):
        place = {"after": str(rows[-1].revision)}
        next_ = address_of(
            "deletions", **place, **({"deleted_since": since.isoformat()} if since else {})
        )
    told = {
        "deleted_since": since.isoformat() if since else None,
        "as_of": as_of.isoformat() if as_of else None,
        "deleted": [_deletion(each) for each in rows],
        "next": next_,
    }
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return answers.sent(body, "application/json", has), len(rows)


def _deletion(each: Deletion) -> dict[str, str]:
    return {"id": each.dataset_id, "uri": each.uri, "deleted": each.deleted.isoformat()}


def get_blueprints() -> list[flask.Blueprint]:
    """Return the addresses of the feeds."""
    from ckan.config.middleware.flask_app import csrf  # it is loaded after the plugins are

    feeds = flask.Blueprint("municipal_feeds", __name__)
    feeds.add_url_rule("/catalog", "negotiated", negotiated)
    feeds.add_url_rule("/catalog.<extension>", "page", page)
    feeds.add_url_rule("/catalog-full.<name>", "full", full)
    feeds.add_url_rule("/dataset/<reference>.<extension>", "dataset", dataset)
    feeds.add_url_rule("/dataset_series/<reference>.<extension>", "series", dataset)
    feeds.add_url_rule("/feeds", "overview", overview.index)
    feeds.add_url_rule("/feeds/deleted.json", "deletions", deletions)
    place = "/feeds/changes/<int:first>-<int:last>"
    for ending in ("", ".<extension>"):
        feeds.add_url_rule(f"/feeds/changes{ending}", "changes", changes.newest)
        feeds.add_url_rule(f"{place}{ending}", "closed_changes", changes.closed)
    feeds.add_url_rule("/oai", "oai", view.oai, methods=["GET", "POST"])
    csrf.exempt(view.oai)  # programs send what they look for by POST; nothing is written
    feeds.before_app_request(instead)
    feeds.after_app_request(vary)
    feeds.after_request(_open)
    return [feeds]


def _open(response: flask.Response) -> flask.Response:
    answers.open_to_all(response.headers)
    return response
