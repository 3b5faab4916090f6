"""Addresses without the house: the street is told, or nothing is."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.lib.privacy import redact, street

STREETS = [
    ("Εγνατίας 123Α, Θεσσαλονίκη 546 35, Ελλάδα", "Εγνατίας"),
    ("Εγνατίας, Θεσσαλονίκη 546 35, Ελλάδα", "Εγνατίας"),
    ("25ης Μαρτίου 12", "25ης Μαρτίου"),
    ("28 Οκτωβρίου 5-7, 546 42", "28 Οκτωβρίου"),
    ("3ης Σεπτεμβρίου 42, Αθήνα", "3ης Σεπτεμβρίου"),
    ("Λεωφ. Νίκης 3-5", "Λεωφ. Νίκης"),
    ("Λεωφόρος Νίκης", "Λεωφόρος Νίκης"),
    ("Οδός Εγνατίας αρ. 12", "Οδός Εγνατίας"),
    ("Εγνατίας Νο 12", "Εγνατίας"),
    ("Κ. Καραμανλή 12", "Κ. Καραμανλή"),
    ("Πλ. Αριστοτέλους 6, 546 23 Θεσσαλονίκη", "Πλ. Αριστοτέλους"),
    ("1η Πάροδος Κηφισίας 3", "1η Πάροδος Κηφισίας"),
    ("Μητροπόλεως 12, 3ος όροφος, κουδούνι Παπαδόπουλος", "Μητροπόλεως"),
    ("Μητροπόλεως 12 (κουδούνι Παπαδόπουλος)", "Μητροπόλεως"),
    ("Τσιμισκή 12 διαμ. 4 Παπαδόπουλος", "Τσιμισκή"),
    ("<p>Εγνατίας&nbsp;12</p>", "Εγνατίας"),
    ("ΕΓΝΑΤΙΑΣ １２", "ΕΓΝΑΤΙΑΣ"),
    ("Θεσσαλονίκη 546 35, Εγνατίας 12", "Εγνατίας"),
    ("Εγνατίας & Αγίας Σοφίας", "Εγνατίας & Αγίας Σοφίας"),
    ("Εγνατίας 12 & Βενιζέλου 3, Θεσσαλονίκη", "Εγνατίας & Βενιζέλου"),
    ("γωνία Εγνατίας και Βενιζέλου", "Εγνατίας και Βενιζέλου"),
    ("Εγνατίας με Βενιζέλου γωνία", "Εγνατίας με Βενιζέλου"),
    ("Tsimiski/Aristotelous", "Tsimiski / Aristotelous"),
    ("123 Main St", "Main St"),
    ("123 Main St Apt 4B", "Main St"),
    ("221B Baker Street, London", "Baker Street"),
    ("Flat 3, 10 Downing Street, London SW1A 2AA", "Downing Street"),
    ("1200 W 81ST ST, CHICAGO, IL, 60620", "W 81ST ST"),
    ("12XX N STATE ST", "N STATE ST"),
    ("1601-45 S. JEFFERSON", "S. JEFFERSON"),
    ("3968 - 3970 CLEVELAND", "CLEVELAND"),
    ("4420 N 20TH", "N 20TH"),
    ("500 5th Ave", "5th Ave"),
    ("1600 Pennsylvania Ave NW", "Pennsylvania Ave NW"),
    ("12345 Sunset Blvd", "Sunset Blvd"),
    ("Main St & 5th Ave", "Main St & 5th Ave"),
    ("MACKLIND AV @ MANCHESTER AV", "MACKLIND AV @ MANCHESTER AV"),
    ("intersection of Market St and 5th St", "Market St and 5th St"),
]
NO_STREETS = [
    *("", " ", "12", "546 35", "Θεσσαλονίκη 546 35", "54635 Θεσσαλονίκη", "Τ.Κ. 54635", "Ελλάδα"),
    *("J2QR+5X Θεσσαλονίκη", "8GFPJ2QR+5X", "40.6301, 22.9430", "40°37'48\"N 22°56'34\"E"),
    *("Unnamed Road, Θεσσαλονίκη 546 35, Ελλάδα", "The address cannot be found", "-", "N/A"),
    *("Παπαδόπουλος Γιώργος", "Μαρία Παπαδοπούλου", "κουδούνι Παπαδόπουλος Εγνατίας 12"),
    *(
        "Κα Παπαδοπούλου Εγνατίας 12",
        "12 Εγνατίας Μαρία Παππά",
        "3ος όροφος",
        "διαμέρισμα 4",
        "Flat 3",
        "PO Box 123",
    ),
    *("maria@example.gr", "https://goo.gl/maps/abc", "τηλ. 2310 123456", "Εγνατίας 123 45"),
    *("πίσω από το σπίτι του Γιώργου απέναντι από το φαρμακείο 3", "α" * 301),
]


@pytest.mark.parametrize(("address", "told"), STREETS)
def test_street_is_told_without_the_house(address, told):
    assert street(address) == told


@pytest.mark.parametrize("address", NO_STREETS)
def test_address_without_a_sure_street_tells_nothing(address):
    assert street(address) is None


def test_street_of_a_street_is_told_only_where_it_is_sure():
    for address, _ in STREETS:
        told = street(address)
        assert told
        assert street(told) in (told, None)


PLACES = [
    "Θεσσαλονίκη 546 35",
    "546 35",
    "Ελλάδα",
    "3ος όροφος",
    "κουδούνι Παπαδόπουλος",
    "Καλαμαριά",
]
NAMES = [
    "Εγνατίας",
    "25ης Μαρτίου",
    "Αγίου Δημητρίου",
    "Λεωφ. Νίκης",
    "Main St",
    "Κ. Παλαμά",
    "Βασ. Όλγας",
]


def test_house_numbers_written_in_many_ways_are_never_told():
    rnd = random.Random(12)
    for _ in range(3_000):
        name, number = rnd.choice(NAMES), str(rnd.randint(30, 999))
        house = rnd.choice(["", "αρ. ", "No ", "#", "αριθμός "]) + number
        house += rnd.choice(["", "Α", "β", " Α", "-7", "/2", "α-β", ".", " - 40", "–12Γ"])
        rest = rnd.sample(PLACES, rnd.randint(0, 3))
        told = street(", ".join([rnd.choice([f"{name} {house}", f"{number} {name}"]), *rest]))
        assert told == name, (name, house, rest)


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                *NAMES,
                *PLACES,
                *(str(n) for n in range(0, 120, 7)),
                "12Α",
                ",",
                "&",
                "γωνία",
                "αρ.",
                "/",
            ]
        )
        | st.text(max_size=3),
        max_size=8,
    ).map(" ".join)
)
def test_any_address_gives_words_of_it_or_nothing(address):
    told = street(address)
    if told is None:
        return
    for number in re.findall(r"\d+", told):
        # Only numbers that belong to a name: 25ης, 28 Οκτωβρίου, 5th.
        assert len(number) <= 3
        assert re.search(rf"{number}(?:[^\W\d_]| [^\W\d_]{{4,}}ίου)", told), told
    assert len(told.split()) <= 20
    assert not redact(told).found


def test_addresses_of_a_real_city_become_streets(shared):
    import csv

    with (shared / "data/issues/stlouis/2009.csv").open(encoding="latin-1", newline="") as file:
        addresses = [row["PROBADDRESS"].strip() for row in csv.DictReader(file)]
    told = {address: street(address) for address in addresses if address}
    assert len([one for one in told.values() if one]) >= 0.98 * len(told)
    houses = [re.match(r"\d+", address) for address in told]
    pairs = zip(houses, told.values(), strict=True)
    assert not [1 for house, one in pairs if house and one and house[0] in one.split()]
