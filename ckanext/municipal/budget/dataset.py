"""What the dataset of a budget year says of itself, and of each of its files. No CKAN, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ckanext.municipal.budget.source import BudgetSource, Municipality
from ckanext.municipal.budget.year import YearTables
from ckanext.municipal.harvest.identity import dataset_name
from ckanext.municipal.lib.texts import LANGUAGES, N_, text

AUTHORITY = "http://publications.europa.eu/resource/authority"
_DAILY = 20  # so many statements of a side in a year mean that there is one every working day

NOTES = N_(
    "Budget and its execution of {municipality} for the fiscal year {year}: every line with its"
    " amounts in euro in each phase, from the vote to payment and collection, as of {as_of}."
    " The tables are made from the municipality's own exports, which are here untouched as well;"
    " what the checks found in them is in the table of findings. An amount that an export leaves"
    " blank is blank here, not zero."
)
KEYWORDS = (
    N_("budget"),
    N_("budget execution"),
    N_("public finance"),
    N_("revenue"),
    N_("expenditure"),
)
PROVENANCE = N_(
    "Read from {files} exports of the municipality's financial system. Rows that could not be read"
    " are listed among the findings with their line and the reason. Nothing is rounded or estimated."
)


@dataclass(frozen=True, slots=True)
class BudgetYear:
    """The budget of a year that is published: its dataset's id, where it comes from, whose it is."""

    package_id: str
    source: BudgetSource
    municipality: Municipality
    year: int
    organisation: str | None

    def translated(self, msgid: str, **values: Any) -> dict[str, str]:
        """Return a text in each language, with the municipality's name and the year filled in."""
        return {
            language: text(msgid, language, municipality=name, year=self.year, **values)
            for language, name in both(self.municipality.name).items()
        }


def describe(budget: BudgetYear, tables: YearTables) -> dict[str, Any]:
    """Return the dataset of a year, without its resources, as ``package_update`` takes it."""
    as_of = newest_moment(tables)
    title = {lang: f"{name} {budget.year}" for lang, name in both(budget.source.title).items()}
    frequency = "DAILY" if len(tables.snapshots) >= _DAILY else "IRREG"
    return {
        "id": budget.package_id,
        "name": dataset_name(title["el"], budget.package_id),
        "type": "budget",
        "owner_org": budget.organisation,
        "title_translated": title,
        "notes_translated": budget.translated(NOTES, as_of=f"{as_of:%d/%m/%Y}"),
        "tags_translated": {
            language: sorted(text(keyword, language) for keyword in KEYWORDS)
            for language in LANGUAGES
        },
        "groups": [{"name": theme} for theme in budget.source.themes],
        "fiscal_year": str(budget.year),
        "municipality_name_translated": both(budget.municipality.name),
        "municipality_uid": budget.municipality.uid,
        "municipality_vat": budget.municipality.vat,
        "as_of": _local(as_of),
        "sides": sorted({row["side"] for row in tables.snapshots}),
        "chart": _chart(tables),
        "theme": [f"{AUTHORITY}/data-theme/ECON", f"{AUTHORITY}/data-theme/GOVE"],
        "license_id": f"{AUTHORITY}/licence/CC_BY_4_0",
        "access_rights": f"{AUTHORITY}/access-right/PUBLIC",
        "frequency": f"{AUTHORITY}/frequency/{frequency}",
        "language": [f"{AUTHORITY}/language/ELL"],
        "temporal_coverage": [{"start": f"{budget.year}-01-01", "end": f"{budget.year}-12-31"}],
        "modified": _local(as_of),
        "identifier": f"budget-{budget.municipality.uid}-{budget.year}",
        "provenance": budget.translated(PROVENANCE, files=len(tables.snapshots))["el"],
        "conforms_to": ["https://specs.frictionlessdata.io/fiscal-data-package/"],
    }


def newest_moment(tables: YearTables) -> datetime:
    """Return the moment of a year's newest figures."""
    return max(row["as_of"] for row in tables.snapshots)


def _chart(tables: YearTables) -> str | None:
    return next((row["chart"] for row in tables.lines), None)


def _local(moment: datetime) -> str:
    return moment.replace(microsecond=0, tzinfo=None).isoformat()


def both(names: Mapping[str, str]) -> dict[str, str]:
    """Return a text in each language of the portal; one that is missing is told in another."""
    any_ = next(iter(names.values()))
    return {language: names.get(language) or any_ for language in LANGUAGES}
