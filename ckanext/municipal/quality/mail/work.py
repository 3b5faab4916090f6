"""Owners are told what got worse, each as often as wanted; who has nothing to hear gets no letter.

How the datasets stood is noted in the transaction in which the letter leaves: a letter that cannot be
sent is tried again with all that it had to say, and only a process that dies between the two tells
something twice.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib import mailer

from ckanext.municipal.portal import language
from ckanext.municipal.portal.config import site_url
from ckanext.municipal.quality import answers, config, listing
from ckanext.municipal.quality.listing import Line
from ckanext.municipal.quality.mail import letter, tokens, worsening
from ckanext.municipal.quality.mail.letter import Addresses
from ckanext.municipal.quality.model import overview, owners
from ckanext.municipal.quality.model.connection import connection
from ckanext.municipal.quality.model.owners import Owner

log = logging.getLogger(__name__)
_AFTER_FAILURE = timedelta(hours=1)


def is_due() -> bool:
    """Return whether somebody is to be looked after."""
    usual = config.mail()
    if usual is None:
        return False
    with connection() as ours:
        return bool(owners.due(ours, usual))


def send_due() -> int:
    """Look after everybody who is due; returns how many letters were sent."""
    usual = config.mail()
    if usual is None:
        return 0
    with connection() as ours:
        return sum(_see_to(ours, each, usual) for each in owners.due(ours, usual))


def _see_to(ours: Any, user_id: str, usual: str) -> bool:
    """Look after one owner; tells whether a letter was sent."""
    with ours.begin():
        owner = owners.take(ours, user_id, usual)
        if owner is None:
            return False
        lines = _lines(ours, owner)
        worse = worsening.worsened(worsening.from_json(owner.seen or {}), lines)
        if worse and not _sent(owner, worse):
            owners.put_off(ours, user_id, _AFTER_FAILURE)
            return False
        owners.looked(ours, user_id, worsening.as_json(lines))
        return bool(worse)


def _lines(ours: Any, owner: Owner) -> list[Line]:
    rows = (row for name in owner.departments for row in overview.rows(ours, name))
    return [listing.line(row, answers.fresh_of(row)) for row in rows]


def _sent(owner: Owner, worse: list[worsening.Worse]) -> bool:
    said = language.default()
    to = _addresses(owner)
    texts = letter.subject(worse, to, said), letter.body(worse, to, said)
    headers = {"List-Unsubscribe": f"<{to.choice}>", "Auto-Submitted": "auto-generated"}
    try:
        mailer.mail_recipient(owner.name, owner.email, *texts, headers=headers)
    except Exception as error:  # noqa: BLE001 - a letter that cannot be sent stops no other
        log.warning("A letter about quality could not be sent: %s", type(error).__name__)
        return False
    return True


def _addresses(owner: Owner) -> Addresses:
    site = site_url()
    return Addresses(
        site=str(tk.config.get("ckan.site_title") or site),
        listed=f"{site}/quality",
        dataset=f"{site}/quality/dataset/{{name}}",
        choice=f"{site}/quality/mail?token={tokens.made(owner.id)}",
    )
