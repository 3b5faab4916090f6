"""The budgets that a reader may see: datasets of type ``budget``, found with the reader's own rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ckan.types import Context

from ckanext.municipal.portal import city, config, published, translated

_FIELDS = {
    "id": "id",
    "name": "name",
    "title": "title",
    "extras_title_translated": "titles",
    "extras_fiscal_year": "year",
    "extras_municipality_uid": "municipality",
    "extras_municipality_name_translated": "names",
    "extras_chart": "chart",
    "extras_as_of": "as_of",
}


@dataclass(frozen=True, slots=True)
class PublishedBudget:
    """One dataset of a year's budget: id, name, titles by language, whose and which year it is,
    its chart of accounts ("" if it does not say), day and time of its newest figures as text."""

    id: str
    name: str
    titles: Mapping[str, str]
    year: int
    municipality: str
    municipality_names: Mapping[str, str]
    chart: str
    as_of: str


def own_municipality() -> str:
    """Return the Diavgeia id of the portal's city."""
    return city.load(config.city_file()).uid


def inhabitants(municipality: str, year: int) -> int | None:
    """Return how many live there, for the portal's own city; None for any other."""
    own = city.load(config.city_file())
    return own.residents(year) if own.uid == municipality else None


def published_budgets(
    context: Context, *, municipality: str | None = None, year: int | None = None
) -> list[PublishedBudget]:
    """Return what the reader of ``context`` may see, newest year first.

    Of private datasets only those of the reader's own departments, of drafts and deleted ones
    none. ``municipality`` is a Diavgeia id, None for all. Where a year is there twice, the one
    with the newer figures comes first.
    """
    documents = published.datasets(
        context,
        "budget",
        _FIELDS,
        municipality=municipality,
        year=None if year is None else f"{year:d}",
    )
    found = [budget for said in documents if (budget := _budget(said))]
    return sorted(found, key=lambda each: (each.year, each.as_of, each.id), reverse=True)


def published_budget(context: Context, municipality: str, year: int) -> PublishedBudget | None:
    """Return the budget of a municipality and year, None where the reader may see none."""
    found = published_budgets(context, municipality=municipality, year=year)
    return found[0] if found else None


def _budget(said: Mapping[str, str]) -> PublishedBudget | None:
    if not (said["year"].isdecimal() and said["municipality"]):
        return None
    title = said["title"] or said["name"]
    return PublishedBudget(
        id=said["id"],
        name=said["name"],
        titles=translated.read(said["titles"]) or {"el": title, "en": title},
        year=int(said["year"]),
        municipality=said["municipality"],
        municipality_names=translated.read(said["names"]) or {},
        chart=said["chart"],
        as_of=said["as_of"],
    )
