"""The options of the feeds: the only place that reads them (`config_declaration.yaml`)."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def types() -> list[str]:
    """Return the types of datasets that are public data."""
    return tk.aslist(tk.config.get("ckanext.municipal.feeds.types") or [])


def embargo_field() -> str:
    """Return the name of the field that says from when on a dataset is public, or ""."""
    return tk.config.get("ckanext.municipal.feeds.embargo") or ""


def deletion_share() -> float:
    """Return the share of all datasets (0 to 1) that may leave the feeds in a day without asking."""
    return float(tk.config.get("ckanext.municipal.feeds.deletion_share") or 0)
