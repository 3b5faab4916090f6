"""The ledger of a source: which records are loaded, from which content, into which dataset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.municipal.harvest.model.tables import execute, finding, package, record, rows, utc_now
from ckanext.municipal.harvest.record import Record
from ckanext.municipal.harvest.report import Report
from ckanext.municipal.harvest.rules import sentences
from ckanext.municipal.lib.texts import LANGUAGES
from ckanext.municipal.quality.findings import Finding

LOADED, SET_ASIDE = "loaded", "set_aside"
ASKED, CONFIRMED = "asked", "confirmed"


@dataclass(frozen=True, slots=True)
class Known:
    """A record of the ledger. ``digest`` is None where the content must be loaded anew."""

    digest: str | None
    package_id: str | None = None
    set_aside: bool = False
    confirmed: bool = False
    etag: str | None = None


def known(source_id: str, guid: str | None = None) -> dict[str, Known]:
    """Return a source's records by guid, in one query; with ``guid``, that one alone.

    A record whose dataset was deleted or purged behind our back has no digest: it is loaded again.
    """
    there = sa.or_(record.c.package_id.is_(None), package.c.state == "active")
    query = (
        sa.select(
            record.c.guid,
            sa.case((there, record.c.digest), else_=None),
            record.c.package_id,
            record.c.state,
            record.c.absent,
            record.c.etag,
        )
        .select_from(record.outerjoin(package, package.c.id == record.c.package_id))
        .where(record.c.source_id == source_id)
    )
    if guid is not None:
        query = query.where(record.c.guid == guid)
    return {
        row[0]: Known(row[1], row[2], row[3] == SET_ASIDE, row[4] == CONFIRMED, row[5])
        for row in execute(query)
    }


def packages(source_id: str) -> list[str]:
    """Return the datasets that a source's records are loaded into."""
    query = sa.select(record.c.package_id).where(record.c.source_id == source_id)
    return [row[0] for row in execute(query.distinct()) if row[0]]


def save_loaded(source_id: str, loaded: Record, job_id: str, report: Report) -> None:
    """Write that a record is loaded, with what was found in it; the caller commits.

    The record's digest is stamped (`comparison.stamped_digest`).
    """
    counts = {"findings": report.finding_count, "rows_quarantined": report.quarantined_count}
    found = _finding_rows(source_id, loaded.guid, report)
    if report.partial:
        found = _not_told_yet(source_id, loaded.guid, found)
        counts = _counts_with(source_id, loaded.guid, found)
    _save(
        source_id,
        loaded.guid,
        digest=loaded.digest,
        etag=loaded.etag,
        package_id=report.package_id,
        state=LOADED,
        absent=ASKED if report.question else None,
        reason=None,
        job_id=job_id,
        **counts,
    )
    if not report.partial:
        whose = sa.and_(finding.c.source_id == source_id, finding.c.guid == loaded.guid)
        execute(sa.delete(finding).where(whose))
    if found:
        execute(sa.insert(finding), found)


def save_set_aside(
    source_id: str, guid: str, digest: str | None, job_id: str, reason: Finding
) -> None:
    """Write that a record is set aside, and why; what was loaded of it before stays published."""
    _save(
        source_id,
        guid,
        digest=digest,
        etag=None,
        state=SET_ASIDE,
        reason=sentences(reason),
        job_id=job_id,
    )


def forget(source_id: str, guid: str) -> None:
    """Remove a record and its findings from the ledger; the caller commits."""
    execute(sa.delete(record).where(record.c.source_id == source_id, record.c.guid == guid))


def forget_all(source_id: str) -> None:
    """Remove every record of a source, as when the source is cleared; the caller commits."""
    execute(sa.delete(record).where(record.c.source_id == source_id))


def ask_about(source_id: str, guids: Iterable[str]) -> None:
    """Mark exactly these records as absent, waiting for an answer; the caller commits."""
    guids = list(guids)
    others = sa.and_(record.c.source_id == source_id, record.c.absent.isnot(None))
    execute(sa.update(record).where(others).values(absent=None))
    for start in range(0, len(guids), 10_000):
        some = record.c.guid.in_(guids[start : start + 10_000])
        execute(sa.update(record).where(record.c.source_id == source_id, some).values(absent=ASKED))


def confirm(source_id: str) -> int:
    """Confirm the deletion of the records asked about; returns how many. The caller commits."""
    asked = sa.and_(record.c.source_id == source_id, record.c.absent == ASKED)
    return execute(sa.update(record).where(asked).values(absent=CONFIRMED)).rowcount


def retry_set_aside(source_id: str) -> int:
    """Let the next run try the set-aside records again; returns how many. The caller commits."""
    aside = sa.and_(record.c.source_id == source_id, record.c.state == SET_ASIDE)
    return execute(sa.update(record).where(aside).values(digest=None)).rowcount


def set_aside(source_id: str, limit: int = 100) -> list[dict[str, Any]]:
    """Return the set-aside records: guid, reason by language, when; newest first."""
    query = (
        sa.select(record.c.guid, record.c.reason, record.c.changed)
        .where(record.c.source_id == source_id, record.c.state == SET_ASIDE)
        .order_by(record.c.changed.desc(), record.c.guid)
        .limit(limit)
    )
    return rows(query)


def reason(source_id: str, guid: str, language: str) -> str:
    """Return why a record is set aside, in a language."""
    query = sa.select(record.c.reason).where(record.c.source_id == source_id, record.c.guid == guid)
    texts = execute(query).scalar() or {}
    return texts.get(language) or texts.get("en") or ""


def absent(source_id: str, limit: int = 100) -> list[str]:
    """Return the guids whose deletion waits for an answer."""
    query = (
        sa.select(record.c.guid)
        .where(record.c.source_id == source_id, record.c.absent == ASKED)
        .order_by(record.c.guid)
        .limit(limit)
    )
    return [row[0] for row in execute(query)]


def totals(source_id: str) -> dict[str, int]:
    """Return counts over a source's ledger: records, set_aside, findings, rows_quarantined."""
    query = sa.select(
        sa.func.count().label("records"),
        sa.func.count().filter(record.c.state == SET_ASIDE).label("set_aside"),
        sa.func.coalesce(sa.func.sum(record.c.findings), 0).label("findings"),
        sa.func.coalesce(sa.func.sum(record.c.rows_quarantined), 0).label("rows_quarantined"),
    ).where(record.c.source_id == source_id)
    return {key: int(value) for key, value in rows(query)[0].items()}


def findings(
    source_id: str, *, quarantined: bool, offset: int = 0, limit: int = 100
) -> list[dict[str, Any]]:
    """Return what was found in a source's records, or the rows left out, in order of place."""
    query = (
        sa.select(finding)
        .where(finding.c.source_id == source_id, finding.c.quarantined == quarantined)
        .order_by(finding.c.guid, finding.c.file, finding.c.row, finding.c.id)
        .offset(offset)
        .limit(limit)
    )
    return rows(query)


def _save(source_id: str, guid: str, **values: Any) -> None:
    values["changed"] = utc_now()
    statement = insert(record).values(source_id=source_id, guid=guid, **values)
    execute(
        statement.on_conflict_do_update(index_elements=["source_id", "guid"], set_=dict(values))
    )


def _finding_rows(source_id: str, guid: str, report: Report) -> list[dict[str, Any]]:
    return [
        _finding_row(source_id, guid, one, quarantined)
        for some, quarantined in ((report.findings, False), (report.quarantined, True))
        for one in some
    ]


def _not_told_yet(
    source_id: str, guid: str, found: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Those of the findings that are not stored already, word for word and at the same place."""
    query = sa.select(finding).where(finding.c.source_id == source_id, finding.c.guid == guid)
    told = {_wording(row) for row in rows(query)}
    return [row for row in found if _wording(row) not in told]


def _wording(row: Mapping[str, Any]) -> tuple[Any, ...]:
    place = (row["file"], row["sheet"], row["row"], row["field"])
    return (row["rule"], row["quarantined"], *place, row["message"]["en"])


def _counts_with(source_id: str, guid: str, found: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The counts of a record when findings are added to those that it has."""
    query = sa.select(record.c.findings, record.c.rows_quarantined)
    stored = execute(query.where(record.c.source_id == source_id, record.c.guid == guid)).first()
    before = stored or (0, 0)
    rows_left_out = sum(row["quarantined"] for row in found)
    return {
        "findings": before[0] + len(found) - rows_left_out,
        "rows_quarantined": before[1] + rows_left_out,
    }


def _finding_row(source_id: str, guid: str, one: Finding, quarantined: bool) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "guid": guid,
        "quarantined": quarantined,
        "rule": one.rule.id,
        "severity": str(one.rule.severity),
        "file": one.place.file,
        "sheet": one.place.sheet,
        "row": one.place.row,
        "field": one.place.field,
        "message": {language: one.message(language) for language in LANGUAGES},
        "remedy": {
            language: one.remedy(language) if one.rule.remedy else "" for language in LANGUAGES
        },
    }
