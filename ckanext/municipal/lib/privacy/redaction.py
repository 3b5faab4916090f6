"""Redaction of free text: personal data out, a visible marker in its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from ckanext.municipal.lib.markup import plain_text
from ckanext.municipal.lib.privacy import (
    accounts,
    identity,
    names,
    online,
    phones,
    plates,
    registers,
)
from ckanext.municipal.lib.privacy.registry import KINDS, Kind
from ckanext.municipal.lib.privacy.shadow import TAKEN, Span, shadow_of
from ckanext.municipal.lib.texts import LANGUAGES, N_
from ckanext.municipal.lib.texts import text as said_in

# Importing them registers their kinds.
_MODULES = (accounts, identity, names, online, phones, plates, registers)

WITHHELD = "withheld"
"""The kind under which a text is counted that could not be looked through and so is left out."""

_LEFT_OUT = N_("texts left out as a whole")
_MAX_CHARACTERS = 100_000
_MAX_ROUNDS = 5
# Nothing of these is seen: soft hyphens, joiners, marks of direction, letters that are blank, tags.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f"
)
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
_UNSETTLED = re.compile(f"[<&{_UNSEEN}]")
_DIGIT = re.compile("[0-9]")
# What stands in another order than it is read in cannot be looked through.
_REORDERED = re.compile("[\u202d\u202e]")


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without personal data, and how many pieces of each kind were taken out of it."""

    text: str
    found: Mapping[str, int] = field(default_factory=dict)


def redact(text: str, language: str = "el") -> Redacted:
    """Return a text, plain or HTML, as plain text without the personal data in it.

    Each piece becomes a marker in ``language``. Redacting what comes out changes nothing. A text
    that cannot be looked through (too long, markup in markup, letters in reversed order) comes out
    empty and counts as `WITHHELD`. Takes time in proportion to the length.
    """
    plain = _settled(text)
    if plain is None:
        return Redacted("", {WITHHELD: 1})
    counts: Counter[str] = Counter()
    # A marker may bring two things together that were apart: look until there is nothing more.
    for _ in range(_MAX_ROUNDS):
        if len(plain) > _MAX_CHARACTERS:
            break
        found = _found(plain)
        if not found:
            return Redacted(plain, dict(counts))
        plain = _replaced(plain, found, language)
        counts.update(kind.id for _, kind in found)
    return Redacted("", {WITHHELD: 1})


def called(kind: str, language: str) -> str:
    """Return what a kind of `Redacted.found` is called in a language: its marker without brackets."""
    if kind == WITHHELD:
        return said_in(_LEFT_OUT, language)
    return _marker(kind, language).removeprefix("[").removesuffix("]")


def _settled(text: str) -> str | None:
    """Return what is seen of a text or of markup, also of markup written as markup; None if such
    markup is too deep or letters are shown in another order than they are written."""
    for _ in range(_MAX_ROUNDS):
        if len(text) > _MAX_CHARACTERS or _REORDERED.search(text):
            return None
        plain = plain_text(_INVISIBLE.sub("", text))
        if plain == text or not _UNSETTLED.search(plain):
            return plain
        text = plain
    return None


def _found(plain: str) -> list[tuple[Span, Kind]]:
    """Return the places in a text that hold personal data, in order, none overlapping."""
    markers = _markers_pattern()
    shadow = shadow_of(markers.sub(lambda marker: TAKEN * len(marker[0]), plain))
    found = [(*shadow.within(span), kind) for kind in KINDS.values() for span in kind.find(shadow)]
    joined: list[tuple[Span, Kind]] = []
    reach = 0  # the longest piece gives its kind to those that overlap it
    for start, end, kind in sorted(found, key=lambda each: each[:2]):
        if joined and start < joined[-1][0][1]:
            (first, last), known = joined[-1]
            longer = end - start > reach
            joined[-1] = (first, max(last, end)), kind if longer else known
            reach = max(reach, end - start)
        else:
            joined.append(((start, end), kind))
            reach = end - start
    return joined


def _replaced(plain: str, found: list[tuple[Span, Kind]], language: str) -> str:
    pieces: list[str] = []
    at = 0
    for (start, end), kind in found:
        pieces += plain[at:start], _marker(kind.id, language)
        at = end
    return "".join([*pieces, plain[at:]])


@cache
def _marker(kind: str, language: str) -> str:
    return said_in(KINDS[kind].marker, language)


@cache
def _markers_pattern() -> re.Pattern[str]:
    markers = {_marker(kind, language) for kind in KINDS for language in LANGUAGES}
    return re.compile("|".join(map(re.escape, sorted(markers))))
