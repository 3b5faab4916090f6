"""The workers: they make what waits. Any number of them may run, and any may be killed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import flask

from ckanext.municipal.feeds import kept, maker, telling
from ckanext.municipal.feeds.looking import OUTSIDE, Hidden, look
from ckanext.municipal.feeds.model import queue
from ckanext.municipal.feeds.settling import settle

log = logging.getLogger(__name__)

_POLL, _REST = 0.25, 5.0
_AT_ONCE = 100


def run_forever(stop: threading.Event, app: flask.Flask) -> None:
    """Make records as changes come until ``stop`` is set; a failure is followed by the next try.

    A poll costs the database less than 0.1 ms, and needs nothing that a pooled connection lacks.
    """
    while not stop.is_set():
        try:
            with queue.connection() as ours, queue.announced(ours):
                made_by = maker.current()
                queue.add_made_otherwise(ours, made_by)
                while not stop.is_set():
                    if not _round(ours, made_by, app, stop):
                        stop.wait(_POLL)
        except Exception as error:  # noqa: BLE001 - a database that restarts does not end this
            log.error("A round of the feeds failed: %s", type(error).__name__)
            stop.wait(_REST)


def drain(app: flask.Flask | None = None, tell: Callable[[int], object] = lambda _: None) -> int:
    """Make everything that is due, here and now; returns how many datasets were looked at.

    ``tell`` is given how many, every hundred. Raises one of looking.OUTSIDE where a service fails.
    """
    done = 0
    with queue.connection() as ours:
        made_by = maker.current()
        while made := _round(ours, made_by, app, threading.Event()):
            done += made
            tell(made)
    return done


def _round(ours: Any, made_by: str, app: flask.Flask | None, stop: threading.Event) -> int:
    """Do some of what is due; returns how many datasets were settled."""
    done = 0
    for dataset_id in queue.due(ours, _AT_ONCE):
        if stop.is_set():
            break
        done += _one(ours, dataset_id, made_by, app)
    if done:
        kept.clear()
    return done


def _one(ours: Any, dataset_id: str, made_by: str, app: flask.Flask | None) -> bool:
    """Look at one dataset and write what differs; False where another worker has it."""
    with queue.taken(ours, dataset_id) as mine:
        if not mine:
            return False
        transactions, times = queue.begin(ours, dataset_id)
        if not transactions:
            return False
        try:
            with _portal(app):
                seen = look(dataset_id, times)
            with ours.begin():
                settled = settle(ours, dataset_id, seen, made_by)
                if settled:
                    telling.tell(ours, dataset_id, seen)
                    queue.settle(ours, dataset_id, transactions)
                    if isinstance(seen, Hidden) and seen.until:
                        queue.add(ours, [dataset_id], seen.until)
            if not settled:
                queue.untried(ours, dataset_id)
        except OUTSIDE:
            queue.untried(ours, dataset_id)
            raise
        return True


@contextmanager
def _portal(app: flask.Flask | None) -> Iterator[None]:
    """What actions need besides a database; anew for each dataset, since a request remembers things."""
    if app is None:
        yield
        return
    with app.test_request_context():
        yield
