"""What a reader types becomes a query that Solr understands, whatever it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.portal.query import EVERYTHING, MAX_TERMS, NOTHING, rewrite


def test_a_greek_word_is_looked_for_as_typed_folded_and_by_its_stem():
    assert rewrite("Προϋπολογισμός") == ("(Προϋπολογισμός OR προυπολογισμοσ OR προυπολογισμ^0.5)")


def test_a_latin_word_is_left_to_solr():
    assert rewrite("Budget") == "Budget"


@pytest.mark.parametrize("blank", ["", "   ", "*", "*:*", "\x00", "\n"])
def test_nothing_typed_finds_everything(blank):
    assert rewrite(blank) == EVERYTHING


@pytest.mark.parametrize("marks", ["!!!", "(((", '"', '""', "&& ||", "OR", "-", "?", ":"])
def test_only_punctuation_finds_nothing(marks):
    assert rewrite(marks) == NOTHING


def test_words_stay_side_by_side_so_that_solr_counts_them():
    assert rewrite("park 2016") == "park 2016"


def test_operators_keep_their_meaning():
    assert rewrite("a OR b") == "(a OR b)"
    assert rewrite("a AND b") == "(+a +b)"
    assert rewrite("a NOT b") == "(+a -b)"
    assert rewrite("a -b") == "a -b"
    assert rewrite("(a OR b) AND c") == "(+(a OR b) +c)"


def test_leaving_out_only_means_everything_else():
    assert rewrite("-a") == "+*:* -a"
    assert rewrite("NOT a") == "(+*:* -a)"


def test_a_phrase_is_folded_as_a_phrase():
    assert rewrite('"Δήμος Α"') == '("Δήμος Α" OR "δημοσ α")'


def test_a_beginning_of_a_word_stays_one():
    assert rewrite("προϋπ*") == "(προϋπ* OR προυπ*)"


def test_a_title_is_looked_for_in_the_folded_title_too():
    assert rewrite("title:Ά") == "(title:Ά OR extras_municipal_title:α)"


def test_fields_of_programs_are_left_as_they_are():
    assert rewrite('id:"x-y" AND capacity:private') == '(+id:"x\\-y" +capacity:private)'
    assert rewrite("metadata_modified:[NOW-1DAY TO NOW]") == "metadata_modified:[NOW-1DAY TO NOW]"
    assert rewrite("tags:*") == "tags:*"


def test_an_address_and_a_time_are_text_not_fields():
    assert rewrite("https://example.org/a") == "https\\:\\/\\/example.org\\/a"
    assert rewrite("12:30") == "12\\:30"


def test_solr_syntax_of_the_dangerous_kind_is_text():
    assert "{!" not in rewrite("{!func}id")
    assert not re.search(r"(?<!\\)_query_:", rewrite('_query_:"x"'))


def test_an_operator_stuck_to_a_bracket_is_a_word():
    assert rewrite("[AND") == "and"


def test_a_long_text_is_cut_before_solr_refuses_it():
    assert rewrite(" ".join(f"λέξη{n}" for n in range(500))).count("λέξη") == MAX_TERMS
    assert len(rewrite("α" * 100_000)) < 1_000


def _is_balanced(query: str) -> bool:
    """Check brackets outside quotes, and that every quote has a partner."""
    bare = re.sub(r"\\.", "", query)
    if bare.count('"') % 2:
        return False
    depth = 0
    for character in re.sub(r'"[^"]*"', "", re.sub(r"[\[{][^\]}]* TO [^\]}]*[\]}]", "", bare)):
        depth += (character == "(") - (character == ")")
        if depth < 0 or character in "[]{}!/":
            return False
    return depth == 0


SYNTAX = [
    *'"()[]{}:*?~^/+-!',
    "\\",
    "{!",
    "&&",
    "||",
    "AND",
    "OR",
    "NOT",
    "TO",
    "title:",
    "_query_:",
]
TEXT = ["Ά", "δήμος", "a", "1", " ", " ", "\ud800", "\x00"]
PIECES = st.sampled_from([*SYNTAX, *(f" {mark} " for mark in SYNTAX), *TEXT])


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=100))
def test_any_text_becomes_a_well_formed_query(text):
    query = rewrite(text)
    assert query
    assert _is_balanced(query), query
    query.encode("utf-8")
    bare = re.sub(r"\\.", "x", query)
    assert not re.search(r"(?:^|[\s(])(?:AND|OR|NOT)(?:$|\))", bare), query
