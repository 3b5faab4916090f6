"""What the dataset of citizens' requests says of itself. No CKAN, no database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ckanext.municipal.harvest.identity import dataset_name
from ckanext.municipal.lib.texts import LANGUAGES, N_, text

AUTHORITY = "http://publications.europa.eu/resource/authority"
FILES = 2
"""Raise it when the same rows make other files: they are then made anew."""

NOTES = N_(
    "What citizens reported to {municipality} and how it went on: category, status, dates, the time"
    " to acknowledge and to close, and the place as a square of a grid of {grid} metres, as of"
    " {as_of}. Nobody can be told from it: there are no names, no exact places, and a place is left"
    " out where fewer than {k} requests of its category lie in it. Closed does not mean solved: the"
    " reason is told where the source tells it."
)
NOTES_FIGURES = N_(
    "Figures of what citizens reported to {municipality}: how many requests by month, category and"
    " district, how many were closed and solved, and how long that took, as of {as_of}. The single"
    " requests are not published, and counts below {k} are left out."
)
KEYWORDS = (
    N_("citizen requests"),
    "Open311",
    N_("public space"),
    N_("municipal services"),
)
PROVENANCE = N_(
    "Read from the reporting programme of the municipality. Only allowed fields are taken over;"
    " statuses and categories are mapped by name; places are rounded before they are stored. A"
    " request that is withdrawn there is removed here at the next reading."
)


@dataclass(frozen=True, slots=True)
class IssueReports:
    """The requests of one source that are published: their dataset, whose they are, how much is told.

    ``title`` and ``municipality`` are ``{"el": ..., "en": ...}``. ``zone`` is whose clock all moments
    are told by. ``k`` is the smallest group that
    is told, ``grid_metres`` the side of a cell, ``rows`` whether single requests are published.
    """

    package_id: str
    source_id: str
    title: Mapping[str, str]
    themes: tuple[str, ...]
    municipality: Mapping[str, str]
    municipality_uid: str | None
    municipality_vat: str | None
    organisation: str | None
    zone: ZoneInfo
    language: str = "el"
    k: int = 5
    grid_metres: int = 100
    rows: bool = True

    def translated(self, msgid: str, **values: Any) -> dict[str, str]:
        """Return a text in each language, with the municipality's name filled in."""
        return {
            language: text(msgid, language, municipality=name, **values)
            for language, name in both(self.municipality).items()
        }


@dataclass(frozen=True, slots=True)
class Facts:
    """What the stored tables say: the newest finished reading, and the days that they tell of."""

    as_of: datetime
    days: tuple[date, date] | None


def describe(reports: IssueReports, facts: Facts) -> dict[str, Any]:
    """Return the dataset of a source, without its resources, as ``package_update`` takes it."""
    title = both(reports.title)
    values = {"as_of": f"{facts.as_of:%d/%m/%Y}", "k": reports.k, "grid": reports.grid_metres}
    notes = NOTES if reports.rows else NOTES_FIGURES
    described: dict[str, Any] = {
        "id": reports.package_id,
        "name": dataset_name(title["el"], reports.package_id),
        "type": "issue_reports",
        "owner_org": reports.organisation,
        "title_translated": title,
        "notes_translated": reports.translated(notes, **values),
        "tags_translated": {
            language: sorted(text(keyword, language) for keyword in KEYWORDS)
            for language in LANGUAGES
        },
        "groups": [{"name": theme} for theme in reports.themes],
        "municipality_name_translated": both(reports.municipality),
        "municipality_uid": reports.municipality_uid,
        "municipality_vat": reports.municipality_vat,
        "as_of": _local(facts.as_of),
        "timezone": reports.zone.key,
        "smallest_group": str(reports.k),
        "theme": [f"{AUTHORITY}/data-theme/GOVE", f"{AUTHORITY}/data-theme/SOCI"],
        "license_id": f"{AUTHORITY}/licence/CC_BY_4_0",
        "access_rights": f"{AUTHORITY}/access-right/PUBLIC",
        "frequency": f"{AUTHORITY}/frequency/DAILY",
        "language": [f"{AUTHORITY}/language/{'ELL' if reports.language == 'el' else 'ENG'}"],
        "modified": _local(facts.as_of),
        "identifier": f"issues-{reports.municipality_uid or '0'}-{reports.source_id}",
        "provenance": reports.translated(PROVENANCE)["el"],
        "conforms_to": ["https://wiki.open311.org/GeoReport_v2/"],
    }
    if facts.days:
        first, last = facts.days
        days = {"start": first.isoformat(), "end": last.isoformat()}
        described["temporal_coverage"] = [days]
    return {**described, "reading": _mark(described, reports, facts.as_of)}


def _mark(described: Mapping[str, Any], reports: IssueReports, as_of: datetime) -> str:
    """The mark of what the files are made from: equal marks, equal bytes."""
    made_from = [FILES, as_of.isoformat(), reports.rows, reports.language, described]
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:16]


def _local(moment: datetime) -> str:
    return moment.replace(microsecond=0, tzinfo=None).isoformat()


def both(names: Mapping[str, str]) -> dict[str, str]:
    """Return a text in each language of the portal; one that is missing is told in another."""
    any_ = next(iter(names.values()))
    return {language: names.get(language) or any_ for language in LANGUAGES}
