"""What all feeds have in common: a refusal becomes a sentence, and each request is counted."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import flask
from sqlalchemy.exc import InterfaceError, OperationalError

from ckanext.municipal.feeds import answers, clients
from ckanext.municipal.feeds.model import pulls
from ckanext.municipal.feeds.refusals import Fault, Refused
from ckanext.municipal.lib.texts import N_

log = logging.getLogger(__name__)

FEEDS = {
    "pages": N_("The catalogue in pages"),
    "full": N_("The whole catalogue"),
    "dataset": N_("Single datasets"),
    "deletions": N_("What was removed"),
    "changes": N_("What changed (LDES)"),
    "oai": "OAI-PMH",
}
"""What can be pulled, by the name under which it is counted."""

_NOT_NOW = N_("The portal cannot read its records at the moment. Try again in a minute.")


def answered(feed: str, make: Callable[[], tuple[flask.Response, int]]) -> flask.Response:
    """Return what ``make`` answers, with the number of datasets in it; count it under a feed."""
    try:
        answer, datasets = make()
    except Refused as refused:
        answer, datasets = refusal(refused), 0
    except (OperationalError, InterfaceError):
        log.exception("Feed %s cannot be read", feed)
        return refusal(Refused(503, Fault(_NOT_NOW)))
    if flask.request.method != "HEAD":  # who asks for the head first is counted once
        outcome = {200: "sent", 304: "unchanged"}.get(answer.status_code, "refused")
        program = clients.kind(flask.request.headers.get("User-Agent", ""))
        pulls.note(program, feed, outcome, datasets)
    return answer


def refusal(refused: Refused) -> flask.Response:
    """Return a refusal as plain text in the reader's language."""
    language: Any = tk.h.lang()
    return answers.refused(refused.status, refused.body(language), language)
