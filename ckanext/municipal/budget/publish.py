"""Publishes a budget year: its dataset and files, made from its stored tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.municipal.budget.dataset import BudgetYear, describe
from ckanext.municipal.budget.originals import Archive
from ckanext.municipal.budget.resources import files_of
from ckanext.municipal.budget.tables import stored_year
from ckanext.municipal.harvest import publish as publishing
from ckanext.municipal.harvest.record import Outcome


def publish(budget: BudgetYear, archive: Archive, context: Context) -> Outcome:
    """Create or update the dataset of a year from its stored tables; see `harvest.publish`.

    ``context`` is that of the actions.
    """
    tables = stored_year(budget.package_id)
    return publishing.publish(
        describe(budget, tables),
        list(files_of(budget, tables, archive, _address(budget.package_id))),
        context,
        stored=publishing.existing(budget.package_id, context),
        made_here=_made_here,
    )


def _address(package_id: str) -> Callable[[str, str], str]:
    def address(resource_id: str, name: str) -> str:
        route = "resource.download"
        return tk.url_for(
            route,
            id=package_id,
            resource_id=resource_id,
            filename=name,
            qualified=True,
            locale="default",
        )

    return address


def _made_here(resource: Mapping[str, Any]) -> bool:
    return bool(resource.get("table")) and resource["table"] != "other"
