"""Numbers: what a column says about its decimal mark, and what a cell is worth."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.lib.numbers import (
    AmbiguousNumbers,
    NotANumber,
    amount,
    decimal_mark,
    number,
)

cents = st.integers(min_value=-(10**14), max_value=10**14)
marks = st.sampled_from([",", "."])
groups = {",": [".", "", " ", "\u00a0", "\u2009", "\u202f", "'", "’"], ".": [",", "", " ", "'"]}


def written(value: int, mark: str, group: str) -> str:
    """Write cents as a person would, with a decimal mark and a mark between thousands."""
    whole, fraction = divmod(abs(value), 100)
    return f"{'-' if value < 0 else ''}{whole:,}".replace(",", group) + f"{mark}{fraction:02}"


@given(cents, marks, st.data())
def test_an_amount_written_and_read_back_is_the_same(value, mark, data):
    group = data.draw(st.sampled_from(groups[mark]))
    text = written(value, mark, group)
    assert amount(text, mark) == Decimal(value) / 100
    assert amount(f"  {text} € ", mark) == Decimal(value) / 100
    assert amount(f"€{text}", mark) == Decimal(value) / 100


@given(st.lists(cents, min_size=1, max_size=30), marks, st.data())
def test_a_column_of_cents_gives_its_own_decimal_mark(values, mark, data):
    group = data.draw(st.sampled_from(groups[mark]))
    assert decimal_mark([written(value, mark, group) for value in values]) == mark


@given(st.lists(st.integers(1000, 10**12), min_size=1, max_size=20), marks)
def test_whole_thousands_of_money_are_not_decimals(values, mark):
    group = "." if mark == "," else ","
    column = [f"{value:,}".replace(",", group) for value in values]
    assert decimal_mark(column, places=2) == mark
    assert [amount(text, mark) for text in column] == values


@given(st.text(max_size=20) | st.text("0123456789.,'-+()€ eE\u00a0\u2212", max_size=20), marks)
def test_any_text_is_a_number_or_refused(text, mark):
    for read in (amount, number):
        try:
            value = read(text, mark)
        except NotANumber:
            pass
        else:
            assert value is None or value.is_finite()


@given(st.lists(st.text("0123456789.,'- €", max_size=14) | st.none() | st.floats(), max_size=20))
def test_any_column_has_a_mark_or_is_refused(values):
    with contextlib.suppress(AmbiguousNumbers):
        assert decimal_mark(values) in (",", ".")


@given(cents)
def test_floats_of_a_workbook_are_exact_to_the_cent(value):
    as_float = float(Decimal(value) / 100)
    if abs(value) < 10**13:
        assert amount(as_float, ",") == Decimal(value) / 100


@given(st.floats() | st.integers() | st.decimals() | st.booleans())
def test_any_spreadsheet_number_is_read_or_refused(value):
    try:
        read = amount(value, ",")
    except NotANumber:
        return
    assert read is None or read.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.234,56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1.234", "1234"),
        ("(1.234,56)", "-1234.56"),
        ("−1.234,56", "-1234.56"),
        ("1.234,56-", "-1234.56"),
        ("- 1.234,56 €", "-1234.56"),
        ("€ -5,00", "-5"),
        ("1\u00a0234,56\u202f€", "1234.56"),
        ("1 234 567,8", "1234567.8"),
        ("12.345.678,90 ΕΥΡΩ", "12345678.90"),
        ("EUR 7", "7"),
        (",50", "0.5"),
        ("0", "0"),
        ("-0,00", "0"),
    ],
)
def test_amounts_as_exports_write_them(text, expected):
    assert amount(text, ",") == Decimal(expected)
    assert str(amount(text, ",")) == f"{Decimal(expected):.2f}"


@pytest.mark.parametrize("blank", [None, "", "  ", "-", "–", "—", "\u00a0", "nan", "NaN", "NULL"])
def test_blank_is_not_zero(blank):
    assert amount(blank, ",") is None


@pytest.mark.parametrize(
    "text",
    [
        "1e5", "1.234.56", "12.34,56", "1,234.56", "0.123", "--5", "(-5)", "(5", "5)", "1.234 567",
        "1..2", "5,", "αβγ", "12 34", "1.2345,00", "€5€", "٣", "²", "0x10", "1_000", "#REF!",
        "1234567890123456789", "1,234", "inf", True, float("inf"), 12.345,
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(NotANumber):
        amount(text, ",")


def test_spreadsheet_dust_is_rounded_away_and_fractions_of_a_cent_are_not():
    assert amount(0.1 + 0.2, ",") == Decimal("0.30")
    assert amount("12345.670000000002", ".") == Decimal("12345.67")
    assert number("12,3456", ",") == Decimal("12.3456")


@pytest.mark.parametrize(
    ("column", "mark"),
    [
        (["1.234,56"], ","),
        (["1,234.56"], "."),
        (["1.234", "12,5"], ","),
        (["1.234", "12.5"], "."),
        (["1.234.567"], ","),
        (["1234.567"], "."),
        (["0.125"], "."),
        (["12", "345", "", None, "-"], ","),
        (["1.234", 5.25, "δεν υπάρχουν", "3,10 €"], ","),
        (["1 234.567"], "."),
    ],
)
def test_the_column_decides_the_mark(column, mark):
    assert decimal_mark(column) == mark


@pytest.mark.parametrize("column", [["1.234"], ["1,234", "12"], ["1,5", "1.5"], ["1.234", "5,678"]])
def test_a_column_that_does_not_tell_is_not_guessed(column):
    with pytest.raises(AmbiguousNumbers):
        decimal_mark(column)


def test_one_slip_in_a_long_column_does_not_stop_the_rest():
    column = [f"{i},50" for i in range(30)] + ["12.5"]
    assert decimal_mark(column) == ","
    with pytest.raises(NotANumber, match=r"12\.5"):
        amount("12.5", ",")


def test_a_refusal_shows_the_cell_and_the_way_out():
    with pytest.raises(NotANumber, match=r"“12\.34,5 κάτι x*….*Write digits") as refused:
        amount("12.34,5 κάτι " + "x" * 100, ",")
    assert len(refused.value.message("el")) < 200


@given(st.text("0123456789.,-", max_size=16), marks)
def test_the_short_way_reads_as_the_long_one(text, mark):
    def read(cell: str):
        try:
            return amount(cell, mark)
        except NotANumber:
            return "refused"

    assert read(text) == read(f" {text} ")


def test_a_cell_of_thousands_of_spaces_is_read_at_once():
    with pytest.raises(NotANumber):
        amount("(" + " " * 100_000 + "x", ",")
    with pytest.raises(NotANumber):
        amount("1" + " " * 100_000 + "x", ",")
