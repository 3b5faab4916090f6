"""Greek words are found however they are typed, in our tables and in everybody's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg2 import sql
from store_samples import CODE, LABEL, schema_of

from ckanext.municipal import store
from ckanext.municipal.store import fulltext

GREEK = "ΆΈΉΊΌΎΏΪΫΐΰάέήίόύώϊϋςσΣ∆δΔµμΜΑΒΓΩαβγω"
WORDS = st.text(st.sampled_from(GREEK + "AZaz09 .-/\u0301\u0308«»€"), max_size=30)


def test_spellings_of_a_word_fold_to_one():
    spellings = ["δαπάνες", "Δαπάνες", "ΔΑΠΑΝΕΣ", "ΔΑΠΆΝΕΣ", "∆απάνες", "δαπα\u0301νες", "δαπανεσ"]
    assert {fulltext.fold(each) for each in spellings} == {"δαπανεσ"}
    assert fulltext.fold("µΐΰΫ") == "μιυυ"


@given(WORDS)
def test_folding_twice_changes_nothing(text):
    assert fulltext.fold(fulltext.fold(text)) == fulltext.fold(text)


@settings(max_examples=300)
@given(st.lists(WORDS, min_size=1, max_size=50))
def test_the_database_folds_as_we_do(with_plugins_once, texts):
    statement = sql.SQL("SELECT {} FROM unnest(%s) AS given(t)").format(
        fulltext.folded(sql.SQL("t"))
    )
    with with_plugins_once.cursor() as cursor:
        cursor.execute(statement, (texts,))
        # A capital final sigma: Python knows the end of a word, PostgreSQL does not; one letter
        # for both makes it the same.
        assert [row[0] for row in cursor.fetchall()] == [fulltext.fold(text) for text in texts]


@pytest.fixture(scope="module")
def with_plugins_once():
    from ckanext.datastore.backend.postgres import get_write_engine

    connection = get_write_engine().raw_connection()
    yield connection
    connection.close()


def test_a_database_that_does_not_know_greek_is_given_a_collation_that_does(with_plugins_once):
    assert fulltext.greek_collation(with_plugins_once) is None
    with with_plugins_once.cursor() as cursor:
        cursor.execute(
            "SELECT lower('Ά' COLLATE \"C\") = 'ά', lower('Ά' COLLATE \"und-x-icu\") = 'ά'"
        )
        assert cursor.fetchone() == (False, True)


def query_for(q, *, plain=True, language="english"):
    """CKAN's own query for q, built by CKAN."""
    from ckanext.datastore.backend.postgres import _textsearch_query

    statement, _ranks = _textsearch_query(language, q, plain, None)
    return {"ts_query": statement, "where": []}


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "with operators"])
def test_a_query_as_typed_also_asks_for_the_folded_words(plain):
    q = "Δαπάνες" if plain else "Δαπάνες:* & !οδός"
    query = fulltext.widen({"q": q}, query_for(q, plain=plain))["ts_query"]
    function = "plainto_tsquery" if plain else "to_tsquery"
    folded = fulltext.fold(q)
    both = f"{function}('english', '{q}'), {function}('english', '{folded}')"
    assert query == f', tsquery_or({both}) "query"'
    assert fulltext.widen({"q": q}, {"ts_query": query})["ts_query"] == query


def test_a_query_by_field_is_widened_and_an_english_one_left_alone():
    q = {"label": "Δαπάνες", "code": "00001"}
    stock = query_for(q, language="simple")
    query = fulltext.widen({"q": q, "language": "simple"}, dict(stock))["ts_query"]
    assert query.count("tsquery_or") == 1
    assert fulltext.fold("Δαπάνες") in query
    assert fulltext.widen({"q": "roads"}, query_for("roads")) == query_for("roads")
    assert fulltext.widen({}, {"where": []}) == {"where": []}


def test_quotes_in_a_query_stay_text():
    q = "Ά'); DROP TABLE x; --"
    query = fulltext.widen({"q": q}, query_for(q))["ts_query"]
    assert query.count("''") == 2


def test_accented_words_find_rows_through_ckan(with_plugins, table_id, query):
    schema = schema_of(CODE, LABEL)
    with store.transaction(lock="test") as tx:
        tx.replace(table_id, schema, [("a", "ΔΑΠΑΝΕΣ ΟΔΩΝ"), ("b", "Δαπάνες ύδρευσης"), ("c", "x")])
    for words, codes in {"δαπάνες": ["a", "b"], "Ύδρευσης": ["b"], "οδών": ["a"]}.items():
        widened = fulltext.widen({"q": words}, query_for(words))["ts_query"]
        statement = (
            f'SELECT code FROM "{table_id}" {widened} WHERE _full_text @@ "query" ORDER BY 1'
        )
        assert [code for (code,) in query(statement.replace("%", "%%"))] == codes
