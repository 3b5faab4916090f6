"""A portal that harvests budgets from a folder, and what it then holds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories


@dataclass
class BudgetFolder:
    """An inbox folder of exports and the harvest source that reads it."""

    path: Path
    source: dict[str, Any]

    def add(self, *files: Path, into: str) -> None:
        """Copy exports into a sub-folder, with their names and times."""
        (self.path / into).mkdir(parents=True, exist_ok=True)
        for file in files:
            shutil.copy2(file, self.path / into / file.name)

    def write(self, name: str, data: bytes) -> None:
        """Put one export there, by its path in the folder."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def run(self, **options: Any) -> dict[str, Any]:
        """Harvest in this process; returns the run."""
        from ckanext.municipal.harvest import foreground

        model.Session.rollback()
        return foreground.run(foreground.new_job(self.source["id"]), **options)

    def errors(self) -> list[str]:
        """What the last run says to people, of the listing and of records."""
        from ckanext.harvest.model import HarvestGatherError, HarvestObjectError

        model.Session.rollback()
        tables = (HarvestGatherError, HarvestObjectError)
        return [error.message for table in tables for error in model.Session.query(table)]

    def datasets(self) -> list[dict[str, Any]]:
        """The budgets that a visitor without an account sees, by year."""
        found = tk.get_action("package_search")({"user": ""}, {"fq": "dataset_type:budget"})
        return sorted(found["results"], key=lambda dataset: dataset["fiscal_year"])

    def rows(self, dataset: dict[str, Any], table: str) -> list[dict[str, Any]]:
        """All rows of a table, as the API gives them to a visitor without an account."""
        resource = next(r for r in dataset["resources"] if r["table"] == table)
        search = tk.get_action("datastore_search")
        query = {"resource_id": resource["id"], "limit": 32000}
        return search({"user": ""}, query)["records"]


@pytest.fixture
def make_inbox(fresh_site, tmp_path, ckan_config, monkeypatch) -> Callable[..., BudgetFolder]:
    """Make an inbox with its harvest source: ``make_inbox("thessaloniki-budget")``."""
    monkeypatch.setitem(ckan_config, "ckanext.municipal.harvest.inbox", str(tmp_path))
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path / "storage"))

    def make(name: str = "thessaloniki-budget") -> BudgetFolder:
        import json

        from ckanext.municipal.harvest import config
        from ckanext.municipal.harvest.source import named_source

        file = named_source(name, config.harvesters_folder())
        organisation = factories.Organization()
        site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
        source = tk.get_action("harvest_source_create")(
            {"user": site["name"], "ignore_auth": True},
            {
                "name": name,
                "title": name,
                "url": file.url,
                "source_type": file.type,
                "owner_org": organisation["id"],
                "config": json.dumps({"source": name}),
            },
        )
        path = tmp_path / str(file.config["where"]["inbox"])
        path.mkdir(parents=True, exist_ok=True)
        return BudgetFolder(path, source)

    return make
