"""The registry of what is taken out of texts: one small rule a kind, with its examples.

Add a function with `takes_out` to a module of this package that `redaction` names, and the kind is
taken out, documented and tested: its examples are tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ckanext.municipal.lib.privacy.shadow import Shadow, Span

Find = Callable[[Shadow], Iterable[Span]]

_SINCE_LAST_NUMBER = re.compile(r"[^0-9\0]*\Z")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of personal data: its id, the marker put in its place (English msgid, in brackets),
    the rule that finds it, and examples: what is in ``{braces}`` is found, what is not stays.
    ``digits``: a text with fewer of them holds none, which spares most texts the search."""

    id: str
    marker: str
    find: Find
    examples: tuple[str, ...]
    digits: int = 0


KINDS: dict[str, Kind] = {}


def takes_out(
    kind: str, marker: str, *, examples: Iterable[str], digits: int = 0
) -> Callable[[Find], Find]:
    """Register the decorated function as the rule of a kind; two of one id raise ValueError.

    The function takes a `Shadow` and yields the pieces of it to take out, in any order. Where
    pieces of several kinds overlap, all that they cover is taken out as one, the longest's kind.
    """

    def decorate(find: Find) -> Find:
        if kind in KINDS:
            raise ValueError(f"two kinds are called {kind}")
        KINDS[kind] = Kind(kind, marker, find, tuple(examples), digits)
        return find

    return decorate


def spans(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    """Yield where a pattern matches; where it has a group ``it``, only that group is meant."""
    group = "it" if "it" in pattern.groupindex else 0
    for match in pattern.finditer(text):
        yield match.span(group)


def before(shadow: Shadow, start: int, reach: int = 40) -> str:
    """Return what stands before a place, back to the last number, ``reach`` characters at most."""
    found = _SINCE_LAST_NUMBER.search(shadow.text, max(0, start - reach), start)
    return found[0] if found else ""
