"""Requests in the columns of GeoReport Bulk, the proposed companion of Open311 GeoReport v2. Pure.

The draft's own samples disagree about the closing date; ``closed_date`` is what cities publish.
Moments are W3C dates with their offset (``2024-05-01T09:30:00+03:00``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from ckanext.municipal.store.schema import TableSchema

Row = Mapping[str, Any]


def schema() -> TableSchema:
    """Return the columns of the file."""
    return TableSchema.load("issue_bulk")


def bulk_rows(
    rows: Iterable[Row], categories: Mapping[str, Row], language: str
) -> Iterator[dict[str, Any]]:
    """Yield requests as rows of the file, in their order.

    ``categories`` are rows of the table of categories by code, named in ``language``. The service
    is the category at the top, the subtype that of the request where it is another one.
    """
    name = f"name_{language}" if language in ("el", "en") else "name_el"

    def named(code: str) -> str:
        return (categories.get(code) or {}).get(name) or code

    for row in rows:
        top, *below = (row["category_path"] or row["category_code"]).split("/")
        yield {
            "service_request_id": row["id"],
            "requested_datetime": _moment(row["requested"]),
            "updated_datetime": _moment(row["updated"]),
            "closed_date": _moment(row["closed"]),
            "status_description": row["status"],
            "status_notes": row["close_reason"],
            "source": row["channel"],
            "service_name": named(top),
            "service_subtype": named(below[-1]) if below else None,
            "description": row["description"],
            "agency_responsible": row["agency"],
            "address": row["address"],
            "lat": row["lat"],
            "long": row["long"],
        }


def _moment(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None
