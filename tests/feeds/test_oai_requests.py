"""What is asked by OAI-PMH is read as its specification says, token by token; nothing else is answered."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.feeds.oai.errors import Unanswered
from ckanext.municipal.feeds.oai.requests import ARGUMENTS, VERBS, Request, read, token

RECORDS = {"verb": "ListRecords", "metadataPrefix": "dcat_ap"}


def ask(**said: str) -> Request:
    return read({name.rstrip("_"): [text] for name, text in said.items()})


def problems(given_: dict[str, list[str]]) -> list[str]:
    with pytest.raises(Unanswered) as unanswered:
        read(given_)
    return [problem.code for problem in unanswered.value.problems]


def code(**said: str) -> list[str]:
    return problems({name.rstrip("_"): [text] for name, text in said.items()})


def test_a_period_of_days_ends_with_the_last_and_one_of_seconds_with_the_second():
    days = ask(**RECORDS, from_="2026-01-30", until="2026-01-31")
    assert days.since == datetime(2026, 1, 30, tzinfo=UTC)
    assert days.before == datetime(2026, 2, 1, tzinfo=UTC)
    second = ask(**RECORDS, until="2026-01-31T12:00:00Z")
    assert (second.since, second.before) == (None, datetime(2026, 1, 31, 12, 0, 1, tzinfo=UTC))
    assert ask(**RECORDS, until="9999-12-31").before is None


def test_a_set_is_of_a_kind_and_may_have_a_name():
    assert ask(**RECORDS, set="organization:parks").set == ("organization", "parks")
    assert ask(**RECORDS, set="theme").set == ("theme", "")
    assert ask(**RECORDS).set is None


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({}, ["badVerb"]),
        ({"verb": "Destroy"}, ["badVerb"]),
        ({"verb": ""}, ["badVerb"]),
        ({"verb": "identify"}, ["badVerb"]),
        ({"verb": "Identify", "set": "a"}, ["badArgument"]),
        ({"verb": "Identify", "resumptionToken": "x"}, ["badArgument"]),
        ({"verb": "GetRecord"}, ["badArgument", "badArgument"]),
        ({"verb": "GetRecord", "identifier": "x"}, ["badArgument"]),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, ["badArgument"]),
        ({"verb": "ListRecords"}, ["badArgument"]),
        ({"verb": "ListRecords", "metadataPrefix": ""}, ["badArgument"]),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, ["cannotDisseminateFormat"]),
        ({"verb": "ListIdentifiers", "metadataPrefix": "marc"}, ["cannotDisseminateFormat"]),
        ({**RECORDS, "from": "junk"}, ["badArgument"]),
        ({**RECORDS, "from": "2026"}, ["badArgument"]),
        ({**RECORDS, "from": "2026-01"}, ["badArgument"]),
        ({**RECORDS, "from": "2026-13-01"}, ["badArgument"]),
        ({**RECORDS, "from": "2026-01-01T00:00:00"}, ["badArgument"]),
        ({**RECORDS, "from": "2026-01-01T00:00:00+02:00"}, ["badArgument"]),
        ({**RECORDS, "from": "2026-01-01T00:00:00.5Z"}, ["badArgument"]),
        ({**RECORDS, "until": "٢٠٢٦-٠١-٠١"}, ["badArgument"]),
        ({**RECORDS, "from": "x", "until": "y"}, ["badArgument", "badArgument"]),
        ({**RECORDS, "from": "2026-02-01", "until": "2026-01-01"}, ["badArgument"]),
        ({**RECORDS, "from": "2026-01-01", "until": "2026-02-01T00:00:00Z"}, ["badArgument"]),
        ({**RECORDS, "set": ""}, ["badArgument"]),
        ({"verb": "ListRecords", "metadataPrefix": "a/b"}, ["badArgument"]),
        ({**RECORDS, "set": "a b"}, ["badArgument"]),
        ({**RECORDS, "set": "a::b"}, ["badArgument"]),
        ({**RECORDS, "identifier": "x"}, ["badArgument"]),
        ({"verb": "ListSets", "resumptionToken": "x"}, ["badResumptionToken"]),
        ({"verb": "ListRecords", "resumptionToken": "x"}, ["badResumptionToken"]),
        ({"verb": "ListRecords", "resumptionToken": ""}, ["badResumptionToken"]),
        ({"verb": "ListRecords", "resumptionToken": "\u0664"}, ["badResumptionToken"]),
    ],
)
def test_what_the_specification_forbids_has_its_code(said: dict[str, str], codes: list[str]):
    assert problems({name: [text] for name, text in said.items()}) == codes


def test_an_argument_that_is_given_twice_is_bad():
    assert problems({"verb": ["Identify", "Identify"]}) == ["badVerb"]
    assert problems({"verb": ["ListRecords"], "metadataPrefix": ["oai_dc"] * 2}) == ["badArgument"]


def test_verb_and_prefix_may_be_repeated_beside_a_token_where_they_say_the_same():
    text = token(ask(**RECORDS), 7, 3)
    same = {"verb": ["ListRecords"] * 2, "metadataPrefix": ["dcat_ap"], "resumptionToken": [text]}
    assert read(same).after == 7
    assert problems({**same, "metadataPrefix": ["oai_dc"]}) == ["badArgument"]
    assert problems({**same, "from": ["2026-01-01"]}) == ["badArgument"]
    assert problems({**same, "verb": ["ListRecords", "ListIdentifiers"]}) == ["badVerb"]
    assert problems({**same, "resumptionToken": [text, "x"]}) == ["badArgument"]


_PERIODS = st.dates().map(lambda day: day.isoformat())
_CHOSEN = st.fixed_dictionaries(
    {"verb": st.sampled_from(["ListRecords", "ListIdentifiers"])},
    optional={
        "from": _PERIODS,
        "set": st.from_regex(r"\A(organization|theme)(:[A-Za-z0-9_-]{1,30})?\Z"),
    },
)


@given(
    _CHOSEN, st.sampled_from(["dcat_ap", "oai_dc"]), st.integers(0, 10**17), st.integers(0, 10**9)
)
def test_a_token_asks_for_more_of_the_same_list(
    chosen: dict[str, str], prefix: str, after: int, cursor: int
):
    asked = read({name: [text] for name, text in {**chosen, "metadataPrefix": prefix}.items()})
    text = token(asked, after, cursor)
    more = read({"verb": [asked.verb], "resumptionToken": [text]})
    assert (more.after, more.cursor, more.resumed) == (after, cursor, True)
    assert (more.prefix, more.since, more.before, more.set) == (
        *(asked.prefix, asked.since, asked.before, asked.set),
    )
    assert token(more, after, cursor) == text
    assert text.replace("-", "a").replace("_", "a").isalnum()


@pytest.mark.parametrize(
    "forged",
    [
        "metadataPrefix=dcat_ap&after=1",
        "metadataPrefix=dcat_ap&after=-1&cursor=0",
        "metadataPrefix=dcat_ap&after=01&cursor=0",
        "metadataPrefix=dcat_ap&after=1&cursor=1e3",
        "metadataPrefix=dcat_ap&after=9999999999999999999&cursor=0",
        "metadataPrefix=marc&after=1&cursor=0",
        "after=1&cursor=0",
        "metadataPrefix=dcat_ap&after=1&cursor=0&from=soon",
        "metadataPrefix=dcat_ap&after=1&cursor=0&set=%27;DROP",
        "metadataPrefix=dcat_ap&after=1&cursor=0&extra=1",
        "metadataPrefix=dcat_ap&after=1&cursor=0&after=2",
        "cursor=0&after=1&metadataPrefix=dcat_ap",
        "\ud800",
    ],
)
def test_a_token_that_was_not_written_here_is_none(forged: str):
    text = urlsafe_b64encode(forged.encode("utf-8", "surrogatepass")).decode().rstrip("=")
    assert code(verb="ListRecords", resumptionToken=text) == ["badResumptionToken"]


_ODD = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["dcat_ap", "oai_dc", "2026-01-01", "theme:ENVI", "\0", "\ud800", "x" * 2_000]),
)
_NAMES = st.one_of(st.sampled_from(ARGUMENTS), st.text(max_size=8))


@given(
    st.sampled_from([*VERBS, "", "x"]),
    st.dictionaries(_NAMES, st.lists(_ODD, min_size=1, max_size=2), max_size=4),
)
def test_anything_is_read_or_has_a_code(verb: str, said: dict[str, list[str]]):
    try:
        asked = read({"verb": [verb], **said})
    except Unanswered:
        return
    assert asked.verb in VERBS
