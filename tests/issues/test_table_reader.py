"""Requests of a spreadsheet: its columns mapped to fields, and what is wrong with its rows said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from spreadsheets import (
    ATHENS,
    COLUMNS,
    HEADER,
    REPORTER,
    csv_of,
    faults_of,
    findings,
    read,
    reader,
    requests,
    row,
    set_to,
    told,
)

from ckanext.municipal.harvest.record import RecordRefused
from ckanext.municipal.issues.request import SourceRequest
from ckanext.municipal.issues.sources import table_rules
from ckanext.municipal.issues.sources.table_rows import rows as rows_of
from ckanext.municipal.quality.findings import Place

__all__ = ["read"]


def test_every_mapped_column_is_read_into_its_field(read):
    columns = {
        "id": "ID", "status": "State", "category": "Code", "category_path": ["Group", "Kind"],
        "requested": "Opened", "acknowledged": "Seen", "updated": "Changed", "closed": "Done",
        "close_note": "Outcome", "agency": "Office", "title": "Title", "description": "Text",
        "address": "Street", "district": "Ward", "lat": "Lat", "long": "Lon", "votes": "Votes",
        "comments": "Comments", "photo": "Picture", "channel": "Via", "duplicate_of": "Same as",
    }  # fmt: skip
    header = [
        name for some in columns.values() for name in ([some] if isinstance(some, str) else some)
    ]
    values = [
        "007", "Closed", "B1", "Cleaning", "Bins", "2024-03-05T10:30:00", "2024-03-05 11:00",
        "2024-03-07 09:00:00.250", "2024-03-07T09:00:00+02:00", "Transfer to Parks", "Cleaning",
        "Bin &amp; lid", "It is <b>full</b>.", "Egnatia 1", "3", "40.6264", "22.9484", "12", "0",
        "https://example.com/a.jpg", "web", "005",
    ]  # fmt: skip
    (request,) = requests(read(csv_of([values], header), columns=columns))
    assert request == SourceRequest(
        id="007",
        status="Closed",
        category="B1",
        category_path=("Cleaning", "Bins"),
        requested=datetime(2024, 3, 5, 10, 30, tzinfo=ATHENS),
        acknowledged=datetime(2024, 3, 5, 11, tzinfo=ATHENS),
        updated=datetime(2024, 3, 7, 9, tzinfo=ATHENS),
        closed=datetime(2024, 3, 7, 7, tzinfo=UTC),
        close_note="Transfer to Parks",
        agency="Cleaning",
        title="Bin & lid",
        description="It is full.",
        address="Egnatia 1",
        district="3",
        lat=40.6264,
        long=22.9484,
        votes=12,
        comments=0,
        photo="https://example.com/a.jpg",
        channel="web",
        duplicate_of="005",
        place=Place("requests.csv", row=2),
    )


def test_columns_that_are_not_mapped_are_never_read(read):
    content = csv_of([row(n) for n in range(3)])
    batches = read(content)
    for name in (*REPORTER, "Παπαδοπούλου"):
        assert name not in repr(batches)
    mapped = set(HEADER[:-2])
    for one in rows_of(content, "requests.csv", set_to()):
        cells = [cell for some in one.cells.values() for cell in some]
        assert {cell.heading for cell in cells} <= mapped
        assert not set(REPORTER) & {cell.value for cell in cells}


def test_a_column_that_the_source_refuses_cannot_be_mapped():
    keys = {"columns": {**COLUMNS, "title": "ονοματεπωνυμο"}, "refuse": ["Ονοματεπώνυμο", "E-mail"]}
    assert faults_of(**keys) == ["columns.title"]


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ({"columns": {"status": "Κατάσταση"}}, "columns.id"),
        ({"columns": {"id": "ID", "name": "Όνομα"}}, "columns.name"),
        ({"columns": {"id": 7}}, "columns.id"),
        ({"columns": {"id": "ID", "lat": "Lat"}}, "columns.lat"),
        ({"columns": {"id": "ID", "x": "X", "y": "Y"}}, "crs"),
        ({"crs": "EPSG:4326"}, "crs"),
        ({"dates": "american"}, "dates"),
        ({"dates": ["day.month"]}, "dates"),
        ({"dates": []}, "dates"),
        ({"files": "(.csv"}, "files"),
        ({"encoding": "greek-ish"}, "encoding"),
        ({"delimiter": ";;"}, "delimiter"),
        ({"decimal": "'"}, "decimal"),
        ({"sheet": 1.5}, "sheet"),
        ({"colums": {}}, "colums"),
    ],
)
def test_a_yaml_with_a_fault_is_told_its_key(keys, fault):
    assert fault in faults_of(**keys)


def test_headings_are_found_whatever_their_accents_case_and_punctuation(read):
    header = ["ΑΡ.ΑΙΤΗΜΑΤΟΣ", "κατασταση ", "KATHΓOPIA", *HEADER[3:]]  # KATH and OPIA are Latin
    (request,) = requests(read(csv_of([row(1)], header)))
    assert (request.id, request.status, request.category) == ("1", "Κλειστό", "Κάδοι")


def test_a_header_below_a_title_is_found(read):
    lines = csv_of([row(1)]).decode().splitlines()
    content = "\n".join(["Αιτήματα πολιτών 2024", "", *lines]).encode()
    (request,) = requests(read(content))
    assert request.place.row == 4


def test_a_mapped_column_that_is_missing_is_named_with_what_is_there(read):
    header = ["Αρ. αιτήματος", "Κατάσταση αιτήματος", *HEADER[2:]]
    with pytest.raises(RecordRefused) as refused:
        read(csv_of([row(1)], header))
    finding = refused.value.finding
    assert (finding.place.file, finding.place.row) == ("requests.csv", 1)
    assert finding.place.field == "Κατάσταση"
    said = finding.message("en")
    assert "requests.csv has no column “Κατάσταση”" in said
    assert "Κατάσταση αιτήματος" in said
    assert "Nearest: Κατάσταση αιτήματος" in finding.remedy("en")


def test_a_table_of_something_else_is_told_its_headings(read):
    with pytest.raises(RecordRefused) as refused:
        read(csv_of([[1, "Οδός Εγνατία"]], ["Α/Α", "Οδός"]))
    assert "It has: Α/Α, Οδός." in refused.value.finding.message("en")


def test_a_column_that_may_be_missing_is_no_fault(read):
    header = [name for name in HEADER if name != "Υποκατηγορία"]
    without = [value for value, name in zip(row(1), HEADER, strict=True) if name in header]
    (request,) = requests(read(csv_of([without], header), optional=["υποκατηγορια"]))
    assert request.category_path == ("Καθαριότητα",)
    assert request.category == "Καθαριότητα"


def test_of_several_headings_the_first_filled_one_counts(read):
    columns = {"id": "ID", "closed": ["Closed", "Fixed", "Cancelled"]}
    content = csv_of(
        [[1, "2024-01-03", "2024-01-02"], [2, "", "2024-01-02"], [3, "NULL", ""]],
        ["ID", "Closed", "Fixed"],
    )
    closed = [r.closed.day if r.closed else None for r in requests(read(content, columns=columns))]
    assert closed == [3, 2, None]


def test_a_request_in_two_rows_is_the_one_that_was_changed_last(read):
    batches = read(
        csv_of(
            [
                row("7", closed="9/3/2024", status="late"),
                row("8"),
                row("7", closed="8/3/2024", status="early"),
                row("9", status="first"),
                row("9", status="second"),
            ]
        )
    )
    assert [(r.id, r.status) for r in requests(batches)] == [
        ("7", "late"), ("8", "Κλειστό"), ("9", "second"),
    ]  # fmt: skip
    seven, nine = findings(batches, "requests-id-twice")
    assert seven.message("en").startswith("Request 7 stands in several rows (2, 4).")
    assert (seven.place.file, seven.place.row, seven.place.field) == (
        "requests.csv", 4, "Αρ. αιτήματος",
    )  # fmt: skip
    assert nine.values["rows"] == "5, 6"


def test_an_id_that_stands_in_very_many_rows_is_told_once(read):
    batches = read(csv_of([row("7") for _ in range(1_300)]))
    assert len(requests(batches)) == 1
    (finding,) = findings(batches, "requests-id-twice")
    assert len(finding.message("en")) < 300


def test_exports_that_overlap_give_each_request_as_the_newest_tells_it(read):
    batches = read(
        {
            "export-10.csv": csv_of([row(2, status="new"), row(3)]),
            "export-9.csv": csv_of([row(1), row(2, status="old")]),
        }
    )
    assert {r.id: r.status for r in requests(batches)} == {
        "1": "Κλειστό", "2": "new", "3": "Κλειστό",
    }  # fmt: skip
    (finding,) = findings(batches)
    assert finding.rule.id == "requests-in-several-tables"
    assert finding.values["count"] == 1


def test_a_request_closed_before_it_was_made_is_read_as_it_is_written(read):
    batches = read(csv_of([row(1, closed="5/3/2024 10:29")]))
    (request,) = requests(batches)
    assert request.requested is not None
    assert request.closed == request.requested - timedelta(minutes=1)
    assert not findings(batches), "what is odd about the dates of any program is told once, later"


def test_a_closing_day_without_a_time_is_not_before_the_hour_of_the_request(read):
    first, second = requests(read(csv_of([row(1, closed="5/3/2024"), row(2, closed="4/3/2024")])))
    assert first.closed == first.requested
    assert second.closed == datetime(2024, 3, 4, tzinfo=ATHENS)


def test_a_row_without_an_id_is_refused_with_its_place_and_remedy(read):
    batches = read(csv_of([row(1), row("  "), row("x" * 201), row(4)]))
    assert [r.id for r in requests(batches)] == ["1", "4"]
    refused = [finding for batch in batches for finding in batch.refused]
    assert [(f.rule.id, f.place.row, f.place.field) for f in refused] == [
        ("requests-no-id", 3, "Αρ. αιτήματος"),
        ("requests-no-id", 4, "Αρ. αιτήματος"),
    ]
    assert "200 characters" in refused[0].remedy("en")


def test_a_row_with_too_many_cells_is_refused_with_its_line(read):
    lines = csv_of([row(1), row(2), row(3)]).decode().splitlines()
    lines[2] += ",one,more"
    batches = read("\n".join(lines).encode())
    assert [r.id for r in requests(batches)] == ["1", "3"]
    ((finding,),) = [batch.refused for batch in batches]
    assert (finding.rule.id, finding.place.row) == ("requests-row-ragged", 3)


@pytest.mark.parametrize("bad", ["σύντομα", "31/2/2024", "13/13/2024", "24-3", "0001-01-01"])
def test_a_date_that_is_none_is_left_empty_and_told(read, bad):
    batches = read(csv_of([row(1, requested=bad)]))
    (request,) = requests(batches)
    assert request.requested is None
    assert request.closed is not None
    (finding,) = findings(batches)
    assert (finding.rule.id, finding.place.field) == ("requests-field-unreadable", "Υποβλήθηκε")
    assert bad not in finding.message("en")


@pytest.mark.parametrize("nothing", ["", "  ", "NULL", "\\N", "0000-00-00 00:00:00"])
def test_what_stands_for_nothing_is_no_finding(read, nothing):
    batches = read(csv_of([row(1, closed=nothing)]))
    assert requests(batches)[0].closed is None
    assert not findings(batches)


@pytest.mark.parametrize(
    ("dates", "written", "meant"),
    [
        ("day_first", "5/3/2024 14:05", (2024, 3, 5, 14, 5)),
        ("day_first", "2024-03-05 14:05:09.5", (2024, 3, 5, 14, 5, 9)),
        ("month_first", "03/05/2024 02:05:00 PM", (2024, 3, 5, 14, 5)),
        ("month_first", "2024-03-05T14:05:00.000", (2024, 3, 5, 14, 5)),
        ("iso", "2024-03-05", (2024, 3, 5)),
        (["%d.%m.%y %H.%M", "%Y%m%d"], "05.03.24 14.05", (2024, 3, 5, 14, 5)),
        (["%d.%m.%y %H.%M", "%Y%m%d"], "20240305", (2024, 3, 5)),
    ],
)
def test_dates_are_read_as_the_source_writes_them(read, dates, written, meant):
    (request,) = requests(read(csv_of([row(1, requested=written, closed="")]), dates=dates))
    assert request.requested == datetime(*meant, tzinfo=ATHENS)


@pytest.mark.parametrize(
    ("dates", "written"),
    [("iso", "5/3/2024"), ("month_first", "25/3/2024"), (["%Y%m%d"], "5/3/2024")],
)
def test_dates_written_otherwise_are_told_instead_of_guessed(read, dates, written):
    batches = read(csv_of([row(1, requested=written, closed="")]), dates=dates)
    assert told(batches) == {"requests-field-unreadable": 1}


def test_votes_and_photos_that_are_none_are_told(read):
    columns = {"id": "ID", "votes": "Votes", "comments": "Comments", "photo": "Photo"}
    content = csv_of(
        [[1, "12.0", "-1", "https://a.gr/1.jpg, https://a.gr/2.jpg"], [2, "many", "", "a.jpg"]],
        ["ID", "Votes", "Comments", "Photo"],
    )
    batches = read(content, columns=columns)
    first, second = requests(batches)
    assert (first.votes, first.comments, first.photo) == (12, None, "https://a.gr/1.jpg")
    assert (second.votes, second.comments, second.photo) == (None, None, None)
    told_of = [(f.place.row, f.place.field) for f in findings(batches)]
    assert told_of == [(2, "Comments"), (3, "Votes")]


def test_requests_that_are_not_public_are_withdrawn_and_nothing_of_them_is_read(read):
    content = csv_of([row(1, status="Hidden", category="κρυφή"), row(2), row(3, status="PARTIAL")])
    batches = read(content, not_public=["hidden", "partial", "unconfirmed"])
    assert [r.id for r in requests(batches)] == ["2"]
    assert [id_ for batch in batches for id_ in batch.withdrawn] == ["1", "3"]
    assert "κρυφή" not in repr(batches)


def test_batches_are_small_and_know_how_many_requests_there_are(read):
    batches = read(csv_of([row(n) for n in range(1_234)]))
    assert max(len(batch.requests) for batch in batches) <= 1_000
    assert {batch.total for batch in batches} == {1_234}
    assert [r.id for r in requests(batches)] == [str(n) for n in range(1_234)]


def test_the_same_file_gives_the_same_requests_again(read, tmp_path):
    first = read(csv_of([row(n % 90) for n in range(100)]))
    assert list(reader(str(tmp_path)).walk()) == first


def test_a_table_without_rows_has_no_requests(read):
    assert requests(read(csv_of([]))) == []


def test_each_rule_of_a_table_has_its_own_name():
    names = [rule.id for rule in table_rules.RULES]
    assert len(set(names)) == len(names)
