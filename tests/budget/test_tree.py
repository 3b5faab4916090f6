"""The tree, its shares and percentages, and years side by side."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.budget.comparison import LINE, Recoding, compare_years
from ckanext.municipal.budget.findings_table import finding_rows
from ckanext.municipal.budget.lines import totals
from ckanext.municipal.budget.phases import PHASE_IDS, Side
from ckanext.municipal.budget.rules import check_statement
from ckanext.municipal.budget.rules.examples import line, statement
from ckanext.municipal.budget.tree import build_tree, execution, per_inhabitant, ratio

LINES = [
    line("6011.01", "ΑΠΟΔΟΧΕΣ", "10", revised=60, paid=30),
    line("6011.01", "ΑΠΟΔΟΧΕΣ", "20", revised=20, paid=20),
    line("6111.02", "ΑΜΟΙΒΕΣ", "10", revised=20),
    line("0111.01", "ΜΙΣΘΩΜΑΤΑ", revised=100, collected=25),
]


def test_the_tree_of_the_chart_goes_from_class_to_line():
    root = build_tree(LINES, Side.EXPENDITURE)
    assert (root.kind, root.lines, root.amounts["revised"]) == ("side", 3, 100)
    leaf = root.find(("6", "60", "601", "6011", "10/6011.01"))
    assert leaf is not None
    assert (leaf.kind, leaf.label, leaf.amounts["paid"]) == ("line", "ΑΠΟΔΟΧΕΣ", 30)
    group = root.find(("6", "60"))
    assert group is not None
    assert (group.kind, group.share, group.execution) == (
        "level2",
        Decimal("0.8"),
        Decimal("0.625"),
    )
    assert root.find(("7",)) is None


def test_the_tree_of_services_begins_with_the_service():
    root = build_tree(LINES, Side.EXPENDITURE, by="service", depth=1)
    assert [(node.kind, node.code, node.share) for node in root.children] == [
        ("service", "10", Decimal("0.8")),
        ("service", "20", Decimal("0.2")),
    ]
    assert root.children[0].children == ()
    with pytest.raises(ValueError, match="chart or service"):
        build_tree(LINES, Side.EXPENDITURE, by="colour")


def test_a_phase_that_every_line_leaves_blank_has_no_sum_and_no_percentage():
    root = build_tree(LINES, Side.EXPENDITURE)
    assert root.amounts["committed"] is None
    unpaid = root.find(("6", "61"))
    assert unpaid is not None
    assert (unpaid.amounts["paid"], unpaid.execution) == (None, None)


def test_revenue_is_executed_when_it_is_collected():
    assert build_tree(LINES, Side.REVENUE).execution == Decimal("0.25")


def test_shares_are_of_the_voted_budget_where_nothing_was_revised():
    voted = [line("6011", budgeted=1), line("6111", budgeted=3)]
    root = build_tree(voted, Side.EXPENDITURE, depth=2)
    assert [node.share for node in root.children[0].children] == [Decimal("0.25"), Decimal("0.75")]


def test_percentages_of_nothing_are_not_known():
    assert ratio(Decimal(1), Decimal(0)) is None
    assert ratio(None, Decimal(1)) is None
    blank = dict.fromkeys(PHASE_IDS)
    assert execution(blank, Side.REVENUE) is None
    assert build_tree([], Side.REVENUE).amounts == blank


def test_amounts_per_inhabitant_are_in_cents():
    assert per_inhabitant(Decimal(100), 3) == Decimal("33.33")
    assert per_inhabitant(Decimal(100), None) is None
    assert per_inhabitant(None, 3) is None


CODES = st.sampled_from(["6011.01", "6011.02", "6012", "6111.01", "7341.05.01", "8111", "2110101"])
AMOUNTS = st.none() | st.integers(-(10**6), 10**6)


@given(
    st.lists(st.tuples(CODES, st.sampled_from(["10", "20"]), AMOUNTS, AMOUNTS), max_size=8),
    st.sampled_from(["chart", "service"]),
)
def test_every_node_is_the_sum_of_its_children(rows, by):
    lines = [
        line(
            code,
            service=service,
            **{k: v for k, v in (("revised", revised), ("paid", paid)) if v is not None},
        )
        for code, service, revised, paid in rows
    ]

    def check(node):
        if node.children:
            assert node.lines == sum(child.lines for child in node.children)
            for phase in PHASE_IDS:
                parts = [c.amounts[phase] for c in node.children if c.amounts[phase] is not None]
                assert node.amounts[phase] == (sum(parts) if parts else None)
        for child in node.children:
            assert child.path[:-1] == node.path
            check(child)

    root = build_tree(lines, Side.EXPENDITURE, by=by)
    assert root.amounts == totals(lines)
    check(root)


YEARS = {
    2015: [
        line("6011.01", "ΑΠΟΔΟΧΕΣ", "10", budgeted=1),
        line("7341.31", "ΠΕΖΟΔΡΟΜΟΣ", "30", budgeted=2),
    ],
    2017: [
        line("6011.01", "ΑΠΟΔΟΧΕΣ ΜΟΝΙΜΩΝ", "10", budgeted=3),
        line("7325.07", "ΠΕΖΟΔΡΟΜΟΣ", "20", budgeted=4),
    ],
}


def test_years_are_compared_by_the_code_of_the_chart_and_moves_are_marked():
    same, gone, new = sorted(
        compare_years(YEARS, Side.EXPENDITURE), key=lambda row: row.code != "6011"
    )
    assert (same.code, [amounts and amounts["budgeted"] for amounts in same.years.values()]) == (
        "6011",
        [1, 3],
    )
    move = Recoding(2015, "7341", 2017, "7325")
    assert {gone.code, new.code} == {"7325", "7341"}
    assert gone.recodings == new.recodings == (move,)
    assert same.recodings == ()


def test_a_move_inside_a_group_is_no_move_of_the_group():
    classes = compare_years(YEARS, Side.EXPENDITURE, level=2)
    assert [(row.code, row.recodings) for row in classes] == [("60", ()), ("73", ())]


def test_single_lines_are_one_series_only_while_their_label_agrees():
    rows = compare_years(YEARS, Side.EXPENDITURE, level=LINE)
    marked = {row.code: (row.relabelled, bool(row.recodings), row.label) for row in rows}
    assert marked == {
        "10/6011.01": (True, False, "ΑΠΟΔΟΧΕΣ ΜΟΝΙΜΩΝ"),
        "20/7325.07": (False, True, "ΠΕΖΟΔΡΟΜΟΣ"),
        "30/7341.31": (False, True, "ΠΕΖΟΔΡΟΜΟΣ"),
    }


def test_codes_of_two_charts_never_share_a_row():
    charts = {2025: [line("2110", budgeted=1)], 2026: [line("2110101", service="10", budgeted=1)]}
    for year, lines in charts.items():
        (row,) = compare_years({year: lines}, lines[0].side, level=3)
        assert row.code == "211"
    both = {2025: [line("6011", budgeted=1)], 2026: [line("2110101", budgeted=1)]}
    rows = compare_years(both, Side.EXPENDITURE, level=1)
    assert [(row.chart, row.code) for row in rows] == [("glk-2018", "2"), ("kae-2004", "6")]
    with pytest.raises(ValueError, match="level"):
        compare_years(both, Side.EXPENDITURE, level=6)


def test_findings_become_rows_with_the_same_id_every_time():
    wrong = statement(line("6011", mandated="1.00", paid="2.00"), line("6012", mandated=1, paid=3))
    found = [f for f in check_statement(wrong) if f.rule.id == "phase-order"]
    rows = finding_rows([*found, *found], as_of=wrong.as_of)
    assert len(rows) == 2
    assert rows == finding_rows(found, as_of=wrong.as_of)
    first = rows[0]
    assert (first["severity"], first["side"], first["code_raw"]) == ("error", "expenditure", "6011")
    assert (first["row"], first["field"], first["value"]) == (2, "paid", "2.00")
    assert "“Paid” 2 is more" in first["message_en"]
