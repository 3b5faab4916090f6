"""Whatever the form lets through becomes a record that conforms, by our checker and by pySHACL alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import official_shapes
import pyoxigraph
import pytest
from made_datasets import made
from rdflib import Graph

from ckanext.municipal.feeds import conformance, making
from ckanext.municipal.quality.findings import Severity

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")

NTRIPLES = pyoxigraph.RdfFormat.N_TRIPLES


def record(dataset: dict[str, Any]) -> bytes:
    """Return a dataset's record as N-Triples, made as the feeds make it."""
    return making.make(dataset).payloads["ntriples"]


def errors(data: bytes, *, hvd: bool) -> list[str]:
    statements = pyoxigraph.parse(data, format=NTRIPLES)
    return [
        f"{finding.message('en')} {dict(finding.values)}"
        for finding in conformance.check(statements, hvd=hvd)
        if finding.rule.severity is Severity.ERROR
    ]


def conforms(dataset: dict[str, Any], shared: Path) -> None:
    """Check a dataset's record by both checkers."""
    hvd = dataset["hvd"] == "true"
    data = record(dataset)
    assert errors(data, hvd=hvd) == []
    files = (*official_shapes.DCAT_AP, *(official_shapes.HVD if hvd else ()))
    graph = Graph().parse(data=data, format="nt")
    assert official_shapes.verdict(graph, shared, *files) == set()


def test_generated_datasets_conform_by_our_checker():
    for seed in range(1000, 1100):
        dataset = made(seed)
        assert errors(record(dataset), hvd=dataset["hvd"] == "true") == [], seed


def test_generated_datasets_conform_by_pyshacl(shared: Path):
    for seed in range(40):
        conforms(made(seed), shared)


@pytest.mark.slow
def test_five_hundred_generated_datasets_conform_by_both(shared: Path):
    for seed in range(500):
        conforms(made(seed), shared)
