"""What the page ``/budget`` shows, told by its address: the actions asked, their answers kept together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.municipal.budget.phases import Side, executed, phases_of
from ckanext.municipal.lib.greek import collation_key

PARAMETERS = ("municipality", "year", "side", "as_of", "by", "path", "sort", "q", "offset")
LINES_A_PAGE = 50
_OF_THE_TREE = ("municipality", "year", "side", "as_of", "by", "path")
Answer = dict[str, Any]


class NothingThere(Exception):
    """There is no such budget to show; ``reason`` is for the reader, ``years`` what there is."""

    def __init__(self, reason: str, years: list[Answer], *, status: int = 404) -> None:
        super().__init__(reason)
        self.reason, self.years, self.status = reason, years, status


@dataclass(frozen=True, slots=True)
class LinePage:
    """One line: what was asked, the budget, the line (None if the newest figures lack it), its
    course over the snapshots, the phases that have figures."""

    asked: Mapping[str, str]
    service: str
    code: str
    budget: Answer
    line: Answer | None
    series: list[Answer]
    phases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One view of a budget: what was asked, the years there are, the answer of the tree, the lines
    where words were searched, the phases that have figures."""

    asked: Mapping[str, str]
    years: list[Answer]
    tree: Answer
    lines: Answer | None
    phases: tuple[str, ...]
    rows: list[Answer] = field(default_factory=list)

    @property
    def year(self) -> Answer:
        """The answer about the year that is shown."""
        return next(each for each in self.years if each["year"] == self.tree["year"])


def asked_of(arguments: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters of the page that an address has, without empty ones."""
    return {name: text for name in PARAMETERS if (text := arguments.get(name, "").strip())}


def page_of(asked: Mapping[str, str], *, lines_limit: int = LINES_A_PAGE) -> Page:
    """Return what an address shows; raises `NothingThere` with a status and a reason."""
    years = published_years(asked)
    wanted = _with_defaults(asked, years)
    tree = _tree_of(wanted, years)
    lines = None
    if asked.get("q"):
        query = {**_only(wanted, (*_OF_THE_TREE, "q", "sort", "offset")), "limit": lines_limit}
        lines = _ask(years, "municipal_budget_lines", query)
    sums = tree["ancestors"][0]["amounts"] if tree["ancestors"] else tree["node"]["amounts"]
    phases = tuple(p for p in phases_of(Side(tree["side"])) if sums[p] is not None)
    rows = _sorted(tree["node"]["children"], asked.get("sort", ""), years)
    return Page(dict(wanted), years, tree, lines, phases, rows)


def _tree_of(wanted: Mapping[str, str], years: list[Answer]) -> Answer:
    """Return the part that is asked for; a whole that is one account only begins below that one."""
    tree = _ask(years, "municipal_budget_tree", _only(wanted, _OF_THE_TREE))
    children = tree["node"]["children"]
    if "path" in wanted or len(children) != 1 or children[0]["kind"] == "line":
        return tree
    below = {**wanted, "path": ",".join(children[0]["path"])}
    return _ask(years, "municipal_budget_tree", _only(below, _OF_THE_TREE))


def published_years(asked: Mapping[str, str]) -> list[Answer]:
    """Return the years that the reader may see."""
    answer = _ask([], "municipal_budget_years", _only(asked, ("municipality",)))
    return answer["years"]


def _with_defaults(asked: Mapping[str, str], years: list[Answer]) -> dict[str, str]:
    if not years:
        status = 404 if asked.get("year") or asked.get("municipality") else 200
        raise NothingThere(tk._("No budget has been published here yet."), [], status=status)
    year = asked.get("year") or str(years[0]["year"])
    known = next((each for each in years if str(each["year"]) == year), None)
    side = asked.get("side")
    if side is None:
        sides = list(known["sides"]) if known else []
        side = sides[0] if sides else Side.EXPENDITURE.value
    wanted = {**asked, "year": year, "side": side}
    if (
        "as_of" in asked and asked["as_of"][:4] < year
    ):  # the day chosen was one of the year shown before
        del wanted["as_of"]
    return wanted


def line_page_of(asked: Mapping[str, str], service: str, code: str) -> LinePage:
    """Return one line of a year by its service and its code as the export writes it.

    Raises `NothingThere`.
    """
    years = published_years(asked)
    if not code:
        raise NothingThere(tk._("The address names no budget line."), years)
    wanted = _with_defaults(asked, years)
    query = _only(wanted, ("municipality", "year", "side"))
    course = {**query, "service": service, "line": code}
    series = _ask(years, "municipal_budget_execution", course)["series"]
    lines = {**query, "service": service, "code": code, "limit": 32_000}
    answer = _ask(years, "municipal_budget_lines", lines)
    same = [line for line in answer["lines"] if line["code_raw"] == code]
    return LinePage(
        asked=wanted,
        service=service,
        code=code,
        budget=answer,
        line=same[0] if same else None,
        series=series,
        phases=tuple(
            phase
            for phase in phases_of(Side(wanted["side"]))
            if any(point["amounts"][phase] is not None for point in series)
        ),
    )


def _ask(years: list[Answer], action: str, query: dict[str, Any]) -> Answer:
    """The answer of an action, or why there is none."""
    try:
        return tk.get_action(action)({}, query)
    except tk.ValidationError as error:
        raise NothingThere(_reasons(error.error_dict), years, status=400) from None
    except tk.ObjectNotFound as error:
        raise NothingThere(error.message or "", years) from None


def _reasons(errors: Mapping[str, Any]) -> str:
    return " ".join(str(reason) for found in errors.values() for reason in found)


def _only(asked: Mapping[str, str], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: asked[name] for name in names if name in asked}


def _sorted(rows: list[Answer], sort: str, years: list[Answer]) -> list[Answer]:
    """Rows by a column; those without a value come last either way."""
    name, falls = sort.removeprefix("-"), sort.startswith("-")
    language = tk.h.lang()
    columns: dict[str, Callable[[Answer], Any]] = {
        "label": lambda row: collation_key((row["name"] or {}).get(language) or row["code"]),
        "share": lambda row: row["share"],
        "execution": lambda row: row["execution"],
        **{p: (lambda row, p=p: row["amounts"][p]) for p in (rows[0]["amounts"] if rows else ())},
    }
    if name in ("", "code", "service"):
        return rows[::-1] if falls else rows
    if name not in columns:
        raise NothingThere(tk._("The table has no such column to sort by."), years, status=400)
    value = columns[name]
    known = sorted((r for r in rows if value(r) is not None), key=value, reverse=falls)
    return known + [row for row in rows if value(row) is None]


def done_phase(side: str) -> str:
    """Return the phase that says what was done of a side: paid or collected."""
    return executed(Side(side))
