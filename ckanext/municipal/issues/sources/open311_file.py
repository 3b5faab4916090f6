"""Requests of GeoReport v2 from saved answers: files of JSON or XML, as a server gives them.

``services.json`` or ``services.xml`` beside them, if it is there, tells the groups of the services.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ckanext.municipal.harvest.files import FileBytes, SourceFile, list_files, read_file
from ckanext.municipal.harvest.record import RecordRefused
from ckanext.municipal.issues.request import Batch
from ckanext.municipal.issues.sources import open311_rules as rules
from ckanext.municipal.issues.sources.open311_answer import (
    REQUESTS,
    SERVICES,
    Listing,
    Unusable,
    entries,
)
from ckanext.municipal.issues.sources.open311_request import (
    Reading,
    Services,
    batch,
    services_of,
)
from ckanext.municipal.lib.http import Client, shown
from ckanext.municipal.quality.findings import Finding, Place

BATCH = 500
_FORMS = (".json", ".xml")


@dataclass(frozen=True, slots=True)
class Open311Files:
    """Reads the files at ``where``, as `harvest.files.list_files` takes it. Every walk reads all.

    ``zone`` is the clock of moments without one.
    """

    where: str
    client: Client
    zone: ZoneInfo
    inbox_root: Path | None = None
    operator: bool = False
    incremental: bool = False

    def walk(self, cursor: Any = None) -> Iterator[Batch]:
        """Yield all requests; raises `RecordRefused`, `FilesError` and `HttpError`."""
        listed = list_files(self.where, self.client, self.inbox_root, operator=self.operator)
        files = [file for file in listed if file.name.lower().endswith(_FORMS)]
        of_services = [file for file in files if _is_of_services(file)]
        of_requests = [file for file in files if file not in of_services]
        if not of_requests:
            raise RecordRefused(Finding(rules.NO_FILE, values={"where": shown(self.where)}))
        services: dict[str, Any] = {}
        for file in of_services:
            services |= services_of(self._entries(file, SERVICES), self.zone)
        for file in of_requests:
            yield from self._batches(file, services)

    def _batches(self, file: SourceFile, services: Services) -> Iterator[Batch]:
        reading = Reading(services, self.zone, file.name)
        found = self._entries(file, REQUESTS)
        numbered = enumerate(found, 1)
        while part := list(islice(numbered, BATCH)):
            yield batch([reading.read(entry, number) for number, entry in part])

    def _entries(self, file: SourceFile, listing: Listing) -> list[Any]:
        content = read_file(file, self.client)
        try:
            if isinstance(content, FileBytes):
                return entries(content.data, listing)
        except Unusable:
            pass
        refused = Finding(rules.FILE_UNREADABLE, Place(file.name), {"file": file.name})
        raise RecordRefused(refused)


def _is_of_services(file: SourceFile) -> bool:
    return file.name.lower().rpartition("/")[2].startswith(SERVICES.call)
