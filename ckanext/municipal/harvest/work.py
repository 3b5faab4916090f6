"""The second and third stage for one record: fetch it, load it, settle it; whatever happens."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.municipal.harvest import config, rules
from ckanext.municipal.harvest.closing import close_if_done
from ckanext.municipal.harvest.comparison import stamped_digest
from ckanext.municipal.harvest.gather import stamp_of
from ckanext.municipal.harvest.model import locks, objects, records, runs
from ckanext.municipal.harvest.model.objects import Task
from ckanext.municipal.harvest.model.records import Known
from ckanext.municipal.harvest.model.sources import of_job
from ckanext.municipal.harvest.record import UNCHANGED, Outcome, Record
from ckanext.municipal.harvest.report import Report
from ckanext.municipal.harvest.trouble import Trouble, explain, place
from ckanext.municipal.quality.findings import Finding

if TYPE_CHECKING:
    from ckanext.municipal.harvest.harvester import MunicipalHarvester

log = logging.getLogger(__name__)


class Work:
    """One harvest object in the hands of this process.

    Call `fetch`, and `load` if it returned True. ``status`` is ckanext-harvest's word for the end
    (added, errored ...), None while there is none. From `fetch` on the object is locked, so a
    second message about it waits and then finds it settled; the lock dies with the process.
    """

    def __init__(
        self, harvester: MunicipalHarvester, job_id: str, object_id: str, task: Task, times: int
    ) -> None:
        self.status: str | None = None
        self._harvester = harvester
        self._job_id = job_id
        self._object_id = object_id
        self._task = task
        self._times = times
        self._source_id = runs.source_of(job_id)
        self._record: Record = task.record
        self._known: Known | None = None
        self._stamp = ""
        self._lock = ExitStack()

    def fetch(self) -> bool:
        """Download the record; returns whether it has to be loaded, False if it is settled."""
        self._lock.enter_context(locks.held(f"object:{self._object_id}"))
        self.status = objects.settled_as(self._object_id)
        if self.status or not objects.is_running(self._job_id):
            self._lock.close()
            return False
        with self._isolated("Fetch"):
            self._known = records.known(self._source_id, self.guid).get(self.guid)
            if self._times > config.attempts():
                self._set_aside(Finding(rules.WORKER_DIED, values={"times": self._times - 1}))
            elif not self._task.remove:
                self._download()
        return self._still_open()

    def load(self) -> None:
        """Check and load the fetched record, or remove one that is gone, and settle it."""
        with self._isolated("Import"):
            source = of_job(self._job_id)
            if self._task.remove:
                self._harvester.remove(source, self.guid, self._package_id)
                records.forget(self._source_id, self.guid)
                self._settle("deleted")
            else:
                report = self._report()
                checked = self._harvester.check(source, self._record, report)
                outcome = Outcome(self._harvester.load(source, checked, report))
                self._settle_loaded(outcome, report)
        self._still_open()

    @property
    def guid(self) -> str:
        """The record's name within its source."""
        return self._task.record.guid

    @property
    def _package_id(self) -> str | None:
        return self._known.package_id if self._known else None

    def _still_open(self) -> bool:
        if self.status:
            self._lock.close()
        return self.status is None

    def _download(self) -> None:
        source = of_job(self._job_id)
        self._stamp = stamp_of(self._harvester, source)
        known = self._known
        same_code = bool(known and (known.digest or "").startswith(f"{self._stamp}:"))
        etag = known.etag if known and same_code else None
        fetched = self._harvester.fetch(source, replace(self._task.record, etag=etag))
        if fetched is UNCHANGED:
            self._settle("unchanged")
            return
        assert isinstance(fetched, Record)
        self._record = fetched
        if known and fetched.digest and self._stamped(fetched.digest) == known.digest:
            self._settle_same(known)

    def _stamped(self, digest: str | None) -> str | None:
        return stamped_digest(self._stamp, digest)

    def _settle_same(self, known: Known) -> None:
        """The download shows the content that is loaded, or set aside, already."""
        if not known.set_aside:
            self._settle("unchanged")
            return
        message = records.reason(self._source_id, self.guid, _language())
        self._settle("set_aside", message, "Fetch")

    def _report(self) -> Report:
        return Report(
            # A worker that died after it wrote the dataset left the link in the object.
            package_id=self._package_id or objects.package_of(self._object_id),
            confirmed=self._task.confirmed,
            limit=config.findings_limit(),
            on_progress=lambda done, total: runs.step(self._job_id, done, total),
            on_dataset=lambda package_id: objects.link(self._object_id, package_id),
        )

    def _settle_loaded(self, outcome: Outcome, report: Report) -> None:
        if outcome is Outcome.UNCHANGED:
            model.Session.rollback()  # no dataset was written: the link to it goes too
        elif report.package_id:
            objects.link(self._object_id, report.package_id)
        etag = report.mark or self._record.etag
        # Without a digest the stamp alone: the next run loads it again, and is given its mark.
        digest = self._stamped(self._record.digest or "")
        loaded = replace(self._record, digest=digest, etag=etag)
        records.save_loaded(self._source_id, loaded, self._job_id, report)
        runs.tell(self._job_id, report.messages)
        if report.question:
            runs.ask(self._job_id, report.question, report.absent)
        self._settle(outcome)

    @contextmanager
    def _isolated(self, stage: str) -> Iterator[None]:
        """The one place where a record's failure is caught: it ends here, the run goes on."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - any failure of a record stays its own
            model.Session.rollback()
            trouble = explain(error)
            log.warning(
                "Source %s, record %s set aside (%s): %s at %s",
                self._source_id,
                self.guid,
                trouble.finding.rule.id,
                type(error).__name__,
                place(error),
            )
            self._set_aside(trouble.finding, stage, trouble)
        except BaseException:
            self._lock.close()
            raise

    def _set_aside(
        self, reason: Finding, stage: str = "Fetch", trouble: Trouble | None = None
    ) -> None:
        """Set the record aside until its digest changes; after a temporary trouble, until the
        next job: no digest is kept then."""
        temporary = trouble is not None and trouble.temporary
        digest = None if temporary else self._stamped(self._record.digest)
        records.save_set_aside(self._source_id, self.guid, digest, self._job_id, reason)
        self._settle("set_aside", rules.sentence(reason, _language()), stage)

    def _settle(self, outcome: str, message: str = "", stage: str = "") -> None:
        """Write everything about the record's end in one transaction, and close a finished run."""
        status = objects.settle(self._object_id, outcome, message, stage)
        last = runs.count(self._job_id, outcome)
        model.Session.commit()
        self.status = status
        if last:
            close_if_done(self._job_id)


def _language() -> str:
    return tk.config.get("ckan.locale_default") or "en"
