"""The budgets that a reader may see: datasets of type ``budget``, found with the reader's own rights."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.municipal.portal import city, config, translated

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
_AT_ONCE = 1000  # CKAN gives no more at once unless told otherwise
_UID = re.compile(r"[0-9A-Za-z]{1,20}")


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
    if municipality is not None and not _UID.fullmatch(municipality):
        return []
    conditions = ["+dataset_type:budget", "+state:active"]
    if municipality is not None:
        conditions.append(f"+extras_municipality_uid:{municipality}")
    if year is not None:
        conditions.append(f"+extras_fiscal_year:{year:d}")
    found = [
        budget
        for document in _documents(context, " ".join(conditions))
        if (budget := _budget(document))
        and municipality in (None, budget.municipality)
        and year in (None, budget.year)
        and _may_see(context, budget.id)
    ]
    return sorted(found, key=lambda each: (each.year, each.as_of, each.id), reverse=True)


def published_budget(context: Context, municipality: str, year: int) -> PublishedBudget | None:
    """Return the budget of a municipality and year, None where the reader may see none."""
    found = published_budgets(context, municipality=municipality, year=year)
    return found[0] if found else None


def _documents(context: Context, conditions: str) -> Iterator[dict[str, Any]]:
    search = tk.get_action("package_search")
    start = 0
    while True:
        query = {
            "q": "*:*",
            "fq": conditions,
            "fl": list(_FIELDS),
            "rows": _AT_ONCE,
            "start": start,
            "include_private": True,
            "facet": "false",
        }
        answer = search(tk.fresh_context(context), query)
        yield from answer["results"]
        start += len(answer["results"])
        if not answer["results"] or start >= answer["count"]:
            return


def _budget(document: Mapping[str, Any]) -> PublishedBudget | None:
    # CKAN asks for extras_NAME and answers with NAME.
    said = {
        ours: document.get(solr.removeprefix("extras_")) or "" for solr, ours in _FIELDS.items()
    }
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


def _may_see(context: Context, package_id: str) -> bool:
    """The index may be a moment behind the database, which decides."""
    try:
        tk.check_access("package_show", tk.fresh_context(context), {"id": package_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True
