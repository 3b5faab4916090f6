"""Rules of files: what is wrong with a table, each with severity, texts and an example."""

from __future__ import annotations

from ckanext.municipal.quality.rules import columns, schemas, structure, values, versions
from ckanext.municipal.quality.rules.registry import RULES, FileExample, FileRule, Scope

__all__ = ["RULES", "FileExample", "FileRule", "Scope"]
_MODULES = (structure, values, columns, schemas, versions)  # importing them registers their rules
