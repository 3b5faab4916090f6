"""What a CSV file of the demonstration is in the DataStore, which gives it an API and a preview. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ckanext.municipal.lib import tables

_TYPES: tuple[tuple[str, Callable[[str], Any]], ...] = (
    ("integer", int),
    ("numeric", Decimal),
    ("date", date.fromisoformat),
)


def table(source: Path) -> dict[str, Any] | None:
    """Return fields and records of a CSV file with a header as ``datastore_create`` takes them.

    None for another file, and for one that holds no table.
    """
    if source.suffix.lower() != ".csv":
        return None
    try:
        sheet = tables.read(source.read_bytes(), source.name)[0]
    except tables.UnreadableTable:
        return None
    rows = [
        {name: cell or None for name, cell in zip(sheet.header, row.cells, strict=False)}
        for row in sheet.rows
    ]
    fields = [{"id": name, "type": _type(row.get(name) for row in rows)} for name in sheet.header]
    return {"fields": fields, "records": rows}


def _type(cells: Iterable[Any]) -> str:
    """Return the first type that all cells of a column can be read as; ``text`` takes any."""
    texts = [str(cell) for cell in cells if cell is not None]
    for name, read in _TYPES if texts else ():
        try:
            for text in texts:
                read(text)
        except (ValueError, ArithmeticError):
            continue
        return name
    return "text"
