"""Plain and translated fields that came together: which one is meant."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.portal import translated

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
texts = st.dictionaries(st.sampled_from(["el", "en"]), words, max_size=2)
keywords = st.dictionaries(st.sampled_from(["el", "en"]), st.lists(words, max_size=4), max_size=2)


def test_translated_text_decides_when_new():
    assert translated.merge("Old", {"el": "Νέο"}, "el") == {"el": "Νέο"}


def test_plain_text_alone_belongs_to_the_default_language():
    assert translated.merge(" Τίτλος ", None, "el") == {"el": "Τίτλος"}


def test_plain_text_changed_alone_changes_its_language_only():
    both = {"el": "Α", "en": "A"}
    merged = translated.merge("Β", both, "el", stored_plain="Α", stored=both)
    assert merged == {"el": "Β", "en": "A"}


def test_plain_text_shown_from_another_language_changes_that_one():
    merged = translated.merge("B", {"en": "A"}, "el", stored_plain="A", stored={"en": "A"})
    assert merged == {"en": "B"}


def test_both_changed_means_the_translated_one():
    merged = translated.merge("X", {"el": "Γ"}, "el", stored_plain="Α", stored={"el": "Α"})
    assert merged == {"el": "Γ"}


def test_reader_gets_the_other_language_when_theirs_is_missing():
    assert translated.shown({"el": "Α"}, "en", "el") == "Α"
    assert translated.shown({"en": "A"}, "el", "el") == "A"
    assert translated.shown({}, "el", "el") == ""


@given(words, texts)
def test_saving_what_was_shown_changes_nothing(plain: str, given_texts: dict[str, str]):
    saved = translated.merge(plain, given_texts, "el")
    shown = translated.shown(saved, "el", "el")
    again = translated.merge(shown, saved, "el", stored_plain=shown, stored=saved)
    assert again == saved
    assert translated.read(translated.write(saved)) == saved


@given(st.lists(words, max_size=4), keywords)
def test_saving_the_keywords_shown_changes_nothing(tags: list[str], said: dict[str, list[str]]):
    first, by_language = translated.merge_keywords(tags, said)
    again = translated.merge_keywords(first, by_language, stored_tags=first, stored=by_language)
    assert again == (first, by_language)
    assert {word for words_ in by_language.values() for word in words_} <= set(first)


@given(st.one_of(st.none(), words, st.integers(), st.lists(words), texts))
def test_any_stored_value_reads_as_a_dict_or_nothing(value: object):
    assert isinstance(translated.read(value), dict | None)
