"""Service discovery: where the endpoint is, what it speaks, and its limits. Pure.

https://wiki.open311.org/Service_Discovery. ``limits`` and ``jurisdictions`` are ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.municipal.issues.open311 import arguments
from ckanext.municipal.issues.tables import Tables
from ckanext.municipal.lib.texts import N_, text

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
FORMATS = {"json": "application/json", "xml": "text/xml"}

_NO_KEY = N_("No key is needed: everybody may read. Requests cannot be sent here.")


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A municipality whose requests are published: its id, its names by language, the tables that
    hold them, and when their dataset was last changed (UTC, as text)."""

    id: str
    names: Mapping[str, str]
    tables: Tables
    changed: str


def discovery(
    url: str, contact: Sequence[str], known: Sequence[Jurisdiction], language: str
) -> dict[str, Any]:
    """Return the discovery of an endpoint at ``url``; ``contact`` says who answers, and where."""
    changed = max((each.changed for each in known), default="")
    return {
        "changeset": changed,
        "contact": ", ".join(contact),
        "key_service": text(_NO_KEY, language),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": url,
                "changeset": changed,
                "type": "production",
                "formats": list(FORMATS.values()),
                "limits": {
                    "requests_in_one_answer": arguments.MOST,
                    "days_between_start_date_and_end_date": arguments.DAYS,
                },
                "jurisdictions": [
                    {
                        "jurisdiction_id": each.id,
                        "name": each.names.get(language)
                        or next(iter(each.names.values()), each.id),
                    }
                    for each in known
                ],
            }
        ],
    }
