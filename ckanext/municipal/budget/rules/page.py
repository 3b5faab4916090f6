"""The documentation page of the rules, made from the registry.

``python -m ckanext.municipal.budget.rules.page > docs/budget-rules.md`` writes it anew; a test
fails while the page is not what the registry says.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from ckanext.municipal.budget.rules import RULES, BudgetRule, Scope
from ckanext.municipal.budget.rules.reading import FileExample

_HEADINGS = {
    Scope.READING: "While a file is read",
    Scope.STATEMENT: "In one statement",
    Scope.YEAR: "Between the two sides of a year",
    Scope.YEARS: "Between two years",
}


def render() -> str:
    """Return the page as Markdown, one section a scope, one entry a rule."""
    parts = [
        "# Rules of the budget",
        "",
        "What is checked when a budget is harvested. An error makes a number wrong, a warning may,",
        "a note is worth knowing. Every finding is kept with its place, in Greek and in English.",
        "",
        "<!-- Made by ckanext.municipal.budget.rules.page from the registry of the rules. -->",
    ]
    for scope, heading in _HEADINGS.items():
        parts += ["", f"## {heading}"]
        for entry in sorted(_of(scope), key=lambda entry: entry.rule.id):
            parts += list(_entry(entry))
    return "\n".join(parts) + "\n"


def _of(scope: Scope) -> list[BudgetRule]:
    return [entry for entry in RULES.values() if entry.scope is scope]


def _entry(entry: BudgetRule) -> Iterator[str]:
    rule = entry.rule
    yield ""
    yield f"### `{rule.id}` ({rule.severity.value})"
    yield ""
    yield f"{rule.message}  "
    yield f"*{rule.remedy}*"
    example = _example(entry.example)
    if example:
        yield ""
        yield "```"
        yield from example
        yield "```"


def _example(make: Callable[[], object]) -> list[str]:
    """The file that breaks a reading rule, as its author would see it."""
    example = make()
    if not isinstance(example, FileExample):
        return []
    return [f"{example.name}:", *(f"    {line}" for line in example.text.splitlines()[:4])]


if __name__ == "__main__":
    sys.stdout.write(render())
