"""A city's requests are one more YAML: what it may say, and what its author is told when it is wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from any_json import any_json
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.harvest.source_form import SourceInvalid
from ckanext.municipal.issues import source_yaml
from ckanext.municipal.issues.source import TYPE, CategoryRule, Privacy, ReasonRule, StatusRule
from ckanext.municipal.issues.sources import KINDS
from ckanext.municipal.portal.geojson import Box

HARVESTERS = Path(source_yaml.__file__).parent.parent / "harvesters"
SOURCES = sorted(
    path
    for path in HARVESTERS.glob("*.yaml")
    if yaml.safe_load(path.read_text(encoding="utf-8")).get("type") == TYPE
)
BOX = Box(22.0, 40.0, 23.0, 41.0)
MINIMAL = {
    "name": "a-city-requests",
    "type": TYPE,
    "title": {"el": "Αιτήματα", "en": "Requests"},
    "organization": "a-city",
    "where": {"url": "https://imc.example.org/"},
    "source": {"kind": "improve_my_city_2"},
}
CLEANING = {"code": "cleaning", "title": {"el": "Καθαριότητα", "en": "Cleaning"}}


def read(**changes):
    return source_yaml.parse({**MINIMAL, **changes}, "a-city.yaml", BOX)


def faults(content):
    """Return {key: sentence} of what is wrong with a source."""
    with pytest.raises(SourceInvalid) as caught:
        source_yaml.parse(content, "a-city.yaml", BOX)
    for finding in caught.value.findings:
        assert finding.place.file == "a-city.yaml"
        assert finding.message("en")
        assert finding.remedy("en")
    return {f.place.field: f"{f.message('en')} {f.remedy('en')}" for f in caught.value.findings}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_source_that_is_shipped_can_be_read(path):
    source = source_yaml.load(path, BOX)
    assert source.name == path.stem
    assert source.privacy.k >= 5
    assert not source.privacy.description
    assert not source.privacy.photo


def test_the_shortest_source_has_the_defaults():
    source = read()
    assert (source.kind, source.url, source.inbox) == (
        "improve_my_city_2",
        "https://imc.example.org/",
        None,
    )
    assert source.municipality is None
    assert source.box == BOX
    assert source.zone == ZoneInfo("Europe/Athens")
    assert source.privacy == Privacy()
    assert (source.schedule, source.language) == ("manual", "el")
    assert (source.bad_rows, source.whole_every) == (0.02, timedelta(days=7))


def test_statuses_tell_what_a_name_means_and_why_it_was_closed():
    source = read(
        statuses={
            "closed": ["Κλειστό", {"name": "Solved", "reason": "solved"}],
            "open": ["Καταχωρήθηκε"],
        },
        close_reasons={"duplicate": ["Διπλό", "Transfer to *"]},
    )
    assert source.statuses == (
        StatusRule(("Καταχωρήθηκε",), "open"),
        StatusRule(("Κλειστό",), "closed"),
        StatusRule(("Solved",), "closed", "solved"),
    )
    assert source.reasons == (ReasonRule("duplicate", ("Διπλό", "Transfer to *")),)


def test_categories_have_codes_names_and_levels():
    bins = {**CLEANING, "code": "bins", "parent": "cleaning", "names": ["Κάδοι", "Πράσινο > Κάδοι"]}
    source = read(categories=[bins, {**CLEANING, "sensitive": True}])
    assert source.categories[0] == CategoryRule(
        "bins", bins["title"], ("Κάδοι", "Πράσινο > Κάδοι"), "cleaning"
    )
    assert source.categories[1].sensitive


def test_every_fault_is_told_at_once_with_its_key_and_remedy():
    told = faults(
        {**MINIMAL, "name": "Δήμος", "titel": {}, "limits": {"bad_rows": 5}, "privacy": {"k": 4}}
    )
    assert set(told) == {"name", "titel", "limits.bad_rows", "privacy.k"}
    assert "Nearest: title" in told["titel"]
    assert "from 5 to" in told["privacy.k"]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"where": {}}, "where"),
        ({"where": {"inbox": "requests"}}, "where"),  # this kind asks a server
        ({"type": "municipal_budget"}, "type"),
        ({"source": {}}, "source.kind"),
        ({"source": "improve_my_city"}, "source"),
        ({"source": {"kind": "improve_my_village"}}, "source.kind"),
        ({"source": {"kind": "improve_my_city_2", "key": "x"}}, "source.key"),
        ({"source": {"kind": "improve_my_city"}}, "source.key"),
        ({"language": "fr"}, "language"),
        ({"timezone": "Europe/Atlantis"}, "timezone"),
        ({"box": [23, 40, 22, 41]}, "box"),
        ({"box": ["a", 40, 23, 41]}, "box"),
        ({"privacy": {"k": 1}}, "privacy.k"),
        ({"privacy": {"k": 5.5}}, "privacy.k"),
        ({"privacy": {"k": True}}, "privacy.k"),
        ({"privacy": {"grid": 1}}, "privacy.grid"),
        ({"privacy": {"description": "yes"}}, "privacy.description"),
        ({"privacy": {"name": True}}, "privacy.name"),
        ({"limits": {"whole_every": 0}}, "limits.whole_every"),
        ({"statuses": {"solved": ["Λύθηκε"]}}, "statuses.solved"),
        ({"statuses": {"open": "Καταχωρήθηκε"}}, "statuses.open"),
        ({"statuses": {"open": ["Ναι"], "closed": ["ΝΑΙ"]}}, "statuses.closed"),
        ({"statuses": {"open": [{"name": "Νέο", "reason": "solved"}]}}, "statuses.open[0]"),
        ({"statuses": {"closed": [{"name": "Νέο", "reason": "x"}]}}, "statuses.closed[0].reason"),
        ({"statuses": {"closed": [4]}}, "statuses.closed[0]"),
        ({"close_reasons": {"done": ["x"]}}, "close_reasons.done"),
        ({"close_reasons": {"solved": ["x"], "duplicate": ["X"]}}, "close_reasons.duplicate"),
        ({"categories": [{**CLEANING, "code": "Καθ"}]}, "categories[0].code"),
        ({"categories": [{**CLEANING, "code": 6}]}, "categories[0].code"),
        ({"categories": [CLEANING, CLEANING]}, "categories[1].code"),
        ({"categories": [{**CLEANING, "parent": "city"}]}, "categories[0].parent"),
        ({"categories": [{**CLEANING, "parent": "cleaning"}]}, "categories[0].parent"),
        ({"categories": [{**CLEANING, "names": [""]}]}, "categories[0].names"),
        ({"categories": [{**CLEANING, "names": ["Κάδοι", "ΚΑΔΟΙ"]}]}, "categories[0].names"),
        ({"categories": [{"code": "a"}]}, "categories[0].title"),
    ],
)
def test_a_wrong_key_is_named(change, key):
    assert key in faults({**MINIMAL, **change})


def test_categories_that_are_above_each_other_are_told():
    circle = [{**CLEANING, "code": "a", "parent": "b"}, {**CLEANING, "code": "b", "parent": "a"}]
    told = faults({**MINIMAL, "categories": circle})
    assert set(told) == {"categories[0].parent", "categories[1].parent"}


def test_a_secret_that_stands_in_the_source_is_refused_and_not_repeated():
    told = faults({**MINIMAL, "source": {"kind": "improve_my_city", "key": "sixteen-letters!"}})
    assert "never the secret itself" in told["source.key"]
    assert "sixteen" not in str(told)


@pytest.mark.parametrize("secret", [{"secret": "../key"}, {"secret": 5}, {}, {"a": "b"}, ["x"]])
def test_a_secret_is_named_by_a_file_of_the_folder(secret):
    assert "source.key" in faults({**MINIMAL, "source": {"kind": "improve_my_city", "key": secret}})


def test_every_kind_is_said_by_its_name():
    told = faults({**MINIMAL, "source": {"kind": "x"}})
    assert all(kind in told["source.kind"] for kind in KINDS)


def test_what_is_no_yaml_is_said_with_its_line():
    assert "line 2" in faults("name: a\n  title: [")[""]
    assert "(file)" in faults("just a text")


VALUES = any_json()
SECTIONS = ("statuses", "close_reasons", "categories", "privacy", "box", "limits", "language")


@given(st.dictionaries(st.sampled_from([*MINIMAL, *SECTIONS]), VALUES))
def test_any_mapping_is_a_source_or_told_what_is_wrong(content):
    try:
        source_yaml.parse({**MINIMAL, **content}, "a-city.yaml", BOX)
    except SourceInvalid as invalid:
        told = invalid.findings
        assert told


ENTRIES = st.dictionaries(
    st.sampled_from(["code", "parent", "title", "names", "sensitive", "name", "reason"]),
    st.sampled_from(["a", "b", ["a"], ["A", "β"], {"el": "α", "en": "a"}, True, "solved", 5, None]),
)


@given(st.lists(ENTRIES, max_size=4), st.lists(ENTRIES | st.text(max_size=3), max_size=4))
def test_any_list_of_categories_and_statuses_is_read_or_told_what_is_wrong(categories, statuses):
    try:
        read(categories=categories, statuses={"closed": statuses, "open": statuses[:1]})
    except SourceInvalid as invalid:
        told = invalid.findings
        assert told


@given(st.one_of(st.text(), st.binary()))
def test_any_bytes_are_a_source_or_told_what_is_wrong(content):
    with pytest.raises(SourceInvalid):
        source_yaml.parse(content, "a-city.yaml", BOX)
