"""The datasets that a ``q`` and an ``fq`` find, by CKAN's own search as a visitor would ask it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pysolr
from ckan.lib.search.common import SearchError, SolrConnectionError
from ckan.lib.search.query import solr_literal

from ckanext.municipal.feeds.refusals import Fault, Refused
from ckanext.municipal.lib.texts import N_

_AT_ONCE = 1000  # CKAN gives no more at once unless told otherwise

_NOT_UNDERSTOOD = N_(
    "{names}: the search does not understand this. Write words in q, and field:value in fq, such as "
    "fq=organization:name or fq=tags:water; a value with spaces stands in quotes."
)
_NOT_NOW = N_("The search does not answer at the moment. Try again in a minute.")


def found_ids(q: str, fq: str) -> list[str]:
    """Return the ids of all datasets that a query finds.

    They are asked for by id, each part after the last id of the one before, so that none is lost
    while the index changes. Raises Refused: 400 for what the search cannot read, 503 where it is away.
    """
    found: list[str] = []
    while part := _part(q, fq, found[-1] if found else None):
        found += part
    return found


def _part(q: str, fq: str, after: str | None) -> list[str]:
    query: dict[str, Any] = {
        "q": q or "*:*",
        "fq": fq,
        "fl": ["id"],
        "sort": "id asc",
        "rows": _AT_ONCE,
        "facet": "false",
    }
    if after is not None:
        query["fq_list"] = [f"id:{{{solr_literal(after)} TO *]"]
    visitor: Any = {"user": "", "ignore_auth": False, "auth_user_obj": None}
    try:
        answer = tk.get_action("package_search")(visitor, query)
    except SolrConnectionError:
        raise Refused(503, Fault(_NOT_NOW)) from None
    except (SearchError, tk.ValidationError) as error:
        raise _refusal(error, q, fq) from None
    return [each["id"] for each in answer["results"]]


def _refusal(error: Exception, q: str, fq: str) -> Refused:
    """What Solr refuses as a bad request is the reader's; anything else that it says is not."""
    cause = error.__context__
    if isinstance(cause, pysolr.SolrError) and "(HTTP 400)" not in str(cause):
        return Refused(503, Fault(_NOT_NOW))
    names = [name for name, text in (("q", q), ("fq", fq)) if text]
    return Refused(400, Fault(_NOT_UNDERSTOOD, names=", ".join(names)))
