"""The registry of the pages that are made from the code: a page's name and what renders it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dev.docs import actions, bench, commands, configuration, fields, rules, tables

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs"

PAGES: dict[str, Callable[[], str]] = {
    "actions.md": actions.render,
    "bench.md": bench.render,
    "budget-rules.md": rules.budget_page,
    "commands.md": commands.render,
    "configuration.md": configuration.render,
    "fields.md": fields.render,
    "quality-rules.md": rules.files_page,
    "tables.md": tables.render,
}
