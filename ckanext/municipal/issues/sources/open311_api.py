"""One call to a GeoReport v2 server -> the entries it answers, or why there are none.

Only ``services`` and ``requests`` are read, and discovery where it is the address of the source.
The key of a server stands in the query (``api_key``), which no log and no message shows.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ckanext.municipal.harvest.files import web
from ckanext.municipal.harvest.files.model import DATA_SUFFIXES
from ckanext.municipal.harvest.record import TryLater
from ckanext.municipal.issues.sources import open311_rules as rules
from ckanext.municipal.issues.sources.open311_answer import (
    REQUESTS,
    SERVICES,
    Listing,
    Unusable,
    entries,
)
from ckanext.municipal.issues.sources.open311_settings import AUTO, FORMATS, NO, Settings
from ckanext.municipal.lib.http import Answer, BadStatus, Client, shown
from ckanext.municipal.quality.findings import Finding, Place, Rule

_CALL = re.compile(r"/(?:requests|services|discovery)\.(?:json|xml)$", re.IGNORECASE)
_WANTS_KEY = (401, 403)
_BAD_QUESTION = 400
_NO_SUCH_PAGE = (400, 404)
_TYPES = {"json": "application/json", "xml": "text/xml"}

Query = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server is and how it is asked; ``language`` is that of the names of its services."""

    url: str
    settings: Settings = field(default_factory=Settings)
    key: str = field(default="", repr=False)
    language: str = "el"

    def address(self, call: str, form: str, query: Query) -> str:
        """Return the address of a call."""
        parts = urlsplit(self.url)
        own = {"jurisdiction_id": self.settings.jurisdiction, "api_key": self.key}
        told = {name: value for name, value in own.items() if value}
        path = f"{_CALL.sub('', parts.path).rstrip('/')}/{call}.{form}"
        said = urlencode({**dict(parse_qsl(parts.query)), **told, **query})
        return urlunsplit((parts.scheme, parts.netloc, path, said, ""))


def is_endpoint(where: str) -> bool:
    """Say whether an address is that of a server, and not of a file, a folder or a zip of files."""
    if not web.is_web_address(where):
        return False
    path = urlsplit(where).path.lower()
    return bool(_CALL.search(path)) or not path.endswith(DATA_SUFFIXES)


class Api:
    """Asks one server; learns its form, its clock, and which parameters it does not take."""

    def __init__(
        self, client: Client, endpoint: Endpoint, now: Callable[[], float] = time.time
    ) -> None:
        self._client, self._endpoint, self._now = client, endpoint, now
        told = endpoint.settings
        self._form = told.format
        self._ahead = 0.0
        self._extras: dict[str, str | int] = {"page_size": told.page_size}
        # Those that a server need not know: left out one by one if it takes offence at the first call.
        self._doubtful = ["page_size"]
        if told.extensions != NO:
            self._extras["extensions"] = "true"
            self._doubtful += ["extensions"] if told.extensions == AUTO else []
        self.server = shown(endpoint.url)

    def now(self) -> int:
        """Return the server's Unix time, as its last answer told."""
        return int(self._now() + self._ahead)

    def services(self) -> list[Any]:
        """Return the city's services, in the first form that the server answers in.

        That there are none is believed when it is said twice. Raises `TryLater` and `HttpError`,
        as the other calls do.
        """
        *others, last = FORMATS if self._form == AUTO else (self._form,)
        for form in others:
            try:
                found = self._ask(SERVICES, form, {}) or self._ask(SERVICES, form, {})
            except Unusable:
                continue
            self._form = form
            return found
        self._form = last
        return self._surely(SERVICES, {}) or self._surely(SERVICES, {})

    def requests(self, query: Query) -> list[Any]:
        """Return the requests that a query asks for."""
        refused = False
        while self._doubtful:
            try:
                found = self._ask(REQUESTS, self._form, {**self._extras, **query})
            except Unusable as error:
                if error.code != _BAD_QUESTION:
                    raise self._trouble(error, REQUESTS) from error
                # Refused twice: what comes without a parameter is less than what comes with it.
                if refused:
                    del self._extras[self._doubtful.pop()]
                refused = not refused
            else:
                self._doubtful.clear()
                return found
        return self._surely(REQUESTS, {**self._extras, **query})

    def page(self, number: int, query: Query) -> list[Any] | None:
        """Return a page of the requests that a query asks for; None where there is no such page."""
        try:
            return self._ask(REQUESTS, self._form, {**self._extras, **query, "page": number})
        except Unusable as error:
            if error.code in _NO_SUCH_PAGE:
                return None
            raise self._trouble(error, REQUESTS) from error

    def trouble(self, rule: Rule, call: str = REQUESTS.call, **values: Any) -> TryLater:
        """Return the error of a call that gave nothing to use."""
        told = {"server": self.server, "call": call, **values}
        return TryLater(Finding(rule, Place(call), told))

    def _surely(self, listing: Listing, query: Query) -> list[Any]:
        try:
            return self._ask(listing, self._form, query)
        except Unusable as error:
            raise self._trouble(error, listing) from error

    def _trouble(self, error: Unusable, listing: Listing) -> TryLater:
        return self.trouble(error.rule, listing.call, code=error.code)

    def _ask(self, listing: Listing, form: str, query: Query) -> list[Any]:
        """Ask once; raises `Unusable`, and `HttpError` where waiting may help."""
        url = self._endpoint.address(listing.call, form, query)
        headers = {"Accept": _TYPES[form], "Accept-Language": self._endpoint.language}
        try:
            with self._client.get(url, headers=headers) as answer:
                self._look_at_clock(answer)
                return entries(answer.read(), listing)
        except BadStatus as error:
            if error.again:
                raise
            raise refusal(error.values["status"]) from error
        except Unusable as error:
            raise (refusal(error.code) if error.code else error) from error

    def _look_at_clock(self, answer: Answer) -> None:
        try:
            told = parsedate_to_datetime(answer.headers.get("date", ""))
            self._ahead = told.timestamp() - self._now()
        except (ValueError, TypeError, OverflowError):
            return


def refusal(code: int) -> Unusable:
    """Return the error of a call that was answered with an error, in its status or in its body."""
    return Unusable(rules.KEY_REFUSED if code in _WANTS_KEY else rules.CALL_REFUSED, code)
