"""GeoReport answers that were saved as files, and what a source's YAML says of a server."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest
from servers.open311 import ATHENS, CHICAGO, FIXMYSTREET, PLAIN, SAN_FRANCISCO, GeoReport, requests
from servers.open311 import running as serving_city
from servers.open311_city import DAY, PEOPLE, START, rich

from ckanext.municipal.harvest.record import RecordRefused
from ckanext.municipal.harvest.source_form import Form
from ckanext.municipal.issues.request import Batch
from ckanext.municipal.issues.source import IssueSource
from ckanext.municipal.issues.sources import Access, reader_for
from ckanext.municipal.issues.sources.open311 import Open311, settings
from ckanext.municipal.issues.sources.open311_api import is_endpoint
from ckanext.municipal.issues.sources.open311_file import Open311Files
from ckanext.municipal.issues.sources.open311_settings import Settings
from ckanext.municipal.lib.http import Client
from ckanext.municipal.portal.geojson import Box
from ckanext.municipal.quality.findings import Finding
from dev.demo.web import asked


def read(folder: Any) -> list[Batch]:
    return list(Open311Files(str(folder), Client(), ATHENS, operator=True).walk())


def saved(dialect: Any, call: str) -> bytes:
    """What somebody saves who asks a server once."""
    app = GeoReport(rich(), dialect, START + 30 * DAY)
    return app(asked("GET", f"/v2/{call}.{dialect.form}", {})).body


@pytest.mark.parametrize(
    "dialect", [CHICAGO, SAN_FRANCISCO, FIXMYSTREET, PLAIN], ids=lambda d: d.name
)
def test_saved_answers_give_the_requests_that_the_server_gives(tmp_path, dialect):
    (tmp_path / f"requests.{dialect.form}").write_bytes(saved(dialect, "requests"))
    (tmp_path / f"services.{dialect.form}").write_bytes(saved(dialect, "services"))
    batches = read(tmp_path)
    with serving_city(rich(), dialect) as served:
        over_http = requests(served.read())
    from_file = requests(batches)
    assert len(from_file) == min(60, dialect.limit)
    for id, request in from_file.items():
        assert request.category_path == over_http[id].category_path
        assert (request.status, request.steps) == (over_http[id].status, over_http[id].steps)
    assert not any(who in repr(batches) for who in PEOPLE)


def test_several_files_are_one_source_and_findings_name_their_place(tmp_path):
    one = {
        "service_request_id": "006",
        "status": "open",
        "requested_datetime": "2011-07-05 05:30:00",
    }
    (tmp_path / "2011.json").write_text(json.dumps([one, {"status": "open"}, 7]))
    (tmp_path / "2012").mkdir()
    (tmp_path / "2012" / "all.json").write_text(
        json.dumps({**one, "service_request_id": 7, "lat": "x"})
    )
    batches = read(tmp_path)
    assert set(requests(batches)) == {"006", "7"}
    assert requests(batches)["006"].requested.isoformat() == "2011-07-05T05:30:00+03:00"
    refused = [(f.rule.id, f.place.file, f.place.row) for b in batches for f in b.refused]
    assert refused == [
        ("open311-request-without-id", "2011.json", 2),
        ("open311-not-a-request", "2011.json", 3),
    ]
    (odd,) = [f for b in batches for f in b.findings]
    assert (odd.place.file, odd.place.row, odd.place.field) == ("2012/all.json", 1, "lat")


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"null", b"<html></html>", b"[{}]", b"<!DOCTYPE x><x/>", b'[{"code":404,"description":""}]']
)  # fmt: skip
def test_a_file_that_is_none_says_which(tmp_path, content):
    (tmp_path / "requests.json").write_bytes(content)
    with pytest.raises(RecordRefused) as refused:
        read(tmp_path)
    assert "requests.json" in refused.value.finding.message("en")


def test_a_folder_without_such_a_file_says_so(tmp_path):
    (tmp_path / "requests.csv").write_text("id\n1")
    with pytest.raises(RecordRefused) as refused:
        read(tmp_path)
    assert refused.value.finding.rule.id == "open311-no-file"


def test_the_real_requests_of_a_city_are_read(shared):
    batches = read(shared / "data" / "issues" / "open311")
    found = requests(batches).values()
    assert len(found) == 50
    assert Counter(request.status for request in found) == {"closed": 49, "open": 1}
    assert all(request.closed for request in found if request.status == "closed")
    steps = Counter(step.status for request in found for step in request.steps)
    assert steps["follow_on_created"] == 52
    assert [r.duplicate_of for r in found if r.duplicate_of] == ["15-05164921"]
    assert requests(batches)["14-01880796"].close_note == "Transfer to Plumbing Violation"
    assert {request.channel for request in found} >= {"phone", "open311"}
    assert not [f for batch in batches for f in (*batch.findings, *batch.refused)]


# What the YAML says.


def told(**keys: Any) -> tuple[Settings, list[Finding]]:
    faults: list[Finding] = []
    return settings(Form("city.yaml", keys, faults, "source")), faults


def test_a_source_that_says_nothing_is_found_out_by_asking():
    assert told() == (Settings(), [])


def test_a_dialect_is_written_as_yaml_reads_it():
    said, faults = told(
        jurisdiction="city.example",
        api_key={"secret": "city-key"},
        format="xml",
        paging=1,
        page_size=250,
        window_days=30,
        updated=True,
        extensions=False,
        since=date(2012, 5, 1),
    )
    assert not faults
    assert said == Settings(
        "city.example", "city-key", "xml", "1", 250, 30, "true", "false", date(2012, 5, 1)
    )
    assert told(paging="none", since="1/5/2012") == (
        Settings(paging="none", since=date(2012, 5, 1)),
        [],
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", "html"),
        ("paging", 2),
        ("paging", [1]),
        ("page_size", 5000),
        ("window_days", 0),
        ("updated", "sometimes"),
        ("extensions", 1.5),
        ("since", "yesterday"),
        ("jurisdiction", 7),
        ("api_key", "the-key-itself"),
        ("pages", 1),
    ],
)
def test_a_wrong_key_is_told_with_its_name(key, value):
    _, (fault,) = told(**{key: value})
    assert fault.place.field == f"source.{key}"
    assert fault.message("el")
    assert "the-key-itself" not in fault.message("en") + fault.remedy("en")


@pytest.mark.parametrize(
    ("where", "asks"),
    [
        ("https://city.example/open311/v2", True),
        ("https://city.example/open311/v2/requests.json", True),
        ("https://city.example/discovery.xml", True),
        ("https://city.example/exports/2014.json", False),
        ("https://city.example/exports/all.zip", False),
        ("inbox:requests", False),
        ("/srv/requests.json", False),
    ],
)
def test_an_address_is_that_of_a_server_or_of_files(where, asks):
    assert is_endpoint(where) is asks
    source = IssueSource("c", {}, "open311", ATHENS, Box(22, 40, 23, 41), Settings(api_key="k"))
    asked_for: list[str] = []

    def secret(name: str) -> str:
        asked_for.append(name)
        return "the-key"

    reader = reader_for(source, Access(where, Client(), secret))
    assert isinstance(reader, Open311 if asks else Open311Files)
    assert asked_for == (["k"] if asks else [])
    assert "the-key" not in repr(reader)
    assert reader.incremental is asks
