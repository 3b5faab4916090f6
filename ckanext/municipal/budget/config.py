"""Options of the budget plugins: the only place that reads them. Meanings: config_declaration.yaml."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk


def archive_root() -> Path:
    """Return the folder in which the original files are kept, beside CKAN's own uploads."""
    return Path(tk.config["ckan.storage_path"]) / "municipal" / "originals"


def service_aliases() -> tuple[str, ...]:
    """Return the portal's own files of service names."""
    return tuple(tk.aslist(tk.config.get("ckanext.municipal.budget.services") or []))
