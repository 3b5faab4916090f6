"""The fault drill: what a source speaks, what happens in its city, and how the end is compared.

A city is harvested while something goes wrong, then again until a run goes well. It has to end as
a city ends in which nothing went wrong.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import uploader
from ckanext.harvest.model import HarvestJob
from faults import FaultServer
from servers import improve_my_city
from servers.improve_my_city_2 import ImproveMyCityV2
from servers.open311 import CHICAGO, GeoReport
from servers.open311_city import DAY, HOUR, START, report
from servers.open311_city import city as open311_city
from servers.serving import Fault, serving

from dev.demo.improve_my_city.site import Site
from tests.issues.harvested import SECRET, HarvestedCity, Portal, versions

COUNT = 40
TABLES = ("requests", "events", "categories", "statistics")


@dataclass
class Served:
    """A program that is served, and what in it can be changed."""

    server: FaultServer
    site: Any

    def go_wrong(self, *faults: Fault) -> None:
        """Let the answers from now on go wrong in these ways, and in no other."""
        program = self.server.otherwise
        program.seen = [0] * len(faults)
        program.faults = faults


@dataclass(frozen=True)
class Program:
    """What a source speaks: how it is served, its address, and what its YAML says of it.

    ``serve`` takes by how many seconds the clock of the server is wrong.
    """

    serve: Callable[[float], Any]
    path: str
    yaml: dict[str, Any]
    live: Callable[[Any], None]
    """What happens in the city between two runs: one request is closed, one made, one deleted."""


@contextmanager
def _imc(skew: float) -> Iterator[Served]:
    with improve_my_city.running(COUNT, clock=lambda: time.time() + skew) as running:
        yield Served(running.server, running.site)


@contextmanager
def _imc_2(skew: float) -> Iterator[Served]:
    site = improve_my_city.site(COUNT)
    with serving(ImproveMyCityV2(site), clock=lambda: time.time() + skew) as server:
        yield Served(server, site)


@contextmanager
def _open311(skew: float) -> Iterator[Served]:
    city, dialect = open311_city(COUNT), replace(CHICAGO, limit=18)
    app = GeoReport(city, dialect, START + 4 * DAY)
    with serving(app, clock=lambda: app.now + skew) as server:
        yield Served(server, app)


def _live_imc(site: Site) -> None:
    at = improve_my_city.START + (COUNT + 1) * HOUR
    site.move(7, 4, at, note="Αποκαταστάθηκε")
    site.put(improve_my_city.issue(COUNT + 1, updated=at + HOUR))
    site.delete(9)


def _live_open311(app: GeoReport) -> None:
    """A day later; nothing is withdrawn, which a server of this kind does not tell before a week."""
    app.now += DAY
    app.city.close("007", app.now - HOUR)
    app.city.put(report(COUNT + 1, requested=app.now - HOUR, updated=app.now - HOUR))


_IMC_2_NAMES = {"open": ["open"], "in_progress": ["acknowledged"], "closed": ["closed"]}
PROGRAMS = {
    "Improve My City 3": Program(
        _imc,
        "/imc/",
        {"source": {"kind": "improve_my_city", "key": {"secret": SECRET}, "page_size": 10}},
        _live_imc,
    ),
    "Improve My City 2": Program(
        _imc_2,
        "/",
        {"source": {"kind": "improve_my_city_2"}, "statuses": _IMC_2_NAMES},
        _live_imc,
    ),
    "Open311": Program(
        _open311,
        "/v2",
        {
            "source": {"kind": "open311", "since": "2023-11-01", "format": "json"},
            "statuses": {"open": ["open"], "closed": ["closed"]},
        },
        _live_open311,
    ),
}


class Drill:
    """One city of a program in the portal, whose server's clock is wrong by ``skew`` seconds."""

    def __init__(
        self, portal: Portal, program: str, name: str = "city-with-faults", skew: float = 0.0
    ) -> None:
        self.name = name
        self.program = PROGRAMS[program]
        self.served: Served = portal.stack.enter_context(self.program.serve(skew))
        self.city: HarvestedCity = portal.source(
            self.served, self.program.path, name, **self.program.yaml
        )

    def live(self) -> None:
        """Let the city change."""
        self.program.live(self.served.site)

    def run(self) -> bool:
        """Harvest once; whether it went well. Its job is finished however it went."""
        run = self.city.run()
        assert self.jobs() == {"Finished"}
        assert run["finished"]
        return run["outcome"] == "done" and not run["set_aside"]

    def jobs(self) -> set[str]:
        """The states of all jobs of the source."""
        model.Session.rollback()
        query = model.Session.query(HarvestJob.status).filter_by(source_id=self.city.source["id"])
        return {status for (status,) in query}

    def end_state(self) -> dict[str, Any]:
        """All that the portal holds of the city, but for what is its own and when it was read."""
        package_id, stored = self.city.package_id, self.city.tables
        told: dict[str, Any] = {name: list(stored.rows(name)) for name in TABLES}
        dataset = self.city.dataset()
        assert dataset, "the dataset is lost"
        for key, value in _steady({**dataset, "resources": []}):
            told[f"dataset {key}"] = self._plain(repr(value))
        for resource in dataset["resources"]:
            table = resource["table"]
            if table == "readings":  # how often it was read, and how far, is what a fault changes
                continue
            for key, value in _steady(resource):
                told[f"resource {table} {key}"] = self._plain(repr(value))
            if resource["url_type"] == "upload":
                place = uploader.get_resource_uploader(resource).get_path(resource["id"])
                data = Path(place).read_bytes()
                own = table == "datapackage"  # the one file that tells of the dataset and of files
                told[f"file {table}"] = self._plain(_package(data)) if own else data
        told["cells"] = [row[1:] for row in self.city.cells()]
        found = tk.get_action("package_search")({"user": ""}, {"fq": f'id:"{package_id}"'})
        assert found["count"] == 1, "the dataset is not found by search"
        return told

    def _plain(self, text: str) -> str:
        return _OWN.sub("…", text.replace(self.name, "…"))

    def check_that_another_run_changes_nothing(self) -> None:
        """Nothing is written by a run of an unchanged city."""
        written = versions()
        assert self.run()
        assert versions() == written


# Ids and names made of them, the port of the program, and moments of the day of the test.
_OWN = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|aitimata-[0-9a-f]{6}"
    r"|127\.0\.0\.1:\d+"
    r"|20(?:2[5-9]|[3-9]\d)-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"
)
# Of a dataset or a resource: digests and lengths of what holds ids, which is compared itself.
_UNSTEADY = frozenset({"hash", "size", "reading", "organization"})


def _steady(said: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted((key, value) for key, value in said.items() if key not in _UNSTEADY)


def _package(data: bytes) -> str:
    told = json.loads(data)
    told["resources"] = [each for each in told["resources"] if "readings" not in each["path"]]
    return json.dumps(told, ensure_ascii=False)


@cache
def _ends() -> dict[tuple[str, bool], dict[str, Any]]:
    return {}


def end_without_faults(portal: Portal, program: str, *, lived: bool) -> dict[str, Any]:
    """What a city of a program ends as where nothing goes wrong; it is harvested once a session."""
    if (program, lived) not in _ends():
        drill = Drill(portal, program, "city-without-faults")
        assert drill.run(), drill.city.reason()
        if lived:
            drill.live()
            assert drill.run(), drill.city.reason()
        drill.check_that_another_run_changes_nothing()
        _ends()[program, lived] = drill.end_state()
    return _ends()[program, lived]
