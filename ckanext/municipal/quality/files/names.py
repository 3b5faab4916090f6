"""What a column is about, told by its name: only where the name says so are values held to it."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from ckanext.municipal.lib.greek import header_key


class Subject(StrEnum):
    """Subjects whose values follow rules that everybody knows."""

    NONE = ""
    AFM = "afm"
    AMKA = "amka"
    IBAN = "iban"
    POSTCODE = "postcode"
    MUNICIPAL_CODE = "municipal_code"
    PHONE = "phone"
    CODE = "code"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    EASTING = "easting"
    NORTHING = "northing"


_NAMES = {
    Subject.AFM: "αφμ, α.φ.μ., αριθμός φορολογικού μητρώου, afm, vat, vat number, tin, tax number, tax id",
    Subject.AMKA: "αμκα, α.μ.κ.α., amka, social security number",
    Subject.IBAN: "iban, ιβαν, λογαριασμός iban, αριθμός iban",
    Subject.POSTCODE: "τκ, τ.κ., ταχ. κώδικας, ταχ. κωδικός, ταχυδρομικός κώδικας, ταχυδρομικός κωδικός, tk,"
    " postcode, post code, postal code, zip, zip code, zipcode",
    Subject.MUNICIPAL_CODE: "κωδικός δημοτικής ενότητας, κωδικός δήμου, κωδικός δημοτικής κοινότητας,"
    " κωδικός κοινότητας, κωδικός οικισμού, κωδικός καλλικράτη, κωδικός ελστατ, γεωγραφικός κωδικός,"
    " γεωκωδικός, municipal unit code, municipality code, lau, lau code, kallikratis code, elstat code",
    Subject.PHONE: "τηλέφωνο, τηλ, τηλ., τηλέφωνα, τηλέφωνο επικοινωνίας, κινητό, κινητό τηλέφωνο, σταθερό,"
    " σταθερό τηλέφωνο, φαξ, fax, phone, telephone, tel, mobile",
    Subject.LATITUDE: "lat, latitude, γεωγραφικό πλάτος, γ. πλάτος, geometry.latitude, πλάτος (φ)",
    Subject.LONGITUDE: "lon, lng, long, longitude, γεωγραφικό μήκος, γ. μήκος, geometry.longitude, μήκος (λ)",
    Subject.EASTING: "x, x_coord, xcoord, coord_x, easting, συντεταγμένη x, x εγσα, εγσα x, x_egsa, egsa_x",
    Subject.NORTHING: "y, y_coord, ycoord, coord_y, northing, συντεταγμένη y, y εγσα, εγσα y, y_egsa, egsa_y",
}  # fmt: skip
_SUBJECTS = {
    header_key(name): subject for subject, names in _NAMES.items() for name in names.split(",")
}
_WORDS = {
    subject: re.compile(rf"(?:^| )(?:{words})(?: |$)")
    for subject, words in (
        (Subject.AFM, "αφμ|afm"),
        (Subject.AMKA, "αμκα|amka"),
        (Subject.IBAN, "iban"),
        (Subject.CODE, "κωδικοσ|κωδ|κα|καε|αρ|αριθμοσ|code|id|kae|number|no"),
    )
}
_NOT_LETTERS = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def subject_of(name: str) -> Subject:
    """Return what a column's name says that it holds."""
    if found := _SUBJECTS.get(header_key(name)):
        return found
    from ckanext.municipal.lib.greek import fold

    words = _NOT_LETTERS.sub(" ", fold(name).replace(".", "")).strip()
    return next((s for s, pattern in _WORDS.items() if pattern.search(words)), Subject.NONE)


IDENTIFIERS = frozenset(
    {
        Subject.AFM, Subject.AMKA, Subject.IBAN, Subject.POSTCODE, Subject.MUNICIPAL_CODE, Subject.PHONE,
    }
)  # fmt: skip
"""Subjects whose values are texts, whatever digits they consist of."""
