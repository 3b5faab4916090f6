"""Publishes citizens' requests: their dataset and files, made from the stored tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.municipal.harvest import publish as publishing
from ckanext.municipal.harvest.record import Outcome
from ckanext.municipal.issues.dataset import Facts, IssueReports, describe
from ckanext.municipal.issues.periods import days_of
from ckanext.municipal.issues.resources import files_of, stored_of
from ckanext.municipal.issues.tables import Tables


def publish(reports: IssueReports, context: Context) -> Outcome:
    """Create or update the dataset of a source from its stored tables; see `harvest.publish`.

    Files are made only where a finished reading changed rows since those that are there were made.
    """
    facts = _facts(stored_of(reports))
    if facts is None:
        return Outcome.UNCHANGED
    stored = publishing.existing(reports.package_id, context)
    dataset = describe(reports, facts)

    def address(resource_id: str, name: str) -> str:
        return tk.url_for(
            "resource.download",
            id=reports.package_id,
            resource_id=resource_id,
            filename=name,
            qualified=True,
            locale="default",
        )

    return publishing.publish(
        dataset,
        files_of(reports, dataset, address),
        context,
        stored=stored,
        made_here=_made_here,
        same_content=bool(stored) and stored.get("reading") == dataset["reading"],
    )


def says_the_same(reports: IssueReports, context: Context) -> bool:
    """Return whether the dataset of a source says already what its stored tables hold."""
    facts = _facts(stored_of(reports))
    stored = publishing.existing(reports.package_id, context)
    if facts is None or stored is None:
        return facts is None
    same_reading = stored.get("reading") == describe(reports, facts)["reading"]
    return same_reading and stored["state"] == "active"


def _facts(tables: Tables) -> Facts | None:
    """What the tables say; None where no reading was ever finished."""
    finished = {"finished": True}
    readings = tables.rows("readings", fields=("read_at",), where=finished)
    as_of = max((row["read_at"] for row in readings), default=None)
    if as_of is None:
        return None
    return Facts(as_of, _days_of_requests(tables) or _days_of_figures(tables, as_of.date()))


def _days_of_requests(tables: Tables) -> tuple[date, date] | None:
    """The days of the first and the last request, None where they are not told."""
    fields = ("first_requested", "last_requested")
    told = [row for row in tables.rows("categories", fields=fields) if row["first_requested"]]
    if not told:
        return None
    first = min(row["first_requested"] for row in told)
    return first.date(), max(row["last_requested"] for row in told).date()


def _days_of_figures(tables: Tables, until: date) -> tuple[date, date] | None:
    """From the first to the last period of which there are figures: months, or years where there
    are none of months. What happened in it is told already; no single request is."""
    whole = {"category_code": "", "district": ""}
    rows = tables.rows("statistics", fields=("period", "requested"), where=whole)
    told = [row["period"] for row in rows if row["period"] and row["requested"] is not None]
    periods = [period for period in told if "-" in period] or told
    if not periods:
        return None
    (first, _), (_, last) = days_of(min(periods)), days_of(max(periods))
    return first, min(last, until)


def _made_here(resource: Mapping[str, Any]) -> bool:
    return bool(resource.get("table")) and resource["table"] != "other"
