"""All scored datasets of the portal or a department: chosen, ordered, and summed up. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from ckanext.municipal.lib.greek import fold
from ckanext.municipal.quality.freshness import Fresh, Freshness
from ckanext.municipal.quality.score.fixes import KINDS, Kind
from ckanext.municipal.quality.score.metrics import Band, Dimension, band
from ckanext.municipal.quality.score.readings import average


@dataclass(frozen=True, slots=True)
class Line:
    """One dataset of a list."""

    id: str
    name: str
    type: str
    title: Mapping[str, str]
    department: str
    points: int
    unknown: int
    dimensions: Mapping[Dimension, int]
    stars: int | None
    broken: int
    served: bool
    freshness: Freshness
    changed: datetime
    gains: Mapping[str, int]

    @property
    def band(self) -> Band:
        """Return the verdict on the points."""
        return band(self.points)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which datasets a reader wants: every part that is not "" has to fit."""

    band: str = ""
    state: str = ""
    fix: str = ""
    q: str = ""
    sort: str = "points"


STATES: dict[str, Callable[[Line], bool]] = {
    "late": lambda line: line.freshness.state is Fresh.LATE,
    "broken": lambda line: bool(line.broken),
    "refused": lambda line: not line.served,
    "unknown": lambda line: bool(line.unknown),
}
"""What a list may be narrowed down to."""

SORTS: dict[str, Callable[[Line], Any]] = {
    "points": lambda line: (line.points, line.name),
    "-points": lambda line: (-line.points, line.name),
    "late": lambda line: (-line.freshness.days_late, line.points, line.name),
    "broken": lambda line: (-line.broken, line.points, line.name),
    "name": lambda line: line.name,
}


@dataclass(frozen=True, slots=True)
class Mending:
    """One mending over many datasets: how many lack it, and the points it would bring them in all."""

    kind: Kind
    datasets: int
    gain: int


@dataclass(slots=True)
class Sum:
    """Some datasets together; ``average`` is None of none."""

    datasets: int = 0
    average: Decimal | None = None
    dimensions: dict[Dimension, Decimal] = field(default_factory=dict)
    bands: Counter[Band] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    unknown: int = 0


def line(row: Mapping[str, Any], fresh: Freshness) -> Line:
    """Return a row of `model.overview.rows` as a line."""
    return Line(
        **{name: row[name] for name in ("id", "name", "type", "title", "points", "unknown")},
        **{name: row[name] for name in ("stars", "broken", "served", "changed")},
        department=row["department"] or "",
        dimensions={name: row[name.value] for name in Dimension},
        freshness=fresh,
        gains={each["id"]: each["gain"] for each in row["fixes"]},
    )


def chosen(lines: Iterable[Line], wanted: Wanted) -> list[Line]:
    """Return the lines that fit, in the wanted order; words are looked for in names and titles."""
    words = fold(wanted.q).split()

    def fits(each: Line) -> bool:
        if wanted.band and each.band != wanted.band:
            return False
        if wanted.state and not STATES[wanted.state](each):
            return False
        if wanted.fix and wanted.fix not in each.gains:
            return False
        said = fold(" ".join((each.name, *each.title.values()))) if words else ""
        return all(word in said for word in words)

    return sorted(filter(fits, lines), key=SORTS[wanted.sort])


def mendings(lines: Iterable[Line]) -> list[Mending]:
    """Return what gains points in many datasets, what gains most in all first."""
    count: Counter[str] = Counter()
    gain: Counter[str] = Counter()
    for each in lines:
        count.update(each.gains.keys())
        gain.update(each.gains)
    found = [
        Mending(KINDS[name], count[name], gain[name])
        for name in count
        if name in KINDS and gain[name]
    ]
    return sorted(found, key=lambda each: (-each.gain, -each.datasets, each.kind.id))


def summed(lines: Sequence[Line]) -> Sum:
    """Return some lines together."""
    if not lines:
        return Sum()
    return Sum(
        datasets=len(lines),
        average=average(each.points for each in lines),
        dimensions={
            name: Decimal(sum(each.dimensions[name] for each in lines)) / len(lines)
            for name in Dimension
        },
        bands=Counter(each.band for each in lines),
        states=Counter(name for name, has in STATES.items() for each in lines if has(each)),
        unknown=sum(each.unknown for each in lines),
    )


def by_department(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Return the lines of each department, by its name; "" for those without one."""
    found: dict[str, list[Line]] = {}
    for each in lines:
        found.setdefault(each.department, []).append(each)
    return found
