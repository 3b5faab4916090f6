"""The pages of the rules, made from their registries: of budgets and of files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ckanext.municipal.budget import rules as budgets
from ckanext.municipal.budget.rules.reading import FileExample as BudgetFile
from ckanext.municipal.quality import rules as files

_MADE = "<!-- Made from the registry of the rules by `python -m dev.docs`; change it there. -->"
_LINES = 4


def budget_page() -> str:
    """Return the page of the rules of the budget as Markdown."""
    intro = (
        "# Rules of the budget",
        "",
        "What is checked when a budget is harvested. An error makes a number wrong, a warning may,",
        "a note is worth knowing. Every finding is kept with its place, in Greek and in English.",
    )
    headings = {
        budgets.Scope.READING: "While a file is read",
        budgets.Scope.STATEMENT: "In one statement",
        budgets.Scope.YEAR: "Between the two sides of a year",
        budgets.Scope.YEARS: "Between two years",
    }
    return _page(intro, headings, budgets.RULES.values(), _of_budget)


def files_page() -> str:
    """Return the page of the rules of files as Markdown."""
    intro = (
        "# Rules of files",
        "",
        "What `ckan municipal quality check FILE` looks for. An error makes a number wrong, a warning may, a note is",
        "worth knowing. The same command without a portal: `python -m ckanext.municipal.quality.files FILE`.",
    )
    headings = {
        files.Scope.FILE: "The file",
        files.Scope.STRUCTURE: "Headings and rows",
        files.Scope.VALUE: "Values",
        files.Scope.IDENTIFIER: "Numbers that have a check digit or a form",
        files.Scope.COLUMN: "Columns",
        files.Scope.SCHEMA: "With a Table Schema",
        files.Scope.VERSION: "Against the last version",
    }
    return _page(intro, headings, files.RULES.values(), _of_file)


def _page(
    intro: Sequence[str],
    headings: Mapping[Any, str],
    rules: Iterable[Any],
    example: Callable[[Any], Sequence[str]],
) -> str:
    """A page with a section a scope and an entry a rule; ``example`` gives the lines of a registered rule's."""
    parts = [*intro, "", _MADE]
    registered = sorted(rules, key=lambda entry: entry.rule.id)
    for scope, heading in headings.items():
        parts += ["", f"## {heading}"]
        for entry in registered:
            if entry.scope is scope:
                parts += _entry(entry.rule, example(entry.example))
    return "\n".join(parts) + "\n"


def _entry(rule: Any, example: Sequence[str]) -> Iterator[str]:
    yield from ("", f"### `{rule.id}` ({rule.severity.value})", "")
    yield f"{rule.message}  "
    yield f"*{rule.remedy}*"
    if example:
        yield from ("", "```", *example, "```")


def _of_budget(make: Callable[[], object]) -> Sequence[str]:
    """The file that breaks a reading rule, as its author would see it."""
    example = make()
    if not isinstance(example, BudgetFile):
        return []
    return [f"{example.name}:", *(f"    {line}" for line in example.text.splitlines()[:_LINES])]


def _of_file(example: files.FileExample) -> Sequence[str]:
    """The end of the file that breaks the rule, which is where it does."""
    if isinstance(example.text, bytes):
        return []
    lines = [line for line in example.text.splitlines() if line.isprintable()]
    return lines if len(lines) <= _LINES else [lines[0], "…", *lines[-_LINES + 2 :]]
