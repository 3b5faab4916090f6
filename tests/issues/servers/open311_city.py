"""A made-up city's requests as GeoReport servers keep them. All of it is invented, the people too."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

START = 1_700_000_000
"""Unix time of the first request: 14 November 2023."""

HOUR = 3600
DAY = 24 * HOUR
PEOPLE = ("Νίκος Αναφέρων", "nikos@example.org", "6971234567", "DEVICE-77", "Ελένη Υπαλλήλου")
SERVICES = {
    "006": ("Σβηστή λάμπα", "Φωτισμός"),
    "12": ("Λακκούβα", "Οδοποιία"),
    "x-3": ("Κάδοι & ογκώδη", "Καθαριότητα"),
}


@dataclass(frozen=True)
class Report:
    """One request; moments are Unix seconds. ``notes`` are the moments and kinds of its history."""

    id: str
    service: str
    requested: int
    updated: int
    status: str = "open"
    note: str = ""
    description: str = "Μεγάλη λακκούβα <εδώ> & εκεί"
    address: str = "Ελαιώνων 5, Πόλη"
    lat: float = 40.6301
    long: float = 22.9502
    agency: str = "Διεύθυνση Οδοποιίας"
    channel: str = "phone"
    ward: str = "3"
    parent: str = ""
    photo: str = ""
    notes: tuple[tuple[int, str], ...] = ()


def report(number: int, **values: Any) -> Report:
    """Return an open request, made some hours after START and not touched since."""
    at = START + number * HOUR
    made: dict[str, Any] = {"service": list(SERVICES)[number % 3], "requested": at, "updated": at}
    made["notes"] = ((at, "opened"),)
    return Report(f"{number:03}", **{**made, **values})


@dataclass
class City:
    """The requests by their ids."""

    reports: dict[str, Report] = field(default_factory=dict)

    def put(self, *reports: Report) -> None:
        """Add requests, or replace those with their ids."""
        self.reports.update({each.id: each for each in reports})

    def close(self, id: str, at: int, note: str = "Αποκαταστάθηκε") -> None:
        """Close a request, as somebody of the city does."""
        old = self.reports[id]
        notes = (*old.notes, (at, "closed"))
        self.put(replace(old, status="closed", updated=at, note=note, notes=notes))


def city(count: int) -> City:
    """Return a city with so many requests, numbered from 1, all open."""
    made = City()
    made.put(*(report(number) for number in range(1, count + 1)))
    return made


def rich(count: int = 60) -> City:
    """Return a city whose requests have everything: closed ones, duplicates, photos, follow-ons."""
    made = city(count)
    at = START + (count + 1) * HOUR
    for number in range(1, count, 3):
        made.close(f"{number:03}", at + number)
    made.put(
        replace(made.reports["002"], photo="https://city.example/p.jpg?id=2&copy=1", channel="web"),
        replace(made.reports["005"], description="", address=""),
    )
    old = made.reports["008"]
    notes = (*old.notes, (at, "activity"), (at + 60, "follow_on_created"), (at + 90, "closed"))
    made.put(
        replace(old, status="closed", note="Duplicate", parent="002", updated=at + 90, notes=notes)
    )
    return made
