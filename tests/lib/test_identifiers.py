"""Identifiers: a mistyped one is noticed, a right one is kept in one form."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.lib.identifiers import (
    NotAnIdentifier,
    check_ada,
    check_afm,
    check_amka,
    check_iban,
)

CHECKS = [check_afm, check_ada, check_amka, check_iban]


@st.composite
def tax_numbers(draw) -> str:
    body = draw(st.text("0123456789", min_size=8, max_size=8).filter(int))
    total = sum(int(digit) * 2 ** (8 - place) for place, digit in enumerate(body))
    return f"{body}{total % 11 % 10}"


@st.composite
def accounts(draw) -> str:
    body = draw(st.text("0123456789", min_size=23, max_size=23))
    return f"GR{98 - int(f'{body}162700') % 97:02}{body}"


@given(tax_numbers())
def test_a_right_tax_number_is_kept_without_its_dress(number):
    assert check_afm(f" EL {number[:3]} {number[3:]}") == number


@given(tax_numbers(), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_a_tax_number_is_noticed(number, place, step):
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    # Modulo 10 after modulo 11 lets 10 pass for 0: the one slip the standard itself cannot see.
    total = sum(int(digit) << (8 - i) for i, digit in enumerate(wrong[:8]))
    if total % 11 % 10 == int(wrong[8]):
        return
    with pytest.raises(NotAnIdentifier, match=r"check digit|nine digits"):
        check_afm(wrong)


@given(accounts(), st.integers(4, 26), st.integers(1, 9))
def test_one_wrong_digit_of_an_account_is_noticed(number, place, step):
    assert check_iban(f"{number[:4]} {number[4:12]} {number[12:]}".lower()) == number
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    with pytest.raises(NotAnIdentifier, match="check digits"):
        check_iban(wrong)


@given(st.dates(), st.text("0123456789", min_size=4, max_size=4))
def test_exactly_one_check_digit_fits_a_social_security_number(born, tail):
    body = f"{born:%d%m}{born.year % 100:02}{tail}"
    fitting = 0
    for digit in "0123456789":
        with contextlib.suppress(NotAnIdentifier):
            assert check_amka(body + digit) == body + digit
            fitting += 1
    assert fitting == 1


@pytest.mark.parametrize("number", ["Ω97ΤΩΞΧ-8ΚΛ", "7394ΩΞΧ-ΠΔΖ", "45ΨΙ6-0Τ", "4Α8ΖΩΞΧ-Β"])
def test_numbers_of_decisions_are_kept_as_they_are(number):
    assert check_ada(number) == number
    assert check_ada(f" {number.lower()} ".replace("-", "–")) == number


def test_a_decision_number_typed_with_latin_letters_becomes_greek():
    assert check_ada("Ω97TΩΞX-8KΛ") == "Ω97ΤΩΞΧ-8ΚΛ"


@pytest.mark.parametrize("number", ["", "Ω97ΤΩΞΧ", "Ω97ΤΩΞΧ-8ΚΛΜ", "ABCDEFG-QRS", "Ώ97ΤΩΞΧ-8ΚΛ"])
def test_what_is_no_decision_number_is_refused(number):
    with pytest.raises(NotAnIdentifier, match="ΑΔΑ"):
        check_ada(number)


@pytest.mark.parametrize("number", ["998082845", "094014201"])
def test_tax_numbers_of_public_bodies_are_right(number):
    assert check_afm(number) == number


@pytest.mark.parametrize(
    "number", ["000000000", "12345678", "1234567890", "99808284α", "٩٩٨٠٨٢٨٤٥"]
)
def test_what_is_no_tax_number_is_refused(number):
    with pytest.raises(NotAnIdentifier):
        check_afm(number)


@given(st.sampled_from(CHECKS), st.text(max_size=30) | st.text("GREL0123456789- ΑΩ", max_size=30))
def test_any_text_is_an_identifier_or_refused(check, text):
    with contextlib.suppress(NotAnIdentifier):
        assert check(check(text)) == check(text)


def test_a_refused_personal_number_is_not_repeated():
    with pytest.raises(NotAnIdentifier) as refused:
        check_amka("01019912345")
    assert "01019912345" not in str(refused.value) + refused.value.message("el")
