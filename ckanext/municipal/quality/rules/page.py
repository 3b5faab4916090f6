"""The documentation page of the rules of files, made from the registry by ``python -m dev.docs``."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.municipal.quality.rules import RULES, FileExample, FileRule, Scope

_HEADINGS = {
    Scope.FILE: "The file",
    Scope.STRUCTURE: "Headings and rows",
    Scope.VALUE: "Values",
    Scope.IDENTIFIER: "Numbers that have a check digit or a form",
    Scope.COLUMN: "Columns",
    Scope.SCHEMA: "With a Table Schema",
    Scope.VERSION: "Against the last version",
}
_LINES = 4


def render() -> str:
    """Return the page as Markdown, one section a scope, one entry a rule."""
    parts = [
        "# Rules of files",
        "",
        "What `ckan municipal quality check FILE` looks for. An error makes a number wrong, a warning may, a note is",
        "worth knowing. The same command without a portal: `python -m ckanext.municipal.quality.files FILE`.",
        "",
        "<!-- Made from the registry of the rules by `python -m dev.docs`; change it there. -->",
    ]
    for scope, heading in _HEADINGS.items():
        parts += ["", f"## {heading}"]
        for entry in sorted(_of(scope), key=lambda entry: entry.rule.id):
            parts += list(_entry(entry))
    return "\n".join(parts) + "\n"


def _of(scope: Scope) -> list[FileRule]:
    return [entry for entry in RULES.values() if entry.scope is scope]


def _entry(entry: FileRule) -> Iterator[str]:
    rule = entry.rule
    yield ""
    yield f"### `{rule.id}` ({rule.severity.value})"
    yield ""
    yield f"{rule.message}  "
    yield f"*{rule.remedy}*"
    example = list(_example(entry.example))
    if example:
        yield from ("", "```", *example, "```")


def _example(example: FileExample) -> Iterator[str]:
    """The end of the file that breaks the rule, which is where it does."""
    if isinstance(example.text, bytes):
        return
    lines = [line for line in example.text.splitlines() if line.isprintable()]
    left = lines if len(lines) <= _LINES else [lines[0], "…", *lines[-_LINES + 2 :]]
    yield from left
