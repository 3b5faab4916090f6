"""A dataset's record, made as the feeds make it, judged by both checkers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import official_shapes
from rdflib import Graph

from ckanext.municipal.feeds import making
from ckanext.municipal.feeds.making import Made
from ckanext.municipal.quality.findings import Severity


def record_conforms(dataset: dict[str, Any], shared: Path) -> Made:
    """Check that nothing mandatory is broken in a dataset's record, and return the record."""
    made = making.make(dataset)
    assert errors(made) == [], dataset["name"]
    files = (*official_shapes.DCAT_AP, *(official_shapes.HVD if made.hvd else ()))
    graph = Graph().parse(data=made.payloads["ntriples"], format="nt")
    assert official_shapes.verdict(graph, shared, *files) == set(), dataset["name"]
    return made


def errors(made: Made) -> list[str]:
    """Return what of a record keeps it out of the feeds."""
    return [
        f"{finding.message('en')} {dict(finding.values)}"
        for finding in made.findings
        if finding.rule.severity is Severity.ERROR
    ]
