"""Files are read, links checked and owners told, in slices, by the worker of jobs when nothing else waits.

No process of its own: the scheduler that is there looks every few seconds whether a slice is wanted. A
slice ends after half a minute, so that an upload waits no longer than that.
"""

from __future__ import annotations

from collections.abc import Callable

import ckan.plugins.toolkit as tk
from ckan.lib import jobs

from ckanext.municipal.quality.links import work
from ckanext.municipal.quality.mail import work as mail
from ckanext.municipal.quality.resources import work as resources

SLICE = 30.0
"""Seconds."""


def check_links() -> None:
    """Check links for a slice of time."""
    work.check_due(SLICE)


def send_mail() -> None:
    """Tell owners of departments what got worse."""
    mail.send_due()


def read_files() -> None:
    """Read uploads and links for a slice of time; the file that is begun is read to its end."""
    resources.check_waiting(SLICE)


_SLICES: tuple[tuple[str, Callable[[], None], Callable[[], bool], int], ...] = (
    ("files", read_files, resources.waits, 3600),
    ("mail", send_mail, mail.is_due, 600),
    ("links", check_links, work.is_due, 120),
)
"""Name, what is done, whether it is wanted, and the seconds after which it is ended; the first first."""


def start() -> str:
    """Put the first slice that is wanted into the queue of jobs unless something waits there.

    Returns its name, "" where none was.
    """
    if jobs.get_queue().count:
        return ""
    for name, do, wanted, seconds in _SLICES:
        if wanted():
            tk.enqueue_job(do, title=f"municipal_quality: {name}", rq_kwargs={"timeout": seconds})
            return name
    return ""
