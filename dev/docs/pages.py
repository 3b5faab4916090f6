"""The registry of the pages that are made from the code: a page's name and what renders it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ckanext.municipal.budget.rules import page as budget_rules
from ckanext.municipal.quality.rules import page as quality_rules
from dev.docs import actions, bench, commands, configuration, fields, tables

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs"

PAGES: dict[str, Callable[[], str]] = {
    "actions.md": actions.render,
    "bench.md": bench.render,
    "budget-rules.md": budget_rules.render,
    "commands.md": commands.render,
    "configuration.md": configuration.render,
    "fields.md": fields.render,
    "quality-rules.md": quality_rules.render,
    "tables.md": tables.render,
}
