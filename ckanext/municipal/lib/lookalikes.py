"""Letters that look Greek and are not: typed with the wrong keyboard, or symbols in their place.

Real exports hold ``ΓΡΑΦΕΙΟΥA`` with a Latin A, and ``∆ηµοτικού`` with two mathematical symbols.
Such words cannot be found, sorted or compared until the letters are put right.
"""

from __future__ import annotations

import re
import unicodedata

# Symbols that stand for letters. NFKC knows µ and Ω; the mathematical operators it keeps apart.
_SYMBOLS = "\u2206\u220f\u2211\u00b5\u2126"  # increment, product, sum, micro, ohm
SYMBOL_LETTERS = str.maketrans(_SYMBOLS, "ΔΠΣμΩ")

_LATIN_CAPITALS = ("ABEZHIKMNOPTYX", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
_LATIN_SMALL = ("aeikopuvxwyn", "αεικορυνχωγη")
_CYRILLIC = ("АВГЕНІЈКМОПРТУФХавгеніјкопртуфх", "ΑΒΓΕΗΙΙΚΜΟΠΡΤΥΦΧαβγεηιικοπρτυφχ")
_TO_GREEK = {
    ord(other): greek
    for others, letters in (_LATIN_CAPITALS, _LATIN_SMALL, _CYRILLIC)
    for other, greek in zip(others, letters, strict=True)
}
# Only sure pairs: a Latin word is put right where every Greek letter in it has such a twin.
_TO_LATIN = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧΚοα", "ABEZHIKMNOPTYXKoa")

# For keys: folded Latin and Cyrillic by the look of the capital, whatever the case was.
LATIN_AS_GREEK = {
    **str.maketrans(_LATIN_CAPITALS[0].lower(), "αβεζηικμνορτυχ"),
    **str.maketrans("авгеніјкмопртуфх", "αβγεηιικμοπρτυφχ"),
}

_LETTER = r"(?:[^\W\d_]|[\u2206\u220f\u2211])"
_WORD = re.compile(rf"{_LETTER}(?:{_LETTER}|[\u0300-\u036f])*")
# μg, µm, kΩ: two alphabets and right.
_UNIT = re.compile(r"[\u03bc\u00b5][A-Za-z]{1,3}|[kMG][\u03a9\u2126]")


def _script(letter: str) -> str:
    """Return "greek", "symbol" or "other" for a letter, "" for a mark."""
    if letter in _SYMBOLS:
        return "symbol"
    if "\u0370" <= letter <= "\u03ff" or "\u1f00" <= letter <= "\u1fff":
        return "greek"
    return "" if unicodedata.category(letter) == "Mn" else "other"


def _is_mixed(word: str) -> bool:
    scripts = {_script(letter) for letter in word} - {""}
    return "greek" in scripts and len(scripts) > 1 and not _UNIT.fullmatch(word)


def mixed_script_words(text: str) -> list[str]:
    """Return the words of a text that mix Greek letters with letters of another alphabet.

    Symbols used as letters (``∆``, ``µ``, ``Ω`` ohm) count as another alphabet inside a Greek word;
    units such as ``μg`` and compounds with a hyphen such as ``e-ΚΕΠ`` do not. In order, with
    repetitions, in NFC.
    """
    if text.isascii():
        return []
    composed = _compose(text)
    return [word for word in _WORD.findall(composed) if _is_mixed(word)]


def repair_lookalikes(text: str) -> str:
    """Return the text with wrongly typed letters put right in the words that mix alphabets.

    A word becomes Greek where every foreign letter in it looks like a Greek one, otherwise Latin
    where every Greek letter looks like a Latin one; any other word stays as it is.
    """
    if text.isascii():
        return text
    return _WORD.sub(lambda word: _repair_word(word[0]), _compose(text))


def _compose(text: str) -> str:
    """NFC that keeps U+2126 and U+00B5 apart from the letters they are mistaken for."""
    return "\u2126".join(unicodedata.normalize("NFC", part) for part in text.split("\u2126"))


def _repair_word(word: str) -> str:
    if not _is_mixed(word):
        return word
    greek = word.translate(SYMBOL_LETTERS).translate(_TO_GREEK)
    if all(_script(letter) in ("greek", "") for letter in greek):
        return unicodedata.normalize("NFC", greek)
    latin = word.translate(_TO_LATIN)
    if all(_script(letter) in ("other", "") for letter in latin):
        return unicodedata.normalize("NFC", latin)
    return word
