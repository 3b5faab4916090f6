"""One call to the API of Improve My City v3 -> the data it answers, or why there are none.

The program is a component of Joomla (itsam/imc, site/controllers/api2.json.php). It answers in an
envelope {success, message, messages, data}, its errors with status 202. Only calls that read are
made; ``vote``, which takes a vote back when it is asked with GET, is none of them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

from ckanext.municipal.harvest.record import TryLater
from ckanext.municipal.issues.sources import improve_my_city_rules as rules
from ckanext.municipal.issues.sources.improve_my_city_token import Account
from ckanext.municipal.lib.http import Answer, Client, shown
from ckanext.municipal.quality.findings import Finding, Place, Rule

Call = Literal["issues", "rawissues", "modifications", "categories"]
CONTROLLERS = ("api", "api2")
"""The two that versions of the program have; which one answers is found out by trying."""

# Tokens go stale: one may be used before its answer was lost on the way, or be late for the server's clock.
_TOKEN_TRIES = 3
_STALE = ("token is already used", "token has expired")
_NOT_ACCEPTED = ("token", "secret key", "request is invalid")


@dataclass(frozen=True, slots=True)
class Site:
    """Where a city's Improve My City is and how it is asked.

    ``url`` is the address of its pages; ``controller`` is ``api`` or ``api2``, whichever the
    installed version answers to; ``m_id`` is the number of the REST/API key; ``language`` is that
    of the names of steps and categories, two letters.
    """

    url: str
    account: Account
    controller: str = "api2"
    m_id: int = 1
    language: str = "el"

    def address(self, call: Call, token: str, values: Mapping[str, int]) -> str:
        """Return the address of a call."""
        parts = urlsplit(self.url)
        path = parts.path.removesuffix("index.php").rstrip("/") + "/index.php"
        query = {
            "option": "com_imc",
            "task": f"{self.controller}.{call}",
            "format": "json",
            "token": token,
            "m_id": self.m_id,
            "l": self.language,
            **values,
        }
        return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query), ""))


class Api:
    """Asks one site, with a new token each time, and learns what time it is there."""

    def __init__(self, client: Client, site: Site, now: Callable[[], float] = time.time) -> None:
        self._client, self._site, self._now = client, site, now
        self._ahead = 0.0
        self.server = shown(site.url)

    def now(self) -> int:
        """Return the site's Unix time, as its last answer told."""
        return int(self._now() + self._ahead)

    def ask(self, call: Call, **values: int) -> Mapping[str, Any]:
        """Return the envelope of a call that succeeded; raises `TryLater` and `HttpError`."""
        for left in reversed(range(_TOKEN_TRIES)):
            token = self._site.account.token(self._site.controller, self.now())
            with self._client.get(self._site.address(call, token, values)) as answer:
                self._look_at_clock(answer)
                envelope = self._envelope(answer, call)
            if envelope["success"] is True:
                return envelope
            said = str(envelope.get("message")).casefold()
            if not (left and any(words in said for words in _STALE)):
                break
        refused = any(words in said for words in _NOT_ACCEPTED)
        raise self.trouble(rules.TOKEN_REFUSED if refused else rules.CALL_REFUSED, call)

    def entries(self, call: Call, envelope: Mapping[str, Any]) -> list[Any]:
        """Return the list that an answer holds; none at all is an empty one."""
        data = envelope.get("data")
        if data is None:
            return []
        if not isinstance(data, list):
            raise self.trouble(rules.ANSWER_UNKNOWN, call)
        return data

    def trouble(self, rule: Rule, call: Call, **values: int) -> TryLater:
        """Return the error of a call that gave nothing to use."""
        return trouble(self.server, rule, call, **values)

    def _look_at_clock(self, answer: Answer) -> None:
        """Tokens are valid for minutes of the server's clock, which may be wrong."""
        try:
            told = parsedate_to_datetime(answer.headers.get("date", ""))
            self._ahead = told.timestamp() - self._now()
        except (ValueError, TypeError, OverflowError):
            return

    def _envelope(self, answer: Answer, call: Call) -> Mapping[str, Any]:
        envelope = decoded(answer, self.server, call)
        if not isinstance(envelope, Mapping) or not isinstance(envelope.get("success"), bool):
            raise self.trouble(rules.ANSWER_UNKNOWN, call)
        return envelope


def decoded(answer: Answer, server: str, call: str) -> Any:
    """Return the JSON value of an answer; raises `TryLater` for a page or half of a value."""
    try:
        return json.loads(answer.read().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise trouble(server, rules.NOT_DATA, call) from error


def trouble(server: str, rule: Rule, call: str, **values: int) -> TryLater:
    """Return the error of a call that gave nothing to use."""
    return TryLater(Finding(rule, Place(call), {"server": server, "call": call, **values}))
