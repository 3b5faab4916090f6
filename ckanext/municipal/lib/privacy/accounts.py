"""Bank accounts: IBANs of Greece and of any other country that has them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ckanext.municipal.lib.identifiers import NotAnIdentifier, check_iban
from ckanext.municipal.lib.privacy.registry import before, spans, takes_out
from ckanext.municipal.lib.privacy.shadow import Shadow, Span, said, shadow_of
from ckanext.municipal.lib.texts import N_

_GAP = r"[ \n.\-]{0,2}"
_GREEK = re.compile(rf"(?<!\w)(?:gρ|γρ|gr){_GAP}[0-9](?:{_GAP}[0-9]){{18,27}}(?![0-9])")
_NEAR = re.compile(rf"(?<![0-9])[0-9](?:{_GAP}[0-9]){{14,25}}(?![0-9])")
_SAID = re.compile(said("iban, ιβαν, i.b.a.n."))
# Looked at without being used up: what seems to begin in one word may begin in the next.
_FOREIGN = re.compile(rf"(?<!\w)(?=([^\W\d_]{{2}} ?[0-9]{{2}}(?:{_GAP}[^\W_]){{11,30}}))")

# ISO 13616: how long an IBAN is, by country.
_LENGTHS = {
    length: countries.split()
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI NL",
        19: "MK SI",
        20: "AT BA EE LT LU",
        21: "CH HR LI LV",
        22: "BG DE GB GE IE ME RS",
        23: "AE IL",
        24: "CZ ES MD RO SE SK TN",
        25: "PT",
        26: "TR",
        27: "FR IT MC SM",
        28: "AL CY HU LB PL",
        29: "UA",
        31: "MT",
    }.items()
}
_LENGTH = {shadow_of(c).text: (c, n) for n, countries in _LENGTHS.items() for c in countries}
_LATIN = str.maketrans("αβεζηικμνορτυχ", "ABEZHIKMNOPTYX")


@takes_out(
    "iban",
    N_("[bank account]"),
    digits=15,
    examples=(
        "Επιστροφή στον {GR16 0110 1250 0000 0001 2300 695}",
        "IBAN {0110 1250 0000 0001 2300 695}",
        "{DE89 3704 0044 0532 0130 00} στο όνομά μου",
        "γραμμή GR 12 και 25 στάσεις",
    ),
)
def iban(shadow: Shadow) -> Iterator[Span]:
    """GR and some 25 digits; another country's length and check digits; digits after «IBAN»."""
    yield from spans(_GREEK, shadow.text)
    for start, end in spans(_NEAR, shadow.text):
        if _SAID.search(before(shadow, start)):
            yield start, end
    for found in _FOREIGN.finditer(shadow.text):
        if end := _end_of_foreign(found):
            yield found.start(), end


def _end_of_foreign(found: re.Match[str]) -> int | None:
    """Return where an account of another country ends, None where this is none."""
    written = found[1]
    country, length = _LENGTH.get(written[:2], ("", 0))
    places = [i for i, sign in enumerate(written) if sign.isalnum()][:length]
    if not length or len(places) < length:
        return None
    number = country + "".join(written[i] for i in places[2:]).translate(_LATIN)
    try:
        check_iban(number)
    except NotAnIdentifier:
        return None
    return found.start() + places[-1] + 1
