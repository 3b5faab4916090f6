"""A city's published requests, made up, and the dataset that holds them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
from ckan.tests import factories

from ckanext.municipal.harvest.identity import resource_id
from ckanext.municipal.issues.tables import TABLES, Tables, schema_of
from ckanext.municipal.store.transaction import Transaction, transaction

ATHENS = ZoneInfo("Europe/Athens")
NOW = datetime.now(UTC).replace(microsecond=0)
XSS = "<script>alert('1')</script><img src=x onerror=alert(2)>]]>&amp;\x01\x0b"
Row = dict[str, Any]

CATEGORIES: list[Row] = [
    {
        "code": code,
        "parent": parent,
        "name_el": greek,
        "name_en": english,
        "source_names": source,
        "sensitive": False,
        "requests": 0,
    }
    for code, parent, greek, english, source in [
        ("cleaning", None, "Καθαριότητα", "Cleaning", "Καθαριότητα"),
        ("cleaning-bins", "cleaning", "Κάδοι", "Bins", "Κάδοι | Κάδοι, κίτρινοι"),
        ("lighting", None, "Ηλεκτροφωτισμός", "Lighting", None),
        ("006", "lighting", "Καμένες λάμπες", "Burnt-out lamps", "Λάμπες <&>"),
    ]
]
_PATHS = {
    "cleaning": "cleaning",
    "cleaning-bins": "cleaning/cleaning-bins",
    "lighting": "lighting",
    "006": "lighting/006",
}


def request(id: str, *, days: float = 1, category: str = "cleaning-bins", **said: Any) -> Row:
    """A row of the table of requests, made so many days ago."""
    requested = (NOW - timedelta(days=days)).astimezone(ATHENS)
    closed = said.get("status", "open") in ("closed", "archived", "rejected")
    row: Row = {
        "id": id,
        "status": "open",
        "status_raw": "Καταχωρήθηκε",
        "category_code": category,
        "category_path": _PATHS[category],
        "requested": requested,
        "updated": requested + timedelta(hours=2),
        "closed": requested + timedelta(hours=2) if closed else None,
        "close_reason": "solved" if closed else None,
        "agency": "Διεύθυνση Καθαριότητας",
        "district": "6114-1",
        "lat": Decimal("40.63010"),
        "long": Decimal("22.94300"),
        "cell": "g100:1:2",
        "votes": 3,
        "comments": 0,
        "channel": "web",
    }
    return {**dict.fromkeys(schema_of("requests").names), **row, **said}


def event(id: str, sequence: int, at: datetime, before: str | None, after: str) -> Row:
    """A row of the table of events."""
    return {
        "id": id,
        "sequence": sequence,
        "at": at,
        "from_status": before,
        "to_status": after,
        "step_raw": "Βήμα",
        "told": "source",
    }


def history(row: Row) -> list[Row]:
    """The events of a request: sent, and what it is now; none where it has no dates."""
    if row["requested"] is None:
        return []
    sent = event(row["id"], 1, row["requested"], None, "open")
    if row["status"] == "open":
        return [sent]
    return [sent, event(row["id"], 2, row["updated"], "open", row["status"])]


def publish(
    rows: Iterable[Row],
    *,
    municipality: str = "6114",
    private: bool = False,
    events: Iterable[Row] | None = None,
    finished: bool = True,
    published: Iterable[str] = TABLES,
    statistics: Iterable[Row] = (),
    zone: ZoneInfo = ATHENS,
) -> dict[str, Any]:
    """Make the dataset of a city's requests, with those of its tables that are ``published``."""
    rows = list(rows)
    id_ = str(uuid4())
    dataset = tk.get_action("package_create")(
        {"user": tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]},
        {
            "id": id_,
            "type": "issue_reports",
            "name": f"requests-{municipality}-{'private' if private else 'public'}",
            "title_translated": {"el": "Αιτήματα πολιτών", "en": "Citizens' requests"},
            "notes_translated": {"el": "Επινοημένα.", "en": "Made up."},
            "owner_org": factories.Organization()["id"],
            "private": private,
            "municipality_uid": municipality,
            "municipality_name_translated": {"el": "Δήμος", "en": "City"},
            "smallest_group": "5",
            "as_of": f"{NOW.astimezone(zone):%Y-%m-%dT%H:%M:%S}",
            "timezone": zone.key,
            "resources": [resource(id_, table) for table in published],
        },
    )
    told = [one for row in rows for one in history(row)] if events is None else list(events)
    with transaction(dataset["id"]) as tx:
        put(tx, dataset, "categories", CATEGORIES)
        put(tx, dataset, "requests", rows)
        put(tx, dataset, "events", told)
        put(tx, dataset, "statistics", statistics)
        put(tx, dataset, "readings", [reading(NOW - timedelta(hours=1), finished=finished)])
    return dataset


def figures(
    requested: int | None,
    closed: int | None,
    solved: int | None,
    *,
    period: str = "",
    category: str = "",
    district: str = "",
    days: str | None = "3.50",
) -> Row:
    """A row of the table of statistics: half of the closed took ``days`` at most."""
    left = None if requested is None or closed is None else requested - closed
    median = Decimal(days) if days else None
    return {
        "period": period,
        "category_code": category,
        "district": district,
        "requested": requested,
        "closed": closed,
        "solved": solved,
        "open_at_end": left,
        "median_days_to_acknowledge": median and Decimal("1.00"),
        "median_days_to_close": median,
        "mean_days_to_close": median and median * 3,
        "suppressed": None in (requested, closed, solved),
    }


def resource(package_id: str, table: str) -> dict[str, Any]:
    """The resource of a table."""
    return {
        "id": resource_id(package_id, table),
        "table": table,
        "name_translated": dict(schema_of(table).title),
        "url": f"http://test.ckan.net/{table}.csv",
        "format": "CSV",
        "datastore_active": True,
    }


def reading(at: datetime, *, finished: bool = True) -> Row:
    """A row of the table of readings."""
    numbers = dict.fromkeys(("read", "inserted", "changed", "withdrawn", "refused"), 0)
    return {"read_at": at, "whole": True, "finished": finished, **numbers}


def put(tx: Transaction, dataset: dict[str, Any], table: str, rows: Iterable[Row]) -> None:
    """Add rows to a table of a dataset, or change those that are there."""
    stored = tables(dataset)
    tx.merge(stored.id(table), stored.schema(table), rows)


def take(tx: Transaction, dataset: dict[str, Any], *ids: str) -> None:
    """Take requests out of the table."""
    stored = tables(dataset)
    tx.merge(stored.id("requests"), stored.schema("requests"), [], [(each,) for each in ids])


def tables(dataset: dict[str, Any]) -> Tables:
    """The tables of a dataset."""
    return Tables(dataset["id"], ZoneInfo(dataset["timezone"]))
