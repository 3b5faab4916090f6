"""Addresses without the house: the street, or nothing where it is not sure which words are it."""

from __future__ import annotations

import re
import unicodedata

from ckanext.municipal.lib.greek import fold
from ckanext.municipal.lib.markup import plain_text
from ckanext.municipal.lib.privacy.redaction import redact

_MAX_CHARACTERS = 300
_MAX_WORDS = 5


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


_TYPES = _words("οδός οδ λεωφόρος λεωφ λεωφόρου πλατεία πλ πάροδος παρ στοά περιφερειακός δρόμος")
_TYPES_LAST = _words(
    """st street ave av avenue blvd boulevard rd road ln lane dr drive ct court pl place sq square way
    ter terrace pkwy parkway hwy highway cir circle alley row walk"""
)
_DIRECTIONS = _words("n s e w ne nw se sw north south east west")
_NUMBER_SAID = _words("αρ αριθμός αριθμ αριθ no nr νο #")
_MONTHS = _words(
    """ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου
    νοεμβρίου δεκεμβρίου"""
)
# What tells that words are about a flat, a bell, a person or no street at all.
_NO_STREET = _words(
    """όροφος ορόφου οροφο ισόγειο υπόγειο ημιώροφος ρετιρέ διαμέρισμα διαμ διαμέρισματος κουδούνι κουδούνια κτίριο
    κτήριο είσοδος πολυκατοικία σπίτι τκ ταχ τηλ τηλέφωνο κιν κος κα κύριος κυρία οικογένεια οικία έναντι δίπλα απέναντι
    floor apt apartment flat suite unit bell building house room box po block name mr mrs ms near opposite
    unnamed ανώνυμη ανώνυμος άγνωστη address cannot found not διεύθυνση"""
)
_COUNTRIES = _words("ελλάδα ελλάς greece hellas gr")

_PLUS_CODE = re.compile(
    r"(?<!\w)[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{0,4}(?!\w)", re.I
)
_PARENTHESES = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]")
_HOUSE = re.compile(r"#?\d{1,5}(?:[^\W\d_]|xx?)?(?:[-–/]\d{0,5}[^\W\d_]?)*\.?", re.I)
_ORDINAL = re.compile(r"\d{1,3}(?:ησ|η|οσ|ου)")
_ENGLISH_ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th)")
_RANGE = re.compile(r"(?<=\d)\s*[-–]\s*(?=\d)")
_LETTERS = re.compile(r"[^\W\d_]+\.?(?:['’.\-][^\W\d_]+\.?)*")
_POSTCODE = re.compile(r"(?<!\d)\d{3} ?\d{2}(?!\d)")
_CORNER = re.compile(
    r"(\s*[&+]\s*|\s@\s|(?<=[^\W\d_])\s*/\s*(?=[^\W\d_])|\s+(?:και|κι|με|and|γωνία|γων\.?|corner)\s+)",
    re.I,
)
_CORNER_OF = re.compile(r"^(?:στη )?(?:γωνία|γων\.?|(?:corner|intersection) of)\s+|\s+γωνία$", re.I)


def street(address: str) -> str | None:
    """Return the street of an address, without house number, floor, postcode, town or names.

    A corner of two streets gives both («Εγνατίας & Βενιζέλου»). Greek and English orders are
    understood. None where there is no street or where it is not sure: a name alone may be
    somebody's, so a street is believed with a house number, a word such as «λεωφόρος», a corner,
    or in the form that geocoders write.
    """
    if len(address) > _MAX_CHARACTERS or "://" in address:
        return None
    line = _RANGE.sub("-", plain_text(unicodedata.normalize("NFKC", address)))
    if _PLUS_CODE.search(line):
        return None
    parts = [part.strip() for part in re.split(r"[,;|\n]", _PARENTHESES.sub(" ", line))]
    parts = [part for part in parts if part]
    for place, part in enumerate(parts):
        believed = place == 0 and _is_geocoded(parts)
        found = (
            _corner(part) if _CORNER.search(_CORNER_OF.sub("", part)) else _single(part, believed)
        )
        if found and not redact(found).found:
            return found
    return None


def _is_geocoded(parts: list[str]) -> bool:
    """Tell whether it is «street, town postcode, country», the form of a street without a number."""
    return len(parts) == 3 and fold(parts[2]) in _COUNTRIES and bool(_POSTCODE.search(parts[1]))


def _corner(part: str) -> str | None:
    """Return both streets of a corner with what stands between them, None unless both are sure."""
    pieces = _CORNER.split(_CORNER_OF.sub("", part))
    named = [_single(piece, True) for piece in pieces[::2]]
    if None in named:
        return None
    between = [f" {' '.join(sign.split())} " for sign in pieces[1::2]] + [""]
    return "".join(f"{name}{sign}" for name, sign in zip(named, between, strict=True))


def _single(part: str, believed: bool) -> str | None:
    """Return the street in a part of an address; ``believed``: also one without any sign of one."""
    words = part.split()
    folded = [fold(word).rstrip(".") for word in words]
    if words and _is_house(words, folded, 0):
        kept = _after_number(words[1:], folded[1:])
        # 12345 Main St is a house, 54321 Πόλη a postcode; behind a street may stand a name.
        sure = len(kept) < 3 and not re.match(r"#?\d{5}", words[0])
    else:
        kept = _before_number(words, folded)
        sure = len(kept) < len(words) and not _is_postcode(words[len(kept) :])
    while kept and fold(kept[-1]).rstrip(".:") in _NUMBER_SAID:
        kept = kept[:-1]
    folded = [fold(word).rstrip(".") for word in kept]
    sure = sure or believed or bool(_TYPES & set(folded)) or bool(_TYPES_LAST & set(folded[1:]))
    return " ".join(kept) if sure and _is_street(kept, folded) else None


def _is_house(words: list[str], folded: list[str], place: int) -> bool:
    """Tell whether a word is a number of a house, and not part of a name (28ης Οκτωβρίου, 5th Ave)."""
    return bool(_HOUSE.fullmatch(words[place])) and not _is_in_name(folded, place)


def _is_in_name(folded: list[str], place: int) -> bool:
    following = folded[place + 1] if place + 1 < len(folded) else ""
    word = folded[place]
    if following in _MONTHS:
        return bool(re.fullmatch(r"\d{1,2}(?:ησ|η)?", word))
    first = place == 0 or folded[place - 1] in _TYPES
    greek = first and _ORDINAL.fullmatch(word) and _LETTERS.fullmatch(following)
    return bool(greek or _ENGLISH_ORDINAL.fullmatch(word))


def _before_number(words: list[str], folded: list[str]) -> list[str]:
    for place in range(len(words)):
        if words[place][0] in "0123456789#" and not _is_in_name(folded, place):
            return words[:place]
    return words


def _after_number(words: list[str], folded: list[str]) -> list[str]:
    """Return the name of a street after its number, to its last word (St, Ave) where it has one."""
    for place, word in enumerate(folded):
        if word in _NO_STREET or _is_house(words, folded, place):
            return words[:place]
        if place and word in _TYPES_LAST:
            directed = bool(_DIRECTIONS & set(folded[place + 1 : place + 2]))
            return words[: place + 1 + directed]
    return words


def _is_postcode(words: list[str]) -> bool:
    return bool(_POSTCODE.match(" ".join(words)))


def _is_street(words: list[str], folded: list[str]) -> bool:
    return (
        0 < len(words) <= _MAX_WORDS
        and not _NO_STREET & set(folded)
        and any(len(word) > 2 and word not in _TYPES | _TYPES_LAST for word in folded)
        and all(_LETTERS.fullmatch(w) or _is_in_name(folded, i) for i, w in enumerate(words))
    )
