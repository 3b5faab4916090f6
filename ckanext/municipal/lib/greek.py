"""Greek text for machines: comparing, searching and sorting it.

Latin spelling (slugs, file names) is in ``elot743``, look-alike letters in ``lookalikes``; their
functions are given here too, so that callers import one module.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ckanext.municipal.lib.elot743 import filename, slug, transcribe
from ckanext.municipal.lib.lookalikes import (
    LATIN_AS_GREEK,
    SYMBOL_LETTERS,
    mixed_script_words,
    repair_lookalikes,
)

__all__ = [
    "collation_key",
    "filename",
    "fold",
    "header_key",
    "mixed_script_words",
    "repair_lookalikes",
    "slug",
    "transcribe",
]

_MAX_SORTED = 1_000  # characters that decide an order; keeps keys far below Solr's 32,766 bytes
_NOT_WORD = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")
_LATIN_AFTER_GREEK = {ord("a") + i: 0xFF41 + i for i in range(26)}


def fold(text: str) -> str:
    """Return text without the differences that a reader overlooks when searching.

    Accents, breathings and diaeresis are dropped, case is folded, the final sigma becomes ``σ``,
    compatibility forms (``µ``, ``ﬁ``, ``Ａ``) and symbols that stand for letters (``∆``, ``Ω`` ohm)
    become the letters. Spaces and punctuation stay. Folding twice changes nothing.
    """
    if text.isascii():
        return text.lower()
    plain = _without_marks(text.translate(SYMBOL_LETTERS)).casefold()
    # Case folding can bring composed letters back (ŉ, ΐ), so marks go once more.
    return _without_marks(plain).replace("ς", "σ")


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """Return the key of a column heading: two headings that look the same have the same key.

    NFKC, look-alike letters of other alphabets read as Greek, folded, and every run of spaces,
    punctuation, underscores and line breaks squeezed to one space. ``"Κ.Α."`` typed with Latin
    letters and ``" κ.α "`` both give ``"κ α"``. Not for showing: Latin words change too.
    """
    repaired = repair_lookalikes(unicodedata.normalize("NFKC", text))
    letters = fold(repaired).translate(LATIN_AS_GREEK)
    return _NOT_WORD.sub(" ", letters).strip()


def collation_key(text: str) -> str:
    """Return a key whose code-point order is the order of a Greek index.

    Digits by value (2 before 10), then the Greek alphabet, then other alphabets, then Latin.
    Accents, case and punctuation count only between texts that are otherwise equal: unaccented
    first. Equal keys mean equal texts (NFC), up to 1,000 characters. The key holds no control
    characters, so it can be stored in Solr and sorted there as a plain string.
    """
    shown = " ".join(unicodedata.normalize("NFC", text)[:_MAX_SORTED].split())
    words = _NOT_WORD.sub(" ", fold(shown)).strip().translate(_LATIN_AFTER_GREEK)
    primary = _DIGITS.sub(_by_value, words)
    accents = "".join(
        "1" if unicodedata.category(c) == "Mn" else "0" for c in unicodedata.normalize("NFD", shown)
    ).rstrip("0")
    # Words never begin with a space, so two spaces sort before any longer first level.
    return f"{primary}  {accents}  {shown}"


def _by_value(digits: re.Match[str]) -> str:
    """Write a run of digits so that its code-point order is that of its value."""
    number = "".join(str(unicodedata.decimal(d)) for d in digits[0]).lstrip("0") or "0"
    size = len(number)
    # One digit tells the length up to 9, two more (after a 9) tell longer ones.
    length = str(size) if size < 9 else f"9{size:04}"
    return length + number
