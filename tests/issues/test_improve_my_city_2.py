"""Improve My City v2: the same requests from objects and from arrays, without who reported them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from any_json import any_json
from hypothesis import given
from hypothesis import strategies as st
from servers import going_wrong as wrong
from servers.improve_my_city import HOUR, START, ids, issue, requests, site
from servers.improve_my_city_2 import ImproveMyCityV2
from servers.serving import Fault, serving

from ckanext.municipal.harvest.record import TryLater
from ckanext.municipal.issues.sources import improve_my_city_request as one
from ckanext.municipal.issues.sources.improve_my_city_2 import ImproveMyCity2
from ckanext.municipal.lib.http import Client, HttpError, Retries
from dev.demo.improve_my_city.site import BINNED, Entry
from dev.demo.web import asked

BOX = (22.0, 40.0, 23.0, 41.0)
BOTH = pytest.mark.parametrize("box", [None, BOX], ids=["objects", "arrays"])


@contextmanager
def reader(made, *faults, box=None):
    app = ImproveMyCityV2(made)
    with serving(app, *faults) as server:
        retries = Retries(attempts=2, jitter=lambda: 0.0)
        options = {"read_seconds": 1.5, "total_seconds": 6.0, "sleep": lambda seconds: None}
        client = Client(allow=[server.allow], retries=retries, **options)
        yield ImproveMyCity2(server.url("/imc"), client, box)
    assert not app.voted


@BOTH
def test_a_request_has_its_words_its_place_and_three_dates(box):
    made = site(0)
    history = (Entry(START, 1), Entry(START + HOUR, 2), Entry(START + 5 * HOUR, 4))
    made.put(issue(6, created=START, step=4, history=history, votes=2, photos=("a b.jpg",)))
    with reader(made, box=box) as city:
        (request,) = requests(list(city.walk()))
    at = [datetime.fromtimestamp(entry.at, UTC) for entry in history]
    assert (request.requested, request.acknowledged, request.closed) == tuple(at)
    assert [step.status for step in request.steps] == ["open", "acknowledged", "closed"]
    assert request.status == "closed"
    assert request.category_path == ("Τεχνική υπηρεσία", "Οδόστρωμα – Πεζοδρόμια")
    assert (request.lat, request.long, request.votes) == (40.6301, 22.9502, 2)
    assert request.channel == "mobile"
    assert request.photo
    assert request.photo.endswith("/imc/images/improvemycity/a b.jpg")


@BOTH
def test_objects_and_arrays_are_the_same_requests_and_name_nobody(box):
    made = site(1_203)
    made.change(5, state=BINNED)
    with reader(made, box=box) as city:
        batches = list(city.walk())
        assert sorted(ids(batches)) == [n for n in range(1, 1_204) if n != 5]
        assert max(len(batch.requests) for batch in batches) <= 500
        assert "Αναφέρων" not in repr(batches)
        assert "4711" not in repr(batches)


def test_arrays_of_another_version_are_refused():
    shifted = wrong.changed(lambda v: [[row[0], "new", *row[1:]] for row in v] if v else v)
    with (
        reader(site(5), Fault(shifted, on="getIssues"), box=BOX) as city,
        pytest.raises(TryLater) as refused,
    ):
        list(city.walk())
    assert refused.value.finding.rule.id == "imc-answer-unknown"


@pytest.mark.parametrize(
    "how",
    [
        wrong.login_page(),
        wrong.truncated(),
        wrong.cut_off(),
        wrong.empty(),
        wrong.error(500),
        wrong.body(lambda body: b"CONTROLLER MOBILE.JSON IS DISABLED"),
        wrong.changed(lambda value: {"error": "x"}),
        wrong.changed(lambda value: [{"number": 1}]),
    ],
)
@pytest.mark.parametrize("call", ["getIssues", "getCategories"])
def test_a_fault_takes_nothing(how, call):
    with reader(site(5), Fault(how, on=call)) as city:
        try:
            read = ids(list(city.walk()))
        except (TryLater, HttpError):
            read = []
        # Half an answer is asked for again by the client; categories may be without a tree.
        assert sorted(read) in ([], [1, 2, 3, 4, 5])
        assert sorted(ids(list(city.walk()))) == [1, 2, 3, 4, 5]


def entries(target: str):
    made = site(0)
    made.put(issue(7, photos=("a.jpg",), category=12))
    return json.loads(ImproveMyCityV2(made)(asked("GET", target, {})).body)


QUERY = "/index.php?option=com_improvemycity&format=json&task=mobile.getIssues"
OBJECT = entries(QUERY)[0]
ARRAY = entries(QUERY + "&x0down=22&y0down=40&x0up=23&y0up=41")[0]
anything = any_json("0000-00-00 00:00:00", "2024-13-01 00:00:00", "[", "http://[")
CITY = ImproveMyCity2("https://imc.example.gr/", Client())


def judge(entry):
    came = CITY._read(entry, {})
    assert came.request or came.withdrawn or came.refused
    for finding in (*came.findings, *([came.refused] if came.refused else [])):
        assert finding.place.file == "getIssues"
        assert finding.message("el")
    return came


@given(anything)
def test_anything_among_the_requests_is_refused_with_its_place(entry):
    judge(entry)


@given(st.dictionaries(st.sampled_from(list(OBJECT)), anything, max_size=4))
def test_an_object_with_anything_in_its_fields_is_read_or_refused(values):
    came = judge({**OBJECT, **values})
    odd = {finding.place.field for finding in came.findings}
    assert odd <= set(values)
    assert came.request or set(values) & {"id", "state"}


@given(st.dictionaries(st.integers(0, len(ARRAY) - 1), anything, max_size=4))
def test_an_array_with_anything_in_its_fields_is_read_or_refused(values):
    came = judge([values.get(place, value) for place, value in enumerate(ARRAY)])
    assert came.request or set(values) & {0, 2, 16, 21}
    if came.request and 1 not in values:
        assert came.request.title == "Λακκούβα 7"


def test_a_tree_of_categories_that_bites_its_tail_has_an_end():
    paths = one.paths_of({"1": ("Α", "2"), "2": ("Β", "1"), "3": ("Γ", "1")})
    assert paths["3"] == ("Β", "Α", "Γ")
