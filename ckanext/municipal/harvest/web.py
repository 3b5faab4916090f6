"""How harvesters reach the web: the guarded client, with this portal's settings."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.municipal.harvest import config
from ckanext.municipal.lib.http import Client


def client() -> Client:
    """Return a client for one harvest stage; close it, or use it in ``with``."""
    proxy = tk.config.get("ckan.download_proxy") or None
    return Client(allow=config.http_allow(), proxy=proxy)
