"""Actions of the budget: what programs and our own pages ask. All are GET and open to everybody.

Each answers about datasets that the reader may see, and no others. Amounts are in euro, JSON numbers
with exactly two decimals; null is what the export leaves blank, which is not zero. Ratios have six
decimals. Moments are by the municipality's clock. docs/actions.md shows each with its answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.municipal.budget import answers, charts, line_filter
from ckanext.municipal.budget.comparison import compare_years
from ckanext.municipal.budget.course import course
from ckanext.municipal.budget.figures import (
    Figures,
    Snapshot,
    changes,
    figures_at,
    snapshot_at,
    snapshots,
)
from ckanext.municipal.budget.logic import schema
from ckanext.municipal.budget.phases import Side
from ckanext.municipal.budget.published import (
    PublishedBudget,
    inhabitants,
    published_budget,
    published_budgets,
)
from ckanext.municipal.budget.tree import build_tree

__all__ = [
    "municipal_budget_compare",
    "municipal_budget_execution",
    "municipal_budget_lines",
    "municipal_budget_tree",
    "municipal_budget_years",
]

_ = tk._
Known = Mapping[Side, Sequence[Snapshot]]


@tk.side_effect_free
@tk.validate_action_data(schema.years)
def municipal_budget_years(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the years of which a municipality's budget is published, newest first.

    :param municipality: Diavgeia id; the portal's own city by default (optional)
    :type municipality: string

    :returns: ``municipality`` and ``years``, each with ``year``, ``dataset_id``, ``dataset_name``,
        ``title``, ``chart`` and ``sides``: for ``expenditure`` and ``revenue`` the newest ``as_of``,
        ``lines``, ``totals`` by phase, ``execution``, and ``snapshots``: every moment known.
    :rtype: dictionary

    Example: ``/api/action/municipal_budget_years``
    """
    tk.check_access("municipal_budget_years", context, data_dict)
    found = published_budgets(context, municipality=data_dict["municipality"])
    return {
        "municipality": data_dict["municipality"],
        "years": [answers.year(budget, snapshots(budget.id)) for budget in found],
    }


@tk.side_effect_free
@tk.validate_action_data(schema.lines)
def municipal_budget_lines(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the lines of a year that fit, page by page, and their sums.

    :param year: fiscal year
    :type year: integer
    :param side: ``expenditure`` or ``revenue``; both by default (optional)
    :param as_of: day or moment; the newest figures by default (optional)
    :param service: code of a municipal service, ``""`` for lines without one (optional)
    :param code: beginning of an account, ``60`` or ``6011.01``, or of the export's code (optional)
    :param path: a node of the tree, ``6,60`` (optional)
    :param by: which tree ``path`` is of: ``chart`` (default) or ``service`` (optional)
    :param q: words that must all be in a line; accents, case and final sigma do not matter (optional)
    :param sort: ``code`` (default), ``service``, ``label``, ``execution`` or a phase; ``-paid``
        begins with the largest (optional)
    :param limit: lines at most, 100 by default, 32000 at most (optional)
    :param offset: lines to pass over (optional)
    :param municipality: Diavgeia id; the portal's own city by default (optional)

    :returns: the budget (``year``, ``dataset_id`` …), ``as_of`` by side, ``total`` (lines that
        fit), ``totals`` (their sums by side and phase), ``lines``, and ``next_offset`` or null
    :rtype: dictionary

    Example: ``/api/action/municipal_budget_lines?year=2016&side=expenditure&q=prasino&sort=-paid``
    """
    asked, known = _budget(context, data_dict, "municipal_budget_lines")
    sides = [Side(data_dict["side"])] if data_dict.get("side") else list(known)
    found = [_figures(asked, known, side, data_dict.get("as_of")) for side in sides]
    lines = line_filter.pick(
        [line for figures in found for line in figures.lines],
        service=data_dict.get("service"),
        code=data_dict.get("code"),
        path=data_dict.get("path") or (),
        by=data_dict["by"],
        words=data_dict.get("q"),
    )
    start, end = data_dict["offset"], data_dict["offset"] + data_dict["limit"]
    shown = line_filter.ordered(lines, data_dict["sort"])[start:end]
    return {
        **answers.budget(asked),
        "as_of": {figures.side.value: answers.moment(figures.as_of) for figures in found},
        "total": len(lines),
        "totals": answers.sums(lines, sides),
        "lines": [answers.line(line) for line in shown],
        "next_offset": end if start < end < len(lines) else None,
    }


@tk.side_effect_free
@tk.validate_action_data(schema.tree)
def municipal_budget_tree(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return one side of a year summed by the levels of its chart of accounts, or by service.

    :param year: fiscal year
    :type year: integer
    :param side: ``expenditure`` (default) or ``revenue`` (optional)
    :param as_of: day or moment; the newest figures by default (optional)
    :param by: ``chart`` (default) or ``service`` (optional)
    :param path: codes from the root to the node wanted, ``6,60``; the root by default (optional)
    :param depth: levels below that node, 0 to 9, 1 by default; 9 goes down to the lines (optional)
    :param municipality: Diavgeia id; the portal's own city by default (optional)

    :returns: the budget, ``side``, ``as_of``, ``by``, ``inhabitants`` (null where not known),
        ``ancestors`` (nodes above, the root first) and ``node``: ``path``, ``kind``, ``code``,
        ``name`` by language, ``lines``, ``amounts`` by phase, ``share`` of its parent,
        ``execution`` (paid or collected over revised), ``per_inhabitant``, ``line`` (which line,
        of nodes that are one) and ``children``
    :rtype: dictionary

    Example: ``/api/action/municipal_budget_tree?year=2016&path=6,60``
    """
    asked, known = _budget(context, data_dict, "municipal_budget_tree")
    side, path = Side(data_dict["side"]), data_dict.get("path") or ()
    figures = _figures(asked, known, side, data_dict.get("as_of"))
    depth = len(path) + data_dict["depth"]
    root = build_tree(figures.lines, side, by=data_dict["by"], depth=depth)
    node = root.find(path)
    if node is None:
        raise tk.ObjectNotFound(
            _("The budget of {year} has nothing under {path}.").format(
                year=asked.year, path=" › ".join(path)
            )
        )
    nodes = answers.Nodes.of(figures, inhabitants(asked.municipality, asked.year))
    above = [root.find(path[:length]) for length in range(len(path))]
    return {
        **answers.budget(asked),
        "side": side.value,
        "as_of": answers.moment(figures.as_of),
        "by": data_dict["by"],
        "inhabitants": nodes.inhabitants,
        "ancestors": [nodes.alone(one) for one in above if one],
        "node": nodes.whole(node),
    }


@tk.side_effect_free
@tk.validate_action_data(schema.execution)
def municipal_budget_execution(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return how the sums of a year went from snapshot to snapshot.

    Of the whole side, or of the lines of a ``code``, of a ``service``, of both, or of one ``line``.

    :param year: fiscal year
    :type year: integer
    :param side: ``expenditure`` (default) or ``revenue`` (optional)
    :param code: beginning of an account, ``60`` or ``6011.01`` (optional)
    :param service: code of a municipal service, ``""`` for lines without one (optional)
    :param line: one line by its code as the export writes it; ``service`` tells which one where
        several services have it (optional)
    :param as_of: day or moment that the series ends at; the newest by default (optional)
    :param municipality: Diavgeia id; the portal's own city by default (optional)

    :returns: the budget, ``side`` and ``series``: for each snapshot ``as_of``, ``lines``,
        ``amounts`` by phase and ``execution``, the oldest first
    :rtype: dictionary

    Example: ``/api/action/municipal_budget_execution?year=2016&code=60``
    """
    asked, known = _budget(context, data_dict, "municipal_budget_execution")
    side, until = Side(data_dict["side"]), data_dict.get("as_of")
    _snapshot(asked, known, side, until)
    own = [one for one in known[side] if until is None or one.as_of <= until]
    if any(data_dict.get(name) is not None for name in ("code", "service", "line")):
        series = _part_series(asked, side, own, data_dict)
    else:
        series = [answers.snapshot(one) for one in own]
    return {**answers.budget(asked), "side": side.value, "series": series}


@tk.side_effect_free
@tk.validate_action_data(schema.compare)
def municipal_budget_compare(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the codes of some years side by side, at a level where their codes agree.

    :param years: two to ten years, ``2015,2016``; the two newest by default (optional)
    :param side: ``expenditure`` (default) or ``revenue`` (optional)
    :param level: digits of the code (1, 2, 3, 4; 1, 2, 3, 5, 7 of the chart of 2018), 4 by
        default, or ``line`` for single lines, whose own codes often change (optional)
    :param limit: codes at most, 1000 by default, 32000 at most (optional)
    :param offset: codes to pass over (optional)
    :param municipality: Diavgeia id; the portal's own city by default (optional)

    :returns: ``years`` (the budget of each, with its ``as_of``), ``side``, ``level``, ``total``,
        ``next_offset`` and ``codes``: ``chart``, ``code``, ``name``, ``label``, ``years`` (amounts
        by year and phase, null where a year lacks the code), ``relabelled`` and ``recoded``: lines
        that went on under another code, ``from`` a year and code ``to`` the next
    :rtype: dictionary

    Example: ``/api/action/municipal_budget_compare?years=2015,2016&level=2``
    """
    side, years = Side(data_dict["side"]), data_dict.get("years") or _newest(context, data_dict)
    budgets, lines = [], {}
    for year in years:
        one = {"municipality": data_dict["municipality"], "year": year}
        asked, known = _budget(context, one, "municipal_budget_compare")
        figures = _figures(asked, known, side, None)
        budgets.append({**answers.budget(asked), "as_of": answers.moment(figures.as_of)})
        lines[year] = figures.lines
    codes = compare_years(lines, side, level=data_dict["level"])
    start, end = data_dict["offset"], data_dict["offset"] + data_dict["limit"]
    return {
        "years": budgets,
        "side": side.value,
        "level": data_dict["level"],
        "total": len(codes),
        "codes": [answers.compared(code, side) for code in codes[start:end]],
        "next_offset": end if start < end < len(codes) else None,
    }


def _budget(context: Context, asked: DataDict, action: str) -> tuple[PublishedBudget, Known]:
    """The budget asked for and its snapshots, once it is sure that the reader may see it."""
    budget = published_budget(context, asked["municipality"], asked["year"])
    if budget is None:
        tk.check_access(action, context, {})
        raise tk.ObjectNotFound(
            _("No budget of {year} is published here.").format(year=asked["year"])
        )
    tk.check_access(action, tk.fresh_context(context), {"id": budget.id})
    return budget, snapshots(budget.id)


def _snapshot(
    budget: PublishedBudget, known: Known, side: Side, moment: datetime | None
) -> Snapshot:
    if not known.get(side):
        missing = _("The budget of {year} has no expenditure here.")
        if side is Side.REVENUE:
            missing = _("The budget of {year} has no revenue here.")
        raise tk.ObjectNotFound(missing.format(year=budget.year))
    found = snapshot_at(known[side], moment)
    if found is None:
        first = answers.moment(known[side][0].as_of)
        raise tk.ObjectNotFound(
            _(
                "The first figures of {year} are of {moment}. Ask for that day or a later one."
            ).format(year=budget.year, moment=first)
        )
    return found


def _figures(budget: PublishedBudget, known: Known, side: Side, moment: datetime | None) -> Figures:
    wanted = _snapshot(budget, known, side, moment)
    figures = figures_at(budget.id, known[side], wanted.as_of)
    assert figures is not None  # it has this very snapshot
    return figures


def _part_series(
    budget: PublishedBudget, side: Side, own: Sequence[Snapshot], asked: DataDict
) -> list[dict[str, Any]]:
    """The series of some lines of a side."""
    where: dict[str, Any] = {"side": side.value}
    if asked.get("service") is not None:
        where["service_code"] = asked["service"]
    if asked.get("line") is not None:
        where["code_raw"] = asked["line"]
    rows = changes(budget.id, where)
    if code := asked.get("code"):
        chart = budget.chart or None
        rows = [row for row in rows if charts.parse(row.key[2], chart).account.startswith(code)]
    if not rows:
        raise tk.ObjectNotFound(
            _("The budget of {year} has no such line.").format(year=budget.year)
        )
    return [answers.point(one, side) for one in course(rows, [each.as_of for each in own])]


def _newest(context: Context, asked: DataDict) -> list[int]:
    found = published_budgets(context, municipality=asked["municipality"])
    years = sorted({budget.year for budget in found})[-2:]
    if len(years) < 2:
        raise tk.ObjectNotFound(_("Two years are needed to compare, and fewer are published here."))
    return years
