"""A spreadsheet of requests as it comes: encodings, workbooks, GeoJSON, folders, zips, the web."""

from __future__ import annotations

import codecs
import json
import zipfile

import pytest
from faults import FaultServer, answer
from spreadsheets import (
    ATHENS,
    CITY,
    HEADER,
    csv_of,
    feature,
    findings,
    geojson_of,
    point,
    read,
    reader,
    requests,
    row,
    set_to,
    told,
)
from tables_made import xlsx, xlsx_of

from ckanext.municipal.harvest.record import RecordRefused
from ckanext.municipal.issues.sources.table import TableReader
from ckanext.municipal.issues.sources.table_features import UnreadableFeatures, features
from ckanext.municipal.lib.http import BadStatus, Client, Retries

__all__ = ["read"]

ROWS = [row(1), row(2, category="Πράσινο", subcategory="Κλαδέματα"), row(3, closed="")]


def same(batches):
    """What is read, wherever it stood."""
    return [
        (r.id, r.status, r.category_path, r.requested, r.closed, r.lat, r.long)
        for r in requests(batches)
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1253", "iso8859-7", "utf-16", "utf-16-be"]
)
def test_a_csv_of_any_encoding_and_delimiter_gives_the_same_requests(read, encoding, delimiter):
    plain = same(read({"plain.csv": csv_of(ROWS)}, files="plain.csv"))
    bom = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    content = bom + csv_of(ROWS, delimiter=delimiter, encoding=encoding)
    assert same(read({"other.csv": content}, files="other.csv")) == plain
    assert plain[1][2] == ("Πράσινο", "Κλαδέματα")


def test_what_cannot_be_found_out_can_be_stated(read):
    content = csv_of(ROWS, delimiter="~", encoding="cp737")
    batches = read(content, encoding="cp737", delimiter="~")
    assert [r.category for r in requests(batches)] == ["Κάδοι", "Κλαδέματα", "Κάδοι"]


def test_a_workbook_with_dates_and_numbers_gives_the_same_requests(read):
    from datetime import datetime

    plain = same(read({"plain.csv": csv_of(ROWS)}, files="plain.csv"))
    opened, closed = datetime(2024, 3, 5, 10, 30), datetime(2024, 3, 7, 9)  # noqa: DTZ001
    rows = [
        [int(one[0]), *one[1:4], opened, closed if one[5] else None, 40.6264, 22.9484, *one[8:]]
        for one in ROWS
    ]
    assert same(read({"book.xlsx": xlsx_of([HEADER, *rows])}, files=r"book\.xlsx")) == plain


def test_the_sheets_with_requests_are_read_and_a_legend_is_not(read):
    def fill(book):
        first, legend = book.worksheets[0], book.create_sheet("Υπόμνημα")
        for line in [HEADER, row(1)]:
            first.append(line)
        for line in (["Κατάσταση", "Κατηγορία", "Σημαίνει"], ["Κλειστό", "–", "Τελείωσε"]):
            legend.append(line)
        second = book.create_sheet("2025")
        for line in [HEADER, row(2)]:
            second.append(line)

    batches = read({"book.xlsx": xlsx(fill)})
    assert [(r.id, r.place.sheet) for r in requests(batches)] == [("1", "Sheet"), ("2", "2025")]
    only = read({"book.xlsx": xlsx(fill)}, sheet="2025")
    assert [r.id for r in requests(only)] == ["2"]


def test_a_workbook_without_a_sheet_of_requests_is_told_what_it_has(read):
    book = xlsx_of([["Κατάσταση", "Κατηγορία", "Σημαίνει"], ["Κλειστό", "–", "Τελείωσε"]])
    with pytest.raises(RecordRefused) as refused:
        read({"book.xlsx": book})
    assert "Σημαίνει" in refused.value.finding.message("en")


def geo(one):
    said = dict(zip(HEADER, one, strict=True))
    lat, long = said.pop("Γεωγρ. πλάτος"), said.pop("Γεωγρ. μήκος")
    return feature(point(float(long), float(lat)), **said)


def as_lines(some):
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in some).encode()


@pytest.mark.parametrize("write", [geojson_of, as_lines], ids=["collection", "lines"])
@pytest.mark.parametrize("bom", [b"", codecs.BOM_UTF8], ids=["plain", "bom"])
def test_geojson_gives_the_requests_that_the_csv_gives(read, write, bom):
    plain = same(read({"plain.csv": csv_of(ROWS)}, files="plain.csv"))
    content = bom + write([geo(one) for one in ROWS])
    batches = read({"requests.geojson": content}, files=r".*\.geojson")
    assert same(batches) == plain
    assert [r.place.row for r in requests(batches)] == [1, 2, 3]


def test_geojson_whose_type_comes_last_is_read(read):
    told = {"features": [geo(row(1))], "type": "FeatureCollection"}
    assert [r.id for r in requests(read({"a.json": json.dumps(told).encode()}))] == ["1"]


def test_numbers_of_geojson_are_kept_as_they_are_written():
    content = (
        b'{"type": "FeatureCollection", "features": [{"id": 1.10, "n": 12345678901234567890}]}'
    )
    ((found,),) = [list(features(content, "a.geojson"))]
    assert (str(found["id"]), found["n"]) == ("1.10", 12345678901234567890)


def test_properties_that_are_no_single_value_are_told(read):
    one = geo(row(1))
    one["properties"]["Κατάσταση"] = {"name": "Κλειστό"}
    batches = read({"a.geojson": geojson_of([one])})
    assert requests(batches)[0].status is None
    assert told(batches) == {"requests-field-unreadable": 1}


@pytest.mark.parametrize("odd", [None, 7, "x", [], {"type": "Feature"}, {"properties": None}])
def test_what_is_no_feature_is_refused_with_its_number(read, odd):
    batches = read({"a.geojson": geojson_of([geo(row(1)), odd, geo(row(3))])})
    assert [r.id for r in requests(batches)] == ["1", "3"]
    ((finding,),) = [batch.refused for batch in batches]
    assert (finding.rule.id, finding.place.row) == ("requests-not-a-feature", 2)


def test_geojson_without_a_mapped_property_is_told_what_it_has(read):
    one = geo(row(1))
    one["properties"]["Καταστάσεις"] = one["properties"].pop("Κατάσταση")
    with pytest.raises(RecordRefused) as refused:
        read({"a.geojson": geojson_of([one])})
    assert "Nearest: Καταστάσεις." in refused.value.finding.remedy("en")


@pytest.mark.parametrize(
    "content",
    [
        geojson_of([geo(row(1))])[:-20],
        b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"n": '
        + b"9" * 5_000
        + b"}}]}",
        b'{"error": "not allowed"}',
        b'{"type": "Topology"}',
        '{"type": "Feature", "properties": {"Κατάσταση": "'.encode("cp1253") + b'\xfe"}}',
        b"{" * 1000,
        b"",
        b"<!doctype html><html><body>Log in</body></html>",
        b"PK\x03\x04 not a workbook",
        b"\x00\x01\x02\x03" * 100,
    ],
    ids=lambda content: repr(content[:20]),
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole_in_a_sentence(read, content):
    with pytest.raises(RecordRefused) as refused:
        read({"a.geojson": content})
    finding = refused.value.finding
    assert finding.place.file == "a.geojson"
    assert "a.geojson" in finding.message("en")
    assert finding.remedy("en")


def test_nothing_is_taken_of_a_source_of_which_one_file_cannot_be_read(tmp_path):
    (tmp_path / "2023.csv").write_bytes(csv_of([row(1)]))
    (tmp_path / "2024.xlsx").write_bytes(b"PK\x03\x04")
    walk = reader(str(tmp_path)).walk()
    with pytest.raises(RecordRefused):
        next(walk)


def test_files_are_chosen_by_a_pattern_and_read_in_natural_order(read):
    files = {
        "2009/requests-10.csv": csv_of([row(3)]),
        "2009/requests-9.csv": csv_of([row(2)]),
        "2009/staff.csv": b"Name\nMaria\n",
        "requests-1.csv": csv_of([row(1)]),
    }
    batches = read(files, files=r"(?:.*/)?requests-\d+\.csv")
    assert [(r.id, r.place.file) for r in requests(batches)] == [
        ("1", "requests-1.csv"),
        ("2", "2009/requests-9.csv"),
        ("3", "2009/requests-10.csv"),
    ]


def test_a_readme_beside_the_export_is_passed_over(read):
    batches = read({"README.txt": b"One CSV file for each year.", "2009.csv": csv_of([row(1)])})
    assert [r.id for r in requests(batches)] == ["1"]


def test_a_folder_without_an_export_is_told_what_is_there(read):
    with pytest.raises(RecordRefused) as refused:
        read({"README.txt": b"-", "2009.csv": csv_of([row(1)])}, files=r"\d+\.xlsx")
    assert "2009.csv" in refused.value.finding.message("en")


def test_a_zip_in_the_inbox_gives_its_members(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for year in (2023, 2024):
            archive.writestr(f"{year}.csv", csv_of([row(year)]))
        archive.writestr("README.txt", "One CSV file for each year.")
    made = TableReader("inbox:", Client(), set_to(), ATHENS, CITY, tmp_path)
    assert [r.id for r in requests(made.walk())] == ["2023", "2024"]


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


def over(server, where):
    client = Client(allow=[server.allow], retries=Retries(attempts=1))
    return TableReader(where, client, set_to(), ATHENS, CITY)


def test_an_address_without_a_file_name_is_one_export(server):
    url = server.on("/api/export", answer(200, csv_of(ROWS), content_type="text/csv"))
    assert len(requests(over(server, url).walk())) == 3


def test_a_page_with_links_to_exports_is_followed(server):
    links = '<a href="2023.csv">2023</a> <a href="2024.geojson">2024</a> <a href="about.html">?</a>'
    page = f"<!DOCTYPE html><html>{links}</html>".encode()
    server.on("/data/2023.csv", answer(200, csv_of([row(1)])))
    server.on("/data/2024.geojson", answer(200, geojson_of([geo(row(2))])))
    url = server.on("/data/", answer(200, page, content_type="text/html"))
    assert [r.id for r in requests(over(server, url).walk())] == ["1", "2"]
    asked = [request.path for request in server.requests]
    assert sorted(asked) == ["/data/", "/data/2023.csv", "/data/2024.geojson"]


def test_a_server_that_fails_at_the_second_file_gives_nothing(server):
    page = b'<!DOCTYPE html><html><a href="1.csv">1</a><a href="2.csv">2</a></html>'
    server.on("/1.csv", answer(200, csv_of([row(1)])))
    server.on("/2.csv", answer(500))
    url = server.on("/", answer(200, page, content_type="text/html"))
    with pytest.raises(BadStatus):
        next(over(server, url).walk())


def test_a_comma_for_the_decimal_mark_is_read_and_so_is_a_stated_one(read):
    content = csv_of([row(1, lat="40,6264", long="22,9484")], delimiter=";")
    for decimal in ("auto", ","):
        (request,) = requests(read(content, decimal=decimal))
        assert (request.lat, request.long) == (40.6264, 22.9484)


def test_a_mapping_of_nothing_but_the_id_is_enough(read):
    batches = read(csv_of([[1], [2]], ["ID"]), columns={"id": "ID"})
    assert [r.id for r in requests(batches)] == ["1", "2"]
    assert not findings(batches)


def test_ids_are_text_with_their_zeros(read):
    assert [r.id for r in requests(read(csv_of([row("007"), row("14-02155558")])))] == [
        "007",
        "14-02155558",
    ]


def test_features_are_made_of_the_text_one_at_a_time():
    whole = geojson_of([geo(row(n)) for n in range(300)])
    found = features(whole[:-30], "a.geojson")
    assert next(found)["properties"]["Αρ. αιτήματος"] == 0
    with pytest.raises(UnreadableFeatures) as cut_off:
        list(found)
    assert "a.geojson is not whole, or no proper GeoJSON, after 299 features" in str(cut_off.value)
