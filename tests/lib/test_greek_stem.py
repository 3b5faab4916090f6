"""One word in all its cases and numbers has one stem; another word has another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.lib.greek import fold
from ckanext.municipal.lib.greek_stem import stem, stems

SAME = [
    "προϋπολογισμός προϋπολογισμού προϋπολογισμοί προϋπολογισμών προϋπολογισμούς",
    "δήμος δήμου δήμοι δήμων δήμους δήμο",
    "δημότης δημότη δημότες δημοτών",
    "δαπάνη δαπάνης δαπάνες δαπανών",
    "έσοδο εσόδου έσοδα εσόδων",
    "πράξη πράξης πράξεως πράξεις πράξεων",
    "σχολείο σχολείου σχολεία σχολείων",
    "παιδί παιδιού παιδιά παιδιών",
    "ρεύμα ρεύματος ρεύματα ρευμάτων",
    "περιβάλλον περιβάλλοντος περιβάλλοντα",
    "προϊόν προϊόντος προϊόντα προϊόντων",
    "οδός οδού οδό οδοί οδών οδούς",
    "υπηρεσία υπηρεσίας υπηρεσίες υπηρεσιών",
    "καθαριότητα καθαριότητας καθαριότητες",
    "έτος έτη ετών",
    "απόβλητα αποβλήτων",
    "πολιτιστικός πολιτιστική πολιτιστικό πολιτιστικών πολιτιστικές",
    "στάθμευση στάθμευσης στάθμευσης",
]
APART = [
    ("δήμος", "δημότης"),
    ("δημόσιος", "δήμος"),
    ("έσοδα", "έξοδα"),
    ("πράσινο", "πράξη"),
    ("υγεία", "υγρασία"),
    ("παιδί", "παιδεία"),
]


@pytest.mark.parametrize("forms", SAME)
def test_cases_and_numbers_of_a_word_share_a_stem(forms):
    assert len({stem(fold(form)) for form in forms.split()}) == 1


@pytest.mark.parametrize(("one", "other"), APART)
def test_different_words_stay_apart(one, other):
    assert stem(fold(one)) != stem(fold(other))


@pytest.mark.parametrize("word", ["budget", "και", "το", "2016", "καφε-μπαρ", "parkingα"])
def test_a_stem_is_at_least_two_letters_and_other_alphabets_stay(word):
    assert len(stem(word)) >= min(2, len(word))
    if not set(word) <= set("αβγδεζηθικλμνξοπρστυφχψω"):
        assert stem(word) == word


@given(st.text(alphabet="αβγδεζηθικλμνξοπρστυφχψω", min_size=0, max_size=30))
def test_every_stem_is_a_beginning_of_its_word(word):
    assert word.startswith(stem(word))


@given(st.text(max_size=200))
def test_stems_of_any_text_are_shorter_words_of_it(text):
    folded = fold(text)
    assert all(short in folded for short in stems(folded))
