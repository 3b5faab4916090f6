"""Measurements as RDF by the Data Quality Vocabulary: a graph of their own, to which the record leads."""

from __future__ import annotations

from typing import Any

import pytest
import rdflib
import sqlalchemy as sa
from ckan.tests import factories
from feed_portal import shown_text
from quality_portal import THEME, changed, scored, write
from rdflib import Namespace
from rdflib.compare import isomorphic

from ckanext.municipal.lib.rdf.fragments import head
from ckanext.municipal.quality.dqv import DQV, FORMS, PIVEAU
from ckanext.municipal.quality.model.tables import link
from ckanext.municipal.quality.score.metrics import METRICS

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
V = Namespace(DQV)
_SYNTAX = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld", "nt": "nt"}


def graph(app: Any, reference: str, form: str = "ttl") -> rdflib.Graph:
    body = app.get(f"/quality/dataset/{reference}.{form}").data
    return rdflib.Graph().parse(data=body, format=_SYNTAX[form])


def values(read: rdflib.Graph, about: rdflib.URIRef) -> dict[str, Any]:
    """What is measured of a thing, by the name of the metric."""
    return {
        str(read.value(one, V.isMeasurementOf)).removeprefix(PIVEAU): read.value(one, V.value)
        for one in read.objects(about, V.hasQualityMeasurement)
    }


def test_the_record_of_a_dataset_leads_to_its_measurements(app: Any):
    made = scored("one")
    record = rdflib.Graph().parse(data=app.get("/dataset/one.ttl").data, format="turtle")
    [(dataset, address)] = record.subject_objects(V.hasQualityMetadata)
    assert str(address) == f"http://test.ckan.net/quality/dataset/{made['id']}.ttl"
    read = graph(app, made["id"])
    assert (dataset, V.hasQualityMetadata, address) in read
    assert read.value(address, rdflib.RDF.type) == V.QualityMetadata


def test_every_form_says_the_same(app: Any):
    scored("one", theme=THEME)
    first = graph(app, "one")
    assert len(first) > 100
    for form, (name, _type) in FORMS.items():
        # Each process of the portal begins alike: a library's own order of prefixes is another in each.
        assert app.get(f"/quality/dataset/one.{form}").data.startswith(head(name))
        assert isomorphic(graph(app, "one", form), first), form


def test_measurements_are_those_that_the_action_tells(app: Any):
    scored("one", theme=THEME, license_id="CC0")
    told = app.get("/api/3/action/municipal_quality_show?id=one").json["result"]
    read = graph(app, "one")
    states = {each["id"]: each for each in told["metrics"]}
    of_dataset = values(read, rdflib.URIRef(told["uri"]))
    assert of_dataset.pop("http://test.ckan.net/quality#points").toPython() == told["points"]
    of_resource = values(read, rdflib.URIRef(told["best_resource"]["uri"]))
    assert set(of_dataset) == {n for n, each in states.items() if not each["of_resource"]}
    for name, value in (of_dataset | of_resource).items():
        assert value.toPython() is (states[name]["state"] == "met"), name
    not_checked = {"accessUrlStatusCode", "downloadUrlStatusCode"}
    assert set(METRICS) - set(of_dataset) - set(of_resource) == not_checked


def test_a_link_that_was_checked_is_told_by_its_status_and_the_record_stays(app: Any):
    made = scored("one")
    record, before = shown_text(made), app.get("/quality/dataset/one.ttl").headers["ETag"]
    write(sa.update(link).values(state="ok", status=200, checked=sa.func.now()))
    read = graph(app, "one")
    measured = {
        value.toPython()
        for one, value in read.subject_objects(V.value)
        if read.value(one, V.isMeasurementOf) == rdflib.URIRef(PIVEAU + "accessUrlStatusCode")
    }
    assert measured == {200}
    assert app.get("/quality/dataset/one.ttl").headers["ETag"] != before
    assert shown_text(made) == record


def test_who_has_it_already_is_sent_nothing(app: Any):
    scored("one")
    answer = app.get("/quality/dataset/one.jsonld")
    assert answer.headers["Content-Type"] == "application/ld+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = {"If-None-Match": answer.headers["ETag"]}
    assert app.get("/quality/dataset/one.jsonld", headers=again, status=304).data == b""
    head = app.test_client().head("/quality/dataset/one.jsonld")
    assert head.headers["ETag"] == answer.headers["ETag"]


def test_what_is_not_public_or_there_has_no_graph(app: Any):
    made = scored("one", owner_org=factories.Organization()["id"])
    changed("one", private=True)
    for reference in ("one", made["id"], "nothing"):
        app.get(f"/quality/dataset/{reference}.ttl", status=404)
    app.get("/quality/dataset/one.xlsx", status=404)
