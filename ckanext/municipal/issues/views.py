"""Pages of requests: ``/issues``, one request, and every table of both as CSV. Every view has its address."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import flask

from ckanext.municipal.issues import cells, feed, page_table
from ckanext.municipal.issues.figures import SERIES
from ckanext.municipal.issues.geojson import MEDIA_TYPE
from ckanext.municipal.issues.page import (
    NothingThere,
    all_found,
    asked_of,
    cells_of,
    figures_of,
    found_of,
    is_published,
    page_of,
    request_of,
)
from ckanext.municipal.store.shown import csv_answer

_FURTHER = "issues/further.html"


def index() -> Any:
    """Show the figures, the map and the newest requests, or a further page of the list."""
    asked = asked_of(tk.request.args)
    if "after" in asked:
        return tk.render(_FURTHER, {"asked": asked, "found": found_of(asked)})
    return tk.render("issues/index.html", {"page": page_of(asked)})


def table() -> Any:
    """Send all the requests that the page with the same parameters lists, as CSV."""
    asked = asked_of(tk.request.args)
    found_of(asked, 0)  # what is wrong with the question is said before anything is sent
    return csv_answer("requests.csv", page_table.request_table(all_found(asked)))


def figures() -> Any:
    """Send the figures of the months, years, categories or districts as CSV."""
    by = tk.request.args.get("by", SERIES[0])
    found = figures_of(asked_of(tk.request.args), by)["by"]
    if by not in found:
        raise NothingThere(tk._("The address names no table."), status=400)
    return csv_answer(f"requests-by-{by}.csv", page_table.figures_table(found[by], by))


def map_cells() -> Any:
    """Send the squares of the map as GeoJSON."""
    found = cells_of(asked_of(tk.request.args))
    told = cells.collection(found["cells"], found["smallest_group"])
    flask.request.environ["__no_cache__"] = True  # CKAN's own sign: made with the reader's rights
    return flask.Response(json.dumps(told, separators=(",", ":")), content_type=MEDIA_TYPE)


def map_table() -> Any:
    """Send the squares of the map as CSV."""
    found = cells_of(asked_of(tk.request.args))["cells"]
    return csv_answer("requests-by-square.csv", page_table.cell_table(found))


def request(request_id: str) -> Any:
    """Show one request: what it is, where it stands, and how it came there."""
    asked = asked_of(tk.request.args)
    found = request_of(asked, request_id)
    told = found["request"]
    linked = is_published(asked, told["duplicate_of"])
    # `request` is Flask's own in every template.
    return tk.render(
        "issues/request.html", {"asked": asked, "told": told, "linked": linked, **found}
    )


def course() -> Any:
    """Send the history of a request as CSV."""
    asked = asked_of(tk.request.args)
    found = request_of(asked, tk.request.args.get("id", ""))
    return csv_answer("request-history.csv", page_table.event_table(found["events"]))


def get_blueprints() -> list[flask.Blueprint]:
    """Return the pages of plugin ``municipal_issues``."""
    pages = flask.Blueprint("municipal_issues", __name__)
    for address, view in (
        ("/issues", index),
        ("/issues.csv", table),
        ("/issues/figures.csv", figures),
        ("/issues/map.geojson", map_cells),
        ("/issues/map.csv", map_table),
        ("/issues/course.csv", course),
        ("/issues/request/<path:request_id>", request),
    ):
        pages.add_url_rule(address, view.__name__, _or_nothing(view))
    pages.add_url_rule("/issues/feed.atom", "feed", feed.answer)
    return [pages]


def _or_nothing(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that says on a page why there is nothing to show."""

    def shown(**parts: str) -> Any:
        try:
            return view(**parts)
        except NothingThere as nothing:
            asked = asked_of(tk.request.args)
            # A portal that has no requests yet is no error of whoever looks.
            empty = view is index and not asked and nothing.status == 404
            values = {"reason": nothing.reason, "asked": asked}
            return tk.render("issues/nothing.html", values), 200 if empty else nothing.status

    return shown
