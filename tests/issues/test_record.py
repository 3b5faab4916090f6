"""The record of harvested requests conforms to DCAT-AP, and each of its tables has its API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conforming_record import record_conforms
from rdflib import Graph
from rdflib.namespace import DCAT, RDF

from tests.issues.harvested import clean_cells, loaded_plugins, portal

__all__ = ["clean_cells", "loaded_plugins", "portal"]


def test_harvested_requests_conform_and_their_tables_have_an_api(portal: Any, shared: Path):
    city = portal.city(40)
    city.run()
    dataset = city.dataset()
    record = record_conforms(dataset, shared)
    graph = Graph().parse(data=record.payloads["ntriples"], format="nt")
    tables = [each for each in dataset["resources"] if each["datastore_active"]]
    assert len(set(graph.subjects(RDF.type, DCAT.DataService))) == len(tables) > 1
