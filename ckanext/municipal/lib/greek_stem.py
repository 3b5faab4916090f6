"""A light stem for Greek nouns and adjectives: the same word in another case or number.

Nobody types the case that a title happens to use: ``προϋπολογισμός`` must find ``Εκτέλεση
προϋπολογισμού``. Only inflectional endings go, never derivational ones (``δημος`` and ``δημοτης``
stay apart), and verbs are left alone: titles of datasets hardly have any. A stem is an addition to
the word itself, with a lower weight, so a rare wrong one costs order, not results.
"""

from __future__ import annotations

import re

MIN_WORD = 3
MIN_STEM = 2

# Neuters in -μα lose the whole of what their other cases add: ρευμα, ρευματος, ρευματων.
# Likewise those in -ον: περιβαλλον, περιβαλλοντος, προιοντα.
_NEUTER = re.compile(r"^(?:(.{2,}μ)(?:α|ατα|ατοσ|ατων)|(.{2,}ον)(?:τοσ|τα|των)?)$")
_ENDINGS = (
    "εισ",
    "εωσ",
    "εων",
    "ουσ",
    "ασ",
    "εσ",
    "ησ",
    "οι",
    "οσ",
    "ου",
    "ων",
    "υσ",
    "α",
    "ε",
    "η",
    "ο",
    "υ",
)
_WORD = re.compile(r"[α-ω]+")


def stem(word: str) -> str:
    """Return the stem of one folded Greek word (small letters, no accents, no final sigma).

    ``προυπολογισμου`` and ``προυπολογισμοσ`` give ``προυπολογισμ``; ``πραξεων``, ``πραξη`` give
    ``πραξ``. Words of one or two letters and words in other alphabets come back unchanged.
    """
    if len(word) < MIN_WORD or not _WORD.fullmatch(word):
        return word
    if neuter := _NEUTER.match(word):
        return neuter[1] or neuter[2]
    bare = next((word[: -len(e)] for e in _ENDINGS if _may_lose(word, e)), word)
    # παιδι, παιδια, παιδιων: the iota belongs to the ending in some forms and not in others.
    return bare[:-1] if bare.endswith("ι") and len(bare) > MIN_STEM else bare


def stems(text: str) -> list[str]:
    """Return the stems of all Greek words of a folded text that differ from the word, in order."""
    return [short for word in _WORD.findall(text) if (short := stem(word)) != word]


def _may_lose(word: str, ending: str) -> bool:
    return word.endswith(ending) and len(word) - len(ending) >= MIN_STEM
