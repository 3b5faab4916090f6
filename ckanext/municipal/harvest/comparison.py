"""What a listing means beside the ledger: new, changed, the same, gone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from ckanext.municipal.harvest import rules
from ckanext.municipal.harvest.record import Record
from ckanext.municipal.quality.findings import Finding, Place


class Ledgered(Protocol):
    """What the ledger knows of a record (`model.records.Known`)."""

    @property
    def digest(self) -> str | None: ...
    @property
    def set_aside(self) -> bool: ...
    @property
    def confirmed(self) -> bool: ...


class Comparison:
    """Goes through a listing once and tells what has to be done.

    A record costs one look into a dictionary: what did not change is never queued or fetched.
    After `changed` is exhausted: ``listed``, ``skipped`` (same as loaded), ``still_aside`` (same
    as set aside), ``absent`` (guids no longer listed) and ``findings`` tell the rest.
    """

    def __init__(self, known: Mapping[str, Ledgered], stamp: str) -> None:
        self.known = known
        self.listed = 0
        self.skipped = 0
        self.still_aside = 0
        self.findings: list[Finding] = []
        self._stamp = stamp
        self._seen: set[str] = set()

    def changed(self, listing: Iterable[Record]) -> Iterator[Record]:
        """Yield the records that have to be fetched, as they are listed."""
        for record in listing:
            if record.guid in self._seen:
                place = Place(file=record.guid)
                self.findings.append(Finding(rules.LISTED_TWICE, place, {"guid": record.guid}))
                continue
            self._seen.add(record.guid)
            self.listed += 1
            digest = stamped_digest(self._stamp, record.digest)
            known = self.known.get(record.guid)
            if known is None or digest is None or digest != known.digest:
                yield record
            elif known.set_aside:
                self.still_aside += 1
            else:
                self.skipped += 1

    @property
    def absent(self) -> list[str]:
        """Return the guids that are known and were not listed, in order."""
        return sorted(self.known.keys() - self._seen)


def stamped_digest(stamp: str, digest: str | None) -> str | None:
    """Return the digest as the ledger keeps it, with the mark of code and configuration."""
    return None if digest is None else f"{stamp}:{digest}"


@dataclass(frozen=True, slots=True)
class Deletions:
    """Which records may be deleted, which have to be asked about, and the question."""

    delete: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    question: Finding | None = None


def decide_deletions(comparison: Comparison, share: float, *, confirmed: bool) -> Deletions:
    """Decide on the records that are gone; the listing must have been complete.

    Confirmed ones are deleted. Of the others one alone may go, or at most ``share`` of all that
    are known (0 to 1); more than that, or an empty list, is a question to the operator.
    """
    absent = comparison.absent
    if confirmed:
        return Deletions(delete=tuple(absent))
    sure = [guid for guid in absent if comparison.known[guid].confirmed]
    rest = [guid for guid in absent if not comparison.known[guid].confirmed]
    known = len(comparison.known)
    values = {"absent": len(rest), "known": known}
    if rest and not comparison.listed:
        return Deletions(tuple(sure), tuple(rest), Finding(rules.SOURCE_EMPTY, values=values))
    if len(rest) > max(1, share * known):
        return Deletions(tuple(sure), tuple(rest), Finding(rules.DELETIONS_HELD, values=values))
    return Deletions(delete=tuple(absent))
