"""Greek words are found however they are typed, by CKAN's own search."""

from __future__ import annotations

import pytest
from ckan.plugins import toolkit as tk
from store_samples import CODE, LABEL, SAMPLES, schema_of

from ckanext.municipal import store
from ckanext.municipal.store import read

pytestmark = pytest.mark.usefixtures("with_plugins")

SCHEMA = schema_of(CODE, LABEL)
ROWS = [
    ("6011.01.01", "ΔΑΠΑΝΕΣ ΟΔΩΝ"),
    ("00.0001", "Δαπάνη για τα προϊόντα"),
    ("0002", "ΠΡΟΙΟΝΤΑ ∆ήµου"),
    ("0003", "Roads and bridges"),
]
FOUND = {
    "δαπάνες": ["00.0001", "6011.01.01"],
    "ΔΑΠΑΝΩΝ": ["00.0001", "6011.01.01"],
    "δαπανεσ": ["00.0001", "6011.01.01"],
    "οδός": ["6011.01.01"],
    "προϊόντα": ["00.0001", "0002"],
    "ΠΡΟΙΟΝΤΑ": ["00.0001", "0002"],
    "Δήμος": ["0002"],
    "ROADS": ["0003"],
    "6011.01.01": ["6011.01.01"],
    "00.0001": ["00.0001"],
    "δαπάνες οδών": ["6011.01.01"],
    "γέφυρα": [],
}


@pytest.fixture
def in_greek(monkeypatch):
    monkeypatch.setitem(tk.config, "ckan.datastore.default_fts_lang", "greek")


def load(table_id, rows=ROWS, schema=SCHEMA):
    with store.transaction(lock="test") as tx:
        return tx.replace(table_id, schema, rows)


def by_ckan(query, table_id, words):
    """Search as datastore_search does, with the statement that CKAN builds."""
    from ckanext.datastore.backend.postgres import _fts_lang, _textsearch_query

    asked, _ranks = _textsearch_query(_fts_lang(), words, True, None)
    statement = f'SELECT code FROM "{table_id}" {asked} WHERE _full_text @@ "query" ORDER BY 1'
    return [code for (code,) in query(statement)]


def by_us(table_id, words):
    return [row[0] for row in read.rows(table_id, SCHEMA, search=words)]


@pytest.mark.parametrize("words", FOUND)
def test_words_are_found_however_they_are_typed(in_greek, query, table_id, words):
    load(table_id)
    assert by_us(table_id, words) == FOUND[words]
    stock = by_ckan(query, table_id, words)
    assert stock == (["00.0001"] if words == "προϊόντα" else FOUND[words])


def test_a_row_changed_or_added_later_is_found_by_its_new_words(in_greek, query, table_id):
    load(table_id)
    load(table_id, [*ROWS[1:], ("6011.01.01", "ΓΕΦΥΡΕΣ"), ("z", "σχολεία")])
    for words, codes in {"γέφυρα": ["6011.01.01"], "σχολείο": ["z"], "οδός": []}.items():
        assert by_ckan(query, table_id, words) == codes


def test_a_change_of_language_makes_the_words_anew_at_the_next_load(monkeypatch, query, table_id):
    load(table_id)
    assert by_ckan(query, table_id, "δαπανών") == []
    monkeypatch.setitem(tk.config, "ckan.datastore.default_fts_lang", "greek")
    assert load(table_id) == store.Changes()
    assert by_ckan(query, table_id, "δαπανών") == FOUND["δαπάνες"]
    before = query(f'SELECT xmin::text FROM "{table_id}"')
    load(table_id)
    assert query(f'SELECT xmin::text FROM "{table_id}"') == before


def test_numbers_are_filtered_by_and_not_among_the_words(query, table_id):
    load(table_id, [("a", "ένα", 1234)], SAMPLES)
    assert query(f'SELECT _full_text::text FROM "{table_id}"') != []
    assert by_ckan(query, table_id, "1234.00") == []


def test_a_text_longer_than_a_vector_holds_is_found_by_its_beginning(in_greek, query, table_id):
    load(table_id, [("a", "αρχή " + " ".join(f"λέξη{n}" for n in range(200_000)))])
    assert by_ckan(query, table_id, "αρχή") == ["a"]


def test_a_table_without_words_is_searched_without_finding(in_greek, query, table_id):
    from store_samples import PAID, field

    load(table_id, [("a", 1)], schema_of(field("code", required=True), PAID))
    assert by_ckan(query, table_id, "a") == []


def test_the_reader_words_are_never_read_as_a_query(in_greek, table_id):
    load(table_id)
    for words in ("' OR 1=1 --", "& | ! ( : *", "\\", "a:*", "\0", "\ud800", "<->"):
        assert by_us(table_id, words) == []
