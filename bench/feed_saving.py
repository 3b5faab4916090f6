"""Saving a dataset with the feeds on, beside saving it while nothing is noted for them: at most a tenth more.

The peer has the triggers off. Both save a dataset of three resources twenty times by
`package_patch`, search index included. `shows_s` is how long after a save a reader of the dataset's address is
told of it, with one worker running beside.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from bench import feeds_site, harness, site

_SAVES = 20
_REPEATS = 7
_TABLES = ("package", "package_extra", "package_tag", "resource", "member", "group", "group_extra")


def run() -> dict[str, Any]:
    """Measure and return the figure."""
    feeds_site.catalogue()
    found = harness.by_turns(
        lambda: _saved(noted=True), lambda: _saved(noted=False), repeats=_REPEATS
    )
    return {**found, "saves": _SAVES, "shows_s": _shows()}


def _saved(*, noted: bool) -> float:
    """Return the seconds of some saves."""
    _switch(noted)
    try:
        with site.app()._wsgi_app.test_request_context():
            context = site.context()
            return harness.seconds(lambda: [_save(context, str(n)) for n in range(_SAVES)])
    finally:
        _switch(True)


def _save(context: Any, version: str) -> None:
    moment = f"{version}.{time.perf_counter_ns()}"
    feeds_site.call(context, "package_patch", id="bench-feed-0", version=moment)


def _switch(on: bool) -> None:
    import sqlalchemy as sa
    from ckan import model

    there = set(sa.inspect(model.Session.connection()).get_table_names())
    for table in there.intersection(_TABLES):
        verb = "ENABLE" if on else "DISABLE"
        model.Session.execute(sa.text(f'ALTER TABLE "{table}" {verb} TRIGGER municipal_feed'))
    model.Session.commit()


def _shows() -> float:
    """Return the median seconds from a save to the feed that tells of it."""
    from ckanext.municipal.feeds import work

    work.drain(site.app()._wsgi_app)
    stop = threading.Event()
    worker = threading.Thread(target=work.run_forever, args=(stop, site.app()._wsgi_app))
    worker.start()
    try:
        return harness.median(_shown)
    finally:
        stop.set()
        worker.join()


def _shown() -> None:
    with site.app()._wsgi_app.test_request_context():
        marked = f"shown.{time.perf_counter_ns()}"
        feeds_site.call(site.context(), "package_patch", id="bench-feed-0", version=marked)
    told = site.app()._wsgi_app.test_client()
    while marked not in told.get("/dataset/bench-feed-0.ttl").get_data(as_text=True):
        time.sleep(0.01)
