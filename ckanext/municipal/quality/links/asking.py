"""One address is asked: HEAD, and GET of the first bytes where that tells more."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ckanext.municipal.lib.http import Answer, Client, HttpError
from ckanext.municipal.lib.http import errors as http
from ckanext.municipal.lib.texts import texts

FIRST_BYTES = 64 * 1024
"""How much is read of what tells neither a version nor a date."""
_NOT_ASKED_AGAIN = (http.Busy, http.NameNotFound, http.AddressRefused, http.UrlRefused)
# A server that does not answer in time is not asked a second time at once.
_NOT_ASKED_AGAIN += (http.TlsRefused, http.TookTooLong, http.TooManyRedirects)


@dataclass(frozen=True, slots=True)
class Seen:
    """What an address gave: whether it answers, to HEAD too, and what is known of what is there.

    ``status`` is 0 where no answer came; ``retry_after`` are seconds that the server wants us to wait,
    ``busy`` that it said so and nothing about the address; ``reason`` the fault by language.
    """

    answers: bool
    head: bool = True
    status: int = 0
    etag: str | None = None
    modified: str | None = None
    digest: str | None = None
    type: str | None = None
    size: int | None = None
    busy: bool = False
    # The server itself was not reached, which its other addresses share.
    unreachable: bool = False
    retry_after: float | None = None
    reason: Mapping[str, str] = field(default_factory=dict)


def ask(client: Client, url: str) -> Seen:
    """Return what an address gives now; a fault is part of that, and nothing is raised."""
    try:
        with client.head(url) as answer:
            return _with_digest(client, url, _seen(answer))
    except HttpError as error:
        if isinstance(error, _NOT_ASKED_AGAIN):
            return _fault(error)
    try:
        with client.peek(url, FIRST_BYTES) as answer:
            return _seen(answer, head=False, digest=answer.sha256)
    except HttpError as error:
        return _fault(error)


def _with_digest(client: Client, url: str, seen: Seen) -> Seen:
    """What tells neither a version nor a date is known by its first bytes and its size."""
    if seen.etag or seen.modified:
        return seen
    try:
        with client.peek(url, FIRST_BYTES) as answer:
            return _seen(answer, digest=answer.sha256, size=seen.size)
    except HttpError:
        return seen  # it did answer a moment ago


def _seen(
    answer: Answer, *, head: bool = True, digest: str | None = None, size: int | None = None
) -> Seen:
    told = answer.headers
    size = size if size is not None else _size(told)
    if digest:
        digest = hashlib.sha256(f"{digest} {size}".encode()).hexdigest()
    return Seen(
        answers=True,
        head=head,
        status=answer.status,
        etag=answer.etag,
        modified=answer.modified,
        digest=digest,
        type=told.get("content-type", "").partition(";")[0].strip().lower() or None,
        size=size,
    )


def _size(headers: Mapping[str, str]) -> int | None:
    """Return how large the whole is, also where only a part came or it came compressed."""
    whole = headers.get("content-range", "").rpartition("/")[2]
    length = whole or headers.get("content-length", "")
    if headers.get("content-encoding") or not (length.isascii() and length.isdigit()):
        return None
    return int(length) if len(length) < 18 else None


def _fault(error: HttpError) -> Seen:
    status: Any = error.values.get("status", 0)
    return Seen(
        answers=False,
        head=False,
        status=status,
        busy=isinstance(error, http.Busy) and status == 429,
        unreachable=isinstance(error, http.NameNotFound | http.Unreachable | http.TookTooLong),
        retry_after=error.retry_after,
        reason=texts(error.msgid, **error.values),
    )
