"""Values on their way into a table: exactly what was meant, or an error that names the row."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from store_samples import CODE, EVERY_TYPE, field, schema_of

from ckanext.municipal.store import Type, copy_text, lexical
from ckanext.municipal.store.errors import RowError, WrongValue

ANYTHING = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(), st.binary()),
    *(
        st.dates(),
        st.datetimes(timezones=st.none() | st.sampled_from([dt.UTC, EVERY_TYPE.timezone])),
    ),
    *(st.lists(st.floats(), max_size=2), st.dictionaries(st.text(), st.text(), max_size=2)),
)


@given(st.sampled_from(EVERY_TYPE.names), ANYTHING)
def test_any_value_is_encoded_or_refused_by_row(name, value):
    refused, copied = None, ""
    try:
        copied = b"".join(
            copy_text.encode(EVERY_TYPE, [{"code": "a"}, {"code": "b", name: value}])
        ).decode()
    except RowError as error:
        refused = error
    if refused:
        assert (refused.row, refused.field) == (2, name)
        assert refused.message("el")
    else:
        first, second, end = copied.split("\n")
        assert end == ""
        assert first.count("\t") == second.count("\t") == len(EVERY_TYPE.names) - 1


@given(
    st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
)
def test_copy_text_gives_every_text_back(texts):
    schema = schema_of(CODE, field("label"))
    rows = [(str(number), text) for number, text in enumerate(texts)]
    copied = b"".join(copy_text.encode(schema, rows)).decode()
    cells = [line.split("\t")[1] for line in copied.split("\n")[:-1]]
    assert [None if cell == r"\N" else _unescaped(cell) for cell in cells] == texts


def _unescaped(cell: str) -> str:
    letters = iter(cell)
    plain = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    return "".join(plain[next(letters)] if letter == "\\" else letter for letter in letters)


@given(st.decimals(), st.integers(0, 12))
@example(Decimal("9.999999900E-9"), 12)
def test_an_amount_is_written_exactly_or_refused(amount, decimals):
    try:
        (text,) = lexical.numbers([amount], decimals)
    except lexical.FAULTS:
        huge = not amount.is_finite() or abs(amount.adjusted()) > 99
        steps = Fraction(1, 2) if huge else Fraction(amount) * 10**decimals
        assert steps.denominator > 1 or abs(steps) >= 10**38
    else:
        assert Decimal(text) == amount
        assert len(text.partition(".")[2]) == decimals
        assert "E" not in text
        assert not text.startswith("-0" + ("." + "0" * decimals if decimals else "")) or amount != 0


@pytest.mark.parametrize(
    "amount", [1.5, True, "1", Decimal("1.001"), Decimal("NaN"), Decimal("-Infinity"), 10**36]
)
def test_what_is_no_exact_amount_of_cents_is_refused(amount):
    with pytest.raises(lexical.FAULTS):
        lexical.numbers([Decimal(0), amount], 2)


def test_moments_of_several_zones_are_all_shown_by_one_clock():
    schema = schema_of(CODE, field("as_of", Type.TIMESTAMP))
    summer = dt.datetime(2016, 4, 1, 19, 54, tzinfo=dt.UTC)
    winter = dt.datetime(2016, 1, 1, 19, 54, tzinfo=dt.UTC)
    autumn = dt.datetime(2016, 10, 30, 3, 30, tzinfo=schema.timezone)
    twice = [autumn, autumn.replace(fold=1)]  # the hour that comes twice
    rows = [(str(n), moment) for n, moment in enumerate([summer, winter, *twice])]
    ((_codes, texts),) = lexical.columns(schema, rows)
    assert texts == ["2016-04-01T22:54:00", "2016-01-01T21:54:00", *["2016-10-30T03:30:00"] * 2]


def test_an_aware_time_needs_a_schema_that_names_its_clock():
    schema = schema_of(CODE, field("as_of", Type.TIMESTAMP))
    nowhere = type(schema)(**{**vars(schema), "timezone": None})
    with pytest.raises(WrongValue, match="only where the schema names one"):
        list(lexical.columns(nowhere, [("a", dt.datetime(2016, 4, 1, tzinfo=dt.UTC))]))


@pytest.mark.parametrize("row", [1, 4_000, 4_001, 9_999])
def test_the_row_is_right_in_any_piece_of_a_long_table(row):
    schema = schema_of(CODE, field("paid", Type.NUMERIC, decimals=2))
    rows = [(f"c{number}", None if number % 3 else number) for number in range(1, 10_001)]
    rows[row - 1] = (f"c{row}", 0.1)
    with pytest.raises(
        WrongValue, match=rf"row {row} \(code=c{row}\): field paid cannot hold 0\.1"
    ):
        list(copy_text.encode(schema, rows))


def test_values_of_a_list_and_of_a_pattern_are_checked():
    schema = schema_of(
        CODE, field("side", enum=("in", "out")), field("sha", pattern=re.compile("[0-9a-f]{4}"))
    )
    assert list(copy_text.encode(schema, [("a", "in", "00ff")])) == [b"a\tin\t00ff\n"]
    for bad in (("a", "up", "00ff"), ("a", "in", "00ff\n"), ("a", "in", "00FF")):
        with pytest.raises(WrongValue, match="it holds"):
            list(copy_text.encode(schema, [bad]))
