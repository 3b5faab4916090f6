"""How the portal reaches the web: the guarded client, with this portal's settings."""

from __future__ import annotations

from dataclasses import replace

import ckan.plugins.toolkit as tk

from ckanext.municipal.lib.http import Client, Limits
from ckanext.municipal.portal import config

MB = 1024 * 1024


def client(max_mb: int | None = None) -> Client:
    """Return a client for one piece of work; close it, or use it in ``with``.

    ``max_mb`` is the largest body in MB, in place of ``ckanext.municipal.http.max_mb``.
    """
    proxy = tk.config.get("ckan.download_proxy") or None
    limits = replace(Limits(), max_bytes=(max_mb or config.http_max_mb()) * MB)
    return Client(
        allow=config.http_allow(),
        proxy=proxy,
        total_seconds=config.http_seconds(),
        limits=limits,
    )
