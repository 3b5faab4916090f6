"""A harvested budget's record conforms to DCAT-AP and belongs to the series of its municipality."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import budget_portal
from conforming_record import record_conforms
from rdflib import Graph
from rdflib.namespace import DCAT, DCTERMS, RDF


def test_a_harvested_budget_conforms_and_is_one_of_a_series(make_inbox: Any, shared: Path):
    inbox = make_inbox()
    budget_portal.fill(inbox)
    inbox.run()
    (dataset,) = inbox.datasets()
    record = record_conforms(dataset, shared)
    graph = Graph().parse(data=record.payloads["ntriples"], format="nt")
    (series,) = graph.objects(None, DCAT["inSeries"])
    assert (series, RDF.type, DCAT.DatasetSeries) in graph
    assert {title.language for title in graph.objects(series, DCTERMS.title)} == {"el", "en"}
    assert str(series).endswith(f"/budget#{dataset['municipality_uid']}")
    tables = [each for each in dataset["resources"] if each["datastore_active"]]
    assert len(set(graph.subjects(RDF.type, DCAT.DataService))) == len(tables) > 1
