"""Exports made for the tests, in the byte shapes that municipalities publish."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl

from ckanext.municipal.budget import source_yaml
from ckanext.municipal.budget.source import BudgetSource
from ckanext.municipal.budget.statement import Statement, read_statements

HARVESTERS = Path(source_yaml.__file__).parent.parent / "harvesters"
EXPENSES = "expenses/2016_04_01_22.54.csv"
INCOMES = "incomes/2016_04_01_22.54.csv"
HEADER = "Υπηρεσία;Κ.Α.;Περιγραφή;Προϋπολογισθέντα;Διαμορφωθέντα;Δεσμευθέντα;Ενταλθέντα;Πληρωθέντα"
ROWS = (
    "Υπηρεσίες πρασίνου;6011.01.01;ΤΑΚΤΙΚΕΣ ΑΠΟΔΟΧΕΣ;1.800.000,00;1.800.000,00;9.000,50;8,00;0,00",
    "Υπηρεσία Νεκροταφείων;6011.01.01;ΤΑΚΤΙΚΕΣ ΑΠΟΔΟΧΕΣ;750.000,00;750.000,00;;;",
    "Γενικές υπηρεσίες;6117.01.01;ΆΛΛΑ ΈΞΟΔΑ ΎΔΡΕΥΣΗΣ;1.000,10;-1.000,10;0,00;0,00;0,00",
    "Αποθεματικό;9111.01.01;ΠΟΣΟ ΔΙΑΘΕΣΙΜΟ;540.104,75;2.136.794,65;0,00;0,00;0,00",
)


def source(name: str = "thessaloniki-budget") -> BudgetSource:
    """Return a source that ships with the suite."""
    return source_yaml.load(HARVESTERS / f"{name}.yaml")


def source_saying(**changes: Any) -> BudgetSource:
    """Return the shortest source for ``budget-2024-12-31.csv``, with other keys as given."""
    file = {
        "pattern": r"(?:.*/)?budget-(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\.(?:csv|xlsx)",
        "side": "expenditure",
        "year": "group",
        "as_of": "groups",
        **changes.pop("file", {}),
    }
    said = {
        "name": "a-city",
        "type": "municipal_budget",
        "title": {"el": "Προϋπολογισμός", "en": "Budget"},
        "organization": "a-city",
        "municipality": "city",
        "where": {"inbox": "a-city"},
        "files": [file],
    }
    return source_yaml.parse({**said, **changes}, "a-city.yaml")


def export(
    rows: Iterable[str] = ROWS, *, header: str = HEADER, encoding: str = "utf-16", end: str = "\n"
) -> bytes:
    """Return a CSV with a delimiter at the end of every row but the header, as the real ones."""
    return end.join([header, *(f"{row};" for row in rows), ""]).encode(encoding)


def read_one(data: bytes, name: str = EXPENSES, of: BudgetSource | None = None) -> Statement:
    """Read a file that holds one statement."""
    (only,) = read_statements(data, name, of or source())
    return only


def workbook(sheets: dict[str, Sequence[Sequence[object]]]) -> bytes:
    """Return an XLSX of sheets of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.properties.created = book.properties.modified = datetime(2024, 1, 1)  # noqa: DTZ001
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
