"""ckanext-harvest's objects of our jobs: made in bulk, settled in one transaction each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestObject
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import insert

from ckanext.municipal.harvest.identity import object_id
from ckanext.municipal.harvest.model.tables import (
    execute,
    job,
    object_,
    object_error,
    run,
    utc_now,
)
from ckanext.municipal.harvest.record import Record

# What ckanext-harvest's pages call the outcomes of a record.
_STATUS = {
    "added": "added",
    "updated": "updated",
    "unchanged": "not modified",
    "deleted": "deleted",
    "set_aside": "errored",
}
_OPEN = ("WAITING", "FETCH", "IMPORT")


@dataclass(frozen=True, slots=True)
class Task:
    """What a harvest object asks for: load a record, or remove one that is gone.

    ``confirmed``: the operator said that what is gone within the record may be deleted.
    """

    record: Record
    remove: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class OpenObject:
    """An object that is not settled: its state and how often a worker took it."""

    id: str
    source_id: str
    job_id: str
    state: str
    started: Any
    attempts: int


def add(job_id: str, source_id: str, tasks: Iterable[Task]) -> None:
    """Store tasks as waiting objects; those that an earlier attempt stored are left alone.

    The caller commits.
    """
    now = utc_now()
    rows = [
        {
            "id": object_id(job_id, task.record.guid),
            "guid": task.record.guid,
            "harvest_job_id": job_id,
            "harvest_source_id": source_id,
            "content": _envelope(task),
            "current": False,
            "gathered": now,
            "state": "WAITING",
            "retry_times": 0,
        }
        for task in tasks
    ]
    if rows:
        execute(insert(object_).on_conflict_do_nothing(), rows)


def task(content: str | None, guid: str) -> Task:
    """Return the task that `add` stored in an object's content."""
    envelope = json.loads(content or "{}")
    record = Record(guid, envelope.get("digest"), envelope.get("content"))
    confirmed = bool(envelope.get("confirmed"))
    return Task(record, remove=bool(envelope.get("remove")), confirmed=confirmed)


def waiting(job_id: str) -> list[str]:
    """Return the ids of a job's objects that nobody has taken, in the order they were listed."""
    query = (
        sa.select(object_.c.id)
        .where(object_.c.harvest_job_id == job_id, object_.c.state == "WAITING")
        .order_by(object_.c.gathered, object_.c.guid)
    )
    return [row[0] for row in execute(query)]


def total(job_id: str) -> int:
    """Return how many objects a job has."""
    query = sa.select(sa.func.count()).where(object_.c.harvest_job_id == job_id)
    return int(execute(query).scalar() or 0)


def open_objects(job_id: str) -> list[OpenObject]:
    """Return the objects of a job that are not settled."""
    query = sa.select(
        object_.c.id,
        object_.c.harvest_source_id,
        object_.c.harvest_job_id,
        object_.c.state,
        object_.c.fetch_started,
        object_.c.retry_times,
    ).where(object_.c.harvest_job_id == job_id, object_.c.state.in_(_OPEN))
    return [OpenObject(*row) for row in execute(query)]


def sources_with(attribute: str, value: str) -> list[str]:
    """Return the sources of all objects that have a value in a column; none without the column."""
    if attribute not in object_.c:
        return []
    query = sa.select(object_.c.harvest_source_id).where(object_.c[attribute] == value)
    return [row[0] for row in execute(query.distinct())]


def settled_as(id_: str) -> str | None:
    """Return ckanext-harvest's status of an object (added, errored ...), None if it is open."""
    query = sa.select(object_.c.report_status).where(object_.c.id == id_)
    return execute(query).scalar()


def package_of(id_: str) -> str | None:
    """Return the dataset that an object is linked to."""
    return execute(sa.select(object_.c.package_id).where(object_.c.id == id_)).scalar()


def link(id_: str, package_id: str) -> None:
    """Make an object the current one of a dataset, which may be created only later on.

    The caller's transaction has to hold the dataset when it commits.
    """
    execute(sa.text("SET CONSTRAINTS harvest_object_package_id_fkey DEFERRED"))
    others = sa.and_(object_.c.package_id == package_id, object_.c.id != id_)
    was_current = sa.and_(others, object_.c.current.is_(True))
    execute(sa.update(object_).where(was_current).values(current=False))
    this = sa.update(object_).where(object_.c.id == id_)
    execute(this.values(package_id=package_id, current=True))


def settle(id_: str, outcome: str, message: str = "", stage: str = "") -> str:
    """Write an object's end and empty its content; returns ckanext-harvest's word for it.

    ``message`` is why it was set aside. The caller commits.
    """
    status = _STATUS[outcome]
    values: dict[str, Any] = {
        "state": "ERROR" if outcome == "set_aside" else "COMPLETE",
        "report_status": status,
        "import_finished": utc_now(),
        "content": None,
    }
    if outcome == "deleted":
        values["current"] = False
    if outcome == "set_aside":
        errors = sa.insert(object_error)
        execute(
            errors.values(
                id=object_id(id_, "error"),
                harvest_object_id=id_,
                message=message,
                stage=stage,
                created=utc_now(),
            )
        )
    execute(sa.update(object_).where(object_.c.id == id_).values(**values))
    return status


def take(id_: str) -> tuple[str, str, str | None, int]:
    """Take an object into this process's hands; returns job, guid, content, times taken. Commits.

    What ckanext-harvest's fetch consumer does to the object before it calls the second stage.
    """
    statement = sa.update(object_).where(object_.c.id == id_)
    taken = statement.values(
        retry_times=object_.c.retry_times + 1, state="FETCH", fetch_started=utc_now()
    ).returning(object_.c.harvest_job_id, object_.c.guid, object_.c.content, object_.c.retry_times)
    row = execute(taken).one()
    model.Session.commit()
    return (row[0], row[1], row[2], row[3])


def give_up(job_id: str) -> None:
    """End the objects of a job that nobody will work on any more; the caller commits."""
    open_ = sa.and_(object_.c.harvest_job_id == job_id, object_.c.state.in_(_OPEN))
    values = {"state": "ERROR", "report_status": "errored", "content": None}
    execute(sa.update(object_).where(open_).values(**values))


def is_running(job_id: str) -> bool:
    """Return whether the job of an object still runs: not stopped, not timed out."""
    query = (
        sa.select(sa.literal(1))
        .select_from(job.outerjoin(run, run.c.job_id == job.c.id))
        .where(job.c.id == job_id, job.c.status == "Running", run.c.finished.is_(None))
    )
    return execute(query).first() is not None


@event.listens_for(HarvestObject.report_status, "set", retval=True)
def _keep_status(target: HarvestObject, value: str, _old: Any, _initiator: Any) -> str:
    """Keep the status an object was settled with: ckanext-harvest guesses “added” or “updated”
    from the number of objects of a dataset, and is wrong where a dataset has several records."""
    return getattr(target, "settled_as", None) or value


def _envelope(task: Task) -> str:
    envelope: dict[str, Any] = {"digest": task.record.digest}
    if task.remove:
        envelope["remove"] = True
    else:
        envelope["content"] = task.record.content
    if task.confirmed:
        envelope["confirmed"] = True
    return json.dumps(envelope, ensure_ascii=False)
