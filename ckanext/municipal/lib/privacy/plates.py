"""Licence plates of cars and motorcycles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ckanext.municipal.lib.privacy.registry import before, spans, takes_out
from ckanext.municipal.lib.privacy.shadow import Shadow, Span, said, shadow_of
from ckanext.municipal.lib.texts import N_

# The letters that both alphabets have: no others are on Greek plates.
_LETTER = "[αβεζηικμνορτυχ]"
_PLATE = re.compile(rf"(?<!\w)(?:{_LETTER}\.? ?){{2}}{_LETTER}[ .\-]{{0,3}}[1-9][0-9]{{2,3}}(?!\w)")
_NEAR = re.compile(
    r"(?<!\w)(?:[^\W\d_]{2,3}[ .\-]{0,3}[0-9]{2,5}|[^\W\d_][ \-]?[0-9]{3,5})(?:[ \-]?[^\W\d_]{1,3})?(?!\w)"
)
_SAID = re.compile(
    said(
        *(
            "πινακίδα*",
            "πινακίδες",
            "πινακίδας",
            "αρ. κυκλοφορίας",
            "αριθμό κυκλοφορίας",
            "pinakida*",
        ),
        *("αριθμός κυκλοφορίας", "κυκλοφορίας", "plate*", "registration", "reg.", "licence plate"),
    )
    + r"\W{0,4}(?:\w{1,12}\W{1,3}){0,2}\Z"
)
_VEHICLE = re.compile(
    said(
        *(
            "αυτοκίνητο*",
            "όχημα",
            "οχήματος",
            "μηχανάκι*",
            "μηχανή*",
            "ΙΧ",
            "Ι.Χ.",
            "ταξί",
            "φορτηγό*",
        ),
        *("βαν", "δίκυκλο*", "car", "vehicle", "van", "truck", "taxi", "αμάξι*", "μοτοσικλέτα*"),
    )
    + r"\W{0,4}(?:\w{1,12}\W{1,3}){0,3}\Z"
)
# Three letters before a number that are a month, or a word or body if there is a blank between.
_MONTHS = {shadow_of(word).text for word in ("ιαν", "μαι", "οκτ", "νοε", "oct", "nov")}
_WORDS = {
    shadow_of(word).text
    for word in (
        *(
            "και",
            "μια",
            "ενα",
            "τον",
            "την",
            "οχι",
            "νεο",
            "νεα",
            "εκτ",
            "οτε",
            "ικα",
            "τει",
            "αεκ",
        ),
        *(
            "κτε",
            "ανα",
            "εχω",
            "ετη",
            "χιν",
            "αρι",
            "κοκ",
            "τιμ",
            "ποτ",
            "νομ",
            "the",
            "not",
            "tax",
        ),
        *("box", "kai", "men", "ten", "max", "min", "any", "exit"),
    )
}


@takes_out(
    "plate",
    N_("[licence plate]"),
    digits=2,
    examples=(
        "Παράνομα σταθμευμένο {ΝΒΑ-1234} στη ράμπα",
        "μηχανάκι {ΝΚΧ 123}",
        "το αυτοκίνητο με αριθμό {nbk1234}",
        "πινακίδα {CB 1234 AB}",
        "ΤΗΝ 2310 και ΟΚΤ 2024, γραμμή ΟΑΣΘ 31, πινακίδα Ρ-69",
    ),
)
def plate(shadow: Shadow) -> Iterator[Span]:
    """Three letters and three or four digits, in capitals or joined; any plate that is announced."""
    for start, end in spans(_PLATE, shadow.text):
        if _is_plate(shadow, start, end):
            yield start, end
    for start, end in spans(_NEAR, shadow.text):
        if _SAID.search(before(shadow, start)):
            yield start, end


def _is_plate(shadow: Shadow, start: int, end: int) -> bool:
    letters = "".join(filter(str.isalpha, shadow.text[start:end]))
    typed = "".join(filter(str.isalpha, shadow.cased[start:end]))
    if letters in _MONTHS:
        return False
    sure = " " not in shadow.text[start:end] or _VEHICLE.search(before(shadow, start))
    return bool(sure) or (typed.isupper() and letters not in _WORDS)
