"""A drawn course: everything inside its frame, gaps kept as gaps."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.portal.line_chart import draw

START = datetime(2016, 4, 1, 22, 54)  # noqa: DTZ001 - by the municipality's clock
amounts = st.none() | st.decimals(Decimal("-1e9"), Decimal("1e9"), places=2)


def days(count: int) -> list[datetime]:
    return [START + timedelta(days=day) for day in range(count)]


@given(st.lists(amounts, max_size=30))
def test_every_amount_is_inside_the_frame_and_its_scale(values):
    drawing = draw(days(len(values)), {"paid": values})
    (line,) = drawing.lines
    known = [value for value in values if value is not None]
    assert len(line.marks) == len(known)
    for x, y in line.marks:
        assert drawing.left <= x <= drawing.right
        assert drawing.top <= y <= drawing.bottom
    scale = [amount for amount, _ in drawing.amounts]
    assert 2 <= len(scale) <= 11
    assert scale[0] <= min([Decimal(0), *known])
    assert scale[-1] >= max([Decimal(0), *known])


def test_a_missing_amount_is_a_gap():
    values = [Decimal(1), Decimal(2), None, Decimal(3)]
    (line,) = draw(days(4), {"paid": values}).lines
    assert [len(points.split()) for points in line.stretches] == [2, 1]
