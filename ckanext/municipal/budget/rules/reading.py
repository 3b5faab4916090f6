"""The rules that fire while a file is read, registered with the smallest file that breaks each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ckanext.municipal.budget import reading_rules as rules
from ckanext.municipal.budget import source_yaml
from ckanext.municipal.budget.rules.registry import BudgetRule, Scope, register
from ckanext.municipal.budget.statement import StatementRefused, read_statements
from ckanext.municipal.quality.findings import Finding, Rule

_HEAD = "Υπηρεσία;Κ.Α.;Περιγραφή;Προϋπολογισθέντα;Πληρωθέντα\n"
_GOOD = "Υπηρεσίες πρασίνου;6011.01;ΑΠΟΔΟΧΕΣ;10,00;5,00\n"
_FILE: dict[str, Any] = {
    "pattern": r"(?P<year>\d{4})-(?P<month>\d+)-(?P<day>\d+)\.csv",
    "side": "expenditure",
    "year": "group",
    "as_of": "groups",
}
_SOURCE: dict[str, Any] = {
    "name": "example",
    "type": source_yaml.TYPE,
    "title": {"el": "Παράδειγμα", "en": "Example"},
    "organization": "example",
    "municipality": "city",
    "where": {"inbox": "example"},
    "limits": {"bad_rows": 0.5},
}


@dataclass(frozen=True, slots=True)
class FileExample:
    """The smallest file that breaks a rule: text, name, and what its source says."""

    text: str = _HEAD + _GOOD
    name: str = "2024-12-31.csv"
    file: dict[str, Any] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)

    def findings(self) -> list[Finding]:
        """Read the file; return all that was found, also if it was refused."""
        source = {**_SOURCE, "files": [{**_FILE, **self.file}], **self.source}
        moment = datetime(2024, 12, 31, tzinfo=UTC)
        try:
            statements = read_statements(
                self.text.encode(),
                self.name,
                source_yaml.parse(source, "example.yaml"),
                modified=moment if "modified" in self.file.values() else None,
            )
        except StatementRefused as refusal:
            return list(refusal.findings)
        return [found for one in statements for found in (*one.quarantined, *one.findings)]


def _row(text: str, **source: Any) -> FileExample:
    return FileExample(_HEAD + _GOOD + text + "\n", source=source)


_BY_COLUMN = {"side": {"from": "column", "values": {"Ε": "expenditure"}}, "year": "column"}
_COLUMNS = {"side": "Σκέλος", "year": "Έτος"}
_SIDED = "Έτος;Σκέλος;Κ.Α.;Ποσό\n2024;Ε;6011;1,00\n"

EXAMPLES: dict[Rule, FileExample] = {
    rules.UNREADABLE: FileExample("<html><body>Error</body></html>"),
    rules.NO_PATTERN: FileExample(name="notes.txt"),
    rules.NO_HEADER: FileExample("Σταθμός;Θερμοκρασία\nΕγνατία;21,5\n"),
    rules.COLUMN_MISSING: FileExample(source={"columns": {"mandated": "Επιταγές"}}),
    rules.COLUMN_TWICE: FileExample("Κ.Α.;Ποσό;Εγκεκριμένος\n6011;1,00;2,00\n"),
    rules.MONTH_ONLY: FileExample("Κ.Α.;Ποσό;Πληρωθέντα μήνα\n6011;1,00;2,00\n"),
    rules.NO_MARK: FileExample("Κ.Α.;Ποσό\n6011;1.50\n6012;1,50\n"),
    rules.MIXED_CHARTS: _row("Υπηρεσίες πρασίνου;2130102001;ΑΜΟΙΒΕΣ;1,00;1,00"),
    rules.NO_DATE: FileExample(name="2024-13-31.csv"),
    rules.NO_YEAR: FileExample(name="0000-12-31.csv"),
    rules.TOO_MANY_BAD: _row("Υπηρεσίες πρασίνου;αβγ;ΑΜΟΙΒΕΣ;1,00;1,00", limits={"bad_rows": 0}),
    rules.RAGGED: _row("Υπηρεσίες πρασίνου;6012;ΑΜΟΙΒΕΣ; ΛΟΙΠΕΣ;1,00;1,00"),
    rules.BAD_CODE: _row("Υπηρεσίες πρασίνου;αβγ;ΑΜΟΙΒΕΣ;1,00;1,00"),
    rules.ORPHAN: _row(";missing;;;"),
    rules.NO_CODE: _row("Υπηρεσίες πρασίνου;;ΑΜΟΙΒΕΣ;1,00;1,00"),
    rules.BAD_AMOUNT: _row("Υπηρεσίες πρασίνου;6012;ΑΜΟΙΒΕΣ;δέκα;1,00"),
    rules.BAD_YEAR: FileExample(
        _SIDED + "20Χ4;Ε;6012;1,00\n", file=_BY_COLUMN, source={"columns": _COLUMNS}
    ),
    rules.BAD_SIDE: FileExample(
        _SIDED + "2024;?;6012;1,00\n", file=_BY_COLUMN, source={"columns": _COLUMNS}
    ),
    rules.DUPLICATE: _row("Υπηρεσίες πρασίνου;6011.01;ΑΠΟΔΟΧΕΣ;1,00;1,00"),
    rules.NO_LINES: FileExample(_HEAD),
    rules.WITHHELD: FileExample(source={"suppress": [{"code": "6011"}]}),
    rules.UNKNOWN_SERVICE: _row("Υπηρεσία Πτήσεων;6012;ΑΜΟΙΒΕΣ;1,00;1,00"),
    rules.OTHER_SIDE: FileExample("Κ.Α.;Ποσό;Εισπραχθέντα\n6011;1,00;2,00\n"),
    rules.JUNK: _row("Υπηρεσίες πρασίνου;6012;ΑΜΟΙΒΕΣ;1,00;nan"),
    rules.HEADINGS: _row("ΥΠΗΡΕΣΙΕΣ;;;;"),
    rules.FILE_DATE: FileExample(file={"as_of": "modified"}),
}

for _rule, _example in EXAMPLES.items():
    register(BudgetRule(_rule, Scope.READING, None, lambda example=_example: example))
