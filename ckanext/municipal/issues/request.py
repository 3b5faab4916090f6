"""A citizen's request (αίτημα πολίτη) as a reader hands it over: typed, but not yet fit for the public.

Readers (`sources/`) make these of whatever a program exports; `canonical` makes of them the rows
that may be stored. In between they exist in memory only: description, address and the exact place
may name people. A reader never puts anything in here about who reported or who handled a request.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from ckanext.municipal.quality.findings import Finding, Place


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a request's history: when it came into which state, in the source's words.

    ``category`` is set where the entry moved the request into another category.
    """

    at: datetime
    status: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class SourceRequest:
    """One request, in the source's words but in our types; None is what the source does not say.

    ``id`` is text, always (``006``). ``category`` is the code or name that the source files it
    under, ``category_path`` the names from the top level down. Moments have a zone. ``lat`` and
    ``long`` are degrees of WGS 84, of whatever precision the source has. ``close_note`` is the
    text or code that tells why it was closed. ``steps`` are in order of time. ``place`` says where
    the request was read, for findings.
    """

    id: str
    status: str | None = None
    category: str | None = None
    category_path: tuple[str, ...] = ()
    requested: datetime | None = None
    acknowledged: datetime | None = None
    updated: datetime | None = None
    closed: datetime | None = None
    close_note: str | None = None
    agency: str | None = None
    title: str | None = None
    description: str | None = None
    address: str | None = None
    district: str | None = None
    lat: float | None = None
    long: float | None = None
    votes: int | None = None
    comments: int | None = None
    photo: str | None = None
    channel: str | None = None
    duplicate_of: str | None = None
    steps: tuple[Step, ...] = ()
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True)
class Batch:
    """A part of a walk through a source: what may be stored at once.

    ``withdrawn`` are ids that the source says are no longer public. ``refused`` are rows that
    could not be read, ``findings`` what is odd about those that could. After the batch is stored
    a later walk may start at ``cursor``, any JSON value; None where only the end of the walk is
    such a place. ``total``: how many requests the walk will read, if the source tells.

    ``present``, at the end of a walk from a cursor and where the source can list them, are the ids
    of all requests that are there: one that is not among them is gone, although nothing said so.
    """

    requests: tuple[SourceRequest, ...] = ()
    withdrawn: tuple[str, ...] = ()
    refused: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()
    cursor: Any = None
    total: int | None = None
    present: tuple[str, ...] | None = None


class Reader(Protocol):
    """Reads one source. Made by `sources.reader_for`; holds no state between walks."""

    @property
    def incremental(self) -> bool:
        """Whether ``walk(cursor)`` reads only what changed since; otherwise every walk reads all."""
        ...

    def walk(self, cursor: Any = None) -> Iterator[Batch]:
        """Yield the source's requests, oldest change first, each batch at most some 1,000 of them.

        Without ``cursor`` the walk is whole: a request that it does not yield is gone. With one it
        yields at least what changed after it. Raises `TryLater` (waiting may help) or
        `RecordRefused`; what it yielded before is right all the same.
        """
        ...
