"""The API of Improve My City v3 over a made-up site: calls, tokens, errors and oddities as they are.

Written after itsam/imc, site/controllers/api.json.php and api2.json.php.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from dev.demo.improve_my_city import answers
from dev.demo.improve_my_city.site import PUBLIC_ACCESS, PUBLISHED, Issue, Site, is_public
from dev.demo.web import Asked, Said, said_json

GUEST = "imc-guest"
MODIFICATIONS_LIMIT = 1000
TOKEN_SECONDS = 180


class Refused(Exception):
    """What the program throws; its text becomes the message of the answer."""


class ImproveMyCityV3:
    """Answers one site's API; ``called`` counts the calls, ``votes_taken_back`` must stay 0.

    ``strict`` is the program's «advanced security»: a token works once, and for three minutes of
    ``clock`` (Unix seconds).
    """

    def __init__(
        self,
        site: Site,
        key: str,
        *,
        m_id: int = 1,
        controller: str = "api2",
        strict: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.site, self.key, self.m_id = site, key, m_id
        self.controller, self.strict, self.clock = controller, strict, clock
        self.called: dict[str, int] = {}
        self.votes_taken_back = 0
        self._used: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, asked: Asked) -> Said:
        """Answer a request, as index.php does."""
        controller, _, call = asked.query.get("task", "").partition(".")
        answer = getattr(self, f"_{call}", None) if call.isidentifier() else None
        if asked.query.get("option") != "com_imc" or controller != self.controller or not answer:
            return Said(404, b"<html><h1>404 View not found</h1></html>", "text/html")
        with self._lock:
            self.called[call] = self.called.get(call, 0) + 1
            try:
                self._admit(asked)
                data, more = answer(asked)
            except Refused as error:
                refused = {"success": False, "message": str(error), "messages": None, "data": None}
                return said_json(refused, 202)
        told = {"success": True, "message": "fetched successfully", "messages": None, "data": data}
        return said_json({**told, **more})

    def _admit(self, asked: Asked) -> None:
        token = asked.query.get("token")
        if not token or "m_id" not in asked.query or "l" not in asked.query:
            raise Refused("Request is invalid")
        if self.strict and token in self._used:
            raise Refused("Token is already used")
        if asked.query["m_id"] != str(self.m_id):
            raise Refused("Secret key is invalid. Contact administrator")
        said = self._decrypted(token)
        if self.strict and self.clock() - int(said.get("t", 0)) > TOKEN_SECONDS:
            raise Refused("Token has expired")
        if (said.get("u"), said.get("p")) != (GUEST, GUEST):
            raise Refused("Token does not match")
        self._used.add(token)

    def _decrypted(self, token: str) -> dict[str, Any]:
        key = self.key.encode()[:16]
        try:
            secret = bytes.fromhex(token)
            if self.controller == "api2":
                secret = base64.b64decode(secret, validate=True)
            decryptor = Cipher(algorithms.AES(key), modes.CBC(key)).decryptor()
            clear = decryptor.update(secret) + decryptor.finalize()
            if self.controller == "api2":
                unpadder = PKCS7(128).unpadder()
                clear = unpadder.update(clear) + unpadder.finalize()
            said = json.loads(base64.b64decode(clear.strip(b"\0 \t\r\n"), validate=True))
        except ValueError as error:
            raise Refused("Token is invalid") from error
        if not isinstance(said, dict):
            raise Refused("Token is not well formatted")
        return said

    def _issues(self, asked: Asked) -> tuple[Any, dict[str, Any]]:
        found = [issue for issue in self._period(asked) if is_public(issue)]
        offset, limit = int(asked.query.get("offset", 0)), int(asked.query.get("lim", 0))
        page = found[offset : offset + limit] if limit else found[offset:]
        shown = [answers.issue(self.site, issue) for issue in page if self._may_be_seen(issue)]
        return shown, {"total": len(found)}

    def _may_be_seen(self, issue: Issue) -> bool:
        """Leave out what is in a category for some people only, after it was counted."""
        category = self.site.categories.get(issue.category)
        return category is not None and category.access == PUBLIC_ACCESS

    def _rawissues(self, asked: Asked) -> tuple[Any, dict[str, Any]]:
        rows = [
            {
                "id": str(issue.id),
                "latitude": issue.latitude,
                "longitude": issue.longitude,
                "votes": str(issue.votes),
            }
            for issue in self._period(asked)
            if issue.state == PUBLISHED
        ]
        return rows, {}

    def _modifications(self, asked: Asked) -> tuple[Any, dict[str, Any]]:
        since = _seconds(asked, "ts")
        if since is None:
            raise Refused("Arguments are not set")
        # The program takes the UTC time of ts for a local one.
        shift = self.site.zone.utcoffset(datetime.fromtimestamp(since, UTC).replace(tzinfo=None))
        since -= int(shift.total_seconds()) if shift else 0
        changed = [issue for issue in self.site.changed(since) if issue.access == PUBLIC_ACCESS][
            :MODIFICATIONS_LIMIT
        ]
        issues = [answers.modified_issue(self.site, issue) for issue in changed]
        return [{"info": {"count_issues": len(issues)}, "updated": {"issues": issues}}], {}

    def _issue(self, asked: Asked) -> tuple[Any, dict[str, Any]]:
        return [answers.full_issue(self.site, self._one(asked))], {}

    def _timeline(self, asked: Asked) -> tuple[Any, dict[str, Any]]:
        return answers.timeline(self.site, self._one(asked)), {}

    def _comments(self, asked: Asked) -> tuple[Any, dict[str, Any]]:
        return answers.comments(self._one(asked)), {}

    def _steps(self, asked: Asked) -> tuple[Any, dict[str, Any]]:
        steps = self.site.steps.items()
        return [{"id": id, "title": title, "ordering": id, "state": 1} for id, title in steps], {}

    def _categories(self, asked: Asked) -> tuple[Any, dict[str, Any]]:
        tree = answers.categories(self.site)
        return answers.flat(tree) if asked.query.get("toFlat") else tree, {}

    def _vote(self, asked: Asked) -> tuple[Any, dict[str, Any]]:
        self.votes_taken_back += 1
        return [{"votes": 0}], {}

    def _one(self, asked: Asked) -> Issue:
        issue = self.site.issues.get(int(asked.query.get("id") or 0))
        if issue is None or not is_public(issue):
            raise Refused("Issue does not exist")
        return issue

    def _period(self, asked: Asked) -> list[Issue]:
        return list(self.site.changed(_seconds(asked, "ts"), _seconds(asked, "prior_to")))


def _seconds(asked: Asked, name: str) -> int | None:
    value = asked.query.get(name)
    if value is None:
        return None
    if not value.removeprefix("-").isdecimal() or str(int(value)) != value:
        raise Refused("Invalid timestamp")
    return int(value)
