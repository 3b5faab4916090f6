"""Whatever a GeoReport server says, in JSON or XML: read right, or refused; never an exception."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from any_json import any_json
from hypothesis import given, settings
from hypothesis import strategies as st
from servers.open311 import ATHENS, BLOOMINGTON, BOSTON, CHICAGO, Dialect, GeoReport
from servers.open311_city import DAY, PEOPLE, START, City, report

from ckanext.municipal.issues.open311.xml import document
from ckanext.municipal.issues.request import SourceRequest
from ckanext.municipal.issues.sources.open311_answer import (
    REQUESTS,
    SERVICES,
    Unusable,
    decoded,
    entries,
)
from ckanext.municipal.issues.sources.open311_request import (
    Reading,
    Service,
    batch,
    services_of,
)
from ckanext.municipal.issues.sources.open311_settings import Settings
from ckanext.municipal.issues.sources.open311_window import REQUESTED, Windows
from dev.demo.web import asked

YEARS = (datetime(1990, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001
READING = Reading({"006": Service("Σβηστή λάμπα", "Φωτισμός")}, ATHENS)
AT = "2024-02-29T10:00:00+02:00"
WELL: dict[str, Any] = {
    "service_request_id": "7",
    "status": "closed",
    "status_notes": "Solved",
    "service_name": "Σβηστή λάμπα",
    "service_code": "006",
    "description": "Στη γωνία",
    "agency_responsible": "Τεχνική υπηρεσία",
    "requested_datetime": AT,
    "updated_datetime": "2024-03-01T10:00:00+02:00",
    "address": "Ελαιώνων 5",
    "lat": 40.63,
    "long": "22.95",
    "media_url": "https://city.example/p.jpg",
    "title": "Λάμπα",
    "comment_count": 2,
    "extended_attributes": {"channel": "phone", "ward": "3", "duplicate": True,
                            "parent_service_request_id": 9},
    "notes": [{"datetime": AT, "type": "opened"}, {"datetime": AT, "type": "closed"}],
}  # fmt: skip
_NAMES = [*WELL, "channel", "duplicate", "datetime", "type", "note", "request", "recipient", "code"]
anything = any_json("0000-00-00", "2024-02-30", "<p", "40,6", "true", AT, names=_NAMES)
wrapped = st.sampled_from(["service_requests", "requests", "request", "errors", "services", "x"])


def texts(request: SourceRequest) -> list[str]:
    said = [request.status, request.category, request.title, request.description, request.address]
    said += [request.agency, request.district, request.channel, request.close_note, request.photo]
    return [request.id, *filter(None, said), *request.category_path]


@given(entry=anything)
def test_anything_among_the_requests_is_read_or_refused_with_its_place(entry):
    came = READING.read(entry, 3)
    assert (came.request is None) != (came.refused is None)
    for finding in (*came.findings, *([came.refused] if came.refused else [])):
        assert (finding.place.file, finding.place.row) == ("requests", 3)
        assert finding.message("el")


@given(values=st.dictionaries(st.sampled_from(list(WELL)), anything, min_size=1, max_size=5))
def test_a_field_with_anything_in_it_spoils_no_other(values):
    came, well = READING.read({**WELL, **values}), READING.read(WELL).request
    if came.request is None:
        assert "service_request_id" in values
        return
    odd = {finding.place.field.partition(".")[0] for finding in came.findings}
    assert odd <= set(values)
    same = {"requested": "requested_datetime", "updated": "updated_datetime", "address": "address"}
    for field, name in {**same, "agency": "agency_responsible", "photo": "media_url"}.items():
        if name not in values:
            assert getattr(came.request, field) == getattr(well, field)
        elif name in odd:
            assert getattr(came.request, field) is None
    assert came.request.lat is None or -90 <= came.request.lat <= 90
    assert came.request.long is None or -180 <= came.request.long <= 180
    # What is read can be stored: text without NUL and lone surrogates, moments with their zone.
    for text in texts(came.request):
        assert "\x00" not in text
        assert text.encode("utf-8")
    for moment in (
        came.request.requested,
        came.request.closed,
        *(s.at for s in came.request.steps),
    ):
        assert moment is None or moment.tzinfo
    assert batch([came]).requests


@given(value=anything, name=wrapped, listing=st.sampled_from([REQUESTS, SERVICES]))
def test_any_json_is_a_list_of_entries_or_unusable(value, name, listing):
    for told in (value, {name: [{name: value}]}):
        with contextlib.suppress(Unusable, ValueError):
            found = entries(json.dumps(told).encode("utf-8"), listing)
            assert isinstance(found, list)
            services_of(found, ATHENS)
            for entry in found:
                READING.read(entry)


tags = st.sampled_from([*_NAMES, "service_requests", "service_request_id", "errors", "html", "x:y"])
elements = st.recursive(
    st.text(alphabet="<>&;ab\x00\x01é\ud7ff 0123-:TZ", max_size=20).map(str),
    lambda inner: st.lists(
        st.tuples(tags, inner).map(lambda each: f"<{each[0]}>{each[1]}</{each[0]}>"), max_size=4
    ).map("".join),
    max_leaves=10,
)


@given(body=elements, root=tags, cut=st.integers(0, 400))
def test_any_xml_is_a_list_of_entries_or_unusable(body, root, cut):
    data = f"<{root}>{body}</{root}>".encode("utf-8", "surrogatepass")
    for given_ in (data, data[:cut]):
        with contextlib.suppress(Unusable):
            for entry in entries(given_, REQUESTS):
                READING.read(entry)


@settings(max_examples=500)
@given(data=st.binary(max_size=80))
def test_any_bytes_are_data_or_unusable(data):
    for body in (data, b"<" + data, b"[" + data + b"]", b"\xff\xfe<\x00" + data):
        with contextlib.suppress(Unusable):
            decoded(body)


_plain = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20
)


@settings(max_examples=300)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "service_request_id": _plain,
                "status": st.sampled_from(["open", "closed", "Closed"]),
                "description": _plain,
                "requested_datetime": st.datetimes(*YEARS, timezones=st.just(UTC)).map(
                    lambda at: at.replace(microsecond=0).isoformat()
                ),
                "lat": st.floats(-90, 90).map(lambda degrees: round(degrees, 7)),
                "long": st.none(),
                "extended_attributes": st.fixed_dictionaries({"ward": _plain, "duplicate": st.booleans()}),
                "notes": st.lists(st.fixed_dictionaries({"datetime": st.just(AT), "type": _plain}), max_size=3),
            }
        ),
        min_size=1,
        max_size=3,
    )
)  # fmt: skip
def test_json_and_xml_of_the_same_requests_are_the_same(told):
    in_json = [READING.read(e) for e in entries(json.dumps(told).encode(), REQUESTS)]
    in_xml = [READING.read(e) for e in entries(document("service_requests", told), REQUESTS)]
    assert in_json == in_xml
    for came, said in zip(in_json, told, strict=True):
        assert came.request
        assert not came.findings
        assert came.request.requested == datetime.fromisoformat(said["requested_datetime"])
        assert len(came.request.steps) == len(said["notes"])


@settings(max_examples=300)
@given(st.dictionaries(st.text(max_size=20), st.sampled_from(PEOPLE), max_size=8))
def test_a_field_that_is_not_known_is_never_read(more):
    known = set(_NAMES) | {"detail", "source", "district", "ward", "votes", "interface_used"}
    more = {name: who for name, who in more.items() if name not in known}
    told = {
        **WELL,
        **more,
        "attributes": more,
        "requestor_name": PEOPLE[0],
        "account_id": PEOPLE[2],
    }
    told["notes"] = [{**WELL["notes"][0], "description": PEOPLE[4], "summary": PEOPLE[4], **more}]
    came = READING.read(told)
    assert not any(who in repr(came) for who in PEOPLE)


class InProcess:
    """A server that is asked without a network in between."""

    def __init__(self, app: GeoReport) -> None:
        self.app, self.calls = app, 0

    def requests(self, query: Any) -> list[Any]:
        """Return what the server says."""
        self.calls += 1
        said = self.app(
            asked("GET", f"/v2/requests.{self.app.dialect.form}?{urlencode(query)}", {})
        )
        return entries(said.body, REQUESTS)

    def page(self, number: int, query: Any) -> list[Any]:
        """Return a page."""
        return self.requests({**query, "page": number})


@settings(max_examples=60)
@given(
    moments=st.lists(st.integers(0, 40 * DAY), max_size=50),
    crowd=st.integers(0, 50),
    limit=st.integers(10, 40),
    dialect=st.sampled_from([BOSTON, BLOOMINGTON, CHICAGO]),
)
def test_requests_of_any_moments_are_all_read_wherever_answers_are_cut_off(
    moments: list[int], crowd: int, limit: int, dialect: Dialect
):
    made = City()
    at = [*moments, *[20 * DAY] * crowd]
    made.put(*(report(n, requested=START + when, updated=START + n) for n, when in enumerate(at)))
    server = GeoReport(made, Dialect(**{**vars(dialect), "limit": limit}), START + 41 * DAY)
    api: Any = InProcess(server)
    windows = Windows(api, Reading({}, ZoneInfo("UTC")), Settings())
    parts = list(windows.walk(START - DAY, START + 41 * DAY, REQUESTED))
    met = [read.request.id for part in parts for read in part.reads if read.request]
    assert {int(id) for id in met} == set(range(len(at)))
    assert not [finding for part in parts for finding in part.findings]
    assert api.calls <= 700
