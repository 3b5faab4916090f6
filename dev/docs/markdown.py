"""Markdown that stays what it was meant to be: tables, and texts from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence


def note(source: str) -> str:
    """Return the comment that says what a page is made of, and how."""
    return f"<!-- Made from {source} by `python -m dev.docs`; change it there. -->"


def line(text: str) -> str:
    """Return a text as one line, with single spaces."""
    return " ".join(text.split())


def cell(text: str) -> str:
    """Return a text as a table's cell holds it: one line, its bars escaped."""
    return line(text).replace("|", "\\|")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table."""
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(cell(each) for each in row)} |"


def page(lines: Iterable[str]) -> str:
    """Return lines as a file."""
    return "\n".join(lines) + "\n"
