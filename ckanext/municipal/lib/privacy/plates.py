"""Licence plates of cars and motorcycles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ckanext.municipal.lib.privacy.registry import before, spans, takes_out
from ckanext.municipal.lib.privacy.shadow import Shadow, Span, said, spelled
from ckanext.municipal.lib.texts import N_

# The letters that both alphabets have: no others are on Greek plates.
_LETTER = "[αβεζηικμνορτυχ]"
_LETTERS = "|".join(_LETTER + sign + _LETTER + sign + _LETTER for sign in ("", r"\.", " "))
_PLATE = re.compile(rf"(?<!\w)(?:{_LETTERS})[ .\-]{{0,3}}[1-9][0-9]{{2,3}}(?!\w)")
_NEAR = re.compile(
    r"(?<!\w)(?:[^\W\d_]{2,3}[ .\-]{0,3}[0-9]{2,5}|[^\W\d_][ \-]?[0-9]{3,5})(?![0-9])"
)
_END_OF_FOREIGN = re.compile(r"[ \-]?[A-ZΑ-Ω]{1,3}(?!\w)")
_SAID = re.compile(
    said(
        """πινακίδα*, πινακίδες, pinakida*, αρ. κυκλοφορίας, αριθμός κυκλοφορίας, αριθμό κυκλοφορίας, plate*,
        registration, reg."""
    )
    + r"\W{0,4}(?:\w{1,12}\W{1,3}){0,2}\Z"
)
_VEHICLE = re.compile(
    said(
        """αυτοκίνητο*, αμάξι*, όχημα, οχήματος, ΙΧ, Ι.Χ., ταξί, φορτηγό*, βαν, μηχανάκι*, μηχανή*, δίκυκλο*,
        μοτοσικλέτα*, car, vehicle, van, truck, taxi, motorbike"""
    )
    + r"\W{0,4}(?:\w{1,12}\W{1,3}){0,3}\Z"
)
# Three letters before a number that are a month, or a word or body if there is a blank between.
_MONTHS = frozenset(spelled("ιαν μαι οκτ νοε oct nov"))
_WORDS = frozenset(
    spelled(
        """και μια ενα τον την του οχι οτι μου μην νεο νεα εκτ ανα εχω ετη κατ οτε ικα τει αεκ κτε κοκ καε the not tax
        box kai men ten max min any"""
    )
)


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
            more = _END_OF_FOREIGN.match(shadow.cased, end)
            yield start, more.end() if more else end


def _is_plate(shadow: Shadow, start: int, end: int) -> bool:
    letters = "".join(filter(str.isalpha, shadow.text[start:end]))
    typed = "".join(filter(str.isalpha, shadow.cased[start:end]))
    if letters in _MONTHS:
        return False
    sure = " " not in shadow.text[start:end] or _VEHICLE.search(before(shadow, start))
    return bool(sure) or (typed.isupper() and letters not in _WORDS)
