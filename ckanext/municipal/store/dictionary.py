"""The Data Dictionary of a table: what CKAN shows of each column, from the schema.

CKAN keeps it as JSON in the comment of the column, under ``_info``: a leading blank tells it from
an older form. ``label`` and ``notes`` are what CKAN's own pages show; ``label_el``,
``label_en``, ``notes_el``, ``notes_en``, ``unit`` and ``labels`` are for ours. The schema file is
the source: what was changed by hand in the portal is put back at the next load.
"""

from __future__ import annotations

import json
from typing import Any

from ckanext.municipal.store.schema import Field, TableSchema


def info(field: Field, language: str = "en") -> dict[str, Any]:
    """Return a field's dictionary entry; ``label`` and ``notes`` are in the language given."""
    entry: dict[str, Any] = {
        "label": field.title[language],
        "notes": field.description[language],
    }
    for each in sorted(field.title):
        entry[f"label_{each}"] = field.title[each]
        entry[f"notes_{each}"] = field.description[each]
    if field.unit:
        entry["unit"] = field.unit
    if field.labels:
        entry["labels"] = {value: dict(texts) for value, texts in field.labels.items()}
    return entry


def comment(field: Field, stored: str | None, language: str = "en") -> str:
    """Return the column comment, keeping what other plugins stored beside the dictionary."""
    try:
        kept = json.loads(stored) if stored else {}
    except ValueError:
        kept = {}
    if not isinstance(kept, dict) or (stored or "").startswith("{"):
        kept = {}  # not CKAN's present form
    kept["_info"] = info(field, language)
    return " " + json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def comments(
    schema: TableSchema, stored: dict[str, str | None], language: str = "en"
) -> dict[str, str]:
    """Return the comments that differ from the stored ones, by column."""
    wanted = {f.name: comment(f, stored.get(f.name), language) for f in schema.fields}
    return {name: text for name, text in wanted.items() if text != stored.get(name)}
