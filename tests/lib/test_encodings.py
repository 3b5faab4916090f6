"""Encodings: the same content in any of them gives the same text."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.lib.encodings import Undecodable, decode, mojibake

CONTENT = {
    "a budget": "Υπηρεσία;Κ.Α.;Ποσό\nΥπηρεσίες πρασίνου;6011.01.01 Άρδευση;1.800,00\n",
    "capitals": "ΠΕΡΙΓΡΑΦΗ;ΠΟΣΟ\nΤΑΚΤΙΚΕΣ ΑΠΟΔΟΧΕΣ ΜΟΝΙΜΩΝ ΥΠΑΛΛΗΛΩΝ;1.000,00\n",
    "ten short rows": "\n".join(f"00{i};ΕΛΙΑ;{i},50" for i in range(10)),
    "no accents": "περιγραφη;ποσο\nαρδευση;12\nκαθαριοτητα;15\n",
    "accented capitals": "Άνω Πόλη\nΈργα\nΉλιος\nΊδρυμα\nΌλγας\nΎδρευση\nΏρα\n",
    "quotes and dashes": "Ίδρυμα «Ο Ήλιος» · Άλσος - Νέα Ελβετία\n",
    "diaeresis": "Μαΐου;Προϋπολογισμός;Ταΰγετος\nΠΡΟΫΠΟΛΟΓΙΣΜΟΣ ΜΑΪΟΥ\n",
}
ENCODINGS = [
    "cp1253",
    "iso8859-7",
    "cp737",
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
]
_WORDS = re.compile(r"[^\W\d_]+")
small = st.text("αβγδεζηθικλμνξοπρστυφχψω", min_size=1, max_size=9)


def accented(word: str, place: int) -> str:
    """Write a word as Greeks do: at most one accent, final sigma at the end only."""
    vowels = [i for i, letter in enumerate(word) if letter in "αεηιουω"]
    if vowels:
        at = vowels[place % len(vowels)]
        word = word[:at] + dict(zip("αεηιουω", "άέήίόύώ", strict=True))[word[at]] + word[at + 1 :]
    return word[:-1] + "ς" if word.endswith("σ") else word


greek_words = st.builds(accented, small, st.integers(0, 8)).flatmap(
    lambda word: st.sampled_from([word, word.capitalize()])
)
greek_lines = st.lists(
    st.lists(greek_words, min_size=1, max_size=3).map(" ".join), min_size=2, max_size=4
)


def storable(text: str, encoding: str) -> bool:
    """DOS 737 has no ΐ, ΰ, guillemets: such text cannot have come from it."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", CONTENT)
def test_same_content_in_any_encoding_is_the_same_text(name, encoding):
    text = CONTENT[name]
    if not storable(text, encoding):
        text = text.translate(str.maketrans("ΐΰ«»", 'ίύ""'))
    assert decode(text.encode(encoding)).text == text


@given(greek_lines, st.sampled_from(ENCODINGS))
def test_greek_lines_survive_every_encoding(lines, encoding):
    text = "κωδικός;περιγραφή\n" + "\n".join(f"{i};{line}" for i, line in enumerate(lines))
    assert decode(text.encode(encoding)).text == text


@given(greek_lines, st.sampled_from(["cp1253", "iso8859-7", "cp737"]))
def test_capitals_without_accents_survive_every_code_page(lines, encoding):
    bare = str.maketrans("ΆΈΉΊΌΎΏ", "ΑΕΗΙΟΥΩ")
    text = "ΚΩΔΙΚΟΣ;ΠΕΡΙΓΡΑΦΗ\n" + "\n".join(lines).upper().translate(bare)
    assert decode(text.encode(encoding)).text == text


def test_where_both_code_pages_say_the_same_the_choice_does_not_matter():
    """Letters other than Ά have one byte in both; so accent-free content decodes the same."""
    letters = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰΈΉΊΌΎΏΪΫ«»°·½²³"
    assert letters.encode("cp1253") == letters.encode("iso8859-7")


@pytest.mark.parametrize(("encoding", "byte"), [("cp1253", b"\xa2"), ("iso8859-7", b"\xb6")])
def test_the_byte_of_accented_alpha_tells_the_code_page(encoding, byte):
    data = byte + "ρδευση;12".encode(encoding)
    assert decode(data).text == "Άρδευση;12"
    assert decode(data).encoding == encoding


def test_euro_sign_and_typographic_quotes_tell_windows():
    data = "Ποσό σε €: “τέλη” – 2024".encode("cp1253")
    assert decode(data).text == "Ποσό σε €: “τέλη” – 2024"
    assert decode(data).encoding == "cp1253"


@pytest.mark.parametrize("encoding", ["cp1253", "iso8859-7"])
def test_an_accent_on_a_capital_inside_a_word_is_read(encoding):
    text = "ΕΓΚΑΤΆΣΤΑΣΗ;12"
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("encoding", ["cp1253", "iso8859-7", "cp737", "utf-16-le", "utf-8"])
def test_real_exports_say_the_same_in_any_encoding(shared, encoding):
    files = sorted((shared / "data/budget").rglob("*.csv"))
    assert files
    for path in files:
        text = decode(path.read_bytes()).text
        # Signs that a code page lacks could not be in a file written with it.
        data = text.encode(encoding, "ignore")
        assert decode(data).text == data.decode(encoding), path.name


def test_apostrophe_in_iso_is_not_taken_for_a_letter():
    text = "ΟΔΟΣ ΝΤ’ ΕΣΠΕΡΕ;Άλσος"
    assert decode(text.encode("iso8859-7")).text == text


def test_plain_ascii_and_nothing_are_utf8():
    assert decode(b"a;b\n1;2\n").encoding == "utf-8"
    assert decode(b"").text == ""


def test_a_stated_encoding_is_the_only_one_tried():
    assert decode("Δήμος".encode("cp1253"), "cp1253").text == "Δήμος"
    assert decode(b"\xef\xbb\xbfabc", "utf-8").text == "abc"
    with pytest.raises(Undecodable, match="utf-8"):
        decode("Δήμος".encode("cp1253"), "utf-8")
    with pytest.raises(Undecodable, match="no text encoding"):
        decode(b"abc", "klingon")


def test_damaged_utf8_is_refused_with_its_place():
    data = "Δήμος\nΘεσσαλονίκης\n".encode() * 20
    broken = data[:100] + b"\xff" + data[100:]
    with pytest.raises(Undecodable, match=r"line \d+.*UTF-8") as refused:
        decode(broken)
    assert refused.value.offset in (99, 100)


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 20, b"\x00" * 64, b"PK\x03\x04\x00\x00zip"])
def test_binary_is_not_text(data):
    with pytest.raises(Undecodable):
        decode(data)


def test_french_in_a_western_code_page_is_not_taken_for_greek():
    with pytest.raises(Undecodable):
        decode("Bibliothèque fermée; théâtre; été".encode("cp1252"))


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(data):
    with contextlib.suppress(Undecodable):
        assert isinstance(decode(data).text, str)


@given(st.text(max_size=80), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_any_text_with_a_mark_or_in_utf8_comes_back(text, encoding):
    if "\0" not in text and not text.startswith("\ufeff"):
        assert decode(text.encode(encoding)).text == text


WRONG = [("utf-8", "cp1253"), ("utf-8", "cp1252"), ("cp1253", "cp1252"), ("utf-8", "latin-1")]


def misread(text: str, written_in: str, read_as: str) -> str:
    """Read bytes wrongly, undefined ones as control characters, the way browsers do."""
    return "".join(
        bytes((byte,)).decode(read_as, "ignore") or chr(byte) for byte in text.encode(written_in)
    )


@pytest.mark.parametrize(("written_in", "read_as"), WRONG)
@pytest.mark.parametrize("text", ["Δήμος Θεσσαλονίκης", "Εκτέλεση προϋπολογισμού 2024"])
def test_text_that_was_read_wrongly_is_noticed(text, written_in, read_as):
    found = mojibake(misread(text, written_in, read_as))
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize(
    "text", ["Δήμος", "Café de l’été, théâtre", "ΟΞΟΣ", "Wi-Fi 5€", "«Ωδείο»", "ÄÖÜ ä", "ΕΞΟΔΑ 25°"]
)
def test_text_in_order_is_left_alone(text):
    assert mojibake(text) is None


@given(st.text(max_size=60))
def test_looking_for_mojibake_never_fails(text):
    found = mojibake(text)
    assert found is None or _WORDS.search(found.text)


@given(greek_lines)
def test_greek_in_order_is_never_called_mojibake(lines):
    assert mojibake("\n".join(lines)) is None
