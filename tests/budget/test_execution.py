"""Statements kept as changes give back every statement, whatever the order they came in."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.budget.execution import (
    ChangeRow,
    RowChanges,
    put_snapshot,
    rebuild,
    remove_snapshot,
    series,
    state_at,
)
from ckanext.municipal.budget.phases import PHASE_IDS

START = datetime(2016, 4, 1, 22, 54, tzinfo=ZoneInfo("Europe/Athens"))
BLANK = (None,) * (len(PHASE_IDS) - 1)


def day(number):
    """Return the moment of the statement of one day."""
    return START + timedelta(days=number)


def paid(**amounts):
    """Return a state of lines by a short name: their first phase is the amount."""
    return {
        ("expenditure", "10", name): (None if amount is None else Decimal(amount), *BLANK)
        for name, amount in amounts.items()
    }


def apply(rows, changes: RowChanges):
    """Do to rows what changes say, as the table does."""
    table = {(row.key, row.as_of): row for row in rows}
    for place in changes.remove:
        del table[place]
    table.update({(row.key, row.as_of): row for row in changes.write})
    return list(table.values())


STATES = st.dictionaries(
    st.sampled_from([("expenditure", "10", name) for name in "abcd"]),
    st.sampled_from([(None, *BLANK), *((Decimal(n), *BLANK) for n in (0, 1, 2))]),
    max_size=4,
)
STEPS = st.lists(st.tuples(st.integers(0, 5), st.none() | STATES), max_size=10)


@given(STEPS)
def test_any_order_of_statements_corrections_and_removals_equals_a_full_rebuild(steps):
    snapshots, rows = {}, []
    for number, state in steps:
        as_of = day(number)
        if state is None:
            rows = apply(rows, remove_snapshot(rows, snapshots, as_of))
            snapshots.pop(as_of, None)
        else:
            rows = apply(rows, put_snapshot(rows, snapshots, as_of, state))
            snapshots[as_of] = state
        assert all(state_at(rows, moment) == snapshots[moment] for moment in snapshots)
        assert {(r.key, r.as_of): r for r in rows} == {
            (r.key, r.as_of): r for r in rebuild(snapshots)
        }


@given(STEPS)
def test_the_same_statement_again_changes_nothing(steps):
    snapshots = {day(number): state for number, state in steps if state is not None}
    rows = rebuild(snapshots)
    for as_of, state in snapshots.items():
        assert not put_snapshot(rows, snapshots, as_of, state)


def test_only_lines_that_changed_get_a_row():
    rows = rebuild({day(0): paid(a=1, b=2), day(1): paid(a=1, b=3)})
    assert [(row.key[2], row.as_of) for row in rows] == [
        ("a", day(0)),
        ("b", day(0)),
        ("b", day(1)),
    ]


def test_a_line_that_is_gone_is_marked_and_may_come_back():
    rows = rebuild({day(0): paid(a=1), day(1): {}, day(2): paid(a=1)})
    assert [row.present for row in rows] == [True, False, True]
    told = series(rows, [day(0), day(1), day(2)], ("expenditure", "10", "a"))
    assert [amounts and amounts[0] for _, amounts in told] == [1, None, 1]


def test_blank_and_zero_are_different_amounts():
    assert len(rebuild({day(0): paid(a=None), day(1): paid(a=0)})) == 2


def test_a_corrected_statement_in_the_middle_leaves_the_next_one_as_it_was():
    snapshots = {day(0): paid(a=1), day(1): paid(a=9), day(2): paid(a=9)}
    rows = rebuild(snapshots)
    rows = apply(rows, put_snapshot(rows, snapshots, day(1), paid(a=1)))
    assert [(row.as_of, row.amounts[0]) for row in rows] == [(day(0), 1), (day(2), 9)]


def test_a_row_of_the_table_gives_back_the_change():
    (row,) = rebuild({day(0): paid(a="1.10")})
    stored = row.row()
    assert stored["code_raw"] == "a"
    assert ChangeRow.from_row(stored) == row
