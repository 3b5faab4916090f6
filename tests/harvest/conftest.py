"""A portal with the test harvester, folders of records to harvest, and what became of them."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckanext.harvest import queue

PLUGINS = Path(__file__).parent / "plugins"
sys.path.insert(0, str(PLUGINS))


@dataclass
class Folder:
    """A folder of records and the harvest source that reads it."""

    path: Path
    source: dict[str, Any]

    @property
    def id(self) -> str:
        return self.source["id"]

    def write(self, **titles: str | dict[str, Any]) -> None:
        """Write records by guid: a title, or the whole content."""
        for guid, title in titles.items():
            content = {"title": title} if isinstance(title, str) else title
            (self.path / f"{guid}.json").write_text(json.dumps(content))

    def delete(self, *guids: str) -> None:
        for guid in guids:
            (self.path / f"{guid}.json").unlink()

    def fault(self, stage: str, what: str = "raise") -> Path:
        """Make the harvester stumble at a stage; returns the file that does it."""
        (self.path / "faults").mkdir(exist_ok=True)
        fault = self.path / "faults" / stage
        fault.write_text(what)
        return fault

    def loads(self) -> int:
        """How often a record was loaded, by any process."""
        log = self.path / "loads.log"
        return len(log.read_text().splitlines()) if log.exists() else 0

    def titles(self) -> list[str]:
        """The titles of the active datasets of this source."""
        from ckanext.municipal.harvest.model.tables import record

        package = model.Package.__table__
        rows = model.Session.query(package.c.title).filter(
            package.c.state == "active", package.c.id == record.c.package_id
        )
        return sorted({row[0] for row in rows.filter(record.c.source_id == self.id)})

    def run(self, **options: Any) -> dict[str, Any]:
        """Run the source in this process."""
        from ckanext.municipal.harvest import foreground

        model.Session.rollback()
        return foreground.run(foreground.new_job(self.id), **options)


@pytest.fixture
def make_folder(tmp_path, portal):
    """Make a folder with its harvest source: ``make_folder("a", digest="late")``."""

    def make(name: str = "city", **config: Any) -> Folder:
        path = tmp_path / name
        path.mkdir()
        settings = {"type": "municipal_test", "where": {"url": str(path)}, **config}
        source = tk.get_action("harvest_source_create")(
            {"user": portal["user"], "ignore_auth": True},
            {
                "name": name,
                "url": str(path),
                "source_type": "municipal_test",
                "owner_org": portal["org"],
                "config": json.dumps(settings),
            },
        )
        return Folder(path, source)

    return make


@pytest.fixture
def folder(make_folder) -> Folder:
    """An empty folder with its source."""
    return make_folder()


@pytest.fixture
def test_plugins(ckan_config, monkeypatch) -> None:
    """The plugins of test.ini and the test harvester."""
    plugins = tk.aslist(ckan_config["ckan.plugins"])
    monkeypatch.setitem(
        ckan_config, "ckan.plugins", " ".join([*plugins, "municipal_test_harvester"])
    )


@pytest.fixture
def portal(test_plugins, clean_db, clean_index, with_plugins) -> dict[str, str]:
    """A clean portal with one organisation and empty queues."""
    queue.purge_queues()
    user = factories.Sysadmin()
    org = factories.Organization()
    return {"user": user["name"], "org": org["id"]}
