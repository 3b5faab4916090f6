"""Rows of the tables as the actions answer them: names in both languages, moments as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ckanext.municipal.issues.cells import metres
from ckanext.municipal.issues.figures import COUNTS, DAYS
from ckanext.municipal.issues.open311.services import Categories
from ckanext.municipal.issues.published import PublishedRequests

Row = Mapping[str, Any]
Answer = dict[str, Any]
Names = Mapping[str, str]
MOMENTS = ("requested", "acknowledged", "updated", "closed")
PLAIN = (
    *("status", "status_raw", "close_reason", "days_to_acknowledge", "days_to_close", "agency"),
    *("address", "lat", "long", "cell", "votes", "comments", "title", "description", "photo_url"),
    *("channel", "duplicate_of"),
)


def moment(value: datetime | None) -> str | None:
    """Return a moment as text: by the municipality's clock, without an offset."""
    return None if value is None else value.replace(tzinfo=None).isoformat(timespec="seconds")


def dataset(of: PublishedRequests) -> Answer:
    """Return whose requests an answer is about, and where they come from."""
    return {
        "municipality": of.municipality,
        "municipality_name": dict(of.municipality_names),
        "dataset_id": of.id,
        "dataset_name": of.name,
        "title": dict(of.titles),
        "as_of": of.as_of,
        "timezone": of.zone.key,
        "smallest_group": of.k,
    }


@dataclass(frozen=True, slots=True)
class Teller:
    """Makes answers of rows: ``districts`` are names in all languages by code."""

    categories: Categories
    districts: Mapping[str, Names]

    def request(self, row: Row) -> Answer:
        """Return a request."""
        return {
            "id": row["id"],
            "category": row["category_code"],
            "category_path": row["category_path"].split("/"),
            "category_name": self.categories.names(row["category_code"]),
            **{name: moment(row[name]) for name in MOMENTS},
            **{name: row[name] for name in PLAIN},
            "district": row["district"] or None,
            "district_name": self._district(row["district"]),
        }

    def month(self, row: Row) -> Answer:
        """Return the figures of a month or year."""
        return {"period": row["period"], **figures(row)}

    def category(self, row: Row) -> Answer:
        """Return the figures of a category."""
        code = row["category_code"]
        path = self.categories.path(code)
        return {
            "category": code,
            "parent": path[-2] if len(path) > 1 else None,
            "name": self.categories.names(code),
            **figures(row),
        }

    def district(self, row: Row) -> Answer:
        """Return the figures of a district."""
        return {
            "district": row["district"],
            "name": self._district(row["district"]),
            **figures(row),
        }

    def part(self, by: str) -> Callable[[Row], Answer]:
        """Return what tells the parts of a series."""
        return {"category": self.category, "district": self.district}.get(by, self.month)

    def _district(self, code: str | None) -> dict[str, str] | None:
        names = self.districts.get(code or "")
        return dict(names) if names else None


def figures(row: Row) -> Answer:
    """Return the figures of a row of the table of statistics."""
    return {name: row[name] for name in (*COUNTS, *DAYS, "suppressed")}


def event(row: Row) -> Answer:
    """Return a step of a request's history."""
    told = ("sequence", "from_status", "to_status", "step_raw", "days_in_step", "told")
    return {"at": moment(row["at"]), **{name: row[name] for name in told}}


def cell(id_: str, lat: Decimal, long: Decimal, requests: int) -> Answer:
    """Return a square of the grid and how many requests lie in it."""
    return {"cell": id_, "lat": lat, "long": long, "metres": metres(id_), "requests": requests}


def categories(rows: Iterable[Row], k: int) -> list[Answer]:
    """Return the categories by their paths, counts below ``k`` left out."""
    listed = list(rows)
    known = Categories.of(listed)
    return [_category(row, known, k) for row in sorted(listed, key=lambda r: known.path(r["code"]))]


def _category(row: Row, known: Categories, k: int) -> Answer:
    told = row["requests"] is not None and (row["requests"] == 0 or row["requests"] >= k)
    return {
        "code": row["code"],
        "parent": row["parent"] or None,
        "path": known.path(row["code"]),
        "name": known.names(row["code"]),
        "source_names": [name for name in (row["source_names"] or "").split(" | ") if name],
        "sensitive": row["sensitive"],
        "requests": row["requests"] if told else None,
        "first_requested": moment(row["first_requested"]) if told else None,
        "last_requested": moment(row["last_requested"]) if told else None,
    }
