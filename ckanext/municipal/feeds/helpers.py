"""Template helpers of plugin ``municipal_feeds``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.municipal.feeds.model import records
from ckanext.municipal.feeds.model.queue import connection

__all__ = ["municipal_feed_troubles"]


def municipal_feed_troubles(dataset_id: str) -> dict[str, Any] | None:
    """Return why a dataset is not in the feeds, for those who may edit it: None for all others.

    ``held`` tells whether the feeds go on serving an older state; ``findings`` are sentences
    (``message``, ``remedy``) in the reader's language.
    """
    if not tk.h.check_access("package_update", {"id": dataset_id}):
        return None
    with connection() as ours, ours.begin():
        known = records.known(ours, dataset_id)
    if known is None or not (known.state == records.QUARANTINED or known.held):
        return None
    language = tk.h.lang()
    findings = [
        {part: finding[part].get(language) or finding[part]["en"] for part in ("message", "remedy")}
        for finding in known.findings
        if finding["severity"] == "error"
    ]
    return {"held": bool(known.held), "findings": findings}
