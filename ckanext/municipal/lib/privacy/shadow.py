"""The shadow of a text: what it says when the ways of writing it differently are taken off.

Rules look at shadows, so that each need not know of accents, case, full-width digits, letters of
another alphabet, characters that do not show, or the many kinds of blanks and dashes. Every
character of a shadow knows which character of the text it comes from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ckanext.municipal.lib.lookalikes import LATIN_AS_GREEK, SYMBOL_LETTERS

TAKEN = "\0"
"""Stands in a shadow for what is taken out already; no rule matches it."""

Span = tuple[int, int]
"""A piece of a shadow: its first character, and the one after its last."""

_SIGNS = {
    **dict.fromkeys("·\u0387•∙⋅", "."),
    **dict.fromkeys("−―ー", "-"),
    **dict.fromkeys("⁄∕", "/"),
    "’": "'",
}
_NOT_SHOWN = frozenset({"Mn", "Me", "Cf", "Cc", "Cn", "Cs"})
_LETTER_IN_NUMBER = re.compile(r"(?<=[0-9])(?:ο+|[lι|]+)(?=[0-9])")


@dataclass(frozen=True, slots=True)
class Shadow:
    """``text``: lower case, without accents, look-alikes as Greek, digits 0-9, dashes ``-``.

    ``cased`` has the same characters as they were typed, for rules that ask for a capital letter.
    ``at[i]`` is the place in the text of character ``i`` of both.
    """

    text: str
    cased: str
    at: Sequence[int]

    def within(self, span: Span) -> Span:
        """Return where a piece of the shadow is in the text, with what hides behind its letters."""
        start, end = span
        after = self.at[end - 1] + 1
        return self.at[start], max(after, self.at[end]) if end < len(self.at) else after


def shadow_of(text: str) -> Shadow:
    """Return the shadow of a text; `TAKEN` characters in it stay."""
    spelling = {ord(char): _spelled(char) for char in set(text)}
    folded = text.translate({code: small for code, (small, _) in spelling.items()})
    cased = text.translate({code: typed for code, (_, typed) in spelling.items()})
    if all(len(small) == 1 for small, _ in spelling.values()):
        at: Sequence[int] = range(len(text))
    else:
        at = [place for place, char in enumerate(text) for _ in spelling[ord(char)][0]]
    # The letter O is typed for a nought, l or I for a one.
    return Shadow(_LETTER_IN_NUMBER.sub(_as_digits, folded), cased, at)


@lru_cache(maxsize=8192)
def _spelled(char: str) -> tuple[str, str]:
    """Return how a character is spelled in a shadow, folded and with its case: of one length."""
    if char in (TAKEN, "\n"):
        return char, char
    typed = "".join(map(_sign, unicodedata.normalize("NFKD", char.translate(SYMBOL_LETTERS))))
    small = "".join(c.lower() if len(c.lower()) == 1 else c for c in typed).replace("ς", "σ")
    return small.translate(LATIN_AS_GREEK), typed


def _sign(char: str) -> str:
    if char in _SIGNS:
        return _SIGNS[char]
    category = unicodedata.category(char)
    if char.isspace():
        return " "
    if category in _NOT_SHOWN:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    return "-" if category == "Pd" else char


def _as_digits(letters: re.Match[str]) -> str:
    return ("0" if letters[0][0] == "ο" else "1") * len(letters[0])


def spelled(words: str) -> tuple[str, ...]:
    """Return words as they are in a shadow."""
    return tuple(shadow_of(word).text for word in words.split())


def said(phrases: str) -> str:
    """Return a pattern for any of these phrases, which commas separate, as whole words of a shadow.

    A blank stands for blanks, ``.`` for a full stop that may be missing (``Α.Φ.Μ.``), ``*`` for
    the rest of a word.
    """
    # «ευχαριστώ πολύ» before «ευχαριστώ», or what follows would be looked for in its middle.
    longest_first = sorted((phrase.split() for phrase in phrases.split(",")), key=len, reverse=True)
    patterns = (r"\s+".join(map(_pattern, spelled(" ".join(words)))) for words in longest_first)
    return rf"(?:(?<!\w)(?:{'|'.join(patterns)})(?!\w))"


def _pattern(word: str) -> str:
    signs = {".": r"[. ]{0,2}", "*": r"\w{0,12}"}
    return "".join(signs.get(char) or re.escape(char) for char in word)
