"""What docs/privacy.md says of texts and streets, sentence by sentence, and what it says cannot be promised."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ckanext.municipal.lib.privacy import WITHHELD, Grid, called, redact, street
from ckanext.municipal.lib.privacy.registry import KINDS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "privacy.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        *(("phone", text) for text in ("697 123 4567", "(2310)123-456", "+30 2310.123.456")),
        *(("phone", text) for text in ("+44 20 7946 0958", "0044 20 7946 0958", "τηλ. 123456")),
        *(("email", text) for text in ("maria (at) example.gr", "maria παπάκι example.gr")),
        *(("email", text) for text in ("maria@example[dot]gr", "maria @ example . gr")),
        ("email", "μαρία@παράδειγμα.ελ"),
        *(("profile", text) for text in ("@maria_p", "facebook.com/maria.p", "insta: maria_p")),
        *(("name", text) for text in ("Με λένε Μαρία Παππά", "είμαι ο Γιώργος Παππάς")),
        *(("name", text) for text in ("my name is Maria Pappa", "Με εκτίμηση\nΜαρία Παππά")),
        *(("name", text) for text in ("ο κ. Παππάς", "η κυρία Παππά", "Mr Pappas")),
        ("name", "Ονοματεπώνυμο: Μαρία Παππά"),
        *(("plate", text) for text in ("ΝΒΑ-1234", "NBA 1234", "ΝΒΑ 123", "πινακίδα B-MW 1234")),
        *(("afm", text) for text in ("ΑΦΜ 123456789", "ΔΟΥ Καλαμαριάς 123456783")),
        *(("amka", text) for text in ("01019012341", "ΑΜΚΑ 010190 12345")),
        *(("id_card", text) for text in ("ΑΒ 123456", "ΑΔΤ Χ123456", "ταυτότητα Α00123")),
        *(("passport", text) for text in ("ΑΚ1234567", "διαβατήριο: X1234567")),
        *(
            ("iban", text)
            for text in ("GR16 0110 1250 0000 0001 2300 695", "IBAN 0110 1250 0000 0001")
        ),
        ("iban", "DE89 3704 0044 0532 0130 00"),
    ],
)
def test_what_the_page_says_is_found_is_found(kind, written):
    assert set(redact(f"Το φως δεν ανάβει. {written}").found) == {kind}


@pytest.mark.parametrize(
    "written",
    [
        *("Στις 12/3/2024 και ώρα 23:10", "κόστος 10.500,50 €", "Εγνατίας 123", "αίτημα 1234567"),
        *("αρ. πρωτ. 12345/2024", "γραμμή 31", "λεωφορείο 10Α", "ΤΚ 546 35"),
    ],
)
def test_what_the_page_says_stays_stays(written):
    assert redact(written).text == written


def test_what_the_page_says_cannot_be_promised_is_not_found():
    limits = PAGE.partition("### What cannot be promised")[2].partition("## Streets")[0]
    quoted = [text for text in re.findall("«(.+?)»", limits) if text != "είμαι ο"]
    assert len(quoted) >= 4
    for text in (*quoted, "Γιώργος Παππάς, 123", "είμαι ο γιώργος", "έξι εννέα επτά ένα δύο"):
        assert redact(text).text == text


def test_what_the_page_says_goes_without_need_goes():
    for text in ("ο δήμαρχος κ. Παππάς", "το τηλέφωνο του συλλόγου 2310123456", "οδός Dr Pappas"):
        assert redact(text).found, text


def test_an_address_becomes_its_street_as_the_page_says():
    ((address, told),) = re.findall(r"«(Εγν[^»]+\d)» is told as «(\w+)»", PAGE)
    assert street(address) == told
    assert street("Εγνατίας και Αγίας Σοφίας") == "Εγνατίας και Αγίας Σοφίας"
    assert street("Εγνατίας 12, 3ος όροφος, κουδούνι Παππάς") == "Εγνατίας"
    for nothing in ("Παππάς", "40.6401, 22.9444", "8GC2JWRX+2F"):
        assert street(nothing) is None, nothing


def test_a_cell_is_named_by_its_row_from_the_south_and_its_column_from_the_west():
    south_west, north = Grid(100).cell(-89.9999, -179.9999), Grid(100).cell(-89.99, -179.9999)
    assert south_west.id == "g100:0:0"
    assert north.id.startswith("g100:11:")


def test_every_kind_that_is_counted_has_a_name_in_both_languages():
    for kind in (*KINDS, WITHHELD):
        names = [called(kind, language) for language in ("en", "el")]
        assert all(names)
        assert not any("[" in name for name in names)
