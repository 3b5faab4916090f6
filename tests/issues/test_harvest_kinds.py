"""Every kind of source goes the same way: harvested, harvested again without a write, and less what is gone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from servers import open311
from servers.improve_my_city import site
from servers.improve_my_city_2 import ImproveMyCityV2
from servers.serving import serving

from tests.issues.harvested import (
    YAML,
    HarvestedCity,
    Portal,
    clean_cells,
    loaded_plugins,
    portal,
    versions,
)
from tests.issues.test_improve_my_city_dump import dumped

__all__ = ["clean_cells", "loaded_plugins", "portal"]

COUNT = 20
Take = Callable[[], None]
Made = tuple[dict[str, Any], dict[str, Any], str, Take]
"""``where`` and ``source`` of the YAML, the address that may be reached, and what takes number 7 away."""


@contextmanager
def improve_my_city_2(_portal: Portal) -> Iterator[Made]:
    made = site(COUNT)
    with serving(ImproveMyCityV2(made)) as server:
        where = {"url": server.url("/imc/")}
        yield where, {"kind": "improve_my_city_2"}, server.allow, lambda: made.delete(7)


@contextmanager
def improve_my_city_dump(portal: Portal) -> Iterator[Made]:
    made, folder = site(COUNT), portal.folder / "inbox" / "dump"
    folder.mkdir(parents=True)

    def write() -> None:
        for name, content in dumped(made).items():
            (folder / f"{name}.csv").write_text(content, encoding="utf-8")

    def take() -> None:
        made.delete(7)
        write()

    write()
    yield {"inbox": "dump"}, {"kind": "improve_my_city_dump"}, "", take


@contextmanager
def geo_report(_portal: Portal) -> Iterator[Made]:
    with open311.running(COUNT, open311.BOSTON) as city:
        where, source = {"url": city.server.url("/v2")}, {"kind": "open311", "since": "2023-11-01"}
        yield where, source, city.server.allow, lambda: city.city.reports.pop("007") and None


@contextmanager
def table(portal: Portal) -> Iterator[Made]:
    file = portal.folder / "inbox" / "table" / "requests.csv"
    file.parent.mkdir(parents=True)
    rows = {n: f"{n};Καταχωρήθηκε;Καθαριότητα;{n:02}/03/2024 10:00" for n in range(1, COUNT + 1)}

    def write() -> None:
        header = "Αριθμός;Κατάσταση;Κατηγορία;Υποβλήθηκε"
        file.write_text("\n".join([header, *rows.values(), ""]), encoding="utf-8")

    def take() -> None:
        del rows[7]
        write()

    write()
    columns = {"id": "Αριθμός", "status": "Κατάσταση", "category": "Κατηγορία"}
    columns["requested"] = "Υποβλήθηκε"
    yield {"inbox": "table"}, {"kind": "table", "columns": columns}, "", take


def source_of(portal: Portal, where: dict[str, Any], source: dict[str, Any]) -> HarvestedCity:
    """Make the harvest source of a kind, whatever its program."""
    statuses = {**YAML["statuses"], "open": ["Καταχωρήθηκε", "open"]}
    yaml = {**YAML, "name": "city", "organization": portal.organisation, "where": where}
    yaml |= {"source": source, "statuses": statuses}
    wanted = {
        "name": "city",
        "title": "city",
        "url": where.get("url") or f"inbox:{where['inbox']}",
        "source_type": "municipal_issues",
        "owner_org": portal.organisation,
        "config": json.dumps({"settings": yaml}),
    }
    made: Any = None
    return HarvestedCity(made, portal.act("harvest_source_create", **wanted), yaml)


@pytest.mark.parametrize(
    "kind", [improve_my_city_2, improve_my_city_dump, geo_report, table], ids=lambda k: k.__name__
)
def test_a_source_of_any_kind_is_harvested_and_followed(portal, monkeypatch, kind):
    monkeypatch.setitem(
        portal.config, "ckanext.municipal.harvest.inbox", str(portal.folder / "inbox")
    )
    with kind(portal) as (where, source, allow, take):
        portal.config["ckanext.municipal.http.allow"] = [allow] if allow else []
        city = source_of(portal, where, source)
        assert city.run()["added"] == 1, city.reason()
        assert {int(id_) for id_ in city.ids()} == set(range(1, COUNT + 1))
        written = versions()
        assert city.run()["unchanged"] == 1
        assert versions() == written
        take()
        assert city.run()["updated"] == 1
        assert {int(id_) for id_ in city.ids()} == set(range(1, COUNT + 1)) - {7}
