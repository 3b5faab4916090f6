"""What the address and the headers of a request ask for, read without a portal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from ckanext.municipal.feeds import forms
from ckanext.municipal.feeds.clients import KINDS, kind
from ckanext.municipal.feeds.questions import NAMES, Question, deletions, question
from ckanext.municipal.feeds.refusals import Refused
from ckanext.municipal.lib.texts import LANGUAGES

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def asked(**parameters: str) -> Question:
    return question({name: [value] for name, value in parameters.items()})


def test_nothing_said_asks_for_the_first_page_of_everything():
    assert asked() == Question() == asked(page="", q=" ", modified_since="")
    assert asked().choice() == []


def test_a_parameter_that_is_not_known_is_passed_over_as_it_always_was():
    assert asked(utm_source="x", _="1756") == Question()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-01", NEW_YEAR),
        ("2026-01-01T00:00:00", NEW_YEAR),
        ("2026-01-01T00:00:00Z", NEW_YEAR),
        ("20260101T000000Z", NEW_YEAR),
        ("2026-01-01T02:00:00+02:00", NEW_YEAR),
        ("2026-01-01T02:00:00 02:00", NEW_YEAR),  # a plus that nobody encoded
        ("2026-01-01 00:00", NEW_YEAR),
    ],
)
def test_dates_of_iso_8601_are_read(text: str, moment: datetime):
    assert asked(modified_since=text).since == moment


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("page", "0", "from 1 to"),
        ("page", "-1", "from 1 to"),
        ("page", "x", "from 1 to"),
        ("page", "1.5", "from 1 to"),
        ("page", "١", "from 1 to"),
        ("page", "9" * 400, "from 1 to"),
        ("modified_since", "yesterday", "2026-01-31"),
        ("modified_since", "31/12/2026", "2026-01-31"),
        ("profiles", "schemaorg", "euro_dcat_ap_3"),
        ("profiles", "euro_dcat_ap_3,none", "euro_dcat_ap_3"),
        ("hvd", "maybe", "hvd=true"),
        ("q", "\0", "control characters"),
        ("organization", "x" * 2_001, "2000"),
    ],
)
def test_a_wrong_parameter_is_refused_with_what_is_allowed(name: str, text: str, told: str):
    with pytest.raises(Refused) as refused:
        asked(**{name: text})
    assert refused.value.status == 400
    for language in LANGUAGES:
        assert name in refused.value.body(language)
    assert told in refused.value.body("en")


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(Refused) as refused:
        question({"page": ["x"], "hvd": ["x"], "q": ["a", "b"]})
    assert len(refused.value.body("en").splitlines()) == 3


def test_the_profiles_that_harvesters_ask_for_are_satisfied():
    assert (
        asked(profiles="euro_dcat_ap_3, euro_dcat_ap_2").profiles == "euro_dcat_ap_3,euro_dcat_ap_2"
    )


def test_the_choice_goes_on_to_the_next_page_and_the_page_does_not():
    said = asked(page="3", after="b", q="ύδωρ & δρόμοι", hvd="1", modified_since="2026-01-01")
    assert said.choice() == [
        ("q", "ύδωρ & δρόμοι"),
        ("modified_since", "2026-01-01T00:00:00+00:00"),
        ("hvd", "true"),
    ]
    assert question({name: [text] for name, text in said.choice()}).choice() == said.choice()


@given(st.dictionaries(st.sampled_from([*NAMES, "deleted_since"]), st.lists(st.text(), max_size=3)))
def test_any_parameters_are_a_question_or_a_refusal(said: dict[str, list[str]]):
    for refused in (refusal(question, said), refusal(deletions, said)):
        assert refused is None or (refused.status == 400 and refused.body("el").strip())


def refusal(
    read: Callable[[dict[str, list[str]]], Any], said: dict[str, list[str]]
) -> Refused | None:
    try:
        read(said)
    except Refused as refused:
        return refused
    return None


def accept(header: str) -> MIMEAccept:
    return parse_accept_header(header, MIMEAccept)


def test_endings_of_addresses_are_forms():
    assert [(ending, forms.by_extension(ending).media_type) for ending in forms.EXTENSIONS] == [
        ("ttl", "text/turtle"),
        ("rdf", "application/rdf+xml"),
        ("xml", "application/rdf+xml"),
        ("jsonld", "application/ld+json"),
        ("nt", "application/n-triples"),
        ("n3", "text/n3"),
    ]
    with pytest.raises(Refused, match="zzz") as refused:
        forms.by_extension("zzz")
    assert refused.value.status == 404
    assert "ttl, rdf, xml, jsonld, nt, n3" in refused.value.body("en")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("", "turtle"),
        ("*/*", "turtle"),
        ("text/html, application/rdf+xml;q=0.9", "rdfxml"),
        ("application/ld+json;q=0.5, application/n-triples", "ntriples"),
        ("text/*", "turtle"),
    ],
)
def test_the_accept_header_chooses_the_form(header: str, name: str):
    assert forms.by_accept(accept(header)).name == name


def test_a_reader_who_takes_none_of_the_forms_is_told_which_there_are():
    with pytest.raises(Refused) as refused:
        forms.by_accept(accept("image/png"))
    assert refused.value.status == 406
    assert "application/rdf+xml" in refused.value.body("en")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("", None),
        ("*/*", None),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", None),
        ("image/png", None),
        ("text/html, text/turtle;q=0.9", None),
        ("text/turtle", "turtle"),
        ("application/rdf+xml, */*;q=0.1", "rdfxml"),
    ],
)
def test_people_get_pages_and_harvesters_rdf_at_one_address(header: str, name: str | None):
    form = forms.instead_of_html(accept(header))
    assert (form.name if form else None) == name


@pytest.mark.parametrize(
    ("user_agent", "told"),
    [
        ("Mozilla/5.0 (European Data Portal) Gecko/20100101 Firefox/40.1", "data.europa.eu"),
        ("Vert.x-WebClient/4.5.7", "data.europa.eu"),
        ("uData/0.1 dcat", "udata"),
        ("ckanext-municipal (https://data.example.gr)", "Other CKAN portals"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", "Search engines and robots"),
        ("Mozilla/5.0 (X11; Linux) Firefox/130", "Browsers"),
        ("python-requests/2.32", "Python"),
        ("curl/8.5", "Command line"),
        ("", "Other programs"),
        ("\x00" * 10_000, "Other programs"),
    ],
)
def test_programs_are_told_apart_by_kind(user_agent: str, told: str):
    assert kind(user_agent) == told


@given(st.text())
def test_nothing_of_a_user_agent_is_kept_but_its_kind(user_agent: str):
    assert kind(user_agent) in KINDS
