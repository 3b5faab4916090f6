"""Whatever stands in a spreadsheet: a request, or a refusal with its row; never an exception."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st
from spreadsheets import ATHENS, CITY, COLUMNS, HEADER, csv_of, feature, geojson_of, row, set_to

from ckanext.municipal.harvest.record import RecordRefused
from ckanext.municipal.issues.sources.table_features import UnreadableFeatures, features
from ckanext.municipal.issues.sources.table_fields import Fields, coordinate, id_of, moment
from ckanext.municipal.issues.sources.table_places import Positions
from ckanext.municipal.issues.sources.table_request import request_of
from ckanext.municipal.issues.sources.table_rows import rows
from ckanext.municipal.issues.sources.table_settings import DATES

ID = "Αρ. αιτήματος"
WIDE = [*HEADER[:-2], "Ψήφοι", "Φωτογραφία"]
WELL = [*row("7")[:-2], "3", "https://a.gr/1.jpg"]
MAPPED = {**COLUMNS, "votes": "Ψήφοι", "photo": "Φωτογραφία"}
SETTINGS = {
    False: set_to(columns=MAPPED),
    True: set_to(columns={**MAPPED, "x": "X", "y": "Y"}, crs="EPSG:2100"),
}
POSITIONS = {on_plane: Positions(settings, CITY) for on_plane, settings in SETTINGS.items()}

written = st.text(max_size=12) | st.sampled_from(
    ["0000-00-00", "31/2/2024", "1/1/0001 00:00", "9" * 40, "-1", "1e999", "nan", "\x00", "<p"]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | written
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.fixed_dictionaries({"type": inner}),
    max_leaves=4,
)
kinds = st.sampled_from(["Point", "MultiPoint", "LineString", "Polygon", "GeometryCollection", "x"])
geometries = st.fixed_dictionaries({"type": kinds, "coordinates": anything})


def read(content, name, *, on_plane=False):
    """Read bytes as the reader does: requests, places of refused rows, findings."""
    settings = SETTINGS[on_plane]
    requests, refused, findings = [], [], []
    for one in islice(rows(content, name, settings), 50):
        id_ = id_of(one)
        if id_ is None:
            refused.append(one.place)
            continue
        fields = Fields(one, id_, settings.dates, ATHENS)
        requests.append(request_of(fields, POSITIONS[on_plane].of([one])[0]))
        findings += fields.findings
    return requests, refused, findings


def read_or_told(content, name):
    """Read bytes; a file that cannot be read is nothing, and one sentence that names it."""
    why = None
    try:
        return read(content, name)
    except RecordRefused as error:
        why = error.finding
    assert name in (why.message("el") + why.place.file)
    return [], [], []


def check(requests, findings, name):
    """What is read can be stored: moments with their zone, places on Earth, text without NUL."""
    for request in requests:
        assert 0 < len(request.id) <= 200
        for at in (request.requested, request.closed):
            assert at is None or (at.tzinfo is not None and isinstance(at.timestamp(), float))
        if request.requested and request.closed:
            assert request.closed >= request.requested
        assert (request.lat is None) == (request.long is None)
        assert request.lat is None or -90 <= request.lat <= 90
        assert request.long is None or -180 <= request.long <= 180
        assert request.votes is None or 0 <= request.votes < 2**31
        for text in (request.id, request.status, request.category, request.photo):
            assert text is None or ("\x00" not in text and text.encode("utf-8"))
    for finding in findings:
        assert finding.place.file == name
        assert finding.place.row
        assert finding.message("el")
        assert finding.remedy("en")


@given(st.binary(max_size=200))
def test_any_bytes_are_rows_or_one_sentence(content):
    requests, _, findings = read_or_told(content, "a.csv")
    check(requests, findings, "a.csv")


@given(st.lists(written, min_size=len(WIDE), max_size=len(WIDE)))
def test_any_cells_are_a_request_or_a_refusal_with_its_row(cells):
    requests, refused, findings = read_or_told(csv_of([WELL, cells], WIDE), "a.csv")
    check(requests, findings, "a.csv")
    assert all(place.row for place in refused)


@given(st.dictionaries(st.sampled_from(WIDE), written, max_size=4))
def test_a_cell_with_anything_in_it_spoils_no_other(changes):
    well = feature(None, **dict(zip(WIDE, WELL, strict=True)))
    odd = {**well, "properties": {**well["properties"], **changes}}
    requests, refused, _ = read(geojson_of([well, odd]), "a.json")
    if refused:
        assert ID in changes
        return
    headings = {"status": 1, "requested": 4, "votes": 8, "photo": 9}
    for field, at in headings.items():
        if WIDE[at] not in changes:
            assert getattr(requests[1], field) == getattr(requests[0], field)


@given(geometries, anything, st.booleans())
def test_any_values_among_the_features_are_requests_or_refusals(geometry, value, on_plane):
    odd = feature(geometry, **{**dict.fromkeys(WIDE, value), ID: "7"})
    content = geojson_of([odd, value])
    requests, refused, findings = read(content, "a.geojson", on_plane=on_plane)
    assert [len(requests), len(refused)] == [1, 1]
    check(requests, findings, "a.geojson")


COLLECTION = json.dumps({"type": "FeatureCollection", "features": [{"a": 1}, [2], "3"]})


@given(st.text(max_size=60) | st.integers(0, 80).map(lambda at: COLLECTION[:at]))
def test_any_text_is_features_or_one_sentence(text):
    told = ""
    try:
        list(features(text.encode("utf-8", "surrogatepass"), "a.json"))
    except UnreadableFeatures as error:
        told = str(error)
    assert not told or "a.json" in told


@given(written, st.sampled_from(DATES) | st.lists(written, max_size=2))
def test_any_text_is_a_moment_with_its_zone_or_none(text, dates):
    found = moment(text, dates, ATHENS)
    assert found is None or (found.tzinfo is not None and isinstance(found.timestamp(), float))


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["day_first", "month_first"]),
)
def test_a_moment_is_read_as_it_is_written(at, dates):
    at = at.replace(microsecond=0, fold=0)
    day = f"{at.month}/{at.day}" if dates == "month_first" else f"{at.day}/{at.month}"
    found = moment(f"{day}/{at:%Y} {at:%H:%M:%S}", dates, ATHENS)
    assert found is not None
    assert found.timestamp() == at.replace(tzinfo=ATHENS).timestamp()


@given(st.integers(-(10**9), 10**9), st.sampled_from([".", ","]))
def test_a_coordinate_is_read_with_either_mark(ten_millionths, mark):
    number = f"{ten_millionths / 10**7:.7f}"
    assert coordinate(number.replace(".", mark), "auto") == float(number)
    assert coordinate(number.replace(".", mark), mark) == float(number)


@given(scalars, st.sampled_from(["auto", ".", ","]))
def test_any_value_is_a_finite_coordinate_or_none(value, decimal):
    found = coordinate(value, decimal)
    assert found is None or abs(found) <= 10**31
