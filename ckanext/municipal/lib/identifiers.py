"""Greek public identifiers: normalised and proved by their check digits, or refused."""

from __future__ import annotations

import re
from datetime import date

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.lookalikes import LATIN_AS_GREEK
from ckanext.municipal.lib.texts import N_

_SPACING = re.compile(r"[\s.\u00a0-]+")
# Seven and three signs since 2013; the first years had longer heads and shorter tails.
_ADA = re.compile(r"[Α-ΡΣ-Ω0-9]{4,10}-[Α-ΡΣ-Ω0-9]{1,3}")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_GREEK_IBAN_LENGTH = 27
_DASHES = str.maketrans("‐‑‒–—−", "------")


class NotAnIdentifier(ReadableError):
    """Text that is not the identifier it should be; it is not repeated where it may be personal."""


def check_afm(text: str) -> str:
    """Return a tax number (ΑΦΜ) as nine digits; spaces and the prefix ``EL`` or ``GR`` are taken off.

    The ninth digit is the sum of the others, weighted 256 to 2, modulo 11, modulo 10.
    Raises NotAnIdentifier.
    """
    number = re.sub(r"^(?:EL|GR)", "", _compact(text))
    if not re.fullmatch(r"[0-9]{9}", number) or number == "000000000":
        raise NotAnIdentifier(N_("A tax number (ΑΦΜ) has nine digits. Count them again."))
    weighted = sum(int(digit) << (8 - place) for place, digit in enumerate(number[:8]))
    if weighted % 11 % 10 != int(number[8]):
        raise NotAnIdentifier(
            N_("The check digit of this tax number (ΑΦΜ) does not fit. Look for a mistyped digit.")
        )
    return number


def check_ada(text: str) -> str:
    """Return the number of a Diavgeia decision (ΑΔΑ) in Greek capitals, such as ``Ω97ΤΩΞΧ-8ΚΛ``.

    Latin letters that look like Greek ones become Greek. It has no check digit: only its shape is
    proved. Raises NotAnIdentifier.
    """
    joined = "".join(text.translate(_DASHES).split()).lower().translate(LATIN_AS_GREEK).upper()
    if not _ADA.fullmatch(joined):
        raise NotAnIdentifier(
            N_(
                "“{text}” is not a Diavgeia number (ΑΔΑ). Copy it as it stands on the decision:"
                " Greek capitals and digits with a hyphen, as Ω97ΤΩΞΧ-8ΚΛ."
            ),
            text=text[:40],
        )
    return joined


def check_amka(text: str) -> str:
    """Return a social security number (ΑΜΚΑ) as eleven digits.

    The first six are a date of birth (day, month, year of two digits); the last makes the Luhn sum
    a multiple of ten. Personal: never log or publish it. Raises NotAnIdentifier.
    """
    number = _compact(text)
    if not re.fullmatch(r"[0-9]{11}", number) or not _is_birthday(number[:6]):
        raise NotAnIdentifier(
            N_("A social security number (ΑΜΚΑ) has eleven digits, the first six a date of birth.")
        )
    if _luhn(number) % 10:
        raise NotAnIdentifier(
            N_("The check digit of this social security number (ΑΜΚΑ) does not fit.")
        )
    return number


def check_iban(text: str) -> str:
    """Return an account number (IBAN, ISO 13616) without spaces; a Greek one has 27 signs.

    Moved to the end and letters read as 10 to 35, the first four signs leave 1 modulo 97.
    Raises NotAnIdentifier.
    """
    number = _compact(text)
    greek_length = len(number) == _GREEK_IBAN_LENGTH or not number.startswith("GR")
    if not _IBAN.fullmatch(number) or not greek_length:
        raise NotAnIdentifier(
            N_("An IBAN begins with two letters and two digits; a Greek one has 27 signs.")
        )
    digits = "".join(str(int(sign, 36)) for sign in number[4:] + number[:4])
    if int(digits) % 97 != 1:
        raise NotAnIdentifier(
            N_("The check digits of this IBAN do not fit. Look for a mistyped sign.")
        )
    return number


def _compact(text: str) -> str:
    return _SPACING.sub("", text).upper()


def _is_birthday(digits: str) -> bool:
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    for century in (1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False


def _luhn(number: str) -> int:
    doubled = (2 * int(digit) for digit in number[-2::-2])
    return sum(map(int, number[-1::-2])) + sum(d - 9 if d > 9 else d for d in doubled)
