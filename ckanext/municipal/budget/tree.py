"""The budget as a tree: lines summed by the levels of their chart, or by service.

Definitions, the same everywhere in the suite:

- a sum of a phase is that of its known amounts; None where every line leaves it blank;
- the *basis* of a share is the revised amount, or the budgeted one where a side has none revised;
- the *share* of a node is its basis over that of its parent;
- the *execution* of a node is paid (expenditure) or collected (revenue) over revised, both summed
  over the node; None without a revised amount or where that is zero;
- *per inhabitant* is an amount over the population, rounded to the cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from ckanext.municipal.budget import charts
from ckanext.municipal.budget.lines import BudgetLine, totals
from ckanext.municipal.budget.phases import Side, executed

_RATIO = Decimal("0.000001")
_CENT = Decimal("0.01")
Amounts = Mapping[str, Decimal | None]
Step = tuple[str, str]  # what a level is of (side, level1 …, service, line) and its code
Path = Callable[[BudgetLine], tuple[Step, ...]]


@dataclass(frozen=True, slots=True)
class Node:
    """One node: its path from the root (codes), what it is (``kind``: side, level1 … level5,
    service or line), code, label of its first line where it is a line or a service (else "", the
    code list has the name), sums by phase, number of lines, share, execution, children."""

    path: tuple[str, ...]
    kind: str
    chart: str
    code: str
    label: str
    amounts: Amounts
    lines: int
    share: Decimal | None
    execution: Decimal | None
    children: tuple[Node, ...]

    def find(self, path: Sequence[str]) -> Node | None:
        """Return the node at a path below this one, None if there is none."""
        if not path:
            return self
        child = next((one for one in self.children if one.code == path[0]), None)
        return child.find(path[1:]) if child else None


def build_tree(
    lines: Iterable[BudgetLine], side: Side, *, by: str = "chart", depth: int | None = None
) -> Node:
    """Return the tree of one side; lines of the other side are passed over.

    ``by``: ``chart`` (class, group, … account, line) or ``service`` (service, then the chart's
    levels, line). ``depth`` limits the levels below the root; None is down to the lines. Children
    are in the order of their codes. Raises ValueError for another ``by``.
    """
    path = _path(by)
    own = [line for line in lines if line.side is side]
    return _node(own, _Trunk(side, basis(own), path, depth), (), ("side", side.value), None)


def steps(line: BudgetLine, by: str) -> tuple[Step, ...]:
    """Return the way from the root of the tree to a line. Raises ValueError for another ``by``."""
    return _path(by)(line)


def _path(by: str) -> Path:
    paths: dict[str, Path] = {"chart": _chart_path, "service": _service_path}
    if by not in paths:
        raise ValueError(f"by is {by!r}, not chart or service")
    return paths[by]


def basis(lines: Sequence[BudgetLine]) -> str:
    """Return the phase that shares are of: revised, or budgeted where no line has it."""
    revised = any(line.revised is not None for line in lines)
    return "revised" if revised else "budgeted"


@dataclass(frozen=True, slots=True)
class _Trunk:
    side: Side
    basis: str
    path: Path
    depth: int | None


def _chart_path(line: BudgetLine) -> tuple[Step, ...]:
    levels = charts.levels(line.chart, line.code)
    steps = [(f"level{number}", code) for number, code in enumerate(levels, start=1)]
    return (*steps, ("line", line_code(line)))


def line_code(line: BudgetLine) -> str:
    """Return the code of a line's node: its account, after its service where it has one."""
    return f"{line.service_code}/{line.account}" if line.service_code else line.account


def _service_path(line: BudgetLine) -> tuple[Step, ...]:
    return (("service", line.service_code), *_chart_path(line))


def _node(
    lines: Sequence[BudgetLine],
    trunk: _Trunk,
    path: tuple[str, ...],
    step: Step,
    parent: Amounts | None,
) -> Node:
    sums = totals(lines)
    kind, code = step
    return Node(
        path=path,
        kind=kind,
        chart=lines[0].chart if lines else "",
        code=code,
        label=_label(kind, lines),
        amounts=sums,
        lines=len(lines),
        share=ratio(sums[trunk.basis], parent[trunk.basis]) if parent else None,
        execution=execution(sums, trunk.side),
        children=tuple(_children(lines, trunk, path, sums)),
    )


def _children(
    lines: Sequence[BudgetLine], trunk: _Trunk, path: tuple[str, ...], sums: Amounts
) -> Iterator[Node]:
    depth = len(path)
    if trunk.depth is not None and depth >= trunk.depth:
        return
    groups: dict[Step, list[BudgetLine]] = {}
    for line in lines:
        steps = trunk.path(line)
        if depth < len(steps):
            groups.setdefault(steps[depth], []).append(line)
    for step, part in sorted(groups.items(), key=lambda group: group[0][1]):
        yield _node(part, trunk, (*path, step[1]), step, sums)


def _label(kind: str, lines: Sequence[BudgetLine]) -> str:
    if kind == "line":
        return lines[0].label
    if kind == "service":
        return next((line.service_label for line in lines if line.service_label), "")
    return ""


def ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Return part over whole to six decimals; None where either is not known or whole is zero."""
    if part is None or not whole:
        return None
    return (part / whole).quantize(_RATIO, ROUND_HALF_EVEN)


def execution(amounts: Amounts, side: Side) -> Decimal | None:
    """Return how much of the appropriation in force was paid, or of the revenue collected."""
    return ratio(amounts[executed(side)], amounts["revised"])


def per_inhabitant(amount: Decimal | None, population: int | None) -> Decimal | None:
    """Return an amount over a population, to the cent; None where either is not known."""
    if amount is None or not population or population < 0:
        return None
    return (amount / population).quantize(_CENT, ROUND_HALF_EVEN)
