"""The data dictionary: the CSV files of a dataset as a Data Package with a Table Schema each. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.municipal.store import table_schema
from ckanext.municipal.store.schema import TableSchema


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV file: where it is, what its columns are, how large it is (bytes) and its digest."""

    path: str
    schema: TableSchema
    size: int
    sha256: str


def package_bytes(dataset: Mapping[str, Any], tables: Iterable[Table]) -> bytes:
    """Return ``datapackage.json`` for a dataset as `dataset.describe` tells it.

    The same files give the same bytes: it carries no time of its making.
    """
    titles, notes = dataset["title_translated"], dataset["notes_translated"]
    package = {
        "profile": "tabular-data-package",
        "name": dataset["name"],
        "title": titles["en"],
        "titles": dict(titles),
        "description": notes["en"],
        "descriptions": dict(notes),
        "licenses": [
            {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"},
        ],
        "resources": [_resource(table) for table in tables],
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(table: Table) -> dict[str, Any]:
    schema = table.schema
    return {
        "profile": "tabular-data-resource",
        "name": schema.name,
        "path": table.path,
        "title": schema.title["en"],
        "titles": dict(schema.title),
        "description": schema.description["en"],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": table.size,
        "hash": f"sha256:{table.sha256}",
        "schema": table_schema.descriptor(schema),
    }
