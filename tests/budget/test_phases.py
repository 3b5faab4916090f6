"""Headers of exports are recognised as phases however they are typed."""

from __future__ import annotations

import unicodedata
from dataclasses import fields
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.budget.lines import BudgetLine, totals
from ckanext.municipal.budget.phases import PHASE_IDS, PHASES, Side, match_header, phases_of

VARIANTS = [(header, phase.id) for phase in PHASES.values() for header in phase.headers]


def test_a_line_has_an_amount_for_every_phase_of_the_list():
    amounts = [f.name for f in fields(BudgetLine) if f.name in PHASES]
    assert tuple(amounts) == PHASE_IDS
    assert len(PHASE_IDS) == 13


def test_each_phase_is_labelled_and_defined_in_both_languages():
    for phase in PHASES.values():
        assert set(phase.label) == set(phase.definition) == {"el", "en"}
        assert all([*phase.label.values(), *phase.definition.values()])
        assert match_header(phase.label["el"]) == phase.id


def test_sides_have_their_own_phases():
    both = ("proposed", "budgeted", "adjustment", "revised")
    paid = ("committed", "invoiced", "mandated", "prepaid", "paid")
    assert phases_of(Side.EXPENDITURE) == both + paid
    assert phases_of(Side.REVENUE) == (*both, "assessed", "written_off", "collected", "receivable")


@pytest.mark.parametrize(
    ("header", "phase"),
    [
        ("Προϋπολογισθέντα", "budgeted"),
        ("ΠΡΟΫΠΟΛΟΓΙΣΘΕΝΤΑ", "budgeted"),
        ("Εγκεκριμμένος", "budgeted"),
        ("ΠΟΣO", "budgeted"),  # the last letter is Latin
        ("Διαμορφωθέν", "revised"),
        ("∆ιαµορφωθέντα", "revised"),  # increment and micro signs
        ("Διαμορφω", "revised"),  # cut off by a narrow column
        ("Ενταλματοποιηθέντα", "mandated"),
        ("final_budget", "revised"),
        ("Υπόλοιπο", None),
        ("Πρ", None),  # could be anything
        ("", None),
    ],
)
def test_header_means_a_phase(header, phase):
    assert match_header(header) == phase


@given(st.sampled_from(VARIANTS), st.booleans(), st.sampled_from(["NFC", "NFD", "NFKC"]))
def test_accents_case_and_spaces_of_a_header_do_not_matter(variant, upper, form):
    header, phase = variant
    typed = header.upper() if upper else header.lower()
    assert match_header(f"  {unicodedata.normalize(form, typed)}\n") == phase


@given(st.text())
def test_any_text_is_a_header_of_a_phase_or_of_none(text):
    assert match_header(text) in {None, *PHASE_IDS}


def test_a_blank_amount_is_not_zero_in_a_sum():
    texts = ("kae-2004", "10", "", "6011", "6011", "", "")
    lines = [
        BudgetLine(Side.EXPENDITURE, *texts, budgeted=Decimal("1.10")),
        BudgetLine(Side.EXPENDITURE, *texts, budgeted=Decimal("2.20"), paid=Decimal(0)),
    ]
    sums = totals(lines)
    assert sums["budgeted"] == Decimal("3.30")
    assert sums["paid"] == 0
    assert sums["committed"] is None
    assert BudgetLine.from_row(lines[1].row()) == lines[1]
