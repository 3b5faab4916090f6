"""A portal that harvests a made-up city over HTTP, and everything that it then holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins as plugins
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp, _get_test_app
from servers.improve_my_city import KEY, Running, running
from servers.serving import Fault

from ckanext.municipal.issues.tables import Tables
from dev.demo.improve_my_city.site import Site

SECRET = "city-key"
FILES = ("requests-geojson", "requests-bulk", "requests-json", "events-json")
YAML: dict[str, Any] = {
    "type": "municipal_issues",
    "title": {"el": "Αιτήματα", "en": "Requests"},
    "timezone": "Europe/Athens",
    "source": {"kind": "improve_my_city", "key": {"secret": SECRET}, "page_size": 10},
    "statuses": {
        "open": ["Καταχωρήθηκε"],
        "in_progress": ["Γνωστοποιήθηκε", "Σε εξέλιξη"],
        "closed": ["Κλειστό"],
        "archived": ["Στο αρχείο"],
    },
    "close_reasons": {"solved": ["Αποκαταστάθηκε*"]},
    "categories": [
        {
            "code": "works",
            "title": {"el": "Τεχνική υπηρεσία", "en": "Works"},
            "names": ["Τεχνική υπηρεσία"],
        },
        {
            "code": "works-roads",
            "parent": "works",
            "title": {"el": "Οδόστρωμα", "en": "Roads"},
            "names": ["Οδόστρωμα – Πεζοδρόμια"],
        },
        {
            "code": "works-lighting",
            "parent": "works",
            "title": {"el": "Φωτισμός", "en": "Lighting"},
            "names": ["Ηλεκτροφωτισμός - Καμένες λάμπες"],
        },
    ],
}


@dataclass
class HarvestedCity:
    """One source of requests: its made-up program and its harvest source in the portal."""

    city: Running
    source: dict[str, Any]
    yaml: dict[str, Any]

    @property
    def site(self) -> Site:
        """What the city's program knows."""
        return self.city.site

    @property
    def package_id(self) -> str:
        """The id of the dataset."""
        from ckanext.municipal.harvest.identity import dataset_id

        return dataset_id(self.source["id"], "requests")

    @property
    def tables(self) -> Tables:
        """The tables of the dataset."""
        return Tables(self.package_id, ZoneInfo(self.yaml["timezone"]))

    def run(self, **options: Any) -> dict[str, Any]:
        """Harvest in this process; returns the run."""
        from ckanext.municipal.harvest import foreground

        model.Session.rollback()
        return foreground.run(foreground.new_job(self.source["id"]), **options)

    def reason(self) -> dict[str, str] | None:
        """Why the source is set aside, by language."""
        from ckanext.municipal.harvest.model import records

        model.Session.rollback()
        aside = records.set_aside(self.source["id"])
        return aside[0]["reason"] if aside else None

    def dataset(self) -> dict[str, Any] | None:
        """The dataset as a visitor without an account sees it."""
        model.Session.rollback()
        model.Session.expire_all()
        try:
            return tk.get_action("package_show")({"user": ""}, {"id": self.package_id})
        except tk.ObjectNotFound:
            return None

    def ids(self) -> list[str]:
        """The ids of the published requests."""
        return [row["id"] for row in self.tables.requests()]

    def file(self, kind: str) -> bytes:
        """The bytes of a file of the dataset, by its role."""
        from ckan.lib import uploader

        dataset = self.dataset()
        assert dataset
        resource = next(each for each in dataset["resources"] if each["table"] == kind)
        path = Path(uploader.get_resource_uploader(resource).get_path(resource["id"]))
        return path.read_bytes()

    def content(self) -> dict[str, Any]:
        """Everything published but when it was read: rows, files, and what the dataset says."""
        names = ("requests", "events", "categories", "statistics")
        told: dict[str, Any] = {name: list(self.tables.rows(name)) for name in names}
        dataset = self.dataset() or {"resources": [], "title": None, "state": None}
        told["files"] = {kind: self.file(kind) for kind in FILES} if dataset["resources"] else {}
        told["dataset"] = [dataset["title"], dataset["state"]]
        return told

    def cells(self) -> list[tuple[Any, ...]]:
        """The cells that are kept of all requests, published or not."""
        from ckanext.municipal.issues.model import cell

        model.Session.rollback()
        query = sa.select(cell).where(cell.c.package_id == self.package_id).order_by(cell.c.id)
        return [tuple(row) for row in model.Session.execute(query)]


def versions(*, of_harvest: bool = False) -> dict[str, list[tuple[str, str]]]:
    """Every row of both databases with the transaction that wrote it: equal means none was written.

    The tables in which harvesting keeps its own books (jobs, objects, runs) are left out.
    """
    from ckanext.datastore.backend.postgres import get_write_engine

    model.Session.rollback()
    found: dict[str, list[tuple[str, str]]] = {}
    for engine in (model.meta.engine, get_write_engine()):
        with engine.connect() as connection:
            names = connection.execute(
                sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            ).scalars()
            for name in sorted(names):
                if of_harvest or not name.startswith(("harvest_", "municipal_harvest_")):
                    query = sa.text(f'SELECT ctid::text, xmin::text FROM "{name}" ORDER BY 1')
                    found[name] = [tuple(row) for row in connection.execute(query)]
    return found


@dataclass
class Portal:
    """A clean portal, and what makes sources of it; ``folder`` holds storage, secrets and logs."""

    folder: Path
    organisation: str
    user: str
    config: Any
    stack: ExitStack = field(default_factory=ExitStack)

    def city(
        self, made: Site | int, *faults: Fault, name: str = "city", **changes: Any
    ) -> HarvestedCity:
        """Serve a made-up city and make its harvest source; ``changes`` are keys of its YAML."""
        served = self.stack.enter_context(running(made, *faults))
        return self.source(served, "/imc/", name, **changes)

    def source(self, served: Any, path: str, name: str, **changes: Any) -> HarvestedCity:
        """Make the harvest source of a served program; ``changes`` are keys of its YAML."""
        allowed = tk.aslist(self.config.get("ckanext.municipal.http.allow"))
        self.config["ckanext.municipal.http.allow"] = [*allowed, served.server.allow]
        where = {"url": served.server.url(path)}
        yaml = {**YAML, "name": name, "organization": self.organisation, "where": where, **changes}
        wanted = {
            "name": name,
            "title": name,
            "url": where["url"],
            "source_type": "municipal_issues",
            "owner_org": self.organisation,
            "config": json.dumps({"settings": yaml}),
        }
        source = self.act("harvest_source_create", **wanted)
        return HarvestedCity(served, source, yaml)

    def act(self, action: str, **data_dict: Any) -> Any:
        """Call an action as a person with every right."""
        session = {"model": model, "session": model.Session}
        return tk.get_action(action)({"ignore_auth": True, "user": self.user, **session}, data_dict)


@pytest.fixture(scope="module")
def loaded_plugins(migrated) -> Iterator[CKANTestApp]:
    """The plugins of test.ini and the portal as an application, once a module: it takes seconds.

    Where no page is asked for, addresses are made by the application that was made last: one that
    a module before made with other plugins would not know them.
    """
    plugins.load_all()
    yield _get_test_app()
    plugins.unload_all()


@pytest.fixture
def clean_cells(migrated) -> None:
    """Nothing is kept of any source."""
    from ckanext.municipal.issues.model import cell, seen

    for table in (cell, seen):
        model.Session.execute(sa.delete(table))
    model.Session.commit()


@pytest.fixture
def portal(
    loaded_plugins, clean_db, clean_index, clean_datastore, clean_redis, clean_cells, tmp_path,
    ckan_config, monkeypatch,
) -> Iterator[Portal]:  # fmt: skip
    """An empty portal that knows the key of the made-up city's program."""
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / SECRET).write_text(KEY + "\n")
    options = {
        "ckan.storage_path": str(tmp_path / "storage"),
        "ckanext.municipal.harvest.secrets": str(tmp_path / "secrets"),
        "ckanext.municipal.http.allow": [],
        "ckanext.municipal.http.seconds": 5,
    }
    for option, value in options.items():
        monkeypatch.setitem(ckan_config, option, value)
    user = factories.Sysadmin()["name"]
    organisation = factories.Organization()["id"]
    with ExitStack() as stack:
        yield Portal(tmp_path, organisation, user, ckan_config, stack)
