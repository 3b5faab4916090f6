"""What the citizens of the demonstration city report, and what becomes of it: a year of it, and every day since.

All of it follows from the day on which the site began: the same day gives the same requests, with
the same future. Asked at a later time the site has gone on, as a real one does, and nothing that
had happened is another.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from dev.demo import requests_source
from dev.demo.datasets import places
from dev.demo.improve_my_city.site import HIDDEN, Category, Entry, Issue, Site
from dev.demo.plan import DATA, words

IN_A_YEAR = 4_000
DAYS = 365
NEW, KNOWN, AT_WORK, CLOSED, ARCHIVED = 1, 2, 3, 4, 5
STEPS = {
    NEW: "Καταχωρήθηκε",
    KNOWN: "Γνωστοποιήθηκε",
    AT_WORK: "Σε εξέλιξη",
    CLOSED: "Κλειστό",
    ARCHIVED: "Στο αρχείο",
}
SOLVED = "Αποκαταστάθηκε."
UNSOLVED = (
    "Δεν είναι δυνατή η αποκατάσταση αυτή την περίοδο.",
    "Αφορά αίτημα που έχει ήδη υποβληθεί.",
    "Δεν είναι αρμοδιότητα του Δήμου.",
)
REOPENED = "Το πρόβλημα παραμένει."
MARK = "(επίδειξη)"
_ZONE = ZoneInfo("Europe/Athens")
_OPENS, _CLOSES = time(7, 30), time(15)
_WEEKDAYS = (1.2, 1.1, 1.05, 1.0, 1.0, 0.75, 0.65)
_HOURS = (1, 1, 0, 0, 0, 1, 3, 8, 14, 16, 15, 13, 12, 11, 9, 8, 8, 9, 10, 9, 7, 5, 3, 2)
_SPOTS = 14
_SPREAD_METRES = 35.0
_DEGREE_METRES = 111_000.0
_REPORTERS = ("Νίκη Επινοημένη", "Πέτρος Φανταστικός", "Άννα Υποθετική", "Λευτέρης Πλαστός")
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where things happen again and again: its street, and where it is."""

    street: str
    district: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Subject:
    """What a category of requests is like; ``days`` is the median until one is closed."""

    category: int
    share: float
    peak_month: int
    peak: float
    days: float
    solved: float
    titles: tuple[str, ...]
    spots: tuple[Spot, ...]

    def weight(self, day: date) -> float:
        """Return how much is reported on a day, in parts of what all subjects have."""
        angle = 2 * math.pi * (day.timetuple().tm_yday / 365.25 - (self.peak_month - 0.5) / 12)
        return self.share * (1 + self.peak * math.cos(angle))


@dataclass(frozen=True, slots=True)
class Planned:
    """A request with all that will become of it: its votes by the second in which they are cast."""

    issue: Issue
    votes: tuple[int, ...]
    withdrawn: int = 0

    def by(self, now: int) -> Issue:
        """Return the request as it is at a moment."""
        history = tuple(entry for entry in self.issue.history if entry.at <= now)
        moved = [entry.category for entry in history if entry.category]
        return replace(
            self.issue,
            history=history,
            step=[entry.step for entry in history if entry.step][-1],
            category=moved[-1] if moved else self.issue.category,
            updated=history[-1].at,
            votes=sum(at <= now for at in self.votes),
            state=HIDDEN if 0 < self.withdrawn <= now else self.issue.state,
        )


class DemonstrationCity:
    """The requests since the day on which the site began; ``site`` is what it knows at a moment."""

    def __init__(self, first: date, in_a_year: int = IN_A_YEAR) -> None:
        self.first, self.in_a_year = first, in_a_year
        self.categories, codes = _categories()
        self._subjects = _subjects(codes)
        self._days: list[list[Planned]] = []
        self._weights = [0.0]
        self._count = 0

    def site(self, now: float) -> Site:
        """Return the site at a moment (Unix seconds)."""
        until = datetime.fromtimestamp(now, _ZONE).date()
        while self.first + timedelta(days=len(self._days)) <= until:
            self._days.append(list(self._planned(self.first + timedelta(days=len(self._days)))))
        made = Site(STEPS, self.categories, _ZONE)
        all_ = (planned for day in self._days for planned in day)
        made.put(*(each.by(int(now)) for each in all_ if each.issue.created <= now))
        return made

    def _planned(self, day: date) -> Iterator[Planned]:
        """What is reported on a day, in order of time; the first 365 days have ``in_a_year``."""
        chance = random.Random(f"{day}")
        moments = sorted(_moment(chance, day) for _ in range(self._how_many(day)))
        weights = [subject.weight(day) for subject in self._subjects]
        for at in moments:
            self._count += 1
            (subject,) = chance.choices(self._subjects, weights)
            others = [each.category for each in self._subjects if each is not subject]
            yield _plan(random.Random(f"{day}/{self._count}"), self._count, at, subject, others)

    def _how_many(self, day: date) -> int:
        number = (day - self.first).days
        while len(self._weights) <= max(number + 1, DAYS):
            next_ = self.first + timedelta(days=len(self._weights) - 1)
            reported = sum(subject.weight(next_) for subject in self._subjects)
            self._weights.append(self._weights[-1] + reported * _WEEKDAYS[next_.weekday()])
        scale = self.in_a_year / self._weights[DAYS]
        return round(self._weights[number + 1] * scale) - round(self._weights[number] * scale)


def _categories() -> tuple[dict[int, Category], dict[str, int]]:
    """The program's categories by number, and their numbers by the code that the source gives them."""
    said = yaml.safe_load(requests_source.PATH.read_text(encoding="utf-8"))["categories"]
    numbers = {one["code"]: 10 + at for at, one in enumerate(said)}
    made = (
        Category(numbers[one["code"]], one["names"][0], numbers.get(one.get("parent"), 1))
        for one in said
    )
    return {category.id: category for category in made}, numbers


def _subjects(numbers: dict[str, int]) -> list[Subject]:
    said: dict[str, dict[str, Any]] = yaml.safe_load((DATA / "requests.yaml").read_text("utf-8"))
    return [
        Subject(
            category=numbers[code],
            share=one["share"],
            peak_month=one["peak"][0],
            peak=one["peak"][1],
            days=one["days"],
            solved=one["solved"] / 100,
            titles=tuple(one["titles"]),
            spots=tuple(_spot(random.Random(f"{code}/{n}")) for n in range(_SPOTS)),
        )
        for code, one in said.items()
    ]


def _spot(chance: random.Random) -> Spot:
    district, latitude, longitude = _somewhere(chance)
    return Spot(chance.choice(words()["street"]), district, latitude, longitude)


def _somewhere(chance: random.Random) -> tuple[str, float, float]:
    """A place in the middle of a district, where its rectangle surely is land."""
    place = chance.choice(places()[1:] or places())
    west, south, east, north = (float(place[side]) for side in ("west", "south", "east", "north"))
    latitude = south + (north - south) * chance.uniform(0.35, 0.75)
    return place["el"], latitude, west + (east - west) * chance.uniform(0.35, 0.75)


def _moment(chance: random.Random, day: date) -> int:
    (hour,) = chance.choices(range(24), _HOURS)
    at = datetime.combine(day, time(hour, chance.randrange(60), chance.randrange(60)), _ZONE)
    return int(at.timestamp())


def _plan(
    chance: random.Random, number: int, at: int, subject: Subject, others: list[int]
) -> Planned:
    ranks = [1 / (rank + 1) for rank in range(_SPOTS)]
    (spot,) = chance.choices(subject.spots, ranks)
    if chance.random() < 0.25:
        spot = _spot(chance)
    title = chance.choice(subject.titles)
    latitude, longitude = _near(chance, spot)
    issue = Issue(
        id=number,
        title=f"{title}, οδός {spot.street} {MARK}",
        category=subject.category,
        step=NEW,
        created=at,
        updated=at,
        description=_description(chance, title),
        address=f"{spot.street} {chance.randint(1, 140)}, {spot.district}",
        latitude=f"{latitude:.6f}",
        longitude=f"{longitude:.6f}",
        reporter=chance.choice(_REPORTERS),
        comments=("Κι εγώ το ίδιο.",) * int(chance.expovariate(1.2)),
        history=tuple(_history(chance, at, subject, others)),
    )
    eager = 12.0 if chance.random() < 0.03 else 1.6
    many = int(chance.expovariate(1 / eager))
    votes = tuple(at + int(chance.expovariate(1 / 9) * _DAY) for _ in range(many))
    withdrawn = at + int(chance.uniform(2, 40) * _DAY) if chance.random() < 0.01 else 0
    return Planned(issue, votes, withdrawn)


def _near(chance: random.Random, spot: Spot) -> tuple[float, float]:
    shrunk = math.cos(math.radians(spot.latitude))
    latitude = spot.latitude + chance.gauss(0, _SPREAD_METRES) / _DEGREE_METRES
    return latitude, spot.longitude + chance.gauss(0, _SPREAD_METRES) / (_DEGREE_METRES * shrunk)


def _description(chance: random.Random, title: str) -> str:
    said = f"{title} εδώ και {chance.randint(2, 30)} ημέρες. Παρακαλώ για τις ενέργειές σας."
    if chance.random() < 0.1:  # what people write, and the portal must not tell
        said += f" Τηλ. 2100000{chance.randrange(1000):03}, {chance.choice(_REPORTERS)}."
    return said


def _history(
    chance: random.Random, at: int, subject: Subject, others: list[int]
) -> Iterator[Entry]:
    """Yield all that will ever happen to a request, in order of time."""
    yield Entry(at, NEW)
    at = _at_work(at + _days(chance, 1.1, 0.8))
    if chance.random() < 0.04:
        yield Entry(at, category=chance.choice(others))
        at += 600
    yield Entry(at, KNOWN)
    if chance.random() < 0.7:
        at = _at_work(at + _days(chance, subject.days * 0.3, 0.7))
        yield Entry(at, AT_WORK)
    if chance.random() < 0.06:
        return  # nobody ever closes it
    at = _at_work(at + _days(chance, subject.days * 0.7, 0.9))
    yield Entry(at, CLOSED, note=_note(chance, subject))
    if chance.random() < 0.05:
        at = _at_work(at + _days(chance, 5, 0.6))
        yield Entry(at, AT_WORK, note=REOPENED)
        at = _at_work(at + _days(chance, subject.days, 0.8))
        yield Entry(at, CLOSED, note=_note(chance, subject))
    if chance.random() < 0.4:
        yield Entry(_at_work(at + 60 * _DAY), ARCHIVED)


def _note(chance: random.Random, subject: Subject) -> str:
    return SOLVED if chance.random() < subject.solved else chance.choice(UNSOLVED)


def _days(chance: random.Random, median: float, spread: float) -> int:
    """A time in seconds: half of them are shorter than ``median`` days, a few are much longer."""
    return int(chance.lognormvariate(math.log(median), spread) * _DAY)


def _at_work(moment: int) -> int:
    """Return a moment, or the next one at which the city's offices are open."""
    at = datetime.fromtimestamp(moment, _ZONE)
    while at.weekday() > 4 or not _OPENS <= at.time() <= _CLOSES:
        late = at.weekday() > 4 or at.time() > _CLOSES
        day = at.date() + timedelta(days=1 if late else 0)
        # Not all at the same second: as many seconds after the opening as it came before or after it.
        at = datetime.combine(day, _OPENS, _ZONE) + timedelta(seconds=moment % 14_400)
    return int(at.timestamp())
