"""Actions of citizens' requests: what programs and our own pages ask. All are GET and open to everybody.

Each answers about a dataset that the reader may see, and no other. Moments are by the municipality's
clock, ``timezone`` says which; days are numbers with two decimals; null is what is not known or not
told: no figure stands for fewer requests than ``smallest_group``. docs/actions.md shows each with
its answer.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.municipal.issues import answers, choice, figures
from ckanext.municipal.issues.logic import schema
from ckanext.municipal.issues.logic.validators import beginning_again
from ckanext.municipal.issues.open311 import reading
from ckanext.municipal.issues.open311.jurisdictions import NONE
from ckanext.municipal.issues.published import PublishedRequests, published_requests
from ckanext.municipal.portal import config, gazetteer
from ckanext.municipal.store.errors import BadPosition

__all__ = [
    "municipal_issue_categories",
    "municipal_issue_cells",
    "municipal_issue_search",
    "municipal_issue_show",
    "municipal_issue_statistics",
]

_ = tk._


@tk.side_effect_free
@tk.validate_action_data(schema.search)
def municipal_issue_search(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the requests that fit, page by page.

    :param category: one or more codes, ``cleaning,lighting``; those below them are meant too
        (optional)
    :param status: one or more of ``open``, ``in_progress``, ``closed``, ``archived``,
        ``rejected`` (optional)
    :param close_reason: one or more of ``solved``, ``not_solved``, ``duplicate``,
        ``not_responsible``, ``withdrawn``, ``unknown`` (optional)
    :param district: one or more codes of districts (optional)
    :param start: the day or moment from which on they were made, ``2026-01-31`` (optional)
    :param end: the day or moment until which they were made, itself included (optional)
    :param q: words that must all be in a request's texts; accents, case and final sigma do not
        matter (optional)
    :param bbox: ``west,south,east,north`` in degrees (optional)
    :param sort: ``requested``, ``updated``, ``closed``, ``votes``, ``days_to_acknowledge`` or
        ``days_to_close``, with ``-`` before it the largest first; ``-requested`` by default
        (optional)
    :param limit: requests at most, 100 by default, 10000 at most (optional)
    :param after: where the page begins: ``next`` of the answer before (optional)
    :param municipality: Diavgeia id; the portal's own city by default (optional)

    :returns: whose requests they are (``municipality``, ``dataset_id``, ``as_of``,
        ``timezone``, ``smallest_group`` …), ``total`` (how many fit), ``requests``, and ``next`` or null
    :rtype: dictionary

    Example: ``/api/action/municipal_issue_search?status=open,in_progress&sort=-votes&limit=10``
    """
    of = _single(context, data_dict, "municipal_issue_search")
    teller = _teller(context, of)
    where = choice.where(data_dict, of.stored, teller.categories)
    words = data_dict.get("q") or ""
    try:
        rows, further = reading.page(
            of.stored,
            where,
            search=words,
            sort=(data_dict["sort"],),
            limit=data_dict["limit"],
            after=data_dict.get("after"),
        )
    except BadPosition:
        raise tk.ValidationError({"after": [beginning_again()]}) from None
    return {
        **answers.dataset(of),
        "total": reading.count(of.stored, where, words),
        "requests": [teller.request(row) for row in rows],
        "next": further.token() if further else None,
    }


@tk.side_effect_free
@tk.validate_action_data(schema.cells)
def municipal_issue_cells(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return how many of the requests that fit lie in each square of the grid.

    Takes the filters of ``municipal_issue_search``. Squares with fewer requests than
    ``smallest_group``, and requests whose place is not published, are left out.

    :param category: one or more codes, with those below them (optional)
    :param status: one or more of the statuses (optional)
    :param close_reason: one or more of the reasons (optional)
    :param district: one or more codes of districts (optional)
    :param start: from which day on they were made (optional)
    :param end: until which day they were made (optional)
    :param q: words that must all be in a request's texts (optional)
    :param bbox: ``west,south,east,north`` in degrees (optional)
    :param municipality: Diavgeia id; the portal's own city by default (optional)

    :returns: whose requests they are, and ``cells``, the fullest first, each with ``cell``,
        ``lat`` and ``long`` of its middle, ``metres`` of its side, and ``requests``
    :rtype: dictionary

    Example: ``/api/action/municipal_issue_cells?category=lighting&start=2026-01-01``
    """
    of = _single(context, data_dict, "municipal_issue_cells")
    where = choice.where(data_dict, of.stored, _teller(context, of).categories)
    found = reading.cells(of.stored, where, data_dict.get("q") or "")
    told = [answers.cell(*row) for row in found if row[-1] >= of.k]
    ordered = sorted(told, key=lambda each: (-each["requests"], each["cell"]))
    return {**answers.dataset(of), "cells": ordered}


@tk.side_effect_free
@tk.validate_action_data(schema.show)
def municipal_issue_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return one request with its history.

    :param id: id of the request, as text: ``006`` is not ``6``
    :param municipality: Diavgeia id; the portal's own city by default (optional)

    :returns: whose it is, ``request``, and ``events``: every change of status, the oldest first,
        with ``at``, ``from_status``, ``to_status``, ``step_raw`` (the source's word),
        ``days_in_step`` and ``told``: by the ``source``, or ``derived`` from the dates
    :rtype: dictionary

    Example: ``/api/action/municipal_issue_show?id=1001``
    """
    of = _single(context, data_dict, "municipal_issue_show")
    row = reading.request(of.stored, data_dict["id"])
    if row is None:
        raise tk.ObjectNotFound(_("There is no request of this number, or it was withdrawn."))
    return {
        **answers.dataset(of),
        "request": _teller(context, of).request(row),
        "events": [answers.event(each) for each in reading.events(of.stored, [row["id"]])],
    }


@tk.side_effect_free
@tk.validate_action_data(schema.statistics)
def municipal_issue_statistics(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return how many requests there were, how many were closed and solved, and how long it took.

    :param by: one or more of ``month`` (default), ``year``, ``category``, ``district`` (optional)
    :param period: of a year or month, ``2026`` or ``2026-03``; all time by default (optional)
    :param category: of a category and those below it; all by default (optional)
    :param district: of a district; the whole city by default (optional)
    :param municipality: Diavgeia id; the portal's own city by default (optional)

    :returns: whose requests they are, ``total`` (null where the group is too small to tell) and
        ``by``: for each of those asked the parts, ``period``, ``category`` or ``district`` with
        its ``name``. Each has ``requested``, ``closed``, ``solved``, ``open_at_end``,
        ``median_days_to_acknowledge``, ``median_days_to_close``, ``mean_days_to_close`` and
        ``suppressed``: whether any of these is withheld, being too small
    :rtype: dictionary

    Example: ``/api/action/municipal_issue_statistics?by=month,category``
    """
    of = _published(context, data_dict, "municipal_issue_statistics")
    if "statistics" not in of.tables:
        raise tk.ObjectNotFound(_("No figures of requests are published here."))
    asked = (data_dict.get(name) or "" for name in ("period", "category", "district"))
    group, teller = figures.Group(*asked), _teller(context, of)
    if group.category and group.category not in teller.categories:
        raise tk.ObjectNotFound(choice.no_category(group.category))
    told = figures.told(of.stored, group, data_dict["by"], of.k)
    below = teller.categories.below([group.category]) if group.category else None
    return {
        **answers.dataset(of),
        "total": answers.figures(told.total) if told.total else None,
        "by": {
            by: [
                teller.part(by)(row)
                for row in rows
                if by != "category" or below is None or row["category_code"] in below
            ]
            for by, rows in told.series.items()
        },
    }


@tk.side_effect_free
@tk.validate_action_data(schema.categories)
def municipal_issue_categories(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the categories of requests, ordered by their paths.

    :param municipality: Diavgeia id; the portal's own city by default (optional)

    :returns: whose they are, and ``categories``, each with ``code``, ``parent``, ``path`` (codes
        from the top), ``name`` by language, ``source_names`` (all that the source has used),
        ``sensitive`` (published without any place), ``requests`` directly in it,
        ``first_requested`` and ``last_requested``
    :rtype: dictionary

    Example: ``/api/action/municipal_issue_categories``
    """
    of = _published(context, data_dict, "municipal_issue_categories")
    rows = of.stored.rows("categories") if "categories" in of.tables else ()
    return {**answers.dataset(of), "categories": answers.categories(rows, of.k)}


def _published(context: Context, asked: DataDict, action: str) -> PublishedRequests:
    """The dataset that is asked about, once it is sure that the reader may see it."""
    known = _remembered(context, "published")
    if asked["municipality"] not in known:
        known[asked["municipality"]] = published_requests(context, asked["municipality"])
    found = known[asked["municipality"]]
    if not found:
        tk.check_access(action, context, {})
        raise tk.ObjectNotFound(_(NONE))
    tk.check_access(action, tk.fresh_context(context), {"id": found[0].id})
    return found[0]


def _remembered(context: Any, what: str) -> dict[str, Any]:
    """What was found with this context: a page asks several actions with the same one."""
    return context.setdefault(f"municipal_issues_{what}", {})


def _single(context: Context, asked: DataDict, action: str) -> PublishedRequests:
    """The same, where single requests are published."""
    of = _published(context, asked, action)
    if not of.single:
        raise tk.ObjectNotFound(
            _("Single requests are not published here, only figures of all of them.")
        )
    return of


def _teller(context: Context, of: PublishedRequests) -> answers.Teller:
    known = _remembered(context, "tellers")
    if of.id not in known:
        places = gazetteer.load(config.gazetteer_file())
        districts = {place.code: place.names for place in places}
        known[of.id] = answers.Teller(reading.categories(of.stored), districts)
    return known[of.id]
