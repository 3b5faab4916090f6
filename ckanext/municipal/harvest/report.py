"""What a harvester tells about a record while it works on it. Pure: no CKAN, no database."""

from __future__ import annotations

import time
from collections.abc import Callable

from ckanext.municipal.quality.findings import Finding

_QUIET_SECONDS = 1.0


class Report:
    """Collects findings and set-aside rows of one record, and carries its progress to the page.

    ``dry_run``: nothing may be written. ``package_id``: the dataset this record was loaded into
    the last time, None if never. At most ``limit`` findings and ``limit`` rows are kept;
    ``finding_count`` and ``quarantined_count`` count all of them; ``messages`` are about the run.
    ``confirmed``: the operator said that what is gone may be deleted, whatever its share. A load
    sets ``partial`` when it looked only at what changed within the record: what was found in the
    rest before stays then. The check of a dry run sets ``same`` when it has found that a load would
    change nothing.
    """

    def __init__(
        self,
        *,
        package_id: str | None = None,
        dry_run: bool = False,
        confirmed: bool = False,
        limit: int = 1000,
        on_progress: Callable[[int, int | None], None] | None = None,
        on_dataset: Callable[[str], None] | None = None,
    ) -> None:
        self.package_id = package_id
        self.dry_run = dry_run
        self.confirmed = confirmed
        self.partial = False
        self.same = False
        self.mark: str | None = None
        self.question: Finding | None = None
        self.messages: list[Finding] = []
        self.absent = 0
        self.findings: list[Finding] = []
        self.quarantined: list[Finding] = []
        self.finding_count = 0
        self.quarantined_count = 0
        self._limit = limit
        self._on_progress = on_progress
        self._on_dataset = on_dataset
        self._told = 0.0

    def finding(self, finding: Finding) -> None:
        """Say what is wrong with the content; the content is used all the same."""
        self.finding_count += 1
        if self.finding_count <= self._limit:
            self.findings.append(finding)

    def quarantine(self, finding: Finding) -> None:
        """Say that a row was left out, with its place and why; no cell value of it is kept."""
        self.quarantined_count += 1
        if self.quarantined_count <= self._limit:
            self.quarantined.append(finding)

    def tell(self, message: Finding) -> None:
        """Say something about the run: it stands beside its counts, on the source's page and in the
        terminal, and not among what is wrong with the content."""
        self.messages.append(message)

    def remember(self, mark: str) -> None:
        """Keep a text that the next ``fetch`` of this record is given as its ``etag``, if this load
        ends well: for what is known only when the record is loaded."""
        self.mark = mark

    def ask(self, question: Finding, absent: int) -> None:
        """Ask the operator about ``absent`` rows within the record that would be deleted.

        The run then ends asking, as it does about records; the answer comes as ``confirmed`` with
        the next run.
        """
        self.question = question
        self.absent = absent

    def progress(self, done: int, total: int | None = None) -> None:
        """Say that work on a long record goes on: shown, and proof that the worker is not stuck."""
        now = time.monotonic()
        if self._on_progress and now - self._told >= _QUIET_SECONDS:
            self._told = now
            self._on_progress(done, total)

    def belongs_to(self, package_id: str) -> None:
        """Name the dataset of this record, before ``package_create`` or ``package_update`` or neither.

        CKAN indexes a dataset while it is written and asks at that moment which source it comes
        from; the link is committed together with the dataset.
        """
        self.package_id = package_id
        if self._on_dataset:
            self._on_dataset(package_id)
