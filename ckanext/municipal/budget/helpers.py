"""Template helpers of plugin ``municipal_budget``: figures, moments and addresses for readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
from babel.numbers import format_currency, format_decimal

from ckanext.municipal.budget import phases
from ckanext.municipal.budget.figures import findings
from ckanext.municipal.budget.page import PARAMETERS, done_phase
from ckanext.municipal.portal.line_chart import Drawing, draw
from ckanext.municipal.portal.written import BLANK, municipal_name
from ckanext.municipal.store.errors import StoreError

__all__ = [
    "municipal_budget_amount",
    "municipal_budget_drawing",
    "municipal_budget_euro",
    "municipal_budget_findings",
    "municipal_budget_line_url",
    "municipal_budget_phase",
    "municipal_budget_phase_done",
    "municipal_budget_phase_meaning",
    "municipal_budget_url",
]

_FIRST_FINDINGS = 20
Amount = Decimal | None


def municipal_budget_amount(amount: Amount) -> str:
    """Return an amount as the reader's language writes it, to the cent: ``1.234,56``."""
    if amount is None:
        return BLANK
    return format_decimal(amount, "#,##0.00", locale=tk.h.lang())


def municipal_budget_euro(amount: Amount) -> str:
    """Return an amount with the sign of the euro: ``1.234,56 €``."""
    return BLANK if amount is None else format_currency(amount, "EUR", locale=tk.h.lang())


def municipal_budget_phase(phase: str) -> str:
    """Return what a phase is called in the reader's language."""
    return municipal_name(phases.label(phase))


def municipal_budget_phase_meaning(phase: str) -> str:
    """Return what a phase is, in a sentence."""
    return municipal_name(phases.PHASES[phase].definition)


def municipal_budget_phase_done(side: str) -> str:
    """Return the phase that says what was done of a side: paid or collected."""
    return done_phase(side)


def municipal_budget_url(asked: Mapping[str, Any], **changes: Any) -> str:
    """Return the address of the view that differs from this one by some parameters.

    ``asked`` are the parameters of this view; a parameter changed to None is left out. ``to`` is
    the view: ``index`` (default) or ``table``.
    """
    view = changes.pop("to", "index")
    known = {name: asked[name] for name in PARAMETERS if asked.get(name)}
    wanted = {name: value for name, value in {**known, **changes}.items() if value}
    return tk.h.url_for(f"municipal_budget.{view}", **wanted)


def municipal_budget_line_url(
    asked: Mapping[str, Any], line: Mapping[str, Any], *, view: str = "line"
) -> str:
    """Return the address of a line's page (``view`` ``line_course``: of its CSV).

    ``asked`` are the parameters of the page, ``line`` says ``service_code`` and ``code_raw``.
    """
    kept = {name: asked[name] for name in ("municipality", "year", "side") if asked.get(name)}
    which = {"service": line["service_code"], "code": line["code_raw"]}
    return tk.h.url_for(f"municipal_budget.{view}", **kept, **which)


def municipal_budget_findings(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the checks found in a budget: ``total``, ``rows`` (the gravest first, 20 at most,
    with message and remedy in the reader's language) and ``resource_id`` of the whole table.

    For the page of a dataset that the reader may see.
    """
    table = next((r for r in dataset.get("resources", ()) if r.get("table") == "findings"), None)
    if table is None:
        return {"total": 0, "rows": [], "resource_id": None}
    try:
        total, rows = findings(dataset["id"], _FIRST_FINDINGS)
    except StoreError:  # the dataset's page does without its list rather than fail
        total, rows = 0, []
    language = "el" if tk.h.lang() == "el" else "en"
    told = [
        {**row, "message": row[f"message_{language}"], "remedy": row[f"remedy_{language}"]}
        for row in rows
    ]
    return {"total": total, "rows": told, "resource_id": table["id"]}


def municipal_budget_drawing(series: Sequence[Mapping[str, Any]], shown: Sequence[str]) -> Drawing:
    """Return the chart of a course over the snapshots, one line a phase."""
    return draw(
        [datetime.fromisoformat(point["as_of"]) for point in series],
        {phase: [point["amounts"][phase] for point in series] for phase in shown},
    )
