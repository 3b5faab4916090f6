"""Numbers of the state's registers: ΑΜΚΑ (social security) and ΑΦΜ (tax)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ckanext.municipal.lib.identifiers import NotAnIdentifier, check_afm, check_amka
from ckanext.municipal.lib.privacy.registry import before, spans, takes_out
from ckanext.municipal.lib.privacy.shadow import Shadow, Span, said
from ckanext.municipal.lib.texts import N_

_GAP = r"[ .\-/]{0,2}"
_AMKA = re.compile(
    r"(?<![0-9])[0-9]{2}([ .-]?)[0-9]{2}\1[0-9]{2}[ .-]{0,3}(?:[0-9][ .-]?){4}[0-9](?![0-9])"
)
_NEAR_AMKA = re.compile(rf"(?<![0-9])[0-9](?:{_GAP}[0-9]){{8,11}}(?![0-9])")
_AMKA_WORDS = said("Α.Μ.Κ.Α., αμκα*, κοινωνικής ασφάλισης, social security, ssn")
_AFM = re.compile(r"(?<![0-9])[0-9](?:[ .\-/]?[0-9]){7,9}(?![0-9])")
_AFM_WORDS = said(
    """Α.Φ.Μ., αφμ*, φορολογικού μητρώου, φορολογικό μητρώο, προσωπικός αριθμός, Π.Α., afm, vat, tax number, tax id,
    tin"""
)
# «123456783 (ΑΦΜ)»: behind the number only right beside it.
_BESIDE = r"[ (,:\-]{0,3}"
_AMKA_SAID, _AMKA_BEHIND = re.compile(_AMKA_WORDS), re.compile(_BESIDE + _AMKA_WORDS)
_AFM_SAID, _AFM_BEHIND = re.compile(_AFM_WORDS), re.compile(_BESIDE + _AFM_WORDS)
_AFM_HINTED = re.compile(
    said("Δ.Ο.Υ., εφορία*, τιμολόγιο*, απόδειξη*, μητρώου, επωνυμία, εταιρεία*, επιχείρηση*")
    + r"|(?<!\w)(?:εl|gr|γρ|ελ)\Z"
)


@takes_out(
    "amka",
    N_("[social security number]"),
    digits=9,
    examples=(
        "ΑΜΚΑ {01019012340}",
        "ο Α.Μ.Κ.Α. μου είναι {010190 12345}",
        "Στείλτε συνεργείο, αριθμός μετρητή 98765432109",
    ),
)
def amka(shadow: Shadow) -> Iterator[Span]:
    """Eleven digits with a date of birth and a fitting check digit, or near the word ΑΜΚΑ."""
    for start, end in spans(_AMKA, shadow.text):
        if _passes(check_amka, shadow.text[start:end]):
            yield start, end
    for start, end in spans(_NEAR_AMKA, shadow.text):
        if _AMKA_SAID.search(before(shadow, start)) or _AMKA_BEHIND.match(shadow.text, end):
            yield start, end


@takes_out(
    "afm",
    N_("[tax number]"),
    digits=8,
    examples=(
        "ΑΦΜ: {123456783}",
        "α.φ.μ. μου {123 456 789}",
        "το {090000045} είναι της εταιρείας",
        "Κολώνα 123456783 χωρίς φως",
    ),
)
def afm(shadow: Shadow) -> Iterator[Span]:
    """Nine digits near the word ΑΦΜ (one more or less: mistyped), or near a word such as ΔΟΥ with a
    fitting check digit, which alone fits one number in ten."""
    for start, end in spans(_AFM, shadow.text):
        near, behind = before(shadow, start), shadow.text[end : end + 20]
        said_so = _AFM_SAID.search(near) or _AFM_BEHIND.match(behind)
        hinted = _AFM_HINTED.search(near) or _AFM_HINTED.search(behind)
        if said_so or (hinted and _passes(check_afm, shadow.text[start:end])):
            yield start, end


def _passes(check: Callable[[str], str], number: str) -> bool:
    try:
        check(number.replace("/", ""))
    except NotAnIdentifier:
        return False
    return True
