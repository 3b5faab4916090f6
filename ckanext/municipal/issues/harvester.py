"""Plugin ``municipal_issues_harvester``: a city's requests become one dataset with its tables.

One record a source, since what it holds is known only when it has been read. It is read, stored
and published in one stage: requests go from the reader's answers into rows that are fit for the
public, a batch at a time, and what a reader gives is never kept in between, neither in the object
of the queue nor on disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ckanext.municipal.harvest import config as harvest_config
from ckanext.municipal.harvest import publish as publishing
from ckanext.municipal.harvest import secrets
from ckanext.municipal.harvest.harvester import (
    MunicipalHarvester,
    Outcome,
    Record,
    Report,
    Source,
)
from ckanext.municipal.harvest.identity import dataset_id, stamp
from ckanext.municipal.harvest.source import SourceInvalid
from ckanext.municipal.harvest.source_form import SourceInvalid as IssueSourceInvalid
from ckanext.municipal.harvest.source_keys import Municipality
from ckanext.municipal.issues import model
from ckanext.municipal.issues.canonical import Canonical
from ckanext.municipal.issues.dataset import IssueReports
from ckanext.municipal.issues.intake import Limits
from ckanext.municipal.issues.look import Look
from ckanext.municipal.issues.publish import publish, says_the_same
from ckanext.municipal.issues.reading import Memory, Plan, plan_reading
from ckanext.municipal.issues.request import Reader
from ckanext.municipal.issues.source import TYPE, IssueSource
from ckanext.municipal.issues.source_yaml import parse
from ckanext.municipal.issues.sources import Access, reader_for
from ckanext.municipal.issues.tables import Tables, drop, lock_of
from ckanext.municipal.issues.walk import Target, Walk
from ckanext.municipal.lib.http import Client
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal import city, gazetteer, web
from ckanext.municipal.portal import config as portal_config
from ckanext.municipal.store.transaction import transaction

RECORD = "requests"


class IssuesHarvester(MunicipalHarvester):
    """Reads all requests of a source, or those that changed, into the tables of its dataset."""

    source_type = TYPE
    title = N_("Citizens' requests")
    description = N_(
        "Requests of citizens from Improve My City, Open311, or a table, for everybody."
    )
    version = 1

    def check_config(self, settings: Any, file: str) -> None:
        """Check a source's YAML; raises `SourceInvalid` with every fault it has."""
        try:
            parse(settings, file, _city().map_box)
        except IssueSourceInvalid as error:
            raise SourceInvalid("{faults}", faults=str(error)) from error

    def fingerprint(self, source: Source) -> str:
        """Return a text that changes with the YAML, the place looked at, the city, its districts."""
        return f"{source.fingerprint}:{source.url}:{_city_digest()}"

    def listing(self, source: Source) -> Iterable[Record]:
        """Yield the one record of a source."""
        yield Record(RECORD)

    def check(self, source: Source, record: Record, report: Report) -> Record:
        """In a dry run, read the source and report what is wrong with it; else `load` does that."""
        if report.dry_run:
            told = _settings(source)
            with self._reading(source, record, report) as (reader, plan, rows):
                look = Look(self._target(source), plan, rows, report)
                changed = look.changes(reader, _limits(told))
            rows.tell(report)
            report.same = not changed and says_the_same(_reports(source, told), self.context())
        return record

    def load(self, source: Source, record: Record, report: Report) -> Outcome:
        """Read the source into its tables, then make dataset and files say what they hold."""
        told, target = _settings(source), self._target(source)
        if not _prepare(target.tables):
            record = replace(record, etag=None)
        with self._reading(source, record, report) as (reader, plan, rows):
            walk = Walk(target, plan, rows, report)
            walk.store(reader)
        rows.tell(report)
        walk.finish(_limits(told))
        report.remember(walk.remembered().write())
        report.belongs_to(target.tables.package_id)
        outcome = publish(_reports(source, told), self.context())
        return Outcome.UPDATED if walk.changed and outcome is Outcome.UNCHANGED else outcome

    def remove(self, source: Source, guid: str, package_id: str | None) -> None:
        """Remove the dataset, its tables and files, and the cells of its requests."""
        if package_id:
            self.forget(package_id)
        super().remove(source, guid, package_id)

    def forget(self, package_id: str) -> None:
        """Remove the tables and files of a dataset, and the cells of its requests."""
        dataset = publishing.existing(package_id, self.context())
        for resource in dataset["resources"] if dataset else ():
            publishing.remove_upload(resource)
        with transaction(lock_of(package_id)) as tx:
            drop(tx, package_id)
        model.forget(package_id)

    @contextmanager
    def _reading(
        self, source: Source, record: Record, report: Report
    ) -> Iterator[tuple[Reader, Plan, Canonical]]:
        """Give a source's reader, which can be used until the end, how to read it this time, and
        what makes rows of it."""
        told, target = _settings(source), self._target(source)
        places = gazetteer.load(portal_config.gazetteer_file())
        rows = Canonical(told, places, target.tables.rows("categories"))
        with web.client() as client:
            reader = reader_for(told, _access(source, client))
            plan = plan_reading(
                target.tables.rows("readings"),
                Memory.read(record.etag),
                now=datetime.now(UTC),
                reader=target.reader,
                incremental=reader.incremental,
                whole_every=told.whole_every,
                confirmed=report.confirmed,
            )
            yield reader, plan, rows

    def _target(self, source: Source) -> Target:
        told = _settings(source)
        mark = stamp(self.version, self.fingerprint(source))
        return Target(Tables(_package_id(source), told.zone), told.privacy.k, mark)


def _settings(source: Source) -> IssueSource:
    return parse(source.config, source.file, _city().map_box)


def _city() -> city.City:
    return city.load(portal_config.city_file())


def _package_id(source: Source) -> str:
    return dataset_id(source.id, "requests")


def _limits(told: IssueSource) -> Limits:
    return Limits(harvest_config.deletion_share(), told.bad_rows)


def _prepare(stored: Tables) -> bool:
    """Make the tables where they are missing; returns whether those that are there can be used."""
    with transaction(stored.lock) as tx:
        kept = stored.prepare(tx)
    if not kept:
        model.forget(stored.package_id)
    return kept


def _access(source: Source, client: Client) -> Access:
    def secret(name: str) -> str:
        return secrets.read(name, harvest_config.secrets_folder())

    inbox = harvest_config.inbox_root()
    return Access(source.url, client, secret, inbox, operator=source.operator)


def _reports(source: Source, told: IssueSource) -> IssueReports:
    whose = told.municipality or _own()
    return IssueReports(
        package_id=_package_id(source),
        source_id=source.id,
        title=told.title,
        themes=told.themes,
        municipality=whose.name,
        municipality_uid=whose.uid,
        municipality_vat=whose.vat,
        organisation=source.organisation,
        zone=told.zone,
        language=told.language,
        k=told.privacy.k,
        grid_metres=told.privacy.grid_metres,
        rows=told.privacy.rows,
    )


def _own() -> Municipality:
    own = _city()
    return Municipality(own.uid, own.vat, own.name)


def _city_digest() -> str:
    """The digest of the files that say where the city and its districts are."""
    files = (portal_config.city_file(), portal_config.gazetteer_file())
    digests = (hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
    return "".join(each[:12] for each in digests)
