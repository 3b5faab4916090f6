"""The runs: one row a harvest job, its counts and its end; one open run a source, by an index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any
from uuid import uuid4

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
import sqlalchemy.exc
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.municipal.harvest.model.tables import execute, gather_error, job, rows, run, utc_now
from ckanext.municipal.harvest.rules import sentence, sentences
from ckanext.municipal.quality.findings import Finding

DONE, ASKING, FAILED, STOPPED = "done", "asking", "failed", "stopped"
COUNTS = ("added", "updated", "unchanged", "deleted", "set_aside")


class SourceBusy(Exception):
    """Another run of the source is open; ``job_id`` is its job."""

    def __init__(self, job_id: str) -> None:
        super().__init__(job_id)
        self.job_id = job_id


def prepare(job_id: str, source_id: str, url: str | None = None) -> None:
    """Open the run of a job if it has none yet; commits.

    Raises `SourceBusy` if another job of the source has an open run. ``url`` is the place that
    the operator named for this run alone.
    """
    now = utc_now()
    values = {"job_id": job_id, "source_id": source_id, "url": url, "attempts": 0}
    statement = insert(run).values(started=now, heartbeat=now, **values)
    try:
        execute(statement.on_conflict_do_nothing(index_elements=["job_id"]))
        model.Session.commit()
    except sqlalchemy.exc.IntegrityError:
        model.Session.rollback()
        raise SourceBusy(open_job(source_id) or job_id) from None


def attempt(job_id: str) -> None:
    """Count one more attempt at the listing; commits."""
    _update(job_id, attempts=run.c.attempts + 1, heartbeat=utc_now())
    model.Session.commit()


@lru_cache(maxsize=256)
def source_of(job_id: str) -> str:
    """Return the source of a job; raises NotFound."""
    source_id = execute(sa.select(job.c.source_id).where(job.c.id == job_id)).scalar()
    if not source_id:
        raise tk.ObjectNotFound("Harvest job not found")
    return source_id


def get(job_id: str) -> dict[str, Any] | None:
    """Return the run of a job as it stands in the database, None if it has none."""
    return next(iter(rows(sa.select(run).where(run.c.job_id == job_id))), None)


def latest(source_id: str) -> dict[str, Any] | None:
    """Return the newest run of a source."""
    query = sa.select(run).where(run.c.source_id == source_id).order_by(run.c.started.desc())
    return next(iter(rows(query.limit(1))), None)


def open_job(source_id: str) -> str | None:
    """Return the job of the source's open run."""
    query = sa.select(run.c.job_id).where(run.c.source_id == source_id, run.c.finished.is_(None))
    return execute(query).scalar()


def open_runs() -> list[dict[str, Any]]:
    """Return every open run, oldest first, with its job's status as ``job_status``."""
    query = (
        sa.select(run, job.c.status.label("job_status"))
        .select_from(run.join(job, job.c.id == run.c.job_id))
        .where(run.c.finished.is_(None))
        .order_by(run.c.started)
    )
    return rows(query)


def skipped(job_ids: Iterable[str]) -> dict[str, int]:
    """Return by job how many records did not change and so got no object."""
    query = sa.select(run.c.job_id, run.c.skipped).where(run.c.job_id.in_(list(job_ids)))
    return {row[0]: row[1] for row in execute(query)}


def is_unfinished(job_id: str) -> bool:
    """Return whether a job is made or runs."""
    query = sa.select(job.c.status).where(job.c.id == job_id)
    return execute(query).scalar() in ("New", "Running")


def listed(job_id: str, **counts: int) -> None:
    """Write how far the listing is (listed, skipped, set_aside, total); commits."""
    _update(job_id, heartbeat=utc_now(), **counts)
    model.Session.commit()


def gathered(job_id: str, messages: Iterable[Finding], *, failed: bool, **counts: int) -> None:
    """Write that the listing is complete, or as complete as it gets; the caller commits."""
    now = utc_now()
    values: dict[str, Any] = {"gathered": now, "heartbeat": now, **counts}
    if failed:
        values["outcome"] = FAILED
    elif counts.get("absent"):
        values["outcome"] = ASKING
    messages = list(messages)
    _update(job_id, messages=[_texts(message) for message in messages], **values)
    for message in messages:
        _gather_error(job_id, message)


def count(job_id: str, what: str) -> bool:
    """Count one record as ``what`` (see `COUNTS`); returns whether it was the run's last one.

    The caller commits, together with the record itself: a record is counted exactly once.
    """
    assert what in COUNTS
    statement = (
        sa.update(run)
        .where(run.c.job_id == job_id)
        .values({what: run.c[what] + 1, "worked": run.c.worked + 1, "step": None})
        .values(heartbeat=utc_now())
        .returning(run.c.worked >= run.c.total)
    )
    return bool(execute(statement).scalar())


def ask(job_id: str, question: Finding, absent: int) -> None:
    """Write that something within a record waits for the operator's answer; the caller commits."""
    told: Any = [_texts(question)]
    _update(
        job_id,
        outcome=sa.func.coalesce(run.c.outcome, ASKING),
        absent=run.c.absent + absent,
        messages=run.c.messages.op("||")(sa.cast(told, run.c.messages.type)),
    )
    _gather_error(job_id, question)


def tell(job_id: str, messages: Sequence[Finding]) -> None:
    """Write what a record has to say about the run; the caller commits."""
    if messages:
        told: Any = [_texts(message) for message in messages]
        _update(job_id, messages=run.c.messages.op("||")(sa.cast(told, run.c.messages.type)))


def step(job_id: str, done: int, total: int | None) -> None:
    """Write the progress inside of a long record, at once and beside the caller's transaction."""
    engine = model.meta.engine
    assert engine is not None
    with engine.begin() as connection:
        connection.execute(
            sa.update(run)
            .where(run.c.job_id == job_id)
            .values(heartbeat=utc_now(), step={"done": done, "total": total})
        )


def close(job_id: str, outcome: str | None = None, messages: Iterable[Finding] = ()) -> bool:
    """Close the run and its job; returns False if the run was closed before. The caller commits.

    Without an outcome it is what the listing left: failed, asking, else done.
    """
    now = utc_now()
    messages = list(messages)
    statement = sa.update(run).where(run.c.job_id == job_id, run.c.finished.is_(None))
    added: Any = [_texts(message) for message in messages]
    closed = execute(
        statement.values(
            finished=now,
            heartbeat=now,
            outcome=outcome or sa.func.coalesce(run.c.outcome, DONE),
            messages=run.c.messages.op("||")(sa.cast(added, run.c.messages.type)),
            gathered=sa.func.coalesce(run.c.gathered, now),
            step=None,
        )
    ).rowcount
    _finish_job(job_id)
    if closed:
        for message in messages:
            _gather_error(job_id, message)
    return bool(closed)


def close_job(job_id: str, reason: Finding) -> None:
    """Finish a job that has no run of its own, with its reason; the caller commits."""
    _finish_job(job_id)
    _gather_error(job_id, reason)


def finish_other(job_id: str) -> None:
    """Finish a job of another harvester; the caller commits."""
    _finish_job(job_id)


def _finish_job(job_id: str) -> None:
    now = utc_now()
    execute(
        sa.update(job)
        .where(job.c.id == job_id)
        .values(
            status="Finished",
            finished=now,
            gather_started=sa.func.coalesce(job.c.gather_started, now),
            gather_finished=sa.func.coalesce(job.c.gather_finished, now),
        )
    )


def _gather_error(job_id: str, reason: Finding) -> None:
    """Tell ckanext-harvest's job page too, in the portal's language."""
    language = tk.config.get("ckan.locale_default") or "en"
    message = sentence(reason, language)
    values = {"id": str(uuid4()), "harvest_job_id": job_id, "created": utc_now()}
    execute(sa.insert(gather_error).values(message=message, **values))


def _update(job_id: str, **values: Any) -> None:
    execute(sa.update(run).where(run.c.job_id == job_id).values(**values))


def _texts(one: Finding) -> dict[str, str]:
    return {"rule": one.rule.id, "severity": str(one.rule.severity), **sentences(one)}
