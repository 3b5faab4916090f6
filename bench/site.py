"""The test site of ``make test``, for figures that need its databases."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any


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
