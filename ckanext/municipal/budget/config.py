"""Options of the budget plugins: the only place that reads them. Meanings: config_declaration.yaml."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk

from ckanext.municipal.harvest import config as harvest_config
from ckanext.municipal.lib.http import Client


def archive_root() -> Path:
    """Return the folder in which the original files are kept, beside CKAN's own uploads."""
    return Path(tk.config["ckan.storage_path"]) / "municipal" / "originals"


def client() -> Client:
    """Return a guarded HTTP client with the operator's exceptions and proxy."""
    proxy = tk.config.get("ckan.download_proxy") or None
    return Client(allow=harvest_config.http_allow(), proxy=proxy)


def service_aliases() -> tuple[str, ...]:
    """Return the portal's own files of service names."""
    return tuple(tk.aslist(tk.config.get("ckanext.municipal.budget.services") or []))
