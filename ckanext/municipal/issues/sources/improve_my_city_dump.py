"""Requests of Improve My City v3 from its database: tables exported as CSV, for a site without the API.

The tables are those of itsam/imc, administrator/sql/install.mysql.utf8.sql, each in a file of its
name, whatever prefix the site gives them (``jos_imc_issues.csv``); users and comments' texts are
not needed, and not read.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from ckanext.municipal.harvest.files import FileBytes, SourceFile, list_files, read_file
from ckanext.municipal.harvest.record import RecordRefused
from ckanext.municipal.harvest.source_form import Form
from ckanext.municipal.issues.request import Batch
from ckanext.municipal.issues.source import IssueSource
from ckanext.municipal.issues.sources import improve_my_city_request as one
from ckanext.municipal.issues.sources import improve_my_city_rules as rules
from ckanext.municipal.issues.sources.access import Access
from ckanext.municipal.lib.http import Client
from ckanext.municipal.lib.tables import Row, UnreadableTable, stream
from ckanext.municipal.quality.findings import Finding, Place

BATCH = 500
ISSUES, LOG, STEPS, CATEGORIES = "imc_issues", "imc_log", "imc_steps", "categories"
VOTES, COMMENTS = "imc_votes", "imc_comments"
_NEEDED = {
    ISSUES: ("id", "stepid", "catid", "state", "moderation", "created"),
    STEPS: ("id", "title"),
    CATEGORIES: ("id", "title"),
}
_NAME = re.compile(r"(imc_issues|imc_log|imc_steps|imc_votes|imc_comments|categories)\.[a-z]+")
_NULLS = ("NULL", "\\N")
_PUBLIC_ACCESS = "1"

Values = dict[str, Any]


@dataclass(slots=True)
class _Known:
    """What the smaller tables say, by number."""

    steps: dict[str, str]
    categories: dict[str, Values]
    paths: one.Paths
    history: Mapping[str, list[Values]]
    votes: Counter[str] | None = None
    comments: Counter[str] | None = None
    findings: list[Finding] = field(default_factory=list)


def settings(form: Form) -> None:
    """Read the keys of a source of this kind: it has none."""
    form.only(())


def make(_source: IssueSource, access: Access) -> ImproveMyCityDump:
    """Return the reader of a source."""
    return ImproveMyCityDump(access.url, access.client, access.inbox_root, operator=access.operator)


@dataclass(frozen=True, slots=True)
class ImproveMyCityDump:
    """Reads the tables at ``where``, as `harvest.files.list_files` takes it. Every walk reads all."""

    where: str
    client: Client
    inbox_root: Path | None = None
    operator: bool = False
    incremental: bool = False

    def walk(self, cursor: Any = None) -> Iterator[Batch]:
        """Yield all public requests; raises `RecordRefused`, `FilesError` and `HttpError`."""
        files = self._files()
        known = self._known(files)
        name = files[ISSUES].name
        rows = self._rows(files, ISSUES, known.findings)
        findings, known.findings[:] = tuple(known.findings), []
        while part := list(islice(rows, BATCH)):
            read = [one.read(_entry(row, known), known.paths, name, number) for number, row in part]
            batch = one.batch(read)
            refused = (*batch.refused, *known.findings)
            known.findings.clear()
            yield replace(batch, refused=refused, findings=(*findings, *batch.findings))
            findings = ()

    def _files(self) -> dict[str, SourceFile]:
        listed = list_files(self.where, self.client, self.inbox_root, operator=self.operator)
        files: dict[str, SourceFile] = {}
        for file in listed:
            if match := _NAME.search(file.name.lower()):
                files.setdefault(match[1], file)
        return files

    def _known(self, files: Mapping[str, SourceFile]) -> _Known:
        bad: list[Finding] = []
        for table in _NEEDED:
            if table not in files:
                raise _refused(rules.DUMP_INCOMPLETE, table)
        steps = {row["id"]: row["title"] for _, row in self._rows(files, STEPS, bad)}
        categories = {row["id"]: row for _, row in self._rows(files, CATEGORIES, bad)}
        titles = {
            number: (row["title"] or "", row.get("parent_id") or "")
            for number, row in categories.items()
            if row.get("extension", "com_imc") == "com_imc"
        }
        history = _history(self._rows(files, LOG, bad), steps, categories) if LOG in files else {}
        known = _Known(steps, categories, one.paths_of(titles), history, findings=bad)
        if VOTES in files:
            known.votes = _counted(self._rows(files, VOTES, bad))
        if COMMENTS in files:
            known.comments = _counted(self._rows(files, COMMENTS, bad))
        return known

    def _rows(
        self, files: Mapping[str, SourceFile], table: str, bad: list[Finding]
    ) -> Iterator[tuple[int, Values]]:
        """Yield the rows of a table by column name, each with its line; ragged ones are set aside."""
        file = files[table]
        content = read_file(file, self.client)
        if not isinstance(content, FileBytes):
            raise _refused(rules.DUMP_INCOMPLETE, table)
        try:
            sheet = next(iter(stream(content.data, file.name, header=_is_header)))
        except UnreadableTable as error:
            raise _refused(rules.DUMP_INCOMPLETE, table) from error
        names = [name.strip().lower() for name in sheet.header]
        if missing := [name for name in _NEEDED.get(table, ()) if name not in names]:
            raise _refused(rules.DUMP_COLUMNS, table, columns=", ".join(missing))
        for row in sheet.rows:
            if row.ragged:
                values = {"cells": len(row.cells), "headers": len(names)}
                bad.append(Finding(rules.RAGGED, Place(file.name, row=row.number), values))
                continue
            yield row.number, dict(zip(names, _cells(row), strict=True))


def _is_header(names: tuple[str, ...]) -> bool:
    known = {name.strip().lower() for name in names}
    return "id" in known and bool(known & {"title", "issueid"})


def _cells(row: Row) -> list[str | None]:
    """Return the cells as text; what stands for nothing is None."""
    return [None if cell is None or cell in _NULLS else str(cell).strip() for cell in row.cells]


def _entry(row: Values, known: _Known) -> Values:
    """Return a row of the table of requests as the API would give it."""
    category = known.categories.get(row["catid"] or "", {})
    # Only for some readers, in a category for some readers, or in one that was taken off: not public.
    open_to_all = row.get("access", _PUBLIC_ACCESS) == _PUBLIC_ACCESS
    shown = category.get("access", _PUBLIC_ACCESS) == _PUBLIC_ACCESS
    shown = shown and category.get("published", "1") == "1"
    number = row["id"] or ""
    counted = {"votes": known.votes, "comments": known.comments}
    counts = {name: counter[number] for name, counter in counted.items() if counter is not None}
    return {
        **row,
        **counts,
        "state": row["state"] if open_to_all and shown else 0,
        "stepid_title": known.steps.get(row["stepid"] or ""),
        "catid_title": category.get("title"),
        "timeline": known.history.get(number, []),
        "channel": "web" if row.get("modality", "0") in ("0", None) else "mobile",
    }


def _history(
    rows: Iterator[tuple[int, Values]], steps: Mapping[str, str], categories: Mapping[str, Values]
) -> Mapping[str, list[Values]]:
    """Return the lines of each request's history as the API would give them, staff left out."""
    history: dict[str, list[Values]] = defaultdict(list)
    for _, row in rows:
        if row.get("state", "1") == "1" and row.get("issueid"):
            line = {name: row.get(name) for name in ("action", "description", "created")}
            line["stepid_title"] = steps.get(row.get("stepid") or "")
            line["catid_title"] = categories.get(row.get("catid") or "", {}).get("title")
            history[row["issueid"]].append(line)
    return history


def _counted(rows: Iterator[tuple[int, Values]]) -> Counter[str]:
    """Return how many rows each request has, hidden ones and those in moderation left out."""
    return Counter(
        row["issueid"]
        for _, row in rows
        if row.get("issueid")
        and row.get("state", "1") == "1"
        and row.get("moderation", "0") in ("0", None)
    )


def _refused(rule: Any, table: str, **values: str) -> RecordRefused:
    return RecordRefused(Finding(rule, Place(f"{table}.csv"), {"table": table, **values}))
