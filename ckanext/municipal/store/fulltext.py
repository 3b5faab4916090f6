"""The words by which DataStore finds a row, so that Greek is found however it is typed.

A table's ``_full_text`` is made of its searchable fields in the language that CKAN asks in,
``ckan.datastore.default_fts_lang``. Set to ``greek``, PostgreSQL's own Greek stemmer drops accents,
case, final sigma and endings, on both sides: «ΔΑΠΑΝΕΣ», «Δαπάνες» and «δαπανών» are one word to
CKAN's stock search. Nothing has to be installed or hooked. A row that an editor changes by
datastore_upsert gets its words from CKAN's trigger, in the database's own language, until the next
load: ``ALTER DATABASE ... SET default_text_search_config = 'pg_catalog.greek'`` makes them one.

The stemmer stumbles over an iota with diaeresis («προϊόντα» is not «ΠΡΟΙΟΝΤΑ» to it) and exports
hold signs in place of letters (∆ for Δ, µ for μ). A text with one of these is put in twice, as it
is and put right.

Numbers and dates are left out, though CKAN's trigger puts them in: they are filtered by, and one
new word a cell would triple the time of a load.
"""

from __future__ import annotations

import json

from psycopg2 import sql

from ckanext.municipal.store.schema import TableSchema

_STUMBLES, _RIGHT = "ϊΐΪ∆µ", "ιιΙΔμ"
# A vector holds 1 MB at most; more text than this is found by its beginning.
_MAX_CHARACTERS = 100_000


def language() -> str:
    """Return the text search configuration that CKAN asks in, unless a query names another."""
    from ckan.plugins import toolkit as tk

    return tk.config.get("ckan.datastore.default_fts_lang") or "english"


def expression(schema: TableSchema, language: str) -> sql.Composable:
    """Return the SQL that makes a row's full text from its columns. It is immutable."""
    parts = [_words(sql.Identifier(field.name)) for field in schema.fields if field.search]
    text = sql.SQL(" || ' ' || ").join(parts) if parts else sql.SQL("''")
    return sql.SQL("to_tsvector({}::regconfig, left({}, {}))").format(
        sql.Literal(language), text, sql.Literal(_MAX_CHARACTERS)
    )


def _words(name: sql.Composable) -> sql.Composable:
    return sql.SQL("coalesce({0}, '') || CASE WHEN {0} ~ {1} THEN ' ' || {2} ELSE '' END").format(
        name, sql.Literal(f"[{_STUMBLES}]"), _put_right(name)
    )


def _put_right(text: sql.Composable) -> sql.Composable:
    pairs = sql.Literal(_STUMBLES), sql.Literal(_RIGHT)
    return sql.SQL("translate({}, {}, {})").format(text, *pairs)


def query(words: str) -> sql.Composable:
    """Return the SQL of a query for all of these words, as they are or put right."""
    asked = sql.Literal(words)
    return sql.SQL(
        "plainto_tsquery({0}::regconfig, {1}) || plainto_tsquery({0}::regconfig, {2})"
    ).format(sql.Literal(language()), asked, _put_right(asked))


def mark(language: str) -> str:
    """Return the comment by which a table's ``_full_text`` remembers its language.

    JSON after a blank, as CKAN expects of every column's comment.
    """
    return " " + json.dumps({"municipal_language": language})
