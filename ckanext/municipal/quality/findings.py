"""What is wrong with data: a rule says what is looked for, a finding where it was found.

One model for every check of the suite (budget, files, links), so that one page and one table can
show them all. Pure: no CKAN, no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from ckanext.municipal.lib.texts import text


class Severity(StrEnum):
    """How bad it is: an error makes a number wrong, a warning may, a note is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is checked: id, severity, and English msgids of what is wrong and the remedy.

    ``message`` and ``remedy`` may hold ``{named}`` places, filled from a finding's ``values``.
    """

    id: str
    severity: Severity
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where: file name, sheet, row (1-based line of the file, as an editor shows it), field."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired at a place, with the values that show it."""

    rule: Rule
    place: Place = Place()
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def message(self, language: str) -> str:
        """Return what is wrong, in one language."""
        return text(self.rule.message, language, **self.values)

    def remedy(self, language: str) -> str:
        """Return how to put it right, in one language."""
        return text(self.rule.remedy, language, **self.values)
