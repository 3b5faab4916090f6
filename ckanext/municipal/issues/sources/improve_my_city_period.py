"""The list of requests of Improve My City, in periods of time that each fit one answer.

``issues`` takes ``ts`` and ``prior_to`` (Unix seconds, both included, compared with ``updated``)
and ``lim``, and tells the ``total`` of the period whatever ``lim`` is. Requests in categories that
the account may not see are counted, but left out of the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.municipal.issues.sources import improve_my_city_rules as rules
from ckanext.municipal.issues.sources.improve_my_city_api import Api
from ckanext.municipal.issues.sources.improve_my_city_fields import Fields
from ckanext.municipal.quality.findings import Place

_TRIES = 3
# Every entry has these, if only with null: a page without one is of another version of the program.
_ALWAYS = (
    *("id", "state", "moderation", "title", "created", "updated", "latitude", "longitude"),
    *("stepid_title", "catid_title", "timeline"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """From ``first`` to ``last``, Unix seconds, both included; None is without a limit."""

    first: int | None = None
    last: int | None = None

    def as_query(self) -> dict[str, int]:
        """Return how the program is asked for it."""
        limits = {"ts": self.first, "prior_to": self.last}
        return {name: limit for name, limit in limits.items() if limit is not None}

    def halves(self, now: int) -> tuple[Period, Period] | None:
        """Return its two parts, None where it has none; one without an end is divided before ``now``."""
        last = now if self.last is None else self.last
        if self.first is None or self.first >= last:
            return None
        middle = (self.first + last) // 2
        return Period(self.first, middle), Period(middle + 1, self.last)


ALL_TIME = Period()
# Changed at no known time: the program writes zeros, which are before everything.
UNDATED = Period(None, 0)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: its entries, newest change first, and how many the period holds."""

    entries: list[Any]
    total: int

    @property
    def count(self) -> int:
        """Return how many different requests are in it."""
        return len({str(e.get("id")) for e in self.entries if isinstance(e, Mapping)})

    def is_short(self, limit: int) -> bool:
        """Say whether it has fewer requests than it should, or none at all, which may be a fault."""
        return not self.total or self.count < min(self.total, limit)


class Pages:
    """Reads periods page by page; ``read`` counts the requests that the site said were in them."""

    def __init__(self, api: Api, size: int) -> None:
        self._api, self._size = api, size
        self.read = 0

    def total(self, period: Period) -> int:
        """Return how many requests were changed in a period."""
        return self._surely(period, 1).total

    def walk(self, period: Period, total: int) -> Iterator[Page]:
        """Yield the pages of a period without an end that holds ``total``, the oldest first.

        Raises `TryLater` and `HttpError`.
        """
        left = [(Period(period.first or 1), total), *([] if period.first else [(UNDATED, 0)])]
        while left:
            period, until = left.pop()
            # How many there are is nearly known: of a larger period only the number is asked.
            limit = self._size if until - self.read <= 2 * self._size else 1
            page = self._surely(period, limit)
            if page.total > limit:
                if halves := period.halves(self._api.now()):
                    until = self.read + page.total
                    left += [(halves[1], until), (halves[0], self.read + page.total // 2)]
                    continue
                page = self._undivided(period, page)
            self.read += page.total
            if page.entries:
                yield page

    def _undivided(self, period: Period, page: Page) -> Page:
        """Return all requests of one second, such as those that were changed by one command."""
        for _ in range(_TRIES):
            limit = page.total + self._size
            page = self._surely(period, limit)
            if page.total <= limit:
                return page
        raise self._cut_short(page)

    def _surely(self, period: Period, limit: int) -> Page:
        """Return a page; one with fewer requests than it counts is believed when it is said twice."""
        page = self._ask(period, limit)
        for _ in range(_TRIES):
            if not page.is_short(limit):
                return page
            before, page = page, self._ask(period, limit)
            if (page.count, page.total) == (before.count, before.total):
                return page
        raise self._cut_short(page)

    def _ask(self, period: Period, limit: int) -> Page:
        answer = self._api.ask("issues", lim=limit, **period.as_query())
        entries = self._api.entries("issues", answer)
        total = Fields(answer, Place()).whole("total")
        known = set().union(*(entry for entry in entries if isinstance(entry, Mapping)))
        if total is None or (entries and not known.issuperset(_ALWAYS)):
            raise self._api.trouble(rules.ANSWER_UNKNOWN, "issues")
        return Page(entries, total)

    def _cut_short(self, page: Page) -> Exception:
        return self._api.trouble(rules.CUT_SHORT, "issues", read=page.count, total=page.total)
