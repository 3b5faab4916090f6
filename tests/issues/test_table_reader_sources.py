"""The sources that are shipped for tables, on files with the headings that these programs write."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from spreadsheets import csv_of, findings, requests, told

from ckanext.municipal.issues import source_yaml
from ckanext.municipal.issues.sources import Access, reader_for
from ckanext.municipal.issues.words import Words
from ckanext.municipal.lib.http import Client
from ckanext.municipal.portal.geojson import Box

HARVESTERS = Path(source_yaml.__file__).parent.parent / "harvesters"
ELSEWHERE = Box(22.85, 40.55, 23.05, 40.70)


def source(name):
    """The source of a YAML that is shipped."""
    return source_yaml.load(HARVESTERS / f"{name}-requests.yaml", ELSEWHERE)


def read(name, where):
    """Read a place with a source that is shipped."""
    access = Access(str(where), Client(), secret=str, operator=True)
    return list(reader_for(source(name), access).walk())


def meanings(name, batches):
    """What the statuses and notes of requests mean: (status, reason) by id."""
    words = Words(source(name))
    found = {}
    for request in requests(batches):
        rule = words.status(request.status)
        assert rule, request.status
        found[request.id] = (rule.status, rule.reason or words.reason(request.close_note))
    return found


def test_fixmystreets_dashboard_export(tmp_path):
    header = [
        "Report ID", "Title", "Detail", "User Name", "Category", "Subcategory", "Created", "Confirmed",
        "Acknowledged", "Fixed", "Closed", "Status", "Latitude", "Longitude", "Query", "Ward", "Easting",
        "Northing", "Report URL", "Device Type", "Site Used", "Reported As",
    ]  # fmt: skip
    begun, done = "2024-03-05T10:30:00", "2024-03-07T09:00:00"
    who = ("Maria Papadopoulou", "SW1A 1AA", "iPhone of Maria", "another_user")

    def report(id, state, fixed="", closed=""):
        return [
            id, "A hole", "Deep", who[0], "Roads", "Potholes", begun, begun, done, fixed, closed, state,
            40.6264, 22.9484, who[1], "Centre", 1, 2, f"/report/{id}", who[2], "fixmystreet", who[3],
        ]  # fmt: skip

    rows = [
        report(1, "confirmed"),
        report(2, "in progress"),
        report(3, "fixed - council", fixed=done),
        report(4, "unable to fix", closed=done),
        report(5, "duplicate", closed=done),
        report(6, "hidden"),
    ]
    (tmp_path / "export.csv").write_bytes(csv_of(rows, header))
    batches = read("fixmystreet", tmp_path)
    assert meanings("fixmystreet", batches) == {
        "1": ("open", None),
        "2": ("in_progress", None),
        "3": ("closed", "solved"),
        "4": ("closed", "not_solved"),
        "5": ("closed", "duplicate"),
    }
    assert [r.closed is not None for r in requests(batches)] == [False, False, True, True, True]
    assert requests(batches)[0].category_path == ("Roads", "Potholes")
    assert batches[0].withdrawn == ("6",)
    assert not findings(batches)
    for name in who:
        assert name not in repr(batches)
    plain = [[one for at, one in enumerate(row) if header[at] != "Subcategory"] for row in rows]
    header.remove("Subcategory")
    (tmp_path / "export.csv").write_bytes(csv_of(plain, header))
    assert requests(read("fixmystreet", tmp_path))[0].category_path == ("Roads",)


NEW_YORK = (
    "Unique Key,Created Date,Closed Date,Agency,Agency Name,Complaint Type,Descriptor,Location Type,"
    "Incident Zip,Incident Address,Status,Resolution Description,Resolution Action Updated Date,Borough,"
    "X Coordinate (State Plane),Y Coordinate (State Plane),Open Data Channel Type,Latitude,Longitude"
)


def test_new_yorks_export_of_the_site_and_of_the_api(tmp_path):
    notes = {
        1: "The Police Department responded to the complaint and took action to fix the condition.",
        2: "The Police Department responded to the complaint and determined that police action was not"
        " necessary.",
        3: "This complaint is a duplicate of a previously filed complaint.",
        4: "This complaint does not fall under the Police Department's jurisdiction.",
    }

    def rows(opened, closed, lat, long):
        return [
            [n, opened, closed, "NYPD", "New York City Police Department", "Noise - Residential",
             "Loud", "Home", "10032", "1970 AMSTERDAM AVENUE", "Closed", note, closed, "MANHATTAN",
             1000372, 242869, "PHONE", lat, long]
            for n, note in notes.items()
        ]  # fmt: skip

    zone = ZoneInfo("America/New_York")
    forms = {
        "site": (NEW_YORK, ("12/31/2024 09:24:11 AM", "01/02/2025 12:00:00 PM", "", "")),
        "api": (
            re.sub("[()]", "", NEW_YORK.lower().replace(" ", "_")),
            ("2024-12-31T09:24:11.000", "2025-01-02T12:00:00.000", 40.83328, -73.94174),
        ),
    }
    for name, (header, values) in forms.items():
        folder = tmp_path / name
        folder.mkdir()
        (folder / "311.csv").write_bytes(csv_of(rows(*values), header.split(",")))
        batches = read("new-york", folder)
        assert [reason for _, reason in meanings("new-york", batches).values()] == [
            "solved", "not_solved", "duplicate", "not_responsible",
        ]  # fmt: skip
        for request in requests(batches):
            assert request.requested == datetime(2024, 12, 31, 9, 24, 11, tzinfo=zone)
            assert request.closed == datetime(2025, 1, 2, 12, tzinfo=zone)
            assert request.lat == pytest.approx(40.83328, abs=1e-5)
            assert request.long == pytest.approx(-73.94174, abs=1e-5)
        assert not findings(batches)


def test_san_franciscos_export_of_the_site_and_of_the_api(tmp_path):
    api = (
        "service_request_id,requested_datetime,closed_date,updated_datetime,status_description,"
        "status_notes,agency_responsible,service_name,service_subtype,service_details,address,"
        "supervisor_district,lat,long,source,media_url"
    )
    site = (
        "CaseID,Opened,Closed,Updated,Status,Status Notes,Responsible Agency,Category,Request Type,"
        "Request Details,Address,Supervisor District,Latitude,Longitude,Source,Media URL"
    )
    forms = {
        "api": (api, "2024-03-05T10:30:00.000", "2024-03-07T09:00:00.000"),
        "site": (site, "03/05/2024 10:30:00 AM", "03/07/2024 09:00:00 AM"),
    }
    zone = ZoneInfo("America/Los_Angeles")
    for name, (header, opened, closed) in forms.items():
        folder = tmp_path / name
        folder.mkdir()
        row = [
            "17000001", opened, closed, closed, "Closed", "Case Resolved - done", "Public Works",
            "Street and Sidewalk Cleaning", "Bulky Items", "Furniture", "1 MARKET ST", "3", 37.7793,
            -122.4193, "Mobile/Open311", "https://example.org/1.jpg",
        ]  # fmt: skip
        (folder / "cases.csv").write_bytes(csv_of([row], header.split(",")))
        batches = read("san-francisco", folder)
        assert meanings("san-francisco", batches) == {"17000001": ("closed", "solved")}
        (request,) = requests(batches)
        assert request.requested == datetime(2024, 3, 5, 10, 30, tzinfo=zone)
        assert (request.lat, request.long) == (37.7793, -122.4193)
        assert request.photo == "https://example.org/1.jpg"
        assert not findings(batches)


ST_LOUIS = (
    "REQUESTID,STATUS,GROUP,DATETIMEINIT,DATETIMECLOSED,DATECANCELLED,SUBMITTO,PROBADDRESS,WARD,"
    "CALLERTYPE,SRX,SRY"
)


def test_st_louis_made_small(tmp_path):
    def row(
        id, status="CLOSED", opened="2009-01-02 08:26:34.0", closed="", cancelled="", x="", y=""
    ):
        return [
            id,
            status,
            "Trees",
            opened,
            closed,
            cancelled,
            "FORESTRY,",
            "3802 A",
            "03",
            "",
            x,
            y,
        ]

    done = "2009-01-05 11:16:34.96"
    place = {"x": "899199.00000000", "y": "1028841.00000000"}
    rows = [
        row(1, closed=done, **place),
        row(1, closed=done, **place),
        row(2, closed="2009-01-02 08:26:33.0", **place),
        row(3, closed=done),
        row(4, "CANCEL", cancelled="2009-01-03 00:00:00.0", **place),
    ]
    (tmp_path / "2009.csv").write_bytes(csv_of(rows, ST_LOUIS.split(",")))
    batches = read("st-louis", tmp_path)
    assert meanings("st-louis", batches)["4"] == ("rejected", None)
    assert told(batches) == {"requests-id-twice": 1}
    assert requests(batches)[3].agency == "FORESTRY"
    assert requests(batches)[3].closed == datetime(2009, 1, 3, tzinfo=ZoneInfo("America/Chicago"))


@pytest.fixture
def st_louis(shared):
    file = shared / "data/issues/stlouis/2009.csv"
    with file.open(encoding="utf-8", newline="") as content:
        rows = list(csv.DictReader(content))
    return file, rows


def test_the_real_st_louis_file_is_read_as_plain_code_reads_it(st_louis):
    file, rows = st_louis
    batches = read("st-louis", file)
    assert len(rows) == 802
    # 42 requests stand in 92 rows, 50 more than there are requests.
    assert len(requests(batches)) == len({row["REQUESTID"] for row in rows}) == 752
    assert not [finding for batch in batches for finding in batch.refused]
    assert told(batches) == {"requests-id-twice": 42}
    meanings("st-louis", batches)


def test_the_findings_of_the_real_st_louis_file_name_the_requests_and_rows(st_louis):
    file, rows = st_louis
    batches = read("st-louis", file)
    lines = {}
    for line, row in enumerate(rows, 2):
        lines.setdefault(row["REQUESTID"], []).append(line)
    twice = {f.values["id"]: f.values["rows"] for f in findings(batches, "requests-id-twice")}
    repeated = {id_: some for id_, some in lines.items() if len(some) > 1}
    assert twice == {id_: ", ".join(map(str, some)) for id_, some in repeated.items()}


def test_the_real_requests_of_st_louis_lie_in_st_louis_and_know_how_long_they_took(st_louis):
    file, rows = st_louis
    found = requests(read("st-louis", file))
    box = source("st-louis").box
    placed = [r for r in found if r.lat is not None and r.long is not None]
    assert len(placed) == 752 - 23
    assert all(box.holds(r.long, r.lat) for r in placed)
    ended = [r for r in found if r.closed and r.requested]
    assert [r.id for r in ended if r.closed < r.requested] == ["76123"]
    late = Counter(r.closed.year for r in ended)
    assert late[2022] == len(
        {row["REQUESTID"] for row in rows if row["DATETIMECLOSED"].startswith("2022")}
    )


def test_the_real_answers_of_chicago_have_statuses_and_reasons_that_the_source_knows(shared):
    batches = read("chicago", shared / "data/issues/open311")
    found = Counter(meanings("chicago", batches).values())
    assert found["open", None] == 1
    assert found.total() == 50
    closed = {reason: found["closed", reason] for reason in ("duplicate", "solved", "not_solved")}
    assert closed == {"duplicate": 1, "solved": 1, "not_solved": 47}
