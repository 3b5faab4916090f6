"""What a program asks of ``requests``: GeoReport's parameters and the extensions, read and checked.

Pure. Every wrong parameter is told at once, in one answer; none is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from ckanext.municipal.issues.open311 import w3c
from ckanext.municipal.issues.open311.errors import Fault, Refused
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal.geojson import Box
from ckanext.municipal.store.errors import BadPosition
from ckanext.municipal.store.read import Position

DAYS = 90
"""The longest span of ``start_date`` to ``end_date``, and the span where neither is given."""

MOST = 1_000
"""The most requests in one answer, and so the most ids that can be asked for."""

STATUSES = {"open": ("open", "in_progress"), "closed": ("closed", "archived", "rejected")}
"""GeoReport's two statuses, and those of ours that each of them is."""

ALWAYS = ("jurisdiction_id", "lang", "api_key")
"""Parameters that every address takes; a key is not needed and not looked at."""

NAMES = (
    "service_request_id", "service_code", "start_date", "end_date", "status",
    "updated_after", "updated_before", "bbox", "page", "page_size", "after", "extensions",
)  # fmt: skip

_SUMMER_TIME = timedelta(hours=1)
_LAST_PAGE = 100_000
_T = TypeVar("_T")
Given = Mapping[str, Sequence[str]]
Span = tuple[datetime | None, datetime | None]

_UNKNOWN = N_("There is no parameter {name}. There are: {names}.")
TWICE = N_("{name} is given more than once. Give it once.")
_TOO_LONG = N_("start_date to end_date is longer than {days} days. Ask for a shorter span.")
_BACKWARDS = N_("{first} is after {last}. Exchange the two.")
_STATUS = N_("status: {value} is neither open nor closed.")
_NUMBER = N_("{name}: {value} is not a whole number from 1 to {most}.")
_YES_NO = N_("{name}: {value} is neither true nor false.")
_BOX = N_("bbox: {value} is not west,south,east,north in degrees, such as 22.90,40.60,22.98,40.66.")
_TOO_MANY = N_("service_request_id: at most {most} ids in one question.")
_ONE_OF_TWO = N_("page and after both say where to begin. Give one of them.")
_AFTER = N_(
    "after: {value} is no place in the list. Take the address of the next page from the answer."
)


@dataclass(frozen=True, slots=True)
class Question:
    """Which requests are wanted.

    ``ids`` override everything else. ``statuses`` are ours, empty for all; ``requested`` and
    ``updated`` spans with both ends included; ``box`` degrees of WGS 84. The page begins ``after``
    a row, or at number ``page``, from 1, of pages of ``size``. ``extended``: with history and
    attributes. ``moving``: the answer depends on the hour of the question, not on the data alone.
    """

    ids: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    requested: Span = (None, None)
    updated: Span = (None, None)
    box: Box | None = None
    after: Position | None = None
    page: int = 1
    size: int = MOST
    extended: bool = False
    moving: bool = False


def check_names(given: Given, names: Sequence[str]) -> None:
    """Raise Refused for parameters that an address does not take."""
    known = (*names, *ALWAYS)
    unknown = [name for name in given if name not in known]
    if unknown:
        said = ", ".join(known)
        raise Refused(400, *(Fault(_UNKNOWN, name=name[:40], names=said) for name in unknown[:5]))


def question(given: Given, zone: ZoneInfo, now: datetime) -> Question:
    """Return what the parameters of ``requests`` ask for; an empty one counts as not given.

    Days without a time are those of ``zone``. Without ids, dates and update times the question is
    for the last 90 days before ``now``. Raises Refused with all faults.
    """
    reader = _Reader(given, zone)
    check_names(given, NAMES)
    extended = reader.one("extensions", _yes) or False
    if ids := reader.many("service_request_id"):
        if len(ids) > MOST:
            reader.faults.append(Fault(_TOO_MANY, most=MOST))
        reader.settle()
        return Question(ids=ids, extended=extended)
    updated = reader.span("updated_after", "updated_before")
    requested = reader.span("start_date", "end_date")
    moving = requested == (None, None) == updated
    said = Question(
        codes=reader.many("service_code"),
        statuses=reader.statuses(),
        requested=_window(reader, requested, updated, now),
        updated=updated,
        box=reader.one("bbox", box_of),
        after=reader.one("after", _after),
        page=reader.one("page", _whole("page", _LAST_PAGE)) or 1,
        size=reader.one("page_size", _whole("page_size", MOST)) or MOST,
        extended=extended,
        moving=moving,
    )
    if said.after and reader.one("page", str):
        reader.faults.append(Fault(_ONE_OF_TWO))
    reader.settle()
    return said


def extended_only(given: Given) -> bool:
    """Return whether a single request is asked for with its extensions. Raises Refused."""
    check_names(given, ("extensions",))
    reader = _Reader(given, ZoneInfo("UTC"))
    wanted = reader.one("extensions", _yes) or False
    reader.settle()
    return wanted


def _window(reader: _Reader, requested: Span, updated: Span, now: datetime) -> Span:
    """The span of 90 days that the standard sets; whoever asks by update time is not held to it."""
    start, end = requested
    days = timedelta(days=DAYS)
    if start and end:
        if end - start > days + _SUMMER_TIME:
            reader.faults.append(Fault(_TOO_LONG, days=DAYS))
        return requested
    if start:
        return start, start + days
    if end:
        return end - days, end
    return (None, None) if any(updated) else (now - days, None)


class _Reader:
    """Reads parameters and keeps what is wrong with them."""

    def __init__(self, given: Given, zone: ZoneInfo) -> None:
        self._given, self._zone = given, zone
        self.faults: list[Fault] = []

    def settle(self) -> None:
        """Raise Refused if anything was wrong."""
        if self.faults:
            raise Refused(400, *self.faults)

    def one(self, name: str, read: Callable[[str], _T]) -> _T | None:
        """Return a parameter's value, None where it is not given or wrong."""
        values = {text for each in self._given.get(name, ()) if (text := each.strip())}
        if not values:
            return None
        try:
            if len(values) > 1:
                raise Fault(TWICE, name=name)
            return read(values.pop())
        except Fault as fault:
            self.faults.append(fault)
            return None

    def many(self, name: str) -> tuple[str, ...]:
        """Return the values of a list, comma between them or the parameter repeated, each once."""
        parts = ",".join(self._given.get(name, ())).split(",")
        return tuple(dict.fromkeys(text for each in parts if (text := each.strip())))

    def statuses(self) -> tuple[str, ...]:
        """Return the statuses of ours that are wanted; none where all are."""
        wanted: list[str] = []
        for said in self.many("status"):
            if said.lower() not in STATUSES:
                self.faults.append(Fault(_STATUS, value=said[:40]))
            wanted += STATUSES.get(said.lower(), ())
        return tuple(wanted)

    def span(self, first: str, last: str) -> Span:
        """Return two moments, the first not after the last."""
        low = self.one(first, lambda text: w3c.moment(first, text, self._zone))
        high = self.one(last, lambda text: w3c.moment(last, text, self._zone, end=True))
        if low and high and low > high:
            self.faults.append(Fault(_BACKWARDS, first=first, last=last))
        return low, high


def _whole(name: str, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
            raise Fault(_NUMBER, name=name, value=text[:40], most=most)
        return int(text)

    return read


def _yes(text: str) -> bool:
    answers: Mapping[str, Any] = {"true": True, "1": True, "false": False, "0": False}
    if text.lower() not in answers:
        raise Fault(_YES_NO, name="extensions", value=text[:40])
    return answers[text.lower()]


def box_of(text: str) -> Box:
    """Return the rectangle that ``west,south,east,north`` in degrees says. Raises Fault."""
    try:
        west, south, east, north = (float(edge) for edge in text.split(","))
    except ValueError:
        raise Fault(_BOX, value=text[:60]) from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Fault(_BOX, value=text[:60])
    return Box(west, south, east, north)


def _after(token: str) -> Position:
    try:
        return Position.parse(token)
    except BadPosition:
        raise Fault(_AFTER, value=token[:40]) from None
