"""What a source's YAML says of its GeoReport server: the dialect it speaks, as data."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from ckanext.municipal.harvest.source_form import Form
from ckanext.municipal.lib.dates import NotADate, day

AUTO, YES, NO = "auto", "true", "false"
FORMATS: Final = ("json", "xml")
FIRST_PAGES: Final = {"0": 0, "1": 1, AUTO: 0}
"""The number of the first page by what ``paging`` says; ``none`` is a server without pages."""

MOST = 1_000
LONGEST_DAYS = 90
FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Settings:
    """The dialect of one server; ``auto`` is found out by asking it.

    ``format``: json or xml. ``paging``: the number of its first page, 0 or 1, or ``none``.
    ``page_size``: how many requests are asked for at once; the server may give fewer. ``updated``:
    whether it knows ``updated_after`` and ``updated_before``. ``extensions``: whether it is asked
    for notes and attributes. ``window_days``: the longest time asked for at once. ``since``: the
    day before which the city has no requests. ``api_key`` is the name of a secret.
    """

    jurisdiction: str = ""
    api_key: str = ""
    format: str = AUTO
    paging: str = AUTO
    page_size: int = MOST
    window_days: int = LONGEST_DAYS
    updated: str = AUTO
    extensions: str = AUTO
    since: date = FIRST_DAY


_KEYS = (
    *("jurisdiction", "api_key", "format", "paging", "page_size", "window_days"),
    *("updated", "extensions", "since"),
)


def settings(form: Form) -> Settings:
    """Read the keys of a source of this kind."""
    form.only(_KEYS)
    return Settings(
        jurisdiction=form.text("jurisdiction", "the jurisdiction_id of the city", ""),
        api_key=form.secret("api_key"),
        format=_word(form, "format", (*FORMATS, AUTO)),
        paging=_word(form, "paging", ("none", *FIRST_PAGES)),
        page_size=form.whole("page_size", 1, MOST, MOST),
        window_days=form.whole("window_days", 1, LONGEST_DAYS, LONGEST_DAYS),
        updated=_word(form, "updated", (YES, NO, AUTO)),
        extensions=_word(form, "extensions", (YES, NO, AUTO)),
        since=_day(form, "since"),
    )


def _word(form: Form, name: str, words: Collection[str]) -> str:
    """One of some words, of which YAML makes a truth value or a number where it can."""
    value = form.content.get(name, AUTO)
    word = str(value).lower()
    if isinstance(value, str | bool | int) and word in words:
        return word
    form.wrong(name, value, "one of: " + ", ".join(words))
    return AUTO


def _day(form: Form, name: str) -> date:
    value = form.content.get(name, FIRST_DAY)
    try:
        return value if isinstance(value, date) else day(str(value))
    except NotADate:
        form.wrong(name, value, "a day, as 2016-04-01")
        return FIRST_DAY
