"""A dry run: what a run would do, found by the same listing, download and checks; nothing written.

PostgreSQL itself refuses to write for as long as it lasts: a harvester that tries fails loudly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from ckan import model
from sqlalchemy import event

from ckanext.municipal.harvest import config
from ckanext.municipal.harvest.comparison import Comparison, decide_deletions, stamped_digest
from ckanext.municipal.harvest.gather import stamp_of
from ckanext.municipal.harvest.harvester import MunicipalHarvester
from ckanext.municipal.harvest.model import records
from ckanext.municipal.harvest.record import UNCHANGED, Record
from ckanext.municipal.harvest.report import Report
from ckanext.municipal.harvest.source import Source
from ckanext.municipal.harvest.trouble import explain
from ckanext.municipal.quality.findings import Finding


@dataclass
class Preview:
    """What a run would do: guids by outcome, what would be set aside and why, and findings."""

    listed: int = 0
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: int = 0
    deleted: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    still_aside: int = 0
    set_aside: dict[str, Finding] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    quarantined: list[Finding] = field(default_factory=list)
    messages: list[Finding] = field(default_factory=list)


def preview(
    harvester: MunicipalHarvester,
    source: Source,
    *,
    confirmed: bool = False,
    watch: Callable[[Preview], None] | None = None,
) -> Preview:
    """Return what a run of a source would do; raises what its listing raises.

    ``source.id`` may be empty for a source that CKAN does not know yet.
    """
    result = Preview()
    with _read_only():
        known = records.known(source.id) if source.id else {}
        comparison = Comparison(known, stamp_of(harvester, source))
        for record in comparison.changed(harvester.listing(source)):
            _look_at(harvester, source, record, known.get(record.guid), result, confirmed=confirmed)
            if watch:
                watch(result)
    deletions = decide_deletions(comparison, config.deletion_share(), confirmed=confirmed)
    result.listed = comparison.listed
    result.unchanged += comparison.skipped
    result.still_aside = comparison.still_aside
    result.deleted, result.absent = list(deletions.delete), list(deletions.ask)
    result.messages += comparison.findings + ([deletions.question] if deletions.question else [])
    return result


def _look_at(
    harvester: MunicipalHarvester,
    source: Source,
    record: Record,
    known: records.Known | None,
    result: Preview,
    *,
    confirmed: bool,
) -> None:
    stamp = stamp_of(harvester, source)
    same_code = known is not None and (known.digest or "").startswith(f"{stamp}:")
    package_id = known.package_id if known else None
    answered = confirmed or bool(known and known.confirmed)
    report = Report(package_id=package_id, dry_run=True, confirmed=answered)
    try:
        etag = known.etag if known and same_code else None
        fetched = harvester.fetch(source, replace(record, etag=etag))
        digest = None if fetched is UNCHANGED else stamped_digest(stamp, fetched.digest)
        if fetched is UNCHANGED or (known and digest and digest == known.digest):
            result.unchanged += 1
            return
        harvester.check(source, fetched, report)
    except Exception as error:  # noqa: BLE001 - a run would set this record aside
        model.Session.rollback()
        result.set_aside[record.guid] = explain(error).finding
        return
    if report.same:
        result.unchanged += 1
    else:
        (result.updated if known and not known.set_aside else result.added).append(record.guid)
    result.findings += report.findings
    result.quarantined += report.quarantined
    result.messages += [*report.messages, *([report.question] if report.question else [])]


@contextmanager
def _read_only() -> Iterator[None]:
    """Let every transaction of CKAN's engine be read only until the end."""
    engine = model.meta.engine
    model.Session.remove()

    def refuse_writes(connection: Any) -> None:
        # By the driver: where a connection streams, SQLAlchemy 2 would declare a cursor for it.
        with connection.connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")

    event.listen(engine, "begin", refuse_writes)
    try:
        yield
    finally:
        model.Session.remove()
        event.remove(engine, "begin", refuse_writes)
