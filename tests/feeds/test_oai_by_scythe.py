"""Somebody else's harvester reads `/oai`, whole and then what is new: its mirror is the catalogue."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from chromium import served
from lxml import etree  # type: ignore[attr-defined]
from oaipmh_scythe import Scythe
from oaipmh_scythe.exceptions import IdDoesNotExist, NoRecordsMatch
from pyoxigraph import RdfFormat, parse

from tests.feeds.oai_answers import RDF_ROOT
from tests.feeds.portal import settle
from tests.feeds.test_oai import catalogue
from tests.feeds.test_pages_while_edited import BySql, City


def _harvest(scythe: Any, mirror: dict[str, Any], **period: str) -> None:
    for record in scythe.list_records(metadata_prefix="dcat_ap", **period):
        dataset_id = record.header.identifier.rpartition(":")[2]
        if record.header.deleted:
            mirror.pop(dataset_id, None)
            continue
        (rdf,) = etree.fromstring(bytes(record)).iter(RDF_ROOT)
        quads = parse(etree.tostring(rdf), format=RdfFormat.RDF_XML)
        mirror[dataset_id] = frozenset(quad.triple for quad in quads)


def test_its_mirror_is_the_catalogue_after_every_harvest(
    fresh_site: None, app: Any, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(ckan_config, "ckanext.dcat.datasets_per_page", 3)
    monkeypatch.setitem(ckan_config, "ckanext.municipal.feeds.deletion_share", 1)
    city = City(Random(5), BySql())
    mirror: dict[str, Any] = {}
    scythe: Any
    with served(app.app) as address, Scythe(f"{address}/oai") as scythe:
        monkeypatch.setitem(ckan_config, "ckan.site_url", address)
        city.begin()
        _harvest(scythe, mirror)
        assert mirror == catalogue()
        for _ in range(4):
            since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            city.work(8)
            settle()
            _harvest(scythe, mirror, from_=since)
            assert mirror == catalogue()
            assert set(mirror) == city.public
        assert scythe.identify().deletedRecord == "persistent"
        assert len(list(scythe.list_identifiers(metadata_prefix="oai_dc"))) >= len(mirror)
        assert [each.metadataPrefix for each in scythe.list_metadata_formats()] == [
            *("dcat_ap", "oai_dc"),
        ]
        assert [each.setSpec for each in scythe.list_sets()] == ["organization", "theme"]
        identifier = f"oai:127.0.0.1:{next(iter(mirror))}"
        record = scythe.get_record(identifier=identifier, metadata_prefix="oai_dc")
        assert record.metadata["identifier"]
        with pytest.raises(IdDoesNotExist):
            scythe.get_record(identifier="oai:127.0.0.1:none")
        with pytest.raises(NoRecordsMatch):
            list(scythe.list_records(until="1990-01-01"))
