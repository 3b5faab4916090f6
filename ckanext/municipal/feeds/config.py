"""The options of the feeds: the only place that reads them (`config_declaration.yaml`)."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk

from ckanext.municipal.feeds.questions import DCAT_AP

_MOST_A_PAGE = 1_000


def types() -> list[str]:
    """Return the types of datasets that are public data."""
    return tk.aslist(tk.config.get("ckanext.municipal.feeds.types") or [])


def embargo_field() -> str:
    """Return the name of the field that says from when on a dataset is public, or ""."""
    return tk.config.get("ckanext.municipal.feeds.embargo") or ""


def deletion_share() -> float:
    """Return the share of all datasets (0 to 1) that may leave the feeds in a day without asking."""
    return float(tk.config.get("ckanext.municipal.feeds.deletion_share") or 0)


def dumps_folder() -> Path | None:
    """Return where whole catalogues are kept as files; None where the portal has no place for files."""
    storage = tk.config.get("ckan.storage_path")
    return Path(storage) / "municipal" / "catalogues" if storage else None


def page_size() -> int:
    """Return how many datasets a page of the catalogue holds: ckanext-dcat's option, at most 1,000."""
    said = tk.config.get("ckanext.dcat.datasets_per_page") or 100
    return min(max(int(said), 1), _MOST_A_PAGE)


def profiles() -> tuple[str, ...]:
    """Return the names of profiles that may be asked for: those of the records, and what they satisfy."""
    own = (tk.config.get("ckanext.dcat.rdf.profiles") or "").split()
    return tuple(dict.fromkeys((*own, *DCAT_AP)))
