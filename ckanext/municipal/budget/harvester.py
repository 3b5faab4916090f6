"""Plugin ``municipal_budget_harvester``: a year's exports become one dataset with its tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from ckanext.municipal.budget import codelists, config, tables
from ckanext.municipal.budget.dataset import BudgetYear
from ckanext.municipal.budget.originals import Archive
from ckanext.municipal.budget.publish import publish
from ckanext.municipal.budget.reading_rules import NO_LINES
from ckanext.municipal.budget.rules import YearBudget
from ckanext.municipal.budget.rules.registry import shipped_codes
from ckanext.municipal.budget.source import BudgetSource, Municipality
from ckanext.municipal.budget.source_yaml import parse
from ckanext.municipal.budget.statement import Statement, StatementRefused, read_statements
from ckanext.municipal.budget.year import (
    YearOf,
    YearTables,
    budget_of,
    put_statements,
    year_findings,
)
from ckanext.municipal.budget.year_files import YearFile, YearFiles, by_year, read_year
from ckanext.municipal.harvest import config as harvest_config
from ckanext.municipal.harvest.files import SourceFile, list_files
from ckanext.municipal.harvest.files.web import is_web_address
from ckanext.municipal.harvest.harvester import (
    MunicipalHarvester,
    Outcome,
    Record,
    Report,
    Source,
)
from ckanext.municipal.harvest.identity import dataset_id, stamp
from ckanext.municipal.harvest.record import RecordRefused
from ckanext.municipal.harvest.source import SourceInvalid
from ckanext.municipal.harvest.source_form import SourceInvalid as BudgetSourceInvalid
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal import city, web
from ckanext.municipal.portal import config as portal_config
from ckanext.municipal.quality.findings import Finding, Place
from ckanext.municipal.store.transaction import transaction


@dataclass(frozen=True, slots=True)
class YearRead:
    """What the check of a year gives to its loading: its files and what was newly read of them."""

    files: YearFiles
    statements: tuple[Statement, ...]


class BudgetHarvester(MunicipalHarvester):
    """One record a fiscal year: all exports of it that the source has."""

    source_type = "municipal_budget"
    title = N_("Municipal budget exports")
    description = N_("Budget and execution statements (CSV, XLSX) of a municipality, year by year.")
    version = 1

    def check_config(self, settings: Any, file: str) -> None:
        """Check a source's YAML; raises `SourceInvalid` with every fault it has."""
        try:
            parse(settings, file)
        except BudgetSourceInvalid as error:
            raise SourceInvalid("{faults}", faults=str(error)) from error

    def fingerprint(self, source: Source) -> str:
        """Return a text that changes with the source's YAML and with the lists of codes."""
        return f"{source.fingerprint}:{_lists()}"

    def listing(self, source: Source) -> Iterable[Record]:
        """Yield a record for each fiscal year that the source has files of."""
        settings = _settings(source)
        with web.client() as client:
            files = list_files(
                source.url, client, harvest_config.inbox_root(), operator=source.operator
            )
            own_folder = not is_web_address(source.url)
            for group, members in by_year(files, settings, client, all_files=own_folder).items():
                yield Record(group, content=[file.as_json() for file in members])

    def fetch(self, source: Source, record: Record) -> Record:
        """Download what is new of a year's files; the digest is that of all of them."""
        files = [SourceFile.from_json(each) for each in record.content]
        known = json.loads(record.etag) if record.etag else {}
        with web.client() as client:
            archive = Archive(config.archive_root())
            read, marks = read_year(files, _settings(source), client, archive, known)
        return replace(record, content=read, digest=read.digest, etag=json.dumps(marks))

    def check(self, source: Source, record: Record, report: Report) -> Record:
        """Read the files that are new, and report what is wrong with them and with the year."""
        settings = _settings(source)
        files: YearFiles = record.content
        of = self._year_of(source, settings, record.guid)
        stored = tables.stored_year(_package_id(source, of))
        archive = Archive(config.archive_root())
        readings: list[Statement] = []
        refused: list[StatementRefused] = []
        unread = list(_unread(files, stored, of, archive))
        for done, file in enumerate(unread):
            report.progress(done, len(unread))
            try:
                readings += _read(file, archive, settings, of.year)
            except StatementRefused as refusal:
                refused.append(refusal)
        statements = tuple(statement for statement in readings if statement.lines)
        if not statements and not stored.snapshots:
            raise RecordRefused(_why_nothing(files, readings, refused))
        _report(report, refused, readings)
        if statements:
            planned = self._planned(source, stored, statements, of)
            budget = budget_of(planned, of.year, statements)
            for finding in year_findings(budget, _earlier(source, of), of.codes):
                report.finding(finding)
        return replace(record, content=YearRead(files, statements))

    def load(self, source: Source, record: Record, report: Report) -> Outcome:
        """Store the year's tables at once, then make the dataset say what they hold."""
        settings = _settings(source)
        read: YearRead = record.content
        of = self._year_of(source, settings, record.guid)
        package_id = _package_id(source, of)
        report.belongs_to(package_id)
        archive = Archive(config.archive_root())
        for file in read.files.files:
            if file.path:
                archive.put(file.path.read_bytes())
        written = self._store(source, package_id, read.statements, of)
        outcome = self._publish(source, settings, of, archive)
        self._refresh_next(source, settings, of, archive)
        return Outcome.UPDATED if written and outcome is Outcome.UNCHANGED else outcome

    def _store(
        self, source: Source, package_id: str, statements: tuple[Statement, ...], of: YearOf
    ) -> bool:
        with transaction(f"budget:{package_id}") as tx:
            stored = tables.stored_year(package_id, tx)
            planned = self._planned(source, stored, statements, of)
            return tables.write_year(tx, package_id, planned)

    def _planned(
        self, source: Source, stored: YearTables, statements: Iterable[Statement], of: YearOf
    ) -> YearTables:
        return put_statements(
            stored, statements, of, now=datetime.now().astimezone(), earlier=_earlier(source, of)
        )

    def _publish(
        self, source: Source, settings: BudgetSource, of: YearOf, archive: Archive
    ) -> Outcome:
        budget = BudgetYear(
            package_id=_package_id(source, of),
            source=settings,
            municipality=_municipality(settings),
            year=of.year,
            organisation=source.organisation,
        )
        return publish(budget, archive, self.context())

    def _refresh_next(
        self, source: Source, settings: BudgetSource, of: YearOf, archive: Archive
    ) -> None:
        """The year after is compared with this one, so its findings may have changed."""
        following = replace(of, year=of.year + 1)
        package_id = _package_id(source, following)
        if not tables.stored_year(package_id).snapshots:
            return
        if self._store(source, package_id, (), following):
            self._publish(source, settings, following, archive)

    def _year_of(self, source: Source, settings: BudgetSource, guid: str) -> YearOf:
        reader = stamp(self.version, self.fingerprint(source))
        year = int(guid) if guid.isdecimal() else 0
        return YearOf(_municipality(settings).uid, year, reader, shipped_codes)


def _settings(source: Source) -> BudgetSource:
    return parse(source.config, source.file)


def _municipality(settings: BudgetSource) -> Municipality:
    if settings.municipality:
        return settings.municipality
    own = city.load(portal_config.city_file())
    return Municipality(own.uid, own.vat, own.name)


def _package_id(source: Source, of: YearOf) -> str:
    return dataset_id(source.id, "budget", of.municipality, str(of.year))


def _earlier(source: Source, of: YearOf) -> YearBudget | None:
    before = replace(of, year=of.year - 1)
    stored = tables.stored_year(_package_id(source, before))
    return budget_of(stored, before.year) if stored.snapshots else None


def _why_nothing(
    files: YearFiles, readings: Iterable[Statement], refused: Iterable[StatementRefused]
) -> Finding:
    """The first reason why no file of a year gave any line."""
    reasons = [refusal.findings[0] for refusal in refused]
    reasons += [finding for statement in readings for finding in statement.findings]
    return reasons[0] if reasons else Finding(NO_LINES, Place(files.files[0].name))


def _unread(
    files: YearFiles, stored: YearTables, of: YearOf, archive: Archive
) -> Iterator[YearFile]:
    """The files that were not read in this way yet, and earlier ones that left the source since."""
    for file in files.files:
        if not stored.is_known(file.sha256, of.reader):
            yield file
    here = {file.sha256 for file in files.files}
    gone = {
        row["sha256"]: row["file"]
        for row in stored.snapshots
        if row["reader"] != of.reader and row["sha256"] not in here
    }
    for digest, name in gone.items():
        if digest in archive:
            yield YearFile(name, digest, None, None)


def _read(file: YearFile, archive: Archive, settings: BudgetSource, year: int) -> list[Statement]:
    services = codelists.services(*config.service_aliases()).code_for
    statements = read_statements(
        file.data(archive), file.name, settings, modified=file.modified, services=services
    )
    return [statement for statement in statements if statement.year == year]


def _report(
    report: Report, refused: Iterable[StatementRefused], statements: Iterable[Statement]
) -> None:
    for refusal in refused:
        report.finding(refusal.findings[0])
        for finding in refusal.findings[1:]:
            report.quarantine(finding)
    for statement in statements:
        for finding in statement.quarantined:
            report.quarantine(finding)
        for finding in statement.findings:
            report.finding(finding)


@lru_cache(maxsize=1)
def _lists() -> str:
    digest = hashlib.sha256()
    for path in sorted(codelists.FOLDER.glob("*.csv")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
