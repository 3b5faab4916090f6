"""Rows of the tables as GeoReport's requests. Pure; the same values become JSON and XML.

What is not known is null. The extended attributes and notes, which Boston, Chicago and San
Francisco added to the standard, hold what its two statuses cannot say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ckanext.municipal.issues.open311.arguments import STATUSES
from ckanext.municipal.issues.open311.services import Categories
from ckanext.municipal.issues.open311.w3c import written
from ckanext.municipal.store.schema import Field, TableSchema

Row = Mapping[str, Any]
Answer = dict[str, Any]
_STANDARD = {ours: theirs for theirs, all_ours in STATUSES.items() for ours in all_ours}


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells requests in one language: ``districts`` are names by code, ``page`` gives the address of
    a request's page."""

    language: str
    schema: TableSchema
    categories: Categories
    districts: Mapping[str, str]
    page: Callable[[str], str]

    def request(self, row: Row, events: Iterable[Row] | None = None) -> Answer:
        """Return a request as the standard has it; with its history, where ``events`` are given."""
        told: Answer = {
            "service_request_id": row["id"],
            "status": _STANDARD[row["status"]],
            "status_notes": self.status(row["status"], row["close_reason"]),
            "service_name": self.categories.name(row["category_code"], self.language),
            "service_code": row["category_code"],
            "description": row["description"] or row["title"] or None,
            "agency_responsible": row["agency"] or None,
            "service_notice": None,
            "requested_datetime": written(row["requested"]),
            "updated_datetime": written(row["updated"]),
            "expected_datetime": None,
            "address": row["address"] or None,
            "address_id": None,
            "zipcode": None,
            "lat": _degrees(row["lat"]),
            "long": _degrees(row["long"]),
            "media_url": row["photo_url"] or None,
        }
        if events is not None:
            told["extended_attributes"] = self._attributes(row)
            told["notes"] = [self._note(event) for event in events]
        return told

    def status(self, status: str, reason: str | None) -> str:
        """Return a status in words, and of a closed request why it was closed."""
        words = self._label("status", status)
        return f"{words}: {self._label('close_reason', reason)}" if reason else words

    def _attributes(self, row: Row) -> Answer:
        district = row["district"] or None
        return {
            "status": row["status"],
            "source_status": row["status_raw"] or None,
            "close_reason": row["close_reason"],
            "acknowledged_datetime": written(row["acknowledged"]),
            "closed_datetime": written(row["closed"]),
            "category_path": row["category_path"],
            "district": district,
            "district_name": self.districts.get(district or ""),
            "votes": row["votes"],
            "comments": row["comments"],
            "channel": row["channel"] or None,
            "title": row["title"] or None,
            "duplicate": bool(row["duplicate_of"]) or row["close_reason"] == "duplicate",
            "parent_service_request_id": row["duplicate_of"] or None,
            "url": self.page(row["id"]),
        }

    def _note(self, event: Row) -> Answer:
        return {
            "datetime": written(event["at"]),
            "type": _kind(event),
            "summary": self._label("status", event["to_status"]),
            "description": event["step_raw"] or None,
            "extended_attributes": {
                "from_status": event["from_status"],
                "to_status": event["to_status"],
                "told": event["told"],
            },
        }

    def _label(self, field: str, value: str) -> str:
        return label(self.schema[field], value, self.language)


def label(field: Field, value: str, language: str) -> str:
    """Return what a value of an enumeration is called."""
    names = field.labels.get(value, {})
    return names.get(language) or names.get("en") or value


def with_events(rows: Sequence[Row], events: Iterable[Row]) -> list[tuple[Row, list[Row]]]:
    """Return each request with its own events; events come in order."""
    own: dict[str, list[Row]] = {row["id"]: [] for row in rows}
    for event in events:
        own[event["id"]].append(event)
    return [(row, own[row["id"]]) for row in rows]


def _kind(event: Row) -> str:
    """GeoReport's type of a note, of those that cities use."""
    if _STANDARD[event["to_status"]] == "closed":
        return "closed"
    if event["from_status"] is None:
        return "submitted"
    return "opened" if _STANDARD[event["from_status"]] == "closed" else "activity"


def _degrees(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
