"""What the actions answer, as values that JSON can hold.

Amounts stay `Decimal`: CKAN writes them as JSON numbers with exactly two decimals, ratios with six.
Moments are texts, ``2016-04-29T22:54:00``, by the clock of the municipality.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ckanext.municipal.budget.comparison import ComparedCode, Recoding
from ckanext.municipal.budget.course import Point
from ckanext.municipal.budget.figures import Figures, Snapshot
from ckanext.municipal.budget.lines import BudgetLine, totals
from ckanext.municipal.budget.names import code_names, service_names
from ckanext.municipal.budget.phases import SIDE_LABELS, Side, phases_of
from ckanext.municipal.budget.published import PublishedBudget
from ckanext.municipal.budget.tree import Node, execution, line_code, per_inhabitant

Amounts = dict[str, Decimal | None]


def moment(value: datetime) -> str:
    """Return a moment as text: by the municipality's clock, without an offset."""
    return value.replace(tzinfo=None).isoformat()


def amounts(sums: Mapping[str, Decimal | None], side: Side) -> Amounts:
    """Return the phases that a side has, in their order."""
    return {phase: sums[phase] for phase in phases_of(side)}


def budget(of: PublishedBudget) -> dict[str, Any]:
    """Return which budget an answer is about."""
    return {
        "year": of.year,
        "municipality": of.municipality,
        "municipality_name": dict(of.municipality_names),
        "dataset_id": of.id,
        "dataset_name": of.name,
        "title": dict(of.titles),
    }


def year(of: PublishedBudget, known: Mapping[Side, Sequence[Snapshot]]) -> dict[str, Any]:
    """Return a year: its sides, each with its newest sums and the moments of its snapshots."""
    sides = {}
    for side in Side:
        if own := known.get(side):
            newest = own[-1]
            sides[side.value] = {
                "as_of": moment(newest.as_of),
                "lines": newest.lines,
                "totals": amounts(newest.totals, side),
                "execution": execution(newest.totals, side),
                "snapshots": [moment(one.as_of) for one in own],
            }
    return {**budget(of), "chart": of.chart or None, "sides": sides}


def line(of: BudgetLine) -> dict[str, Any]:
    """Return one budget line."""
    known = {phase: of.amount(phase) for phase in phases_of(of.side)}
    return {
        "side": of.side.value,
        "chart": of.chart,
        **_identity(of),
        "code": of.code,
        "sub_account": of.sub_account,
        "code_name": code_names(of.chart, of.side, of.code),
        "label": of.label,
        "amounts": known,
        "execution": execution(known, of.side),
    }


def sums(lines: Iterable[BudgetLine], sides: Iterable[Side]) -> dict[str, Amounts]:
    """Return the sums of lines by side; two sides are never added together."""
    listed = list(lines)
    return {
        side.value: amounts(totals([one for one in listed if one.side is side]), side)
        for side in sides
    }


@dataclass(frozen=True, slots=True)
class Nodes:
    """Makes answers of the nodes of one side's tree: ``inhabitants`` None where not known, and the
    lines that the tree is of."""

    side: Side
    inhabitants: int | None
    lines: Mapping[str, BudgetLine]

    @classmethod
    def of(cls, figures: Figures, inhabitants: int | None) -> Nodes:
        """Make one for the tree of some figures."""
        return cls(figures.side, inhabitants, {line_code(line): line for line in figures.lines})

    def whole(self, of: Node) -> dict[str, Any]:
        """Return a node with all nodes below it."""
        return {**self.alone(of), "children": [self.whole(child) for child in of.children]}

    def alone(self, of: Node) -> dict[str, Any]:
        """Return a node without those below it; one of a single line says which line."""
        known = amounts(of.amounts, self.side)
        return {
            "path": list(of.path),
            "kind": of.kind,
            "code": of.code,
            "name": self._name(of),
            "line": _identity(self.lines[of.code]) if of.kind == "line" else None,
            "lines": of.lines,
            "amounts": known,
            "share": of.share,
            "execution": of.execution,
            "per_inhabitant": {
                phase: per_inhabitant(amount, self.inhabitants) for phase, amount in known.items()
            },
        }

    def _name(self, of: Node) -> dict[str, str] | None:
        if of.kind == "side":
            return dict(SIDE_LABELS[self.side.value])
        if of.kind == "service":
            return service_names(of.code, of.label)
        if of.kind == "line":
            return {"el": of.label, "en": of.label} if of.label else None
        return code_names(of.chart, self.side, of.code)


def _identity(of: BudgetLine) -> dict[str, Any]:
    return {
        "service_code": of.service_code,
        "service_name": service_names(of.service_code, of.service_label),
        "code_raw": of.code_raw,
    }


def point(of: Point, side: Side) -> dict[str, Any]:
    """Return one moment of a course."""
    return {
        "as_of": moment(of.as_of),
        "lines": of.lines,
        "amounts": amounts(of.totals, side),
        "execution": execution(of.totals, side),
    }


def snapshot(of: Snapshot) -> dict[str, Any]:
    """Return the sums of a whole snapshot as one moment of a course."""
    return point(Point(of.as_of, dict(of.totals), of.lines), of.side)


def compared(of: ComparedCode, side: Side) -> dict[str, Any]:
    """Return one code over the years."""
    code = of.code.split("/")[-1].split(".")[0]  # a line is named by its account
    return {
        "chart": of.chart,
        "code": of.code,
        "name": code_names(of.chart, side, code),
        "label": of.label or None,
        "years": {
            str(each): None if known is None else amounts(known, side)
            for each, known in of.years.items()
        },
        "relabelled": of.relabelled,
        "recoded": [_recoding(one) for one in of.recodings],
    }


def _recoding(of: Recoding) -> dict[str, Any]:
    return {
        "from": {"year": of.year, "code": of.code},
        "to": {"year": of.next_year, "code": of.next_code},
    }
