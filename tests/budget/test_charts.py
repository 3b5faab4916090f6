"""Codes of accounts are read as their chart says, and never as numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.budget import charts
from ckanext.municipal.budget.phases import Side

EXPENDITURE, REVENUE = Side.EXPENDITURE, Side.REVENUE


@pytest.mark.parametrize(
    ("text", "chart", "service", "code", "sub_account", "side"),
    [
        ("6011.01.01", "kae-2004", "", "6011", "01.01", EXPENDITURE),
        ("0111.01.01", "kae-2004", "", "0111", "01.01", REVENUE),
        ("30/7341.31.01", "kae-2004", "30", "7341", "31.01", EXPENDITURE),
        ("25-6263.013", "kae-2004", "25", "6263", "013", EXPENDITURE),
        ("10-6011.0001", "kae-2004", "10", "6011", "0001", EXPENDITURE),
        ("00-6031", "kae-2004", "00", "6031", "", EXPENDITURE),
        ("00.8211", "kae-2004", "00", "8211", "", EXPENDITURE),
        ("6473.01", "kae-2004", "", "6473", "01", EXPENDITURE),
        ("6473.010", "kae-2004", "", "6473", "010", EXPENDITURE),
        ("9111", "kae-2004", "", "9111", "", EXPENDITURE),
        ("100/0111.01.01", "kae-2004", "100", "0111", "01.01", REVENUE),
        ("010.1310101", "glk-2018", "010", "1310101", "", REVENUE),
        ("255.2130102001", "glk-2018", "255", "2130102", "001", EXPENDITURE),
        ("255.2130102.001", "glk-2018", "255", "2130102", "001", EXPENDITURE),
        ("2410202001", "glk-2018", "", "2410202", "001", EXPENDITURE),
        ("02.00.073.0832.01", "kae-region", "00.073", "0832", "01", EXPENDITURE),
        ("06.00.073.0112.02", "kae-region", "00.073", "0112", "02", REVENUE),
    ],
)
def test_code_is_read_in_its_own_chart(text, chart, service, code, sub_account, side):
    assert charts.parse(f" {text} ") == charts.AccountCode(
        chart, service, code, sub_account, text, side
    )


@pytest.mark.parametrize(
    "text",
    ["", "60", "601", "60110101", "6011,01", "missing", "6011.01.01.01", "3130102", "Σύνολο"],
)
def test_what_is_no_code_is_refused(text):
    with pytest.raises(charts.NotAnAccountCode):
        charts.parse(text)


def test_code_of_another_chart_is_refused_where_the_source_names_one():
    with pytest.raises(charts.NotAnAccountCode):
        charts.parse("6011.01.01", charts.GLK_2018)


def test_codes_of_two_charts_in_one_statement_are_refused_with_an_example_of_each():
    codes = [charts.parse(text) for text in ("6011.01", "2130102001", "6012.01")]
    with pytest.raises(charts.MixedCharts) as caught:
        charts.detect(codes)
    assert caught.value.seen == {"kae-2004": "6011.01", "glk-2018": "2130102001"}
    assert charts.detect(codes[:1]) == "kae-2004"
    assert charts.detect([]) is None


def test_levels_follow_the_chart():
    assert charts.levels("kae-2004", "6011") == ("6", "60", "601", "6011")
    assert charts.levels("glk-2018", "2130102") == ("2", "21", "213", "21301", "2130102")
    assert charts.ancestors("kae-2004", "0111") == ("0", "01", "011")
    assert charts.ancestors("kae-2004", "6") == ()


@given(st.one_of(st.text(), st.from_regex(r"[0-9./-]{1,20}", fullmatch=True)))
def test_any_text_is_a_code_of_one_chart_or_refused(text):
    readers = []
    for chart in charts.CHARTS:
        try:
            readers.append(charts.parse(text, chart))
        except charts.NotAnAccountCode:
            continue
    assert len(readers) <= 1  # the charts never claim the same code
    for code in readers:
        assert code == charts.parse(text)
        assert code.code.isascii()
        assert code.code.isdigit()
        assert charts.levels(code.chart, code.code)[-1] == code.code


@given(
    st.from_regex(r"([0-9]{2}[-./])?[0-9]{4}(\.[0-9]{1,4}(\.[0-9]{1,2})?)?", fullmatch=True)
    | st.from_regex(r"([0-9]{3}\.)?[12][0-9]{6}([0-9]{3})?", fullmatch=True)
)
def test_no_digit_of_a_code_is_lost(text):
    code = charts.parse(text)
    parts = (code.service, code.code, code.sub_account)
    assert "".join(parts).replace(".", "") == "".join(c for c in text if c.isdigit())
    assert code.raw == text
