"""What a harvester gives and gets: records, outcomes, refusals. Pure: no CKAN, no database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Final

from ckanext.municipal.quality.findings import Finding


@dataclass(frozen=True, slots=True)
class Record:
    """One thing of a source that is loaded on its own: a file, a dataset, a page of requests.

    ``guid`` names it within its source and never changes. ``digest`` is any text that differs
    when, and only when, the content differs (a SHA-256, an ETag of the server); None when it is
    known only after the download. ``content`` is whatever the next stage needs.

    What ``listing`` puts into ``content`` is stored in the database until the record is fetched,
    by another process perhaps: a JSON value, without personal data. What ``fetch`` and ``check``
    return stays in memory and may be anything.

    ``etag`` is a server's own mark of the content (RFC 9110): whatever ``fetch`` returned with the
    content that is loaded now comes back in the record of the next ``fetch``, for a conditional
    request; None where the content has to be fetched in any case.
    """

    guid: str
    digest: str | None = None
    content: Any = None
    etag: str | None = None


class Outcome(StrEnum):
    """What loading a record did."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class _Unchanged(Enum):
    UNCHANGED = "unchanged"


UNCHANGED: Final = _Unchanged.UNCHANGED
"""What ``fetch`` returns when the source itself says that nothing changed (HTTP 304)."""

Fetched = Record | _Unchanged


class RecordRefused(Exception):
    """The content of a record cannot be used, and trying again will not help until it changes.

    The record is set aside with the finding as its reason; the rest of the run goes on.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message("en"))
        self.finding = finding


class TryLater(Exception):
    """Something outside of the record failed (a server, a network); the next job tries again.

    Raised by ``fetch`` or ``load`` it concerns one record; raised by ``listing``, the whole run.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message("en"))
        self.finding = finding
