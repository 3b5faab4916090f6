"""Pages of the budget: ``/budget``, its lines, and both as CSV. Every view has its address."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import flask

from ckanext.municipal.budget.page import (
    LinePage,
    NothingThere,
    Page,
    asked_of,
    line_page_of,
    page_of,
)
from ckanext.municipal.budget.page_table import course_table, line_table, node_table
from ckanext.municipal.store.shown import Table, csv_answer

_ALL_LINES = 32_000


def index() -> Any:
    """Show one side of a year, a node of its tree, or the lines that hold some words."""
    try:
        return tk.render("budget/index.html", {"page": page_of(asked_of(tk.request.args))})
    except NothingThere as nothing:
        return _nothing(nothing)


def table() -> Any:
    """Send the rows that the page with the same parameters shows, as CSV."""
    try:
        page = page_of(asked_of(tk.request.args), lines_limit=_ALL_LINES)
    except NothingThere as nothing:
        return _nothing(nothing)
    if page.lines is not None:
        return _csv(page, line_table(page.lines["lines"], page.phases))
    return _csv(page, node_table(page.rows, page.phases, page.tree["inhabitants"] is not None))


def line() -> Any:
    """Show one budget line and how it went over the year."""
    try:
        page = _line_page()
    except NothingThere as nothing:
        return _nothing(nothing)
    return tk.render("budget/line.html", {"page": page})


def line_course() -> Any:
    """Send the course of a line as CSV."""
    try:
        page = _line_page()
    except NothingThere as nothing:
        return _nothing(nothing)
    return csv_answer("budget-line.csv", course_table(page.series, page.phases))


def get_blueprints() -> list[flask.Blueprint]:
    """Return the pages of plugin ``municipal_budget``."""
    pages = flask.Blueprint("municipal_budget", __name__)
    pages.add_url_rule("/budget", view_func=index)
    pages.add_url_rule("/budget.csv", view_func=table)
    pages.add_url_rule("/budget/line", view_func=line)
    pages.add_url_rule("/budget/line.csv", view_func=line_course)
    return [pages]


def _line_page() -> LinePage:
    service, code = (tk.request.args.get(name, "").strip() for name in ("service", "code"))
    return line_page_of(asked_of(tk.request.args), service, code)


def _csv(page: Page, table: Table) -> flask.Response:
    parts = [page.tree["side"], *page.tree["node"]["path"]]
    name = "-".join(
        [f"budget-{page.tree['year']}", *(p for p in parts if p.isascii() and p.isalnum())]
    )
    return csv_answer(f"{name}.csv", table)


def _nothing(nothing: NothingThere) -> Any:
    values = {"reason": nothing.reason, "years": nothing.years, "asked": asked_of(tk.request.args)}
    return tk.render("budget/nothing.html", values), nothing.status
