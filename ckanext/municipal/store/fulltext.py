"""The words by which DataStore finds a row: folded, so that Greek is found however it is typed.

A table's ``_full_text`` is made of its searchable fields in lower case, without tonos and
diaeresis, with one sigma: «ΔΑΠΑΝΕΣ», «Δαπάνες» and «δαπανες» are one word. Numbers and dates are
left out: they are filtered by, and one new word a cell would triple the time of a load.

CKAN searches ``_full_text`` for the words as typed. ``widen`` lets it look for the folded words
too, through CKAN's own IDatastore hook, so that what a reader types finds our tables and every
other one. The folding here is the twin of itself in SQL, which is why it is not lib.greek's, and
covers what Greek data hold; PostgreSQL needs no extension for it.
"""

from __future__ import annotations

from typing import Any

from psycopg2 import sql

from ckanext.municipal.store.connection import Connection
from ckanext.municipal.store.schema import TableSchema

# After lower case. The increment and micro signs stand for Δ and μ in real exports; the last two
# are tonos and dialytika written as characters of their own.
_FOLDED = {
    **dict(zip("άέήίόύώϊϋΐΰς∆µ", "αεηιουωιυιυσδμ", strict=True)),
    "\u0301": "",
    "\u0308": "",
}
# A vector holds 1 MB at most; more text than this is found by its beginning.
_MAX_CHARACTERS = 100_000


def fold(text: str) -> str:
    """Return text as the full text holds its words. Folding twice changes nothing."""
    return text.lower().translate(str.maketrans(_FOLDED))


def expression(schema: TableSchema, language: str, collation: str | None) -> sql.Composable:
    """Return the SQL that makes a row's full text from its columns. It is immutable.

    ``language`` is a PostgreSQL text search configuration; ``collation`` one whose lower case
    knows Greek, or None where the database's own does.
    """
    fields = [
        sql.SQL("coalesce({}, '')").format(sql.Identifier(field.name))
        for field in schema.fields
        if field.search
    ]
    text = sql.SQL(" || ' ' || ").join(fields) if fields else sql.SQL("''")
    if collation:
        text = sql.SQL("({}) COLLATE {}").format(text, sql.Identifier(collation))
    words = folded(sql.SQL("left({}, {})").format(text, sql.Literal(_MAX_CHARACTERS)))
    return sql.SQL("to_tsvector({}::regconfig, {})").format(sql.Literal(language), words)


def folded(text: sql.Composable) -> sql.Composable:
    """Return the SQL that folds a text as ``fold`` does."""
    words = sql.SQL("lower({})").format(text)
    for letter, plain in _FOLDED.items():
        pair = sql.Literal(letter), sql.Literal(plain)
        words = sql.SQL("replace({}, {}, {})").format(words, *pair)
    return words


def language() -> str:
    """Return the text search configuration that CKAN asks with, unless told another."""
    from ckan.plugins import toolkit as tk

    return tk.config.get("ckan.datastore.default_fts_lang") or "english"


def greek_collation(connection: Connection) -> str | None:
    """Return a collation whose lower case knows Greek, None if the database's own does.

    A database made in the C locale keeps capitals as they are.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('Ά') = 'ά'")
        if _first(cursor):
            return None
        cursor.execute(
            "SELECT collname FROM pg_collation WHERE collname = ANY(%s)"
            " AND collencoding IN (-1, pg_char_to_encoding(getdatabaseencoding()))"
            " ORDER BY array_position(%s::name[], collname) LIMIT 1",
            (_COLLATIONS, _COLLATIONS),
        )
        return _first(cursor)


_COLLATIONS = ["und-x-icu", "C.UTF-8", "C.utf8", "el_GR.utf8", "en_US.utf8"]


def _first(cursor: Any) -> Any:
    row = cursor.fetchone()
    return row[0] if row else None


def widen(data_dict: dict[str, Any], query_dict: dict[str, Any]) -> dict[str, Any]:
    """Return a ``datastore_search`` query that also looks for the folded words of ``q``.

    For an IDatastore plugin's ``datastore_search``, which gets the query as CKAN built it. Both
    the plain and the operator form of ``q``, as text or by field, are widened; a query that CKAN
    builds in another way is left as it is.
    """
    configuration = data_dict.get("language") or language()
    for asked in _asked(data_dict):
        folded = fold(asked)
        if folded == asked:
            continue
        for function in ("plainto_tsquery", "to_tsquery"):
            stock = _call(function, configuration, asked)
            either = f"tsquery_or({stock}, {_call(function, configuration, folded)})"
            query = query_dict.get("ts_query", "")
            if either not in query:
                query_dict["ts_query"] = query.replace(f" {stock} ", f" {either} ")
    return query_dict


def _asked(data_dict: dict[str, Any]) -> list[str]:
    asked: list[str] = []
    for given in (data_dict.get("q"), data_dict.get("full_text")):
        texts = given.values() if isinstance(given, dict) else [given]
        asked += [text for text in texts if isinstance(text, str) and text]
    return list(dict.fromkeys(asked))


def _call(function: str, configuration: str, text: str) -> str:
    from ckanext.datastore.backend.postgres import literal_string

    return f"{function}({literal_string(configuration)}, {literal_string(text)})"
