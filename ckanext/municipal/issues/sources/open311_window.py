"""The requests of a GeoReport server in windows of time that each fit one answer.

The standard knows neither pages nor a count: an answer holds at most so many requests, and does
not say that it holds not all. A window whose answer may be cut off is divided, and from parts that
hold more than their whole it is learned where the server cuts. One answer is one moment of the
server, so that nothing is lost between two while people work. Pages are asked for only where
dividing comes to its end: more requests in one second than an answer holds, as where a city tells
the day of its requests only.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ckanext.municipal.issues.sources import open311_rules as rules
from ckanext.municipal.issues.sources.open311_api import Api, Query
from ckanext.municipal.issues.sources.open311_request import Read, Reading
from ckanext.municipal.issues.sources.open311_settings import FIRST_PAGES, Settings
from ckanext.municipal.quality.findings import Finding, Place

DAY = 24 * 3600
_SHORTEST = 3
"""Seconds of a window that is divided no more: one, and one at each end that it is asked with."""

_SHORTEST_SPAN = 3600
_SURELY_WHOLE = 10
"""No server cuts its answers off before so many requests."""

_LAST_PAGE = 10_000
_MOST_WALKS = 3
_STATUSES: tuple[Query, ...] = ({}, {"status": "open"}, {"status": "closed"})


@dataclass(frozen=True, slots=True)
class By:
    """What windows are of: the two parameters of the server, and the moment of a request."""

    first: str
    last: str
    field: str

    @property
    def names(self) -> str:
        """Return both parameters, for people."""
        return f"{self.first}, {self.last}"


REQUESTED = By("start_date", "end_date", "requested")
UPDATED = By("updated_after", "updated_before", "updated")


@dataclass(frozen=True, slots=True)
class Window:
    """From ``first`` to ``last``, Unix seconds, both included."""

    first: int
    last: int
    by: By

    def as_query(self) -> Query:
        """Return how a server is asked for it: a second more at each end, since servers differ in
        whether they count the ends in."""
        return {self.by.first: _written(self.first - 1), self.by.last: _written(self.last + 1)}

    def divided(self, moments: list[float]) -> list[Window]:
        """Return its parts, none where it has `_SHORTEST` seconds: two halves, or, where all of its
        requests have one moment, the seconds around that one and what is on either side."""
        if self.last - self.first < _SHORTEST:
            return []
        ends = [(self.first + self.last) // 2]
        if moments and min(moments) == max(moments):
            moment = int(moments[0])
            within = [end for end in (moment - 2, moment + 1) if self.first <= end < self.last]
            ends = within or ends
        firsts = [self.first, *(end + 1 for end in ends)]
        return [
            Window(first, last, self.by)
            for first, last in zip(firsts, [*ends, self.last], strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Part:
    """What was read of a window; all before its end has been read then."""

    window: Window
    reads: list[Read]
    findings: tuple[Finding, ...] = ()


class PeriodsIgnored(Exception):
    """The server gives other requests than those of the time it is asked for."""

    def __init__(self, by: By) -> None:
        super().__init__(by.names)
        self.by = by


class Windows:
    """Reads windows, and learns how many requests an answer holds."""

    def __init__(self, api: Api, reading: Reading, settings: Settings) -> None:
        self._api, self._reading, self._settings = api, reading, settings
        self._limit, self._proven = settings.page_size, False
        self._whole = _SURELY_WHOLE
        self._divided = 0
        self._crowds: set[str] = set()

    def walk(self, first: int, last: int, by: By) -> Iterator[Part]:
        """Yield all requests of a time, the oldest part first.

        Raises `PeriodsIgnored`, `TryLater` and `HttpError`.
        """
        longest = span = self._settings.window_days * DAY - 2  # with the second more at each end
        while first <= last:
            window = Window(first, min(first + span - 1, last), by)
            before = self._divided
            for part in self._parts(window):
                if part.reads or part.findings:
                    yield part
            first = window.last + 1
            halve = self._divided > before
            span = max(span // 2, _SHORTEST_SPAN) if halve else min(span * 2, longest)

    def pages(self, query: Query) -> Generator[list[Read], None, bool]:
        """Yield what pages hold, each request once, until a walk through all brings nothing new.

        The first page may be number 0 or 1, or both; a page after the last may be empty, refused,
        or the last one again. Returns whether the server has pages, as far as it can be told.
        """
        seen: set[str] = set()
        told, ended = 0, False
        for _ in range(_MOST_WALKS):
            before = told
            for number in range(FIRST_PAGES[self._settings.paging], _LAST_PAGE):
                entries = self._api.page(number, query)
                if new := self._unseen(self._read(entries or []), seen):
                    told += 1
                    yield new
                elif number > 1:
                    ended = ended or not entries
                    break
            if told == before:
                break
        return told > 1 or (told == 1 and ended)

    def all_pages(self) -> Generator[list[Read], None, None]:
        """Yield all requests of a server that does not mind times, page by page.

        Raises `PeriodsIgnored` where it has no pages either.
        """
        if self._settings.paging not in FIRST_PAGES or not (yield from self.pages({})):
            raise PeriodsIgnored(REQUESTED)

    def keeps_to(self, by: By, oldest: int, newest: int) -> bool:
        """Say whether the server gives requests by their ``by``, which ranges between two moments.

        It does if it finds the oldest alone, and the newest alone: one that does not know the
        parameters answers both questions alike.
        """
        if newest - oldest < 10:
            return False
        first, last = {by.last: _written(oldest + 1)}, {by.first: _written(newest - 1)}
        low = _moments(self._read(self._api.requests(first)), by)
        high = _moments(self._read(self._api.requests(last)), by)
        return bool(low and high) and max(low) <= oldest + 2 and min(high) >= newest - 2

    def _parts(self, window: Window) -> Generator[Part, None, set[str]]:
        reads = self._ask(window)
        ids = _ids(reads)
        if self._is_whole(len(reads)):
            yield Part(window, reads)
            return ids
        parts = window.divided(_moments(reads, window.by))
        if not parts:
            return (yield from self._crowded(window, reads))
        self._divided += 1
        found: set[str] = set()
        for part in parts:
            found |= yield from self._parts(part)
        if found <= ids:
            self._whole = max(self._whole, len(reads))
        elif self._may_be_less(len(reads)) and len(self._ask(window)) == len(reads):
            # Not one more when it is asked for again: what the parts hold more did not come meanwhile.
            self._cuts_at(len(reads))
        if left := self._unseen(reads, found):
            yield Part(window, left)
        return found

    def _is_whole(self, count: int) -> bool:
        return count < self._limit and (self._proven or count < self._whole)

    def _may_be_less(self, count: int) -> bool:
        return not self._proven or count < self._limit

    def _cuts_at(self, count: int) -> None:
        """Learn that an answer with so many requests was cut off."""
        self._limit, self._proven = min(self._limit, count), True

    def _crowded(self, window: Window, reads: list[Read]) -> Generator[Part, None, set[str]]:
        """All requests of a second that may hold more than an answer: by pages, else by service."""
        yield Part(window, reads)
        seen, count, query = _ids(reads), len(reads), window.as_query()
        if self._settings.paging in FIRST_PAGES:
            for page in self.pages(query):
                if new := self._unseen(page, seen):
                    yield Part(window, new)
        if len(seen) == count:
            yield from self._by_service(window, count, seen)
        if len(seen) > count:
            self._cuts_at(count)
        else:
            self._whole = max(self._whole, count)
        return seen

    def _by_service(self, window: Window, count: int, seen: set[str]) -> Iterator[Part]:
        """The requests of a window by service, and by status where a service has too many of them."""
        query = window.as_query()
        for code in self._reading.services:
            for status in _STATUSES:
                some = self._read(self._api.requests({**query, "service_code": code, **status}))
                if new := self._unseen(some, seen):
                    yield Part(window, new)
                if len(some) >= count and status:
                    yield Part(window, [], self._cut_off(window, some))
                if len(some) < count and not status:
                    break

    def _cut_off(self, window: Window, some: list[Read]) -> tuple[Finding, ...]:
        """The finding that not all of a second could be read, once for each."""
        moment = _written(int(max(_moments(some, window.by), default=window.first)))
        if moment in self._crowds:
            return ()
        self._crowds.add(moment)
        values = {"limit": len(some), "moment": moment}
        return (Finding(rules.CROWDED, Place("requests"), values),)

    def _ask(self, window: Window) -> list[Read]:
        """Return what one answer holds; that there is nothing is believed when it is said twice."""
        query = window.as_query()
        entries = self._api.requests(query) or self._api.requests(query)
        reads = self._read(entries)
        moments = _moments(reads, window.by)
        # Servers that take moments for days, or for those of another zone, are wrong by a day.
        low, high = window.first - DAY, window.last + DAY
        outside = sum(not low <= moment <= high for moment in moments)
        if 2 * outside > len(moments):
            raise PeriodsIgnored(window.by)
        return reads

    def _read(self, entries: list[Any]) -> list[Read]:
        return [self._reading.read(entry) for entry in entries]

    def _unseen(self, reads: list[Read], seen: set[str]) -> list[Read]:
        """Return those whose ids were not seen, and remember them."""
        new = [read for read in reads if read.request and read.request.id not in seen]
        seen |= _ids(new)
        return new


def _ids(reads: list[Read]) -> set[str]:
    return {read.request.id for read in reads if read.request}


def _moments(reads: list[Read], by: By) -> list[float]:
    found = (getattr(read.request, by.field, None) for read in reads)
    return [moment.timestamp() for moment in found if moment]


def _written(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
