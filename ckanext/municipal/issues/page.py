"""What the pages below ``/issues`` show, told by their addresses: the actions asked, their answers together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SearchError
from ckan.types import Context

from ckanext.municipal.issues.logic.validators import period as check_period
from ckanext.municipal.issues.periods import days_of
from ckanext.municipal.store.errors import StoreError

GROUP = ("category", "district", "period")
"""Filters that everything on the page follows; the figures know no others."""
LIST = ("status", "close_reason", "q")
"""Filters that the map and the lists of requests follow besides."""
PARAMETERS = ("municipality", *GROUP, *LIST, "sort", "after")
A_PAGE = 20
MOST_VOTED = 5
_AT_ONCE = 5_000
_EVERYTHING = "month,year,category,district"
Answer = dict[str, Any]
Asked = Mapping[str, str]
Reader = Context
"""The context of the questions of one page: what one of them found, the next need not look for."""


class NothingThere(Exception):
    """There is no such thing to show; ``reason`` is for the reader."""

    def __init__(self, reason: str, *, status: int = 404) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


@dataclass(frozen=True, slots=True)
class Page:
    """One view of the requests: what was asked, the figures, the figures of everything (whose parts
    are what can be chosen), the categories, the list (None where single requests are not published)
    and the most voted."""

    asked: Asked
    figures: Answer
    whole: Answer
    categories: list[Answer]
    found: Answer | None
    voted: list[Answer] = field(default_factory=list)

    @property
    def parts(self) -> list[Answer]:
        """The figures of the categories right below the one that is shown, or of the topmost."""
        return [
            row
            for row in self.figures["by"]["category"]
            if row["parent"] == (self.asked.get("category") or None)
        ]

    @property
    def narrowed(self) -> bool:
        """Whether the list follows filters that the figures do not know."""
        return any(self.asked.get(name) for name in LIST)


def asked_of(arguments: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters of the pages that an address has, without empty ones."""
    return {name: text for name in PARAMETERS if (text := arguments.get(name, "").strip())}


def page_of(asked: Asked) -> Page:
    """Return what ``/issues`` shows; raises `NothingThere`."""
    reader: Reader = {}
    chosen = any(asked.get(name) for name in GROUP)
    figures = figures_of(asked, "month,category,district" if chosen else _EVERYTHING, reader)
    whole = figures_of(_whose(asked), "year,district", reader) if chosen else figures
    categories = _ask("municipal_issue_categories", _whose(asked), reader)["categories"]
    try:
        found, voted = found_of(asked, reader=reader), _voted(asked, reader)
    except NothingThere as nothing:
        if nothing.status != 404:
            raise
        found, voted = None, []
    return Page(asked, figures, whole, categories, found, voted)


def figures_of(asked: Asked, by: str, reader: Reader | None = None) -> Answer:
    """Return the figures that a view shows, by one or more series; raises `NothingThere`."""
    query = {name: asked[name] for name in ("municipality", *GROUP) if name in asked}
    return _ask("municipal_issue_statistics", {**query, "by": by}, reader)


def found_of(asked: Asked, limit: int = A_PAGE, reader: Reader | None = None) -> Answer:
    """Return a page of the requests that a view lists; raises `NothingThere`."""
    query = {name: asked[name] for name in ("sort", "after") if name in asked}
    return _ask("municipal_issue_search", {**_filter(asked), **query, "limit": limit}, reader)


def all_found(asked: Asked) -> Iterator[Answer]:
    """Yield all the requests that a view lists, some thousands asked at once."""
    answer = found_of(asked, _AT_ONCE)
    while True:
        yield from answer["requests"]
        if not answer["next"]:
            return
        answer = found_of({**asked, "after": answer["next"]}, _AT_ONCE)


def cells_of(asked: Asked) -> Answer:
    """Return the squares of the map of a view; raises `NothingThere`."""
    return _ask("municipal_issue_cells", _filter(asked))


def request_of(asked: Asked, request_id: str) -> Answer:
    """Return one request with its history; raises `NothingThere`."""
    return _ask("municipal_issue_show", {**_whose(asked), "id": request_id})


def is_published(asked: Asked, request_id: str | None) -> bool:
    """Return whether a request has a page: another one may name it that is not public itself."""
    try:
        return bool(request_id) and bool(request_of(asked, request_id or ""))
    except NothingThere:
        return False


def _voted(asked: Asked, reader: Reader) -> list[Answer]:
    query = {**_filter(asked), "sort": "-votes", "limit": MOST_VOTED}
    answer = _ask("municipal_issue_search", query, reader)
    return [one for one in answer["requests"] if one["votes"]]


def _filter(asked: Asked) -> dict[str, Any]:
    """The parameters of a search; the period becomes its first and last day."""
    names = ("category", "district", *LIST)
    query = {**_whose(asked), **{name: asked[name] for name in names if name in asked}}
    return {**query, **_days(asked["period"])} if "period" in asked else query


def _days(period: str) -> dict[str, str]:
    try:
        start, end = days_of(check_period(period))
    except tk.Invalid as error:
        raise NothingThere(error.error, status=400) from None
    return {"start": start.isoformat(), "end": end.isoformat()}


def _whose(asked: Asked) -> dict[str, str]:
    return {"municipality": asked["municipality"]} if "municipality" in asked else {}


def _ask(action: str, query: dict[str, Any], reader: Reader | None = None) -> Answer:
    """The answer of an action, or why there is none."""
    try:
        return tk.get_action(action)({} if reader is None else reader, query)
    except tk.ValidationError as error:
        raise NothingThere(reasons(error), status=400) from None
    except tk.ObjectNotFound as error:
        raise NothingThere(error.message or "") from None
    except (StoreError, SearchError):
        reason = tk._("The portal cannot read its tables at the moment. Try again in a minute.")
        raise NothingThere(reason, status=503) from None


def reasons(error: tk.ValidationError) -> str:
    """Return all that is wrong with a question, one sentence after the other."""
    errors: Any = error.error_dict
    return " ".join(str(reason) for found in errors.values() for reason in found)
