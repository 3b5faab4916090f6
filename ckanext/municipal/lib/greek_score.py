"""How much a word looks like Greek: what tells one reading of the same bytes from another."""

from __future__ import annotations

import re

_CAPITALS = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫ"
_ACCENTED_CAPITALS = "ΆΈΉΊΌΎΏ"
_ACCENTED = "άέήίόύώΐΰ"
_SMALL = "αβγδεζηθικλμνξοπρσςτυφχψωϊϋ" + _ACCENTED
_LETTERS = _CAPITALS + _ACCENTED_CAPITALS + _SMALL
_CONSONANTS = "ΒΓΔΖΘΚΛΜΝΞΠΡΣΤΦΧΨβγδζθκλμνξπρστφχψ"
_GREEK = re.compile(f"[{_LETTERS}]")
# Signs found in Greek offices' texts; any other sign among letters means a wrong reading.
_SIGNS = "«»“”‘’–—…•€°·²³½§©®±´΄¨µ\u00a0\u00ad―™"

_FAULTS = (
    (re.compile(f"[^\\x00-\\x7f{_LETTERS}{_SIGNS}]"), 6),  # boxes, controls, ¶, ¤
    (re.compile(f"[{_SMALL}][{_CAPITALS}{_ACCENTED_CAPITALS}]"), 3),  # δΕν
    (re.compile(f"ς[{_LETTERS}]"), 3),
    (re.compile(f"(?<=[{_LETTERS}])σ(?![{_LETTERS}’'])"), 2),
    # ΕΓΚΑΤΆΣΤΑΣΗ occurs, rarely; ΝΆ ΑΡΧΙΣΕΙ is Ν’ ΑΡΧΙΣΕΙ read in the wrong code page.
    (re.compile(f"[{_LETTERS}][{_ACCENTED_CAPITALS}](?![{_CONSONANTS}])"), 3),
    (re.compile(f"[{_LETTERS}][{_ACCENTED_CAPITALS}](?=[{_CONSONANTS}])"), 1),
    (re.compile(f"[{_LETTERS}]’[{_CONSONANTS}]"), 2),
    (re.compile(f"[A-Za-z][{_LETTERS}]|[{_LETTERS}][A-Za-z]"), 3),
    (re.compile(f"(?<![{_LETTERS}])’[{_LETTERS}]"), 2),  # ’ρδευση
    (re.compile(f"[{_ACCENTED}{_ACCENTED_CAPITALS}][{_LETTERS}]*[{_ACCENTED}]"), 3),
    (re.compile(r"[©®±²³½µ§°´΄¨™][^\W\d_]{2}"), 2),
)


def greek_score(word: str) -> int:
    """Return the Greek letters of a word less its faults against Greek spelling.

    Faults: signs that no Greek text has, a capital after a small letter, a final sigma inside, a
    plain one at the end, an accented capital inside, two accents, Latin beside Greek letters.
    Below zero, the word is rather not Greek.
    """
    faults = sum(cost * len(pattern.findall(word)) for pattern, cost in _FAULTS)
    return len(_GREEK.findall(word)) - faults
