"""The test site of ``make test``, for figures that need its databases."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dev import ports, processes
from dev.layout import Layout
from dev.state import State
from dev.workers import workers

if TYPE_CHECKING:
    from ckan.types import Context

START_SECONDS = 120


@lru_cache(maxsize=1)
def app() -> Any:
    """Return CKAN's application, configured by the file that CKAN_INI names."""
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    return make_app(load_config(os.environ["CKAN_INI"]))


def write_connection() -> Any:
    """Return a connection of the DataStore's owner, for peers; the caller closes it."""
    from ckanext.datastore.backend.postgres import get_write_engine

    app()
    return get_write_engine().raw_connection()


def context() -> Context:
    """Return a context for actions, as the site itself with every right; inside a request only."""
    import ckan.plugins.toolkit as tk

    name = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return {"user": name, "ignore_auth": True}


@contextmanager
def served() -> Iterator[int]:
    """Serve the test site on loopback by the web server of ``make up``; gives its port."""
    layout = Layout.of_environment()
    port = ports.still_ours(State(layout.var / "state.json"), "bench")
    web = workers(layout, layout.tests, port)[0]
    processes.start(web)
    try:
        processes.wait_until(lambda: _listens(port), web, START_SECONDS)
        yield port
    finally:
        processes.stop(web.record)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
