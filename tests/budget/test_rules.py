"""Every rule fires on its own example, is told in words, and finds what the real files hold."""

from __future__ import annotations

import string
from decimal import Decimal

import pytest

from ckanext.municipal.budget import rules
from ckanext.municipal.budget.phases import Side
from ckanext.municipal.budget.row_reader import TotalsRow
from ckanext.municipal.budget.rules.examples import line, statement, year_of
from ckanext.municipal.budget.rules.registry import BudgetRule, Scope, register
from ckanext.municipal.budget.rules.years import recoded_lines
from ckanext.municipal.quality.findings import Severity

EVERY = list(rules.RULES.values())


def fired(entry: BudgetRule):
    """Return the findings of a rule's own example."""
    example = entry.example()
    if entry.scope is Scope.READING:
        found = example.findings()
    elif entry.scope is Scope.STATEMENT:
        found = rules.check_statement(example)
    elif entry.scope is Scope.YEAR:
        found = rules.check_year(example)
    else:
        found = rules.compare_years(*example)
    return [finding for finding in found if finding.rule.id == entry.rule.id]


def ids(findings):
    """Return the ids of the rules that fired."""
    return {finding.rule.id for finding in findings}


@pytest.mark.parametrize("entry", EVERY, ids=lambda entry: entry.rule.id)
def test_the_example_of_a_rule_breaks_it_and_says_so(entry):
    found = fired(entry)
    assert found
    for finding in found:
        for language in ("en", "el"):
            for sentence in (finding.message(language), finding.remedy(language)):
                assert sentence
                assert "{" not in sentence
                assert "None" not in sentence
        assert finding.place.file


@pytest.mark.parametrize("entry", EVERY, ids=lambda entry: entry.rule.id)
def test_a_rule_says_what_is_wrong_and_how_to_put_it_right(entry):
    assert entry.rule.severity in Severity
    for sentence in (entry.rule.message, entry.rule.remedy):
        assert sentence.strip().endswith((".", "}", "!"))
        list(string.Formatter().parse(sentence))
    assert entry.rule.id == entry.rule.id.lower()


def test_two_rules_of_one_name_are_a_fault():
    with pytest.raises(ValueError, match="phase-order"):
        register(rules.RULES["phase-order"])


def test_a_budget_in_order_has_no_findings():
    spent = [
        line("6011.01", "ΑΠΟΔΟΧΕΣ", budgeted=10, revised=12, committed=9, mandated=8, paid=7),
        line("6111.01", "ΑΜΟΙΒΕΣ", budgeted=5, revised=3, committed=3, mandated=2, paid=0),
    ]
    earned = [line("0111.01", "ΜΙΣΘΩΜΑΤΑ", budgeted=15, revised=15, assessed=15, collected=1)]
    year = year_of(statement(*spent), statement(*earned))
    found = [f for one in year.statements.values() for f in rules.check_statement(one)]
    assert not found
    assert not rules.check_year(year)


def test_blank_phases_break_no_order():
    only_paid = statement(line("6011", revised=10, paid=5), line("6012", committed=3))
    assert "phase-order" not in ids(rules.check_statement(only_paid))
    skipped = statement(line("6011", revised=10, paid=11))
    assert "phase-order" in ids(rules.check_statement(skipped))


def test_an_amount_times_hundred_is_told_as_lost_cents_and_not_twice():
    found = ids(rules.check_statement(statement(line("6011", mandated="639.72", paid="63972.00"))))
    assert "cents-lost" in found
    assert "phase-order" not in found
    round_sums = statement(line("6011", mandated="10.00", paid="1000.00"))
    assert "cents-lost" not in ids(rules.check_statement(round_sums))


def test_a_totals_row_may_stand_for_all_lines_a_group_or_a_service():
    lines = [
        line("6011", service="10", budgeted=1),
        line("6111", service="10", budgeted=2),
        line("6011", service="20", budgeted=4),
    ]
    for row, prefix, total in ((5, "", 7), (5, "60", 5), (5, "10", 3), (4, "", 3), (3, "", 4)):
        rows = (TotalsRow(row, "ΣΥΝΟΛΟ", prefix, {"budgeted": Decimal(total)}),)
        found = rules.check_statement(statement(*lines, totals_rows=rows))
        assert "totals-row" not in ids(found), (row, prefix, total)
    wrong = (TotalsRow(5, "ΣΥΝΟΛΟ", "60", {"budgeted": Decimal(6)}),)
    assert "totals-row" in ids(rules.check_statement(statement(*lines, totals_rows=wrong)))


def test_zero_columns_are_not_copies_of_each_other():
    january = statement(*(line(f"60{n}", mandated=0, paid=0) for n in range(11, 20)))
    assert "phase-copied" not in ids(rules.check_statement(january))


def test_an_unknown_code_is_told_once_with_the_nearest_known_above_it():
    lines = [line("6019.01", service=service, budgeted=1) for service in ("10", "20")]
    (finding,) = [
        f for f in rules.check_statement(statement(*lines)) if f.rule.id == "unknown-code"
    ]
    assert finding.values["lines"] == 2
    assert finding.values["nearest"] == "601"


def test_where_the_list_has_only_groups_an_account_of_a_known_group_is_known():
    known = statement(line("2110101", budgeted=1))
    assert "unknown-code" not in ids(rules.check_statement(known))
    strange = statement(line("2880101", budgeted=1))
    assert "unknown-code" in ids(rules.check_statement(strange))


def test_codes_of_a_chart_without_a_list_are_not_unknown():
    region = statement(line("02.00.073.9999.01", budgeted=1))
    assert "unknown-code" not in ids(rules.check_statement(region))


def test_a_person_hint_does_not_repeat_the_label():
    named = statement(line("6737", "ΚΛΗΡΟΔΟΤΗΜΑ ΤΑΔΕ ΔΕΙΝΑ"), line("6738", "ΑΦΜ 123456789"))
    found = [f for f in rules.check_statement(named) if f.rule.id == "label-may-name-person"]
    assert len(found) == 2
    assert not any("ΔΕΙΝΑ" in f.message("el") or "123456789" in f.message("el") for f in found)


def test_a_line_that_moved_to_another_service_is_paired_with_itself():
    before = [line("7341.01", "ΔΡΟΜΟΣ Α", "30"), line("7342.01", "ΔΡΟΜΟΣ Α", "30")]
    after = [line("7341.01", "ΔΡΟΜΟΣ Α", "20"), line("7342.01", "ΔΡΟΜΟΣ Α", "20")]
    pairs = recoded_lines(before, after)
    assert [(old.account, new.account) for old, new in pairs] == [
        ("7341.01",) * 2,
        ("7342.01",) * 2,
    ]


def test_a_label_that_many_lines_share_proves_no_move():
    before = [line("6011.01", "ΛΟΙΠΑ", "10"), line("6012.01", "ΛΟΙΠΑ", "10")]
    after = [line("6021.01", "ΛΟΙΠΑ", "10"), line("6022.01", "ΛΟΙΠΑ", "10")]
    assert recoded_lines(before, after) == []


def test_years_of_two_charts_are_not_compared_line_by_line():
    old = year_of(statement(line("6011", "ΑΠΟΔΟΧΕΣ"), year=2025))
    new = year_of(statement(line("2110101", "ΑΠΟΔΟΧΕΣ"), year=2026))
    assert rules.compare_years(old, new) == []


def test_a_year_of_one_side_only_is_not_out_of_balance():
    assert rules.check_year(year_of(statement(line("6011", budgeted=1)))) == []
    assert Side.REVENUE not in year_of(statement(line("6011", budgeted=1))).statements


def test_amounts_and_phases_are_said_in_the_reader_s_language():
    wrong = statement(line("6011", mandated="1234.5", paid="2000.00"))
    (finding,) = [f for f in rules.check_statement(wrong) if f.rule.id == "phase-order"]
    assert "“Paid” 2,000 is more than “Ordered for payment” 1,234.50" in finding.message("en")
    assert "2.000" in finding.message("el")
    assert "1.234,50" in finding.message("el")
    assert "Πληρωθέντα" in finding.message("el")
