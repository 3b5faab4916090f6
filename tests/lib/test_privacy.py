"""Redaction: personal data is out of what citizens write, their report is still there."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from privacy_pieces import PIECES

from ckanext.municipal.lib.privacy import WITHHELD, redact
from ckanext.municipal.lib.privacy.registry import KINDS
from ckanext.municipal.lib.privacy.shadow import shadow_of
from ckanext.municipal.lib.texts import text

PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"
_IMPORTS = """\
from __future__ import annotations
import re
from collections.abc import Iterator
from ckanext.municipal.lib.privacy.registry import spans, takes_out
from ckanext.municipal.lib.privacy.shadow import Shadow, Span, said
from ckanext.municipal.lib.texts import N_
"""
EXAMPLES = [(kind, example) for kind in KINDS.values() for example in kind.examples]
NASTY = [
    *(
        "6971234567",
        "2310 123456",
        "ΑΦΜ ",
        "ΑΦΜ 123456783",
        "κ. ",
        "Παπαδόπουλος",
        "με λένε ",
        "Μαρία",
    ),
    *(
        "@",
        "maria",
        ".gr",
        "(at)",
        "ΝΒΑ-1234",
        "ΑΒ 123456",
        "GR16 0110",
        "1250000000012300695",
        "\n",
    ),
    *(" ", "-", "&", "&amp;", "&#64;", "<b>", "</b>", "<", ">", "[τηλέφωνο]", "[phone]", "[", "]"),
    *(
        "\u200b",
        "\u0301",
        "ﬁ",
        "０",
        "٣",
        "İ",
        "ŉ",
        "\u202e",
        "https://x.com/",
        "ευχαριστώ,\n",
        "+30",
    ),
]
texts_of_any_kind = (
    st.text(max_size=200)
    | st.lists(st.sampled_from(NASTY), max_size=25).map("".join)
    | st.lists(st.sampled_from(NASTY) | st.text(max_size=4), max_size=20).map("".join)
)


# --- Kinds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_examples_of_a_kind_lose_what_they_mark_and_nothing_else(kind, example):
    given_text, pieces = re.sub(r"[{}]", "", example), re.findall(r"\{.*?\}", example, re.DOTALL)
    for language in ("el", "en"):
        marker = text(kind.marker, language)
        done = redact(given_text, language)
        assert done.text == re.sub(r"\{.*?\}", marker, example, flags=re.DOTALL)
        assert done.found == ({kind.id: len(pieces)} if pieces else {})


def test_every_kind_shows_what_it_finds_and_says_what_it_is():
    for kind in KINDS.values():
        assert any("{" in example for example in kind.examples)
        assert re.fullmatch(r"\[[a-z -]+\]", kind.marker)
        assert (kind.find.__doc__ or "").endswith(".")


def test_every_kind_is_documented_by_an_example_that_is_found():
    rows = re.findall(
        r"^\| `(\w+)` \| (.+?) \| .+ \| `(.+)` \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert [kind for kind, _, _ in rows] == sorted(KINDS, key=[row[0] for row in rows].index)
    for kind, markers, example in rows:
        assert set(redact(example).found) == {kind}
        assert text(KINDS[kind].marker, "en") in markers
        assert text(KINDS[kind].marker, "el") in markers


def test_kind_that_developers_are_shown_works():
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    known = dict(KINDS)
    try:
        exec(_IMPORTS + code, {})  # the page shows the rule, not its imports
        meter = KINDS["meter"]
        for example in meter.examples:
            plain = re.sub(r"[{}]", "", example)
            found = [plain[start:end] for start, end in meter.find(shadow_of(plain))]
            assert found == re.findall(r"\{(.*?)\}", example)
    finally:
        KINDS.clear()
        KINDS.update(known)


def test_several_pieces_are_counted_by_kind():
    done = redact("Με λένε Άννα, 6971234567 ή 2310 123 456, anna@example.gr", "en")
    assert done.text == "Με λένε [name], [phone] ή [phone], [e-mail address]"
    assert done.found == {"name": 1, "phone": 2, "email": 1}


def test_what_two_rules_claim_goes_as_one():
    assert redact("ΑΦΜ 6971234567", "en").text in ("ΑΦΜ [phone]", "ΑΦΜ [tax number]")


def test_a_report_without_personal_data_stays_as_it_is():
    report = "Στις 12/3/2024, 23:10, στη γραμμή 31: 25 μέρες τώρα, αίτημα 1234567, 10.500,50 €"
    assert redact(report).text == report
    assert redact(report).found == {}


# --- Tricks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        *(
            "697\u200b123\u200b4567",
            "６９７１２３４５６７",
            "٦٩٧١٢٣٤٥٦٧",
            "697\u00a0123\u202f4567",
            "697–123–4567",
        ),
        *("6️⃣9️⃣7️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣", "𝟔𝟗𝟕𝟏𝟐𝟑𝟒𝟓𝟔𝟕", "697l23O567", "69712<b>34567</b>"),
        *(
            "&#54;&#57;71234567",
            "&amp;#54;&#57;71234567",
            "697\u2800\u2800\u2800\u2800\u28001234567",
            "69 71\n23 45 67",
        ),
        *("697\u00ad123\u00ad4567", "69\u030171234567", "697·123·4567", "(697) 123/4567"),
    ],
)
def test_disguised_phone_is_found(number):
    done = redact(f"Πάρτε με στο {number} το βράδυ", "en")
    assert done.text == "Πάρτε με στο [phone] το βράδυ"


@pytest.mark.parametrize(
    "name",
    [
        "ΜΑΡΊΑ ΠΑΠΠΆ",
        "Mαρíα Παππά",
        "Μαρι\u0301α Παππα\u0301",
        "Μ\u200bαρία Παππά",
        "<i>Μαρία</i> Παππά",
    ],
)
def test_name_after_an_introduction_in_any_spelling_is_found(name):
    for cue in ("Με λένε", "ΜΕ ΛΕΝΕ", "με λενε", "Mε λένε", "με\u00a0λένε", "με <b>λένε</b>"):
        assert redact(f"{cue} {name}, καλημέρα", "en").text.endswith("[name], καλημέρα")


def test_personal_data_in_the_tags_of_markup_goes_with_them():
    done = redact(
        '<a href="mailto:maria@example.gr" title="Μαρία">γράψτε μου</a> <!-- 6971234567 -->'
    )
    assert done.text == "γράψτε μου"


def test_markers_of_either_language_are_left_alone():
    once = redact("Με λένε Άννα, τηλ. 6971234567", "en").text
    assert redact(once, "el").text == once


# --- What cannot be looked through -----------------------------------------------------------------


UNREADABLE = {
    "too long": "α" * 100_001,
    "too long with its markers": "a@bb " * 20_000,
    "shown in another order": "\u202e7654321796",
    "shown in another order by an entity": "&#8238;7654321796",
    "markup in markup in markup": f"&{'amp;' * 9}#54;971234567",
}


@pytest.mark.parametrize("unreadable", UNREADABLE.values(), ids=UNREADABLE)
def test_text_that_cannot_be_looked_through_is_left_out_whole_and_counted(unreadable):
    done = redact(unreadable)
    assert (done.text, done.found) == ("", {WITHHELD: 1})


# --- Any text --------------------------------------------------------------------------------------


@given(texts_of_any_kind)
def test_any_text_is_redacted_once_and_for_all(any_text):
    done = redact(any_text)
    again = redact(done.text)
    assert again.text == done.text
    assert again.found == {}
    assert len(done.text) <= 8 * len(any_text)
    assert (
        (done.text != "" or not any_text.strip())
        or done.found.keys()
        or "<" in any_text
        or not done.found
    )


@given(texts_of_any_kind)
def test_shadow_knows_where_its_letters_come_from(any_text):
    shadow = shadow_of(any_text)
    assert len(shadow.text) == len(shadow.cased) == len(shadow.at)
    places = list(shadow.at)
    assert places == sorted(places)
    for place in range(len(places)):
        start, end = shadow.within((place, place + 1))
        assert 0 <= start < end <= len(any_text)


AROUND = ["ο κάδος,", "είναι.", "-", "και", "the lamp", "(is)", "off!", "Ναι;", "25 μέρες", "…"]
STRUCTURED = sorted(set(PIECES) - {"name", "email", "profile"})


@given(
    st.sampled_from(STRUCTURED),
    st.integers(0, 2**32),
    st.lists(st.sampled_from(AROUND)),
    st.sampled_from([" ", "\n", ", ", ": ", "\u00a0"]),
)
def test_numbers_are_found_in_any_surroundings(kind, seed, around, gap):
    said, planted = PIECES[kind](random.Random(seed))
    done = redact(gap.join([" ".join(around), said, " ".join(reversed(around))]))
    left = re.sub(r"\D", "", done.text)
    assert not any(piece in left for each in planted for piece in each.traces), done.text
