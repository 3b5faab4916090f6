"""Our verdict on a record is the official one: the same facts, and the same answer as pySHACL's."""

from __future__ import annotations

from pathlib import Path

import broken_records
import official_shapes
import pyoxigraph
import pytest
from broken_records import Broken, conforming, every_break, several
from rdflib import Graph

from ckanext.municipal.lib.rdf.conformance import Fault, violations
from ckanext.municipal.lib.rdf.dcat_ap import DCAT_AP
from ckanext.municipal.lib.rdf.dcat_ap_hvd import DCAT_AP_HVD
from ckanext.municipal.lib.rdf.demands import Demand, Demands, Kind
from ckanext.municipal.lib.rdf.statements import Statements, said

_KINDS = {Kind.LITERAL: "Literal", Kind.NODE: "BlankNodeOrIRI", Kind.IRI: "IRI"}
_ABOUT = {Fault.MISSING: "least", Fault.VALUE_MISSING: "least", Fault.TOO_MANY: "most"}
_BREAKS = every_break()


def facts(profile: Demands) -> set[official_shapes.Constraint]:
    """Return a profile of ours as constraints of SHACL."""
    found: set[official_shapes.Constraint] = set()
    for of, demands in profile.items():
        for demand in demands:
            told = {
                "minCount": str(demand.least or ""),
                "maxCount": "" if demand.most is None else str(demand.most),
                "nodeKind": _KINDS[demand.kind] if demand.kind else "",
                "class": demand.of[0] if len(demand.of) == 1 else "",
                "datatype": demand.datatypes[0] if len(demand.datatypes) == 1 else "",
                "hasValue": demand.value,
                # The official file says `sh:shape` where it means `sh:node`; there we only advise.
                ("shape" if demand.advice else "node"): _shape(demand),
                "severity": "Warning" if demand.advice and not demand.datatypes else "",
            }
            found |= {(of, demand.path, name, value) for name, value in told.items() if value}
    return found


def _shape(demand: Demand) -> str:
    if len(demand.of) > 1:
        return "DcatResource_Shape"
    if len(demand.datatypes) > 1:
        return "DateOrDateTimeDataType_Shape"
    return "HVDCategoryRestriction" if demand.scheme else ""


def verdict(graph: Graph, *profiles: Demands) -> set[tuple[str, str, str]]:
    """Return what our checker finds, as ``official_shapes.verdict`` tells what pySHACL does."""
    return {
        (said(each.node), each.demand.path, _ABOUT.get(each.fault, "value"))
        for each in violations(statements(graph), *profiles)
        if not each.demand.advice
    }


def statements(graph: Graph) -> Statements:
    data = graph.serialize(format="nt", encoding="utf-8")
    return Statements(pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_TRIPLES))


def agree(graph: Graph, shared: Path) -> set[tuple[str, str, str]]:
    found = verdict(graph, DCAT_AP, DCAT_AP_HVD)
    official = official_shapes.verdict(
        graph, shared, *official_shapes.DCAT_AP, *official_shapes.HVD
    )
    # What the HVD profile says of catalogues and their records is not about datasets.
    topic = (broken_records.HERE + "record", "foaf:primaryTopic", "value")
    assert found - {topic} == official - {topic}
    return found


def test_facts_are_those_of_the_official_shapes(shared: Path):
    official = official_shapes.constraints(official_shapes.shapes(shared, *official_shapes.DCAT_AP))
    assert facts(DCAT_AP) == official
    of_datasets = {
        each
        for each in official_shapes.constraints(
            official_shapes.shapes(shared, *official_shapes.HVD)
        )
        if each[0] not in ("dcat:Catalog", "dcat:CatalogRecord")
    }
    assert facts(DCAT_AP_HVD) == of_datasets


def test_a_record_that_conforms_has_no_violation(shared: Path):
    assert not agree(conforming(), shared)
    assert not violations(statements(conforming()), DCAT_AP, DCAT_AP_HVD)


def test_every_demand_is_seen_to_be_broken():
    for broken in _BREAKS:
        graph = conforming()
        broken.breaks(graph)
        assert verdict(graph, DCAT_AP, DCAT_AP_HVD), broken.name


@pytest.mark.parametrize("broken", _BREAKS[::12], ids=lambda broken: broken.name)
def test_a_broken_record_is_found_as_pyshacl_finds_it(broken: Broken, shared: Path):
    graph = conforming()
    broken.breaks(graph)
    assert agree(graph, shared)


@pytest.mark.parametrize("seed", range(10))
def test_a_record_broken_in_several_ways_is_found_as_pyshacl_finds_it(seed: int, shared: Path):
    graph = conforming()
    several(_BREAKS, seed).breaks(graph)
    assert agree(graph, shared)


@pytest.mark.slow
def test_every_break_and_two_hundred_mixtures_are_found_as_pyshacl_finds_them(shared: Path):
    for broken in (*_BREAKS, *(several(_BREAKS, seed) for seed in range(200))):
        graph = conforming()
        broken.breaks(graph)
        assert agree(graph, shared), broken.name
