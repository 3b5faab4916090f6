"""Requests of any city that speaks Open311 GeoReport v2, in one of its many dialects.

A whole walk goes through the time in which requests were made, the oldest first. Where the server
knows ``updated_after`` and ``updated_before``, later walks read only what was changed since; else
every walk reads everything, and says in its end which requests are there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ckanext.municipal.harvest.record import RecordRefused, TryLater
from ckanext.municipal.issues.request import Batch, Reader
from ckanext.municipal.issues.source import IssueSource
from ckanext.municipal.issues.sources import open311_rules as rules
from ckanext.municipal.issues.sources.access import Access
from ckanext.municipal.issues.sources.open311_api import Api, Endpoint, is_endpoint
from ckanext.municipal.issues.sources.open311_discovery import discovered
from ckanext.municipal.issues.sources.open311_file import Open311Files
from ckanext.municipal.issues.sources.open311_request import Read, Reading, batch, services_of
from ckanext.municipal.issues.sources.open311_settings import AUTO, NO, YES, Settings, settings
from ckanext.municipal.issues.sources.open311_window import (
    DAY,
    REQUESTED,
    UPDATED,
    PeriodsIgnored,
    Windows,
)
from ckanext.municipal.lib.http import Client, HttpError
from ckanext.municipal.quality.findings import Finding, Place

__all__ = ["Open311", "Settings", "make", "settings"]

OVERLAP_SECONDS = DAY
"""How far an incremental walk looks back, for clocks and zones that are wrong."""


def make(source: IssueSource, access: Access) -> Reader:
    """Return the reader of a source: of a server, or of saved answers in files.

    Raises `SourceInvalid` without the secret that it names.
    """
    told: Settings = source.reader
    if not is_endpoint(access.url):
        return Open311Files(
            access.url, access.client, source.zone, access.inbox_root, operator=access.operator
        )
    key = access.secret(told.api_key) if told.api_key else ""
    endpoint = Endpoint(access.url, told, key, source.language)
    return Open311(endpoint, access.client, source.zone)


@dataclass(frozen=True, slots=True)
class Open311:
    """Reads one server; its cursors are Unix times.

    {"updated": what was changed since}, {"requested", "began"}: a walk through everything goes on
    there, {"whole"}: everything again, since the server does not know what was changed.
    """

    endpoint: Endpoint
    client: Client
    zone: ZoneInfo
    now: Callable[[], float] = time.time

    @property
    def incremental(self) -> bool:
        """Whether a walk from a cursor may read less than all."""
        return self.endpoint.settings.updated != NO

    def walk(self, cursor: Any = None) -> Iterator[Batch]:
        """Yield requests: all in the order they were made, or those changed since, oldest change first.

        Raises `TryLater`, `RecordRefused` and `HttpError`.
        """
        endpoint = discovered(self.client, self.endpoint)
        api = Api(self.client, endpoint, self.now)
        reading = Reading(services_of(api.services(), self.zone), self.zone)
        walk = _Walk(api, Windows(api, reading, endpoint.settings), endpoint.settings, api.now())
        updated, requested, began = (
            _second(cursor, name) for name in ("updated", "requested", "began")
        )
        if updated is not None:
            return walk.changed(updated)
        if requested is not None and began is not None:
            return walk.everything(requested, began, resumed=True)
        return walk.everything(_start(endpoint.settings), walk.began)


def _second(cursor: Any, name: str) -> int | None:
    value = cursor.get(name) if isinstance(cursor, Mapping) else None
    return value if isinstance(value, int) and DAY < value < 2**33 else None


def _start(settings: Settings) -> int:
    return int(datetime.combine(settings.since, datetime.min.time(), UTC).timestamp()) - DAY


@dataclass(frozen=True, slots=True)
class _Walk:
    """One walk through a server; ``began`` is the server's time when it began."""

    api: Api
    windows: Windows
    settings: Settings
    began: int

    def changed(self, since: int) -> Iterator[Batch]:
        """Yield what was changed after a moment, the oldest change first."""
        end = max(since, self.began)
        try:
            for part in self.windows.walk(since - OVERLAP_SECONDS, self.began + DAY, UPDATED):
                reached = min(max(part.window.last, since), end)
                yield batch(part.reads, {"updated": reached}, part.findings)
        except PeriodsIgnored as error:
            raise self.api.trouble(rules.UPDATES_IGNORED, names=error.by.names) from error
        yield Batch(cursor={"updated": end})

    def everything(self, start: int, began: int, *, resumed: bool = False) -> Iterator[Batch]:
        """Yield all requests that were made since a moment; the whole walk began at ``began``."""
        known = _Known()
        try:
            for part in self.windows.walk(start, self.began + DAY, REQUESTED):
                known.note(part.reads)
                after = {"requested": part.window.last + 1, "began": began}
                yield batch(part.reads, after, part.findings)
        except PeriodsIgnored:
            yield from self._pages(known)
            resumed = False
        if self._knows_changes(known):
            yield Batch(cursor={"updated": began})
        else:
            # What a process before this one read is not known here.
            present = None if resumed else tuple(known.ids)
            yield Batch(cursor={"whole": began}, present=present)

    def _pages(self, known: _Known) -> Iterator[Batch]:
        """Yield all requests of a server that does not mind times, if it has pages."""
        try:
            for reads in self.windows.all_pages():
                known.note(reads)
                yield batch(reads)
        except PeriodsIgnored as error:
            values = {"server": self.api.server, "names": error.by.names}
            finding = Finding(rules.PERIODS_IGNORED, Place("requests"), values)
            raise RecordRefused(finding) from error

    def _knows_changes(self, known: _Known) -> bool:
        """Whether later walks can ask for what was changed."""
        if self.settings.updated != AUTO or known.oldest is None or known.newest is None:
            return self.settings.updated == YES
        try:
            return self.windows.keeps_to(UPDATED, known.oldest, known.newest)
        except (TryLater, HttpError):
            return False


class _Known:
    """The ids that a walk has met, and the oldest and newest change."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.oldest: int | None = None
        self.newest: int | None = None

    def note(self, reads: list[Read]) -> None:
        """Look at what was read."""
        requests = [read.request for read in reads if read.request]
        self.ids.update(request.id for request in requests)
        changes = [int(r.updated.timestamp()) for r in requests if r.updated]
        self.oldest = min([*changes, *filter(None, [self.oldest])], default=None)
        self.newest = max([*changes, *filter(None, [self.newest])], default=None)
