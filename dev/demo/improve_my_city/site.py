"""What an installation of Improve My City knows: categories, steps and requests, in memory."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

PUBLISHED, HIDDEN, BINNED = 1, 0, -2
PUBLIC_ACCESS = 1


@dataclass(frozen=True, slots=True)
class Category:
    """A category; ``parent`` is the number of the one above it, 1 for the top (Joomla's root)."""

    id: int
    title: str
    parent: int = 1
    access: int = PUBLIC_ACCESS


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a request's history: moved to a step or, if ``category`` is set, to a category."""

    at: int
    step: int = 0
    category: int = 0
    note: str = ""
    staff: str = "Ελένη Υπαλλήλου"


@dataclass(frozen=True, slots=True)
class Issue:
    """One request as the database keeps it: moments are Unix seconds, 0 for none (zeros in MySQL)."""

    id: int
    title: str
    category: int
    step: int
    created: int
    updated: int
    description: str = ""
    address: str = ""
    latitude: str = ""
    longitude: str = ""
    votes: int = 0
    comments: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    state: int = PUBLISHED
    moderation: int = 0
    access: int = PUBLIC_ACCESS
    reporter: str = "Νίκος Αναφέρων"
    history: tuple[Entry, ...] = ()


@dataclass
class Site:
    """One installation: ``zone`` is the time zone of its settings."""

    steps: dict[int, str]
    categories: dict[int, Category]
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Athens"))

    def __post_init__(self) -> None:
        """Begin without requests."""
        self.issues: dict[int, Issue] = {}
        self._by_change: list[tuple[int, int]] | None = None

    def put(self, *issues: Issue) -> None:
        """Add requests, or replace those with their numbers."""
        self.issues.update({issue.id: issue for issue in issues})
        self._by_change = None

    def change(self, id: int, **values: object) -> Issue:
        """Change fields of a request; ``updated`` changes only if it is given, as in the program."""
        self.put(replace(self.issues[id], **values))
        return self.issues[id]

    def move(self, id: int, step: int, at: int, note: str = "") -> Issue:
        """Move a request to a step, as somebody of the city does."""
        history = (*self.issues[id].history, Entry(at, step, note=note))
        return self.change(id, step=step, updated=at, history=history)

    def vote(self, id: int) -> Issue:
        """Count a vote, which the program does not note as a change."""
        return self.change(id, votes=self.issues[id].votes + 1)

    def delete(self, id: int) -> None:
        """Delete a request for good."""
        del self.issues[id]
        self._by_change = None

    def changed(self, first: int | None = None, last: int | None = None) -> Iterator[Issue]:
        """Yield requests changed in a period, newest change first, whatever their state."""
        if self._by_change is None:
            self._by_change = sorted((issue.updated, issue.id) for issue in self.issues.values())
        ordered = self._by_change
        low = 0 if first is None else bisect.bisect_left(ordered, (first, -1))
        high = len(ordered) if last is None else bisect.bisect_left(ordered, (last + 1, -1))
        return (self.issues[ordered[i][1]] for i in range(high - 1, low - 1, -1))


def is_public(issue: Issue) -> bool:
    """Say whether everybody may see a request, as far as the program's query says."""
    return issue.state == PUBLISHED and not issue.moderation and issue.access == PUBLIC_ACCESS


def written(moment: int, zone: ZoneInfo | None = None) -> str:
    """Return a moment as MySQL writes it, in UTC or in a zone."""
    if not moment:
        return "0000-00-00 00:00:00"
    return datetime.fromtimestamp(moment, zone or UTC).strftime("%Y-%m-%d %H:%M:%S")


def simple_site() -> Site:
    """Return a site without requests: the steps of the program's sample, two levels of categories."""
    steps = {
        1: "Καταχωρήθηκε",
        2: "Γνωστοποιήθηκε",
        3: "Σε εξέλιξη",
        4: "Κλειστό",
        5: "Στο αρχείο",
    }
    categories = [
        Category(10, "Τεχνική υπηρεσία"),
        Category(11, "Οδόστρωμα – Πεζοδρόμια", 10),
        Category(12, "Ηλεκτροφωτισμός - Καμένες λάμπες", 10),
        Category(20, "Καθαριότητα"),
        Category(21, "Αποκομιδή ογκωδών", 20),
        Category(30, "Αδέσποτα ζώα"),
    ]
    return Site(steps, {category.id: category for category in categories})
