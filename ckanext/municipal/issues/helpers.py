"""Template helpers of plugin ``municipal_issues``: words, figures, charts and addresses for readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.municipal.issues import cells
from ckanext.municipal.issues.page import PARAMETERS
from ckanext.municipal.issues.tables import schema_of
from ckanext.municipal.portal.line_chart import Drawing, draw
from ckanext.municipal.portal.written import BLANK, municipal_moment, municipal_name

__all__ = [
    "municipal_issue_choices",
    "municipal_issue_drawing",
    "municipal_issue_known",
    "municipal_issue_levels",
    "municipal_issue_moment",
    "municipal_issue_share",
    "municipal_issue_square",
    "municipal_issue_status",
    "municipal_issue_url",
    "municipal_issue_web_address",
    "municipal_issue_word",
]

Figures = Mapping[str, Any]


def municipal_issue_word(table_field: str, value: str | None) -> str:
    """Return what a value of a field (``status``, ``close_reason``) is called."""
    if value is None:
        return BLANK
    return municipal_name(schema_of("requests")[table_field].labels.get(value)) or value


def municipal_issue_choices(table_field: str) -> list[str]:
    """Return the values that a field may have, in their order."""
    return list(schema_of("requests")[table_field].enum)


def municipal_issue_status(request: Mapping[str, Any]) -> str:
    """Return a request's status in words, and of a closed one why it was closed."""
    status = municipal_issue_word("status", request["status"])
    reason = request["close_reason"]
    return f"{status}: {municipal_issue_word('close_reason', reason)}" if reason else status


def municipal_issue_moment(text: str | None) -> str:
    """Return a moment as the reader's language writes it; the day alone at midnight, as a source
    that tells days only is read."""
    return BLANK if not text else municipal_moment(text, time=not text.endswith("T00:00:00"))


def municipal_issue_share(part: int | None, whole: int | None) -> Decimal | None:
    """Return a count over the count that it is part of, None where one of them is not told."""
    return Decimal(part) / whole if part is not None and whole else None


def municipal_issue_known(rows: Sequence[Figures], *counts: str) -> list[str]:
    """Return which of some counts any of the rows tells."""
    return [name for name in counts if any(row[name] is not None for row in rows)]


def municipal_issue_drawing(months: Sequence[Figures], counts: Sequence[str]) -> Drawing:
    """Return the chart of some counts over the months, one line each."""
    return draw(
        [datetime.fromisoformat(f"{month['period']}-01") for month in months],
        {name: [_amount(month[name]) for month in months] for name in counts},
    )


def municipal_issue_levels(k: int) -> list[tuple[int, int | None]]:
    """Return from how many to how many requests each shade of the map stands for."""
    return cells.levels(k)


def municipal_issue_square(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the place of a request that has one, as GeoJSON for a map."""
    side = cells.metres(request["cell"] or "") or 100
    square = cells.square(request["lat"], request["long"], side)
    return {"type": "Feature", "geometry": square, "properties": {"level": 4}}


def municipal_issue_web_address(text: str | None) -> str:
    """Return an address of the web that a page may lead to, "" for any other text."""
    return text if text and text.lower().startswith(("https://", "http://")) else ""


def municipal_issue_url(asked: Mapping[str, str], **changes: Any) -> str:
    """Return the address of the view that differs from this one by some parameters.

    ``asked`` are the parameters of this view; a parameter changed to None is left out, and so is
    the place in the list. ``to`` is the view: ``index`` (default), ``table``, ``figures`` ...
    """
    view = changes.pop("to", "index")
    known = {name: asked[name] for name in PARAMETERS if asked.get(name) and name != "after"}
    wanted = {name: value for name, value in {**known, **changes}.items() if value}
    return tk.h.url_for(f"municipal_issues.{view}", **wanted)


def _amount(count: int | None) -> Decimal | None:
    return None if count is None else Decimal(count)
