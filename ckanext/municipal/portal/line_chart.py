"""A line chart as numbers: where each line, tick and label of an SVG stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

WIDTH, HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 110, 20, 16, 36
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_TICKS = 4
Amount = Decimal | None


@dataclass(frozen=True, slots=True)
class Line:
    """One series: its name, the ``points`` of each unbroken stretch ("x,y x,y"), and its marks."""

    name: str
    stretches: tuple[str, ...]
    marks: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart ``width`` by ``height``: its frame, lines, ticks of amounts (value, y) and of time
    (moment, x)."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    lines: tuple[Line, ...]
    amounts: tuple[tuple[Decimal, float], ...]
    moments: tuple[tuple[datetime, float], ...]


def draw(moments: Sequence[datetime], series: Mapping[str, Sequence[Amount]]) -> Drawing:
    """Return the chart of some series over the same moments, oldest first.

    The scale of amounts begins at zero, or below where an amount does; a moment without an amount
    is a gap, not a line across it.
    """
    known = [amount for values in series.values() for amount in values if amount is not None]
    low, step = min([Decimal(0), *known]), _step(known)
    first = (low / step).to_integral_value(rounding="ROUND_FLOOR") * step
    last = max((max([Decimal(0), *known]) / step).to_integral_value(ROUND_CEILING) * step, step)
    span = float(last - first)
    start = moments[0] if moments else datetime.min  # noqa: DTZ901 - nothing is drawn then
    seconds = (moments[-1] - start).total_seconds() if moments else 0

    def x(moment: datetime) -> float:
        part = (moment - start).total_seconds() / seconds if seconds else 0.5
        return round(_LEFT + part * (WIDTH - _LEFT - _RIGHT), 1)

    def y(amount: Decimal) -> float:
        return round(HEIGHT - _BOTTOM - float(amount - first) / span * (HEIGHT - _TOP - _BOTTOM), 1)

    lines = []
    for name, values in series.items():
        places = [
            None if amount is None else (x(moment), y(amount))
            for moment, amount in zip(moments, values, strict=True)
        ]
        marks = tuple(place for place in places if place)
        lines.append(Line(name, _stretches(places), marks))
    count = int((last - first) / step)
    ticks = tuple((first + n * step, y(first + n * step)) for n in range(count + 1))
    return Drawing(
        *(WIDTH, HEIGHT, _LEFT, WIDTH - _RIGHT, _TOP, HEIGHT - _BOTTOM),
        lines=tuple(lines),
        amounts=ticks,
        moments=tuple((moment, x(moment)) for moment in _ends(moments)),
    )


def _step(known: Sequence[Decimal]) -> Decimal:
    """A round distance between ticks, so that a few of them reach over all amounts."""
    size = max((abs(amount) for amount in known), default=Decimal(0))
    if not size:
        return Decimal(1)
    wanted = size / _TICKS
    unit = Decimal(10) ** wanted.adjusted()
    return next(unit * step for step in _STEPS if unit * step >= wanted)


def _stretches(places: Sequence[tuple[float, float] | None]) -> tuple[str, ...]:
    stretches: list[list[str]] = [[]]
    for place in places:
        if place is None:
            stretches.append([])
        else:
            stretches[-1].append(f"{place[0]},{place[1]}")
    return tuple(" ".join(points) for points in stretches if points)


def _ends(moments: Sequence[datetime]) -> list[datetime]:
    """The first and the last moment, and the middle one of many."""
    if len(moments) < 3:
        return list(dict.fromkeys(moments))
    return [moments[0], moments[len(moments) // 2], moments[-1]]
