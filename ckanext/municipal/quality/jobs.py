"""Links are checked in slices, and owners told, by the worker of jobs, when it has nothing else to do.

No process of its own: the scheduler that is there looks every few seconds whether a slice is wanted. A
slice ends after half a minute, so that an upload waits no longer than that.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.lib import jobs

from ckanext.municipal.quality import config
from ckanext.municipal.quality.links import work
from ckanext.municipal.quality.mail import work as mail
from ckanext.municipal.quality.model import links
from ckanext.municipal.quality.model.connection import connection

SLICE = 30.0
"""Seconds."""


def check_links() -> None:
    """Check links for a slice of time."""
    work.check_due(SLICE)


def send_mail() -> None:
    """Tell owners of departments what got worse."""
    mail.send_due()


def start_mail() -> bool:
    """Put the letters into the queue of jobs where some are due and nothing else waits; tells whether."""
    if jobs.get_queue().count or not mail.is_due():
        return False
    tk.enqueue_job(send_mail, title="municipal_quality: mail", rq_kwargs={"timeout": 600})
    return True


def start_checks() -> bool:
    """Put a slice into the queue of jobs where links are due and nothing else waits; tells whether."""
    if not config.checks_links() or jobs.get_queue().count:
        return False
    with connection() as ours:
        if not links.due_hosts(ours, 1):
            return False
    tk.enqueue_job(check_links, title="municipal_quality: links", rq_kwargs={"timeout": 120})
    return True
