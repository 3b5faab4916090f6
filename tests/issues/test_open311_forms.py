"""JSON and XML of Open311 have the structure of GeoReport v2, whatever the texts are."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import LanguageAccept, MIMEAccept

from ckanext.municipal.issues.open311 import negotiation, xml
from ckanext.municipal.issues.open311.answers import Teller, with_events
from ckanext.municipal.issues.open311.discovery import Jurisdiction, discovery
from ckanext.municipal.issues.open311.services import Categories, Category, definition
from ckanext.municipal.store.schema import TableSchema
from tests.issues.published_requests import CATEGORIES, XSS, history, request

STANDARD = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
    "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip
KNOWN = Categories(Category.of(row) for row in CATEGORIES)


def teller(language: str = "el") -> Teller:
    return Teller(
        language=language,
        schema=TableSchema.load("issue_requests"),
        categories=KNOWN,
        districts={"6114-1": "Α΄"},
        page=lambda request_id: f"http://city.example/{request_id}",
    )


def parsed(root: str, value: Any) -> ET.Element:
    document = xml.document(root, value)
    assert document.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n')
    return ET.fromstring(document)


def test_a_request_has_the_fields_of_the_standard_in_their_order():
    row = request("006", status="archived", close_reason="duplicate", duplicate_of="005")
    told = teller().request(row)
    assert list(told) == STANDARD
    assert told["service_request_id"] == "006"
    assert told["status"] == "closed"
    assert told["status_notes"] == "Στο αρχείο: Διπλό αίτημα"
    assert told["service_name"] == "Κάδοι"
    assert teller("en").request(row)["service_name"] == "Bins"
    assert told["requested_datetime"] == row["requested"].isoformat()
    assert told["requested_datetime"][-6] in "+-"
    assert (told["lat"], told["long"]) == (40.6301, 22.943)


def test_the_extension_tells_what_two_statuses_cannot():
    row = request("7", status="in_progress")
    ((_, own),) = with_events([row], history(row))
    told = teller("en").request(row, own)
    assert list(told)[len(STANDARD) :] == ["extended_attributes", "notes"]
    assert told["status"] == "open"
    assert told["extended_attributes"]["status"] == "in_progress"
    assert told["extended_attributes"]["district_name"] == "Α΄"
    assert [note["type"] for note in told["notes"]] == ["submitted", "activity"]
    assert told["notes"][1]["extended_attributes"]["to_status"] == "in_progress"


def test_xml_holds_what_json_holds():
    rows = [request("1"), request("2", lat=None, long=None, description=XSS)]
    told = [teller().request(row, own) for row, own in with_events(rows, history(rows[0]))]
    root = parsed("service_requests", told)
    assert root.tag == "service_requests"
    assert [child.tag for child in root] == ["request", "request"]
    for element, answer in zip(root, told, strict=True):
        assert [child.tag for child in element][: len(STANDARD)] == STANDARD
        for name in STANDARD:
            value = answer[name]
            text = "" if value is None else xml.clean(str(value))
            assert (element.findtext(name) or "") == text
    assert [note.tag for note in root[0].find("notes") or ()] == ["note"]
    assert parsed("service_requests", []).findall("request") == []


def test_services_and_their_definitions_have_the_fields_of_the_standard():
    told = KNOWN.services("el")
    assert [service["service_code"] for service in told] == [
        "cleaning",
        "cleaning-bins",
        "lighting",
        "006",
    ]
    assert list(told[1].items()) == [
        ("service_code", "cleaning-bins"),
        ("service_name", "Κάδοι"),
        ("description", "Καθαριότητα › Κάδοι"),
        ("metadata", False),
        ("type", "batch"),
        ("keywords", "Bins, Κάδοι  κίτρινοι"),
        ("group", "Καθαριότητα"),
    ]
    root = parsed("services", told)
    assert [child.tag for child in root] == ["service"] * 4
    assert root[1].findtext("metadata") == "false"
    assert parsed("service_definition", definition("006")).findtext("service_code") == "006"
    assert KNOWN.below(["lighting"]) == ["lighting", "006"]


def test_a_ring_of_categories_ends():
    ring = Categories([Category("a", "b", {"en": "A"}), Category("b", "a", {"en": "B"})])
    assert len(ring.services("en")) == 2
    assert set(ring.below(["a"])) == {"a", "b"}


def test_discovery_has_the_fields_of_its_standard():
    known = [Jurisdiction("6114", {"el": "Δήμος", "en": "City"}, "x", "2026-01-01T00:00:00")]
    told = discovery("https://b.gr/open311/v2", ["Team", "a@b.gr"], known, "en")
    assert list(told) == ["changeset", "contact", "key_service", "endpoints"]
    (endpoint,) = told["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["formats"] == ["application/json", "text/xml"]
    assert endpoint["limits"]["requests_in_one_answer"] == 1000
    root = parsed("discovery", told)
    assert [f.text for f in root.iterfind("endpoints/endpoint/formats/format")] == [
        "application/json",
        "text/xml",
    ]
    assert root.findtext("endpoints/endpoint/jurisdictions/jurisdiction/name") == "City"


@given(st.text())
def test_xml_of_any_text_is_well_formed_and_says_the_text(text):
    root = parsed("errors", [{"code": 400, "description": text}])
    assert (root.findtext("error/description") or "") == xml.clean(text)


@pytest.mark.parametrize(
    ("path", "accept", "expected"),
    [
        ("requests.xml", "application/json", ("requests", "xml")),
        ("requests.json", "text/xml", ("requests", "json")),
        ("requests", "text/xml", ("requests", "xml")),
        ("requests", "application/xml;q=0.9,application/json;q=0.5", ("requests", "xml")),
        ("requests", "*/*", ("requests", "json")),
        ("requests", "image/png", ("requests", "json")),
        ("requests/1.2", "", ("requests/1.2", "json")),
    ],
)
def test_the_extension_decides_the_form_then_the_header(path, accept, expected):
    values = [
        (part.partition(";q=")[0], float(part.partition(";q=")[2] or 1))
        for part in accept.split(",")
        if part
    ]
    assert negotiation.form(path, MIMEAccept(values)) == expected


@pytest.mark.parametrize(
    ("said", "address", "accept", "expected"),
    [
        (["en"], "el", [("el", 1)], "en"),
        ([], "en", [("el", 1)], "en"),
        ([], None, [("en-GB", 1)], "en"),
        ([], None, [("fr", 1)], "el"),
        ([], None, [], "el"),
    ],
)
def test_the_language_is_the_parameters_the_address_or_the_readers(said, address, accept, expected):
    chosen = negotiation.language(said, address, LanguageAccept(accept), ["el", "en"])
    assert chosen == expected
