"""The first stage: list a source, compare it with the ledger, store what has to be done."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from ckan import model

from ckanext.municipal.harvest import config, rules
from ckanext.municipal.harvest.closing import close_if_done
from ckanext.municipal.harvest.comparison import Comparison, Deletions, decide_deletions
from ckanext.municipal.harvest.identity import stamp
from ckanext.municipal.harvest.model import locks, objects, records, runs
from ckanext.municipal.harvest.model.objects import Task
from ckanext.municipal.harvest.model.sources import of_job
from ckanext.municipal.harvest.record import Record
from ckanext.municipal.harvest.source import Source
from ckanext.municipal.harvest.trouble import Trouble, explain, place
from ckanext.municipal.quality.findings import Finding

if TYPE_CHECKING:
    from ckanext.municipal.harvest.harvester import MunicipalHarvester

log = logging.getLogger(__name__)
_BATCH = 500
_NOTE_SECONDS = 2.0


def gather(harvester: MunicipalHarvester, job_id: str, *, confirmed: bool = False) -> list[str]:
    """List the source of a job and store a waiting object for each record that has work.

    Returns the ids of the objects. ``confirmed``: the operator said that whatever is gone may be
    deleted. Never raises for what a source does; a gather that is repeated after a crash takes up
    what the first one stored. A job whose source has another open run is closed at once.
    """
    source_id = runs.source_of(job_id)
    with locks.held(f"gather:{source_id}"):
        try:
            runs.prepare(job_id, source_id)
        except runs.SourceBusy as busy:
            _give_way(job_id, busy.job_id)
            return []
        run = runs.get(job_id)
        if run and run["finished"]:
            return []
        if not (run and run["gathered"]):
            runs.attempt(job_id)
            _list(harvester, job_id, confirmed)
        waiting = objects.waiting(job_id)
    if not waiting:
        close_if_done(job_id)
    return waiting


def _list(harvester: MunicipalHarvester, job_id: str, confirmed: bool) -> None:
    comparison = Comparison({}, "")
    deletions = Deletions()
    trouble: Trouble | None = None
    try:
        source = of_job(job_id)
        comparison = Comparison(records.known(source.id), stamp_of(harvester, source))
        _store_changes(harvester, source, job_id, comparison, confirmed)
        deletions = decide_deletions(comparison, config.deletion_share(), confirmed=confirmed)
    except Exception as error:  # noqa: BLE001 - whatever a source does, the job ends with a reason
        model.Session.rollback()
        trouble = explain(error, rules.LISTING_FAILED)
        log.error("Job %s: listing failed, %s at %s", job_id, type(error).__name__, place(error))
    _finish_listing(job_id, comparison, deletions, trouble)


def _store_changes(
    harvester: MunicipalHarvester,
    source: Source,
    job_id: str,
    comparison: Comparison,
    confirmed: bool,
) -> None:
    batch: list[Task] = []

    def store() -> None:
        objects.add(job_id, source.id, batch)
        runs.listed(job_id, listed=comparison.listed, skipped=comparison.skipped)
        batch.clear()

    listing = _noting(harvester.listing(source), store)
    try:
        for record in comparison.changed(listing):
            known = comparison.known.get(record.guid)
            answered = confirmed or bool(known and known.confirmed)
            batch.append(Task(record, confirmed=answered))
            if len(batch) == _BATCH:
                store()
    finally:  # what a listing gave before it broke is loaded all the same
        store()


def _noting(listing: Iterable[Record], note: Callable[[], None]) -> Iterator[Record]:
    """Yield a listing, and call ``note`` every few seconds: a long list is not a stuck one."""
    noted = time.monotonic()
    for record in listing:
        if time.monotonic() - noted > _NOTE_SECONDS:
            note()
            noted = time.monotonic()
        yield record


def _finish_listing(
    job_id: str, comparison: Comparison, deletions: Deletions, trouble: Trouble | None
) -> None:
    """Write the result of the listing at once. A failed listing keeps what it found and deletes
    nothing: what is missing from half a list is not gone."""
    source_id = runs.source_of(job_id)
    if not trouble:
        gone = (Task(Record(guid), remove=True) for guid in deletions.delete)
        objects.add(job_id, source_id, gone)
        records.ask_about(source_id, deletions.ask)
    messages: list[Finding] = [*comparison.findings]
    messages += [trouble.finding] if trouble else []
    messages += [deletions.question] if deletions.question else []
    runs.gathered(
        job_id,
        messages,
        failed=bool(trouble),
        listed=comparison.listed,
        skipped=comparison.skipped,
        set_aside=comparison.still_aside,
        absent=len(deletions.ask),
        total=objects.total(job_id),
    )
    model.Session.commit()
    log.info(
        "Job %s: %d listed, %d unchanged, %d gone, %d asked about",
        job_id,
        comparison.listed,
        comparison.skipped,
        len(deletions.delete),
        len(deletions.ask),
    )


def _give_way(job_id: str, other: str) -> None:
    log.info("Job %s: job %s of the same source is running", job_id, other)
    runs.close_job(job_id, Finding(rules.ALREADY_RUNNING))
    model.Session.commit()


def stamp_of(harvester: MunicipalHarvester, source: Source) -> str:
    """Return the mark of a harvester's version and a source's configuration."""
    return stamp(harvester.version, harvester.fingerprint(source))
