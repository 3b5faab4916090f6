"""Whatever stands in Improve My City's JSON: read right, or refused with its place; never an exception."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from any_json import any_json
from hypothesis import given
from hypothesis import strategies as st
from servers.improve_my_city import START, issue

from ckanext.municipal.issues.sources.improve_my_city_request import read
from dev.demo.improve_my_city import answers
from dev.demo.improve_my_city.site import Entry, simple_site

YEARS = (datetime(2009, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001
SITE = simple_site()
WELL = answers.issue(
    SITE,
    issue(7, history=(Entry(START, 1), Entry(START + 9, category=12)), photos=("a.jpg",)),
)
PATHS = {"11": ("Τεχνική υπηρεσία", "Οδόστρωμα – Πεζοδρόμια")}

anything = any_json(
    *("0000-00-00 00:00:00", "2024-02-30 10:00:00", "<p", "40,6"),
    names=(*WELL, "action", "url", "x"),
)


@given(entry=anything)
def test_anything_among_the_requests_is_refused_with_its_place(entry):
    came = read(entry, PATHS, "issues", row=3)
    assert came.request or came.withdrawn or came.refused
    for finding in (*came.findings, *([came.refused] if came.refused else [])):
        assert finding.place.file == "issues"
        assert finding.place.row == 3
        assert finding.message("el")


@given(values=st.dictionaries(st.sampled_from(list(WELL)), anything, min_size=1, max_size=5))
def test_a_field_with_anything_in_it_spoils_no_other(values):
    came = read({**WELL, **values}, PATHS, "issues")
    well = read(WELL, PATHS, "issues").request
    odd = {finding.place.field.partition(".")[0] for finding in came.findings}
    assert odd <= set(values)
    if not came.request:
        assert set(values) & {"id", "state", "moderation"}
        return
    assert came.request.id == str(int(values.get("id", 7)))
    for field, name in {"title": "title", "requested": "created", "votes": "votes"}.items():
        if name not in values:
            assert getattr(came.request, field) == getattr(well, field)
        elif name in odd:
            assert getattr(came.request, field) is None
    assert came.request.lat is None or -90 <= came.request.lat <= 90
    assert came.request.long is None or -180 <= came.request.long <= 180
    # What is read can be stored: text without NUL and lone surrogates, moments with their zone.
    for text in (came.request.title, came.request.description, came.request.status):
        assert text is None or ("\x00" not in text and text.encode("utf-8"))


@given(
    st.integers(1, 2**31),
    st.datetimes(*YEARS),
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.integers(0, 10**6),
)
def test_what_the_program_writes_is_read_as_it_was_meant(id, at, lat, long, votes):
    entry = {
        **WELL,
        "id": id,
        "created": at.strftime("%Y-%m-%d %H:%M:%S"),
        "latitude": f"{lat:.7f}",
        "longitude": f"{long:.7f}",
        "votes": votes,
    }
    request = read(json.loads(json.dumps(entry)), PATHS, "issues").request
    assert request
    assert request.id == str(id)
    assert request.requested == at.replace(microsecond=0, tzinfo=UTC)
    assert (request.lat, request.long) == (float(f"{lat:.7f}"), float(f"{long:.7f}"))
    assert request.votes == votes


@given(state=anything, moderation=anything)
def test_only_what_surely_is_public_is_read(state, moderation):
    came = read({**WELL, "state": state, "moderation": moderation}, PATHS, "issues")
    public = state in (1, "1") and moderation in (0, "0")
    if came.request:
        assert str(state).strip() in ("1", "True", "01", "+1") or int(state) == 1
        assert int(moderation) == 0
    elif public and not isinstance(state, float) and not isinstance(moderation, float):
        raise AssertionError((state, moderation))
