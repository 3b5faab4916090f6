"""A typed, searchable, documented table beside PostgreSQL's bare COPY: the floor.

The peer has its rows ready as COPY text in memory, copies them into a plain table of the same
typed columns, makes the same key and index and analyses. Ours begins with Python values and does
more: it checks every value, keeps CKAN's layout, makes the full text with its index, and writes
the dictionary; half of its time is PostgreSQL's own ``to_tsvector``. ``searchable_peer_s`` is the
peer with CKAN's full text by CKAN's own trigger, as a loader that writes to a DataStore table gets
it.
"""

from __future__ import annotations

from typing import Any

from bench import harness, samples, site
from ckanext.municipal import store
from ckanext.municipal.store import copy_text, tables
from ckanext.municipal.store.copy_text import Stream

_OURS, _PEER = "bench-ours", "bench-peer"
_COLUMNS = ", ".join(
    f'"{field.name}" {tables.column_type(field)}' for field in samples.SCHEMA.fields
)
_NAMES = ", ".join(f'"{name}"' for name in samples.SCHEMA.names)
_KEY = ", ".join(f'"{name}"' for name in samples.SCHEMA.key)


def run() -> dict[str, Any]:
    """Measure and return the figure; the tables are dropped."""
    site.app()
    pieces = list(copy_text.encode(samples.SCHEMA, samples.rows()))
    try:
        found = harness.compare(_load, lambda: _copy(pieces, searchable=False))
        searchable = harness.median(lambda: _copy(pieces, searchable=True), repeats=2)
        return {**found, "searchable_peer_s": searchable, "rows": samples.ROWS}
    finally:
        _drop_both()


def _load() -> None:
    with store.transaction(lock=_OURS) as tx:
        tx.drop(_OURS)
        tx.replace(_OURS, samples.SCHEMA, samples.rows())


def _copy(pieces: list[bytes], *, searchable: bool) -> None:
    connection = site.write_connection()
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE IF EXISTS "{_PEER}"')
        common = "_id serial PRIMARY KEY, _full_text tsvector, " if searchable else ""
        cursor.execute(f'CREATE TABLE "{_PEER}" ({common}{_COLUMNS})')
        if searchable:
            cursor.execute(
                f'CREATE TRIGGER zfulltext BEFORE INSERT OR UPDATE ON "{_PEER}"'
                " FOR EACH ROW EXECUTE PROCEDURE populate_full_text_trigger()"
            )
        stream: Any = Stream(iter(pieces))
        cursor.copy_expert(f'COPY "{_PEER}" ({_NAMES}) FROM STDIN', stream, size=1 << 20)
        cursor.execute(f'CREATE UNIQUE INDEX ON "{_PEER}" ({_KEY})')
        cursor.execute(f'CREATE INDEX ON "{_PEER}" (as_of)')
        if searchable:
            cursor.execute(f'CREATE INDEX ON "{_PEER}" USING gin (_full_text)')
        cursor.execute(f'ANALYZE "{_PEER}"')
    connection.commit()
    connection.close()


def _drop_both() -> None:
    with store.transaction(lock=_OURS) as tx:
        for table in (_OURS, _PEER):
            tx.drop(table)
