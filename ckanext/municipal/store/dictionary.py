"""The Data Dictionary of a table: what CKAN shows of each column, from the schema.

CKAN keeps it as JSON in the comment of the column, under ``_info``: a leading blank tells it from
an older form. ``label`` and ``notes`` are what CKAN's own pages show; ``label_el``,
``label_en``, ``notes_el``, ``notes_en``, ``unit``, ``labels`` and ``timezone``, whose clock the
moments show, are for ours. The schema is the source: what was changed by hand in the portal is put
back at the next load.
"""

from __future__ import annotations

import json
from typing import Any

from ckanext.municipal.store.schema import Field, TableSchema


def info(field: Field, language: str = "en", clock: str = "") -> dict[str, Any]:
    """Return a field's dictionary entry; ``label`` and ``notes`` are in the language given, and
    ``clock`` is the name of the zone whose clock it shows."""
    notes = {
        each: f"{said} ({clock})" if clock else said for each, said in field.description.items()
    }
    entry: dict[str, Any] = {"label": field.title[language], "notes": notes[language]}
    for each in sorted(field.title):
        entry[f"label_{each}"] = field.title[each]
        entry[f"notes_{each}"] = notes[each]
    if clock:
        entry["timezone"] = clock
    if field.unit:
        entry["unit"] = field.unit
    if field.labels:
        entry["labels"] = {value: dict(texts) for value, texts in field.labels.items()}
    return entry


def comment(field: Field, stored: str | None, language: str = "en", clock: str = "") -> str:
    """Return the column comment, keeping what other plugins stored beside the dictionary."""
    kept = {**_kept(stored), "_info": info(field, language, clock)}
    return " " + json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def clock_of(stored: str | None) -> str:
    """Return whose clock a column shows, as its comment tells; "" where it does not."""
    entry = _kept(stored).get("_info")
    clock = entry.get("timezone") if isinstance(entry, dict) else None
    return clock if isinstance(clock, str) else ""


def comments(
    schema: TableSchema, stored: dict[str, str | None], language: str = "en"
) -> dict[str, str]:
    """Return the comments that differ from the stored ones, by column."""
    wanted = {
        field.name: comment(field, stored.get(field.name), language, schema.clock(field))
        for field in schema.fields
    }
    return {name: text for name, text in wanted.items() if text != stored.get(name)}


def _kept(stored: str | None) -> dict[str, Any]:
    """What a comment holds; nothing where it is not in CKAN's present form."""
    try:
        kept = json.loads(stored) if stored else {}
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) and not (stored or "").startswith("{") else {}
