"""Greek: comparing, searching, sorting and spelling it in Latin letters."""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.lib import greek

VECTORS = Path(__file__).with_name("elot743.csv")
GREEK = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏΪΫ"
words = st.text(GREEK, min_size=1, max_size=12)
any_text = st.text(max_size=60) | st.text(
    GREEK + " -.’'_/ABHPabc019\u2206\u00b5\u2126", max_size=60
)
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{1,99}")


def vectors() -> list[tuple[str, str]]:
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return [(row["greek"], row["slug"]) for row in csv.DictReader(file)]


def test_there_are_at_least_200_published_pairs():
    assert len({text for text, _ in vectors()}) >= 200


@pytest.mark.parametrize(("text", "expected"), vectors(), ids=lambda value: value)
def test_slug_follows_elot_743(text, expected):
    assert greek.slug(text) == expected


@pytest.mark.parametrize("text", [text for text, _ in vectors()], ids=lambda value: value)
def test_composed_and_decomposed_text_give_one_slug(text):
    assert greek.slug(unicodedata.normalize("NFD", text)) == greek.slug(text)


@given(any_text)
def test_any_text_gives_a_name_that_ckan_accepts(text):
    assert NAME.fullmatch(greek.slug(text))


@given(words)
def test_every_greek_word_leaves_only_latin_letters(word):
    assert re.fullmatch("[a-z]+", greek.transcribe(word))


def test_long_titles_are_cut_between_words():
    title = "Εκτέλεση προϋπολογισμού " * 20
    name = greek.slug(title)
    assert len(name) <= 100
    assert set(name.split("-")) == {"ektelesi", "proypologismou"}


def test_one_word_longer_than_the_room_is_cut_inside():
    assert greek.slug("α" * 300) == "a" * 100


def test_a_title_without_letters_takes_the_name_it_is_given():
    assert greek.slug("!!!", fallback="dataset-7") == "dataset-7"
    assert greek.slug("Α", fallback="dataset") == "dataset-a"


def test_a_slug_is_its_own_slug():
    for _, slug in vectors():
        assert greek.slug(slug) == slug


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("Καθαριότητα 2024.csv", "kathariotita-2024.csv"),
        ("C:\\Έγγραφα\\Προϋπολογισμός.XLSX", "proypologismos.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("2016_04_01_22.54.csv", "2016_04_01_22-54.csv"),
        (".csv", "file.csv"),
        ("con.csv", "file-con.csv"),
        ("χωρίς κατάληξη", "choris-katalixi"),
        ("α\x00β\n.csv", "a-v.csv"),
        ("", "file"),
        ("σχέδιο.php.csv", "schedio-php.csv"),
    ],
)
def test_file_names_stay_readable_and_safe(given_name, expected):
    assert greek.filename(given_name) == expected


@given(any_text)
def test_any_file_name_is_short_ascii_and_has_no_folder(name):
    safe = greek.filename(name)
    assert re.fullmatch(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9]{1,10})?", safe)
    assert len(safe.encode()) <= 100
    assert greek.filename(safe) == safe


def test_search_forms_of_one_word_fold_to_the_same():
    assert (
        greek.fold("ΠΡΟΫΠΟΛΟΓΙΣΜΟΣ")
        == greek.fold("Προϋπολογισμός")
        == greek.fold("προυπολογισμος")
        == "προυπολογισμοσ"
    )
    assert greek.fold("∆ηµοτικού") == greek.fold("Δημοτικού")


@given(any_text)
def test_folding_twice_changes_nothing(text):
    assert greek.fold(greek.fold(text)) == greek.fold(text)


@given(any_text)
def test_case_and_normal_form_do_not_matter_to_folding(text):
    assert greek.fold(unicodedata.normalize("NFD", text)) == greek.fold(text)


@given(words)
def test_a_word_folds_as_its_capitals(word):
    assert greek.fold(word.upper()) == greek.fold(word)


def test_headings_that_look_the_same_have_one_key():
    latin = "K.A."
    assert greek.header_key("Κ.Α.") == greek.header_key(latin) == greek.header_key("  κ. α\n")
    assert greek.header_key("ΔΙΑΜΟΡΦΩΘEΝΤΑ") == greek.header_key("Διαμορφωθέντα")
    assert greek.header_key("∆ιαμορφωθέντα") == greek.header_key("Διαμορφωθέντα")
    assert greek.header_key("Κωδ.\u00a0Λογαριασμού") == greek.header_key("ΚΩΔ  ΛΟΓΑΡΙΑΣΜΟΥ")


def test_different_headings_keep_different_keys():
    keys = {greek.header_key(h) for h in ("Διαμορφωθέντα", "Δεσμευθέντα", "Κ.Α.", "Περιγραφή")}
    assert len(keys) == 4


@given(any_text)
def test_header_keys_do_not_depend_on_case_or_spaces_around(text):
    assert greek.header_key(f" {text}\t") == greek.header_key(text)
    assert greek.header_key(text) == greek.header_key(text).strip()


def test_sorting_follows_the_greek_alphabet_and_numbers_their_value():
    titles = [
        "Ωρολόγιο",
        "Άνω Πόλη",
        "budget",
        "Κοινότητα 10",
        "2024",
        "Έργα",
        "Ανω",
        "Κοινότητα 2",
    ]
    assert sorted(titles, key=greek.collation_key) == [
        "2024",
        "Ανω",
        "Άνω Πόλη",
        "Έργα",
        "Κοινότητα 2",
        "Κοινότητα 10",
        "Ωρολόγιο",
        "budget",
    ]


@given(st.integers(min_value=0), st.integers(min_value=0))
def test_numbers_in_titles_sort_by_value(left, right):
    keys = greek.collation_key(f"Ζώνη {left}α"), greek.collation_key(f"Ζώνη {right}α")
    assert (keys[0] < keys[1]) == (left < right)


@given(any_text, any_text)
def test_equal_keys_mean_equal_titles(left, right):
    def shown(text: str) -> str:
        return " ".join(unicodedata.normalize("NFC", text).split())

    keys = greek.collation_key(left), greek.collation_key(right)
    assert (keys[0] == keys[1]) == (shown(left) == shown(right))


@given(words, words)
def test_accents_never_decide_between_different_words(left, right):
    if greek.fold(left) != greek.fold(right):
        by_key = greek.collation_key(left) < greek.collation_key(right)
        assert by_key == (greek.fold(left) < greek.fold(right))


def test_words_of_two_alphabets_are_found_and_put_right():
    text = "ΕΞΟΔΑ ΓΡΑΦΕΙΟΥA ∆ηµοτικού e-ΚΕΠ 10 μg/m3 Wi-Fi"
    assert greek.mixed_script_words(text) == ["ΓΡΑΦΕΙΟΥA", "∆ηµοτικού"]
    assert greek.repair_lookalikes(text) == "ΕΞΟΔΑ ΓΡΑΦΕΙΟΥΑ Δημοτικού e-ΚΕΠ 10 μg/m3 Wi-Fi"


def test_a_latin_word_with_a_greek_letter_becomes_latin():
    assert greek.repair_lookalikes("WΙFΙ") == "WIFI"


def test_a_word_that_cannot_be_put_right_is_left_alone():
    assert greek.repair_lookalikes("ΨgΔ") == "ΨgΔ"
    assert greek.mixed_script_words("ΨgΔ") == ["ΨgΔ"]


@given(words, st.sampled_from("ABEZHIKMNOPTYX"), words)
def test_one_latin_letter_in_a_greek_word_is_put_right(before, typed, after):
    meant = dict(zip("ABEZHIKMNOPTYX", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", strict=True))[typed]
    assert greek.mixed_script_words(before + typed + after) == [before + typed + after]
    assert greek.repair_lookalikes(before + typed + after) == before + meant + after


@given(any_text)
def test_repair_is_stable(text):
    once = greek.repair_lookalikes(text)
    assert greek.repair_lookalikes(once) == once
