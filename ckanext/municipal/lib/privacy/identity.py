"""Numbers of papers that say who somebody is: identity card (ΑΔΤ) and passport."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ckanext.municipal.lib.privacy.registry import before, spans, takes_out
from ckanext.municipal.lib.privacy.shadow import Shadow, Span, said, spelled
from ckanext.municipal.lib.texts import N_

_LETTERS = r"(?<!\w)[^\W\d_](?:\.?[^\W\d_])?"
_GAP = r"[ .\-/]{0,3}"
_CARD = re.compile(rf"{_LETTERS}{_GAP}[0-9]{{3}}[ .]?[0-9]{{3}}(?![0-9])")
_BOOK = re.compile(rf"{_LETTERS}{_GAP}[0-9]{{7}}(?![0-9])")
_NEAR = re.compile(rf"(?<!\w)(?:[^\W\d_]{{1,3}}{_GAP})?[0-9](?:[ .\-]?[0-9]){{4,8}}(?![0-9])")
_CARD_SAID = re.compile(
    said(
        """Α.Δ.Τ., ταυτότητα*, ταυτότητας, αρ. ταυτ., ταυτ., αστ. ταυτ., taftotita, tautotita, identity card,
        identity, id card, id number, id no."""
    )
    + r"|(?<!\w)α\. ?τ\."  # with its full stops: without them it is the English word
)
_BOOK_SAID = re.compile(said("διαβατήριο*, διαβατηρίου, diavatirio, passport*"))
# Two letters before a number that are a word or an abbreviation; those that begin cards are not here.
_WORDS = frozenset(
    spelled(
        "το τα τη να με οι σε ως θα δε μη νο ευ εε τκ κμ χμ κα οτ km in on to of is eu id nr or"
    )
)
_ABBREVIATED = re.compile(r"(?:αρ|νο|αα|ατ)\.")


@takes_out(
    "id_card",
    N_("[identity card number]"),
    digits=5,
    examples=(
        "Αριθμός ταυτότητας {ΑΒ 123456}",
        "ΑΔΤ: {Χ-123456}",
        "με ταυτότητα {ab123456}",
        "Πληρώσαμε ΤΑ 123456 ευρώ και το 654321 ακόμη",
    ),
)
def id_card(shadow: Shadow) -> Iterator[Span]:
    """Two capitals and six digits, or letters and digits after a word for the card."""
    yield from _papers(shadow, _CARD, _CARD_SAID)


@takes_out(
    "passport",
    N_("[passport number]"),
    digits=5,
    examples=("Διαβατήριο {ΑΚ1234567}", "passport no. {AE 7654321}", "αίτημα 1234567"),
)
def passport(shadow: Shadow) -> Iterator[Span]:
    """Two capitals and seven digits, or letters and digits after a word for the passport."""
    yield from _papers(shadow, _BOOK, _BOOK_SAID)


def _papers(shadow: Shadow, shape: re.Pattern[str], announced: re.Pattern[str]) -> Iterator[Span]:
    for start, end in spans(shape, shadow.text):
        if _is_shape(shadow, start, end):
            yield start, end
    for start, end in spans(_NEAR, shadow.text):
        if announced.search(before(shadow, start)):
            yield start, end


def _is_shape(shadow: Shadow, start: int, end: int) -> bool:
    """Tell whether letters before digits are those of a paper, and not a word or an abbreviation."""
    letters = "".join(filter(str.isalpha, shadow.text[start:end]))
    typed = "".join(filter(str.isalpha, shadow.cased[start:end]))
    if len(letters) != 2 or _ABBREVIATED.match(shadow.text, start):
        return False
    joined = " " not in shadow.text[start:end]
    return letters not in _WORDS and (joined or typed.isupper())
