"""The same 200,000 rows stored again, beside their first load: nothing is written."""

from __future__ import annotations

from typing import Any

from bench import harness, samples, site
from ckanext.municipal import store

_SAME, _FIRST = "bench-same", "bench-first"


def run() -> dict[str, Any]:
    """Measure and return the figure; the tables are dropped."""
    site.app()
    try:
        _load(_SAME)
        written: list[store.Changes] = []
        found = harness.compare(lambda: written.append(_load(_SAME)), _first, repeats=3)
        return {**found, "rows": samples.ROWS, "written": sum(map(bool, written))}
    finally:
        with store.transaction(lock=_SAME) as tx:
            tx.drop(_SAME)
            tx.drop(_FIRST)


def _load(table: str) -> store.Changes:
    with store.transaction(lock=table) as tx:
        return tx.replace(table, samples.SCHEMA, samples.rows())


def _first() -> None:
    with store.transaction(lock=_FIRST) as tx:
        tx.drop(_FIRST)
        tx.replace(_FIRST, samples.SCHEMA, samples.rows())
