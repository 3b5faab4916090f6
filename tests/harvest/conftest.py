"""A portal with the test harvester, folders of records to harvest, and what became of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.plugins as plugins
import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import _get_test_app
from ckanext.harvest import queue

PLUGINS = Path(__file__).parent / "plugins"
sys.path.insert(0, str(PLUGINS))


@dataclass
class Folder:
    """A folder of records and the harvest source that reads it."""

    path: Path
    source: dict[str, Any]
    organisation: str
    user: str

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

    def act(self, action: str, **data_dict: Any) -> Any:
        """Call an action as a person with every right."""
        session = {"model": model, "session": model.Session}
        return tk.get_action(action)({"ignore_auth": True, "user": self.user, **session}, data_dict)

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

    def source_file(self) -> Path:
        """The source as a YAML of harvesters/ says it."""
        file = self.path.parent / f"{self.source['name']}.yaml"
        settings = json.loads(self.source["config"])["settings"]
        file.write_text(json.dumps({**settings, "organization": self.organisation}))
        return file

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
                "config": json.dumps({"settings": settings}),
            },
        )
        return Folder(path, source, portal["org"], portal["user"])

    return make


@pytest.fixture
def folder(make_folder) -> Folder:
    """An empty folder with its source."""
    return make_folder()


@pytest.fixture(scope="module")
def test_plugins() -> Iterator[None]:
    """The plugins of test.ini and the test harvester, loaded once a module: it takes seconds."""
    before = tk.config["ckan.plugins"]
    tk.config["ckan.plugins"] = [*tk.aslist(before), "municipal_test_harvester"]
    plugins.load_all()
    yield
    plugins.unload_all()
    tk.config["ckan.plugins"] = before


@pytest.fixture(scope="module")
def site(test_plugins) -> Any:
    """The portal as a web application, made once a module: making it loads plugins anew."""
    return _get_test_app()


@pytest.fixture
def app(site) -> Any:
    """What `browse` and page tests use."""
    return site


@pytest.fixture
def clean_queues() -> None:
    """Nothing waits for a worker, and no worker left a mark."""
    connection = queue.get_connection_redis()
    for key in connection.keys("*harvest_*_id*"):
        connection.delete(key)


@pytest.fixture
def portal(test_plugins, clean_db, clean_index, clean_queues) -> dict[str, str]:
    """A clean portal with one organisation and empty queues."""
    user = factories.Sysadmin()
    org = factories.Organization()
    return {"user": user["name"], "org": org["id"]}
