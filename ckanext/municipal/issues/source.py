"""One source of citizens' requests as harvesters/NAME.yaml describes it: typed, checked. Pure.

`source_yaml` makes these of the file. Statuses, categories and reasons are found by the names that
the source uses, never by its numbers, which differ from one installation to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ckanext.municipal.harvest.source_keys import Municipality
from ckanext.municipal.portal.geojson import Box

TYPE = "municipal_issues"
STATUSES = ("open", "in_progress", "closed", "archived", "rejected")
ENDED = ("closed", "archived", "rejected")
"""The statuses in which nobody works on a request any more."""

REASONS = ("solved", "not_solved", "duplicate", "not_responsible", "withdrawn", "unknown")


@dataclass(frozen=True, slots=True)
class StatusRule:
    """What a status of the source means here; ``reason`` where the name of the status tells why a
    request was closed (Solved, Duplicate)."""

    names: tuple[str, ...]
    status: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ReasonRule:
    """A reason for closing and the notes or codes of the source that say it; ``*`` stands for any
    text (``Transfer to *``)."""

    reason: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """A category with its stable code: a name in each language, all names that the source uses or
    used for it, the code of the one above. A name may be a path (``Καθαριότητα > Κάδοι``) where it
    occurs below several categories. Requests of a ``sensitive`` one are published without a place.
    """

    code: str
    title: Mapping[str, str]
    names: tuple[str, ...] = ()
    parent: str | None = None
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Privacy:
    """How much is told of a request. The defaults are those that a city may have without a thought.

    ``grid_metres`` is the side of the grid cells that places are rounded to; ``k`` the smallest
    group that is told (5 or more); ``days`` rounds all moments down to the day; ``rows`` says
    whether single requests are published at all, or figures only.
    """

    title: bool = False
    description: bool = False
    photo: bool = False
    street: bool = False
    grid_metres: int = 100
    k: int = 5
    days: bool = False
    rows: bool = True


@dataclass(frozen=True, slots=True)
class IssueSource:
    """A source: where it is, who reads it, what its words mean, what may be told of it.

    ``kind`` is a reader of `sources`, ``reader`` that reader's own settings. ``zone`` is the clock
    of moments without a zone, and of all moments that are published. ``box`` is the rectangle in
    which the city lies (WGS 84): a place outside it is a finding and is left out. Without
    ``municipality`` the requests are those of the portal's own city.
    """

    name: str
    title: Mapping[str, str]
    kind: str
    zone: ZoneInfo
    box: Box
    reader: Any = None
    url: str | None = None
    inbox: str | None = None
    organization: str | None = None
    municipality: Municipality | None = None
    schedule: str = "manual"
    themes: tuple[str, ...] = ()
    language: str = "el"
    statuses: tuple[StatusRule, ...] = ()
    reasons: tuple[ReasonRule, ...] = ()
    categories: tuple[CategoryRule, ...] = ()
    privacy: Privacy = field(default_factory=Privacy)
    bad_rows: float = 0.02
    whole_every: timedelta = timedelta(days=7)
