"""Harvest sources as our harvesters see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.municipal.harvest import config
from ckanext.municipal.harvest.model import runs
from ckanext.municipal.harvest.model.tables import execute, job, package, rows, source
from ckanext.municipal.harvest.source import Source, configuration


@lru_cache(maxsize=16)
def of_job(job_id: str) -> Source:
    """Return the source of a job, at the place that its run looks at.

    A process reads it once a job: all records of a job are read by the same configuration.
    Raises `SourceInvalid` where its configuration cannot be used, NotFound without such a job.
    """
    run = runs.get(job_id)
    return get(runs.source_of(job_id), run["url"] if run else None)


def get(source_id: str, url: str | None = None) -> Source:
    """Return a source by id; ``url`` is another place to look, named by the operator."""
    query = (
        sa.select(source.c.url, source.c.config, package.c.name, package.c.owner_org)
        .select_from(source.join(package, package.c.id == source.c.id))
        .where(source.c.id == source_id)
    )
    row = execute(query).first()
    if row is None:
        raise tk.ObjectNotFound("Harvest source not found")
    stored_url, stored_config, name, organisation = row
    settings, file = configuration(stored_config, config.harvesters_folder())
    return Source(
        id=source_id,
        name=name,
        url=url or stored_url,
        config=settings,
        file=file,
        organisation=organisation,
        operator=bool(url),
    )


def stored(source_id: str) -> dict[str, Any]:
    """Return what a YAML decides of a harvest source, as the database has it.

    The index, which ckanext-harvest's own action answers from, has lost some of it on CKAN 2.12.
    """
    query = (
        sa.select(
            source.c.url,
            source.c.title,
            source.c.type.label("source_type"),
            source.c.frequency,
            source.c.config,
            package.c.owner_org,
            package.c.state,
        )
        .select_from(source.join(package, package.c.id == source.c.id))
        .where(source.c.id == source_id)
    )
    return rows(query)[0]


def type_of(source_id: str) -> str | None:
    """Return the source type of a harvest source, None if there is no such source."""
    query = sa.select(source.c.type).where(source.c.id == source_id)
    return execute(query).scalar()


def id_of(name: str) -> str | None:
    """Return the id of the harvest source with a name or id."""
    query = (
        sa.select(source.c.id)
        .select_from(source.join(package, package.c.id == source.c.id))
        .where(sa.or_(package.c.name == name, package.c.id == name))
    )
    return execute(query).scalar()


def due(now: datetime) -> list[tuple[str, str]]:
    """Return id and frequency of the active sources whose time has come."""
    query = sa.select(source.c.id, source.c.frequency).where(
        source.c.active.is_(True),
        source.c.frequency != "MANUAL",
        sa.or_(source.c.next_run.is_(None), source.c.next_run <= now),
    )
    return [(row[0], row[1]) for row in execute(query)]


def set_next_run(source_id: str, when: datetime) -> None:
    """Write when a source is due next; commits."""
    statement = sa.update(source).where(source.c.id == source_id).values(next_run=when)
    execute(statement)
    model.Session.commit()


def start_job(job_id: str) -> None:
    """Mark a job as running; commits."""
    execute(sa.update(job).where(job.c.id == job_id).values(status="Running"))
    model.Session.commit()


def latest_job(source_id: str) -> str | None:
    """Return the newest job of a source."""
    query = sa.select(job.c.id).where(job.c.source_id == source_id).order_by(job.c.created.desc())
    return execute(query.limit(1)).scalar()


def forgotten_jobs(types: Sequence[str], before: datetime) -> list[str]:
    """Return the jobs that were made before a time and never started: their maker died."""
    query = (
        sa.select(job.c.id)
        .select_from(job.join(source, source.c.id == job.c.source_id))
        .where(job.c.status == "New", job.c.created < before, source.c.type.in_(types))
    )
    return [row[0] for row in execute(query)]


def running_jobs(types: Sequence[str] = (), *, others: bool = False) -> list[dict[str, Any]]:
    """Return the running jobs of source types, or of all other types: id, source_id, type, times."""
    of_types = source.c.type.in_(types)
    query = (
        sa.select(
            job.c.id,
            job.c.source_id,
            source.c.type,
            job.c.created,
            job.c.gather_started,
            job.c.gather_finished,
        )
        .select_from(job.join(source, source.c.id == job.c.source_id))
        .where(job.c.status == "Running", sa.not_(of_types) if others else of_types)
        .order_by(job.c.created)
    )
    return rows(query)
