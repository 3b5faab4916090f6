"""What breaks DCAT-AP is said as a publisher can mend it: which resource, which field, what to write."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import yaml
from broken_records import HERE, conforming
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from ckanext.municipal.feeds.conformance import check
from ckanext.municipal.feeds.conformance_rules import RULES
from ckanext.municipal.feeds.form_fields import FIELDS, Field, form_label, label_in
from ckanext.municipal.lib.rdf.demands import PREFIXES
from ckanext.municipal.quality.findings import Finding, Severity

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
DATASET, RESOURCE = URIRef(HERE + "dataset/1"), URIRef(HERE + "resource/1")
DCAT, DCATAP, DCT = (Namespace(PREFIXES[name]) for name in ("dcat", "dcatap", "dct"))


@pytest.fixture
def graph() -> Graph:
    return conforming()


def findings(graph: Graph, *, hvd: bool = True) -> list[Finding]:
    data = graph.serialize(format="nt", encoding="utf-8")
    statements = pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_TRIPLES)
    return check(statements, hvd=hvd, labels=lambda field: label_in(schema(), field))


@cache
def schema() -> dict[str, Any]:
    return yaml.safe_load((SCHEMAS / "dataset.yaml").read_text(encoding="utf-8"))


def only(graph: Graph) -> Finding:
    (finding,) = findings(graph)
    return finding


def test_a_missing_description_names_the_field_of_the_form(graph: Graph):
    graph.remove((DATASET, DCT.description, None))
    finding = only(graph)
    assert finding.rule.id == "dcat-missing"
    assert finding.place.field == "notes_translated"
    assert finding.message("en") == "The dataset: “Description” is missing."
    assert finding.remedy("en") == "Fill in the field “Description”."


def test_a_fault_of_a_resource_names_the_resource(graph: Graph):
    graph.set((RESOURCE, DCT.language, Literal("Greek")))
    finding = only(graph)
    assert finding.message("en").startswith("Resource “Πόρος”: “Language of the data” has to be")
    assert "“Greek”" in finding.message("en")


def test_a_fault_of_a_service_names_its_resource_and_its_own_field(graph: Graph):
    graph.remove((URIRef(HERE + "service"), DCT.title, None))
    assert only(graph).message("en") == (
        "Resource “Πόρος”: “Data service (API): Title” is missing."
    )


def test_a_resource_without_a_name_is_told_by_its_address(graph: Graph):
    graph.remove((RESOURCE, DCT.title, None))
    graph.set((RESOURCE, DCT.language, Literal("Greek")))
    assert only(graph).message("en").startswith(f"Resource “{RESOURCE}”:")


def test_a_wrong_form_is_told_with_one_that_is_right(graph: Graph):
    step = Literal("daily", datatype=URIRef(PREFIXES["xsd"] + "duration"))
    graph.set((DATASET, DCAT.temporalResolution, step))
    finding = only(graph)
    assert finding.message("en") == "The dataset: “Time step” cannot be “daily”."
    assert finding.remedy("en") == "Write it like P1D in the field “Time step”."


def test_what_the_form_does_not_show_is_for_the_operator(graph: Graph):
    graph.set((RESOURCE, DCAT.byteSize, Literal("big")))
    finding = only(graph)
    assert finding.rule.id == "dcat-wrong-form"
    assert finding.remedy("en") == "The portal writes this by itself. Tell its operator."
    assert "dcat:byteSize" in finding.message("en")


def test_a_high_value_dataset_without_an_api_is_told_how_to_get_one(graph: Graph):
    graph.remove((None, DCAT.accessService, None))
    graph.remove((None, DCAT.servesDataset, None))
    finding = only(graph)
    assert finding.rule.id == "dcat-hvd-api"
    assert "DataStore" in finding.remedy("en")


def test_a_category_that_is_none_and_a_regulation_that_is_another(graph: Graph):
    graph.set((DATASET, DCATAP.hvdCategory, URIRef(HERE + "theme")))
    graph.set((DATASET, DCATAP.applicableLegislation, URIRef(HERE + "law")))
    graph.add((URIRef(HERE + "law"), RDF.type, URIRef(PREFIXES["eli"] + "LegalResource")))
    assert [finding.rule.id for finding in findings(graph)] == [
        "dcat-hvd-regulation",
        "dcat-hvd-category",
    ]


def test_the_rules_of_high_value_data_are_for_high_value_data(graph: Graph):
    graph.remove((None, DCATAP.applicableLegislation, None))
    assert findings(graph, hvd=False) == []
    assert findings(graph) != []


def test_a_date_that_is_none_is_a_warning_and_keeps_nothing_back(graph: Graph):
    graph.set((DATASET, DCT.modified, Literal("yesterday")))
    finding = only(graph)
    assert finding.rule.severity is Severity.WARNING
    assert finding.remedy("en") == "Write it like 2024-12-31 in the field “Data last changed”."


def test_what_two_profiles_demand_is_told_once(graph: Graph):
    graph.remove((RESOURCE, DCAT.accessURL, None))
    assert only(graph).place.field == "url"


def test_errors_come_first(graph: Graph):
    graph.set((DATASET, DCT.modified, Literal("yesterday")))
    graph.remove((RESOURCE, DCAT.accessURL, None))
    told = [finding.rule.severity for finding in findings(graph)]
    assert told == [Severity.ERROR, Severity.WARNING]


def test_a_record_without_a_dataset_is_told():
    assert [finding.rule.id for finding in findings(Graph())] == ["dcat-no-dataset"]


def test_every_finding_is_whole_in_both_languages(graph: Graph):
    graph.remove((None, DCT.title, None))
    graph.set((RESOURCE, DCT["format"], Literal("CSV")))
    for finding in findings(graph):
        for language in ("en", "el"):
            assert "{" not in finding.message(language) + finding.remedy(language)


def test_every_rule_has_an_id_of_its_own():
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_every_field_that_is_named_is_in_the_schema():
    known = {
        of_resource: {each["field_name"]: each for each in schema()[part]}
        for of_resource, part in ((False, "dataset_fields"), (True, "resource_fields"))
    }
    named = {field for fields in FIELDS.values() for field in fields.values()}
    assert len(named) > 50
    for field in named:
        parts = known[field.of_resource][field.name].get("repeating_subfields", ())
        assert not field.part or field.part in [each["field_name"] for each in parts], field


@pytest.mark.usefixtures("with_plugins")
def test_labels_are_those_of_the_form_in_both_languages():
    assert form_label(Field("contact", "email")) == {
        "en": "Contact point: E-mail",
        "el": "Σημείο επαφής: E-mail",
    }
    assert form_label(Field("size", of_resource=True)) is None
