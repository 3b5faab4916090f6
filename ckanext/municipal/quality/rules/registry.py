"""The registry of the rules of files: id, severity, texts and the smallest file that breaks each.

The checks, the documentation page and the tests are made from `RULES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ckanext.municipal.quality.findings import Rule, Severity


class Scope(StrEnum):
    """What a rule looks at."""

    FILE = "file"
    STRUCTURE = "structure"
    VALUE = "value"
    IDENTIFIER = "identifier"
    COLUMN = "column"
    SCHEMA = "schema"
    VERSION = "version"


@dataclass(frozen=True, slots=True)
class FileExample:
    """A small file that breaks a rule; with a Table Schema, or the version before, where needed."""

    text: str | bytes
    name: str = "example.csv"
    schema: Mapping[str, Any] | None = None
    before: str = ""

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.text if isinstance(self.text, bytes) else self.text.encode()


@dataclass(frozen=True, slots=True)
class FileRule:
    """A rule, what it looks at, and a file that breaks it."""

    rule: Rule
    scope: Scope
    example: FileExample = field(default_factory=lambda: FileExample(""))


RULES: dict[str, FileRule] = {}


def rule(
    scope: Scope,
    rule_id: str,
    severity: Severity,
    *,
    message: str,
    remedy: str,
    example: FileExample,
) -> Rule:
    """Register a rule and return it; two of one id are a fault of the program (ValueError)."""
    if rule_id in RULES:
        raise ValueError(f"two rules are called {rule_id}")
    made = Rule(rule_id, severity, message, remedy)
    RULES[rule_id] = FileRule(made, scope, example)
    return made
