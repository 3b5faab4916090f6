"""Which files of a source belong to which fiscal year, and their bytes. No CKAN, no database."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from ckanext.municipal.budget.originals import Archive
from ckanext.municipal.budget.source import BudgetSource, FileMatch
from ckanext.municipal.budget.statement import StatementRefused, read_statements
from ckanext.municipal.harvest.files import FileBytes, NotModified, SourceFile, read_file
from ckanext.municipal.harvest.files.model import DATA_SUFFIXES
from ckanext.municipal.lib.http import Client


@dataclass(frozen=True, slots=True)
class YearFile:
    """A file that was read: its name, SHA-256, own time, and where its bytes wait."""

    name: str
    sha256: str
    modified: datetime | None
    path: Path | None

    def data(self, archive: Archive) -> bytes:
        """Return the bytes, of the download or, where it was known already, of the archive."""
        return self.path.read_bytes() if self.path else archive.get(self.sha256)


@dataclass(frozen=True, slots=True)
class YearFiles:
    """All files of a year; ``folder`` holds what was downloaded and goes when this goes."""

    files: tuple[YearFile, ...]
    folder: tempfile.TemporaryDirectory[str]

    @property
    def digest(self) -> str:
        """Return a text that changes when a file, its name or its bytes change."""
        return digest_of((file.name, file.sha256) for file in self.files)


def digest_of(files: Iterable[tuple[str, str]]) -> str:
    """Return the digest of file names and their SHA-256."""
    return hashlib.sha256(json.dumps(sorted(files)).encode()).hexdigest()


def by_year(
    files: Sequence[SourceFile], source: BudgetSource, client: Client, *, all_files: bool = False
) -> dict[str, list[SourceFile]]:
    """Group files by fiscal year ("2016").

    Only a file whose rows say the year is opened for it. One that cannot be read is a group of
    its own, ``file:NAME``, where it is met again with its reason. So is, with ``all_files``, a
    table whose name no pattern of the source matches; on a web page such files are others'.
    """
    groups: dict[str, list[SourceFile]] = {}
    for file in files:
        match = source.match(file.name)
        if match is None:
            if all_files and file.name.lower().endswith(DATA_SUFFIXES):
                groups[f"file:{file.name}"] = [file]
            continue
        stated = _stated_year(match)
        for group in [stated] if stated else _years_inside(file, source, client):
            groups.setdefault(group, []).append(file)
    return dict(sorted(groups.items()))


def _stated_year(match: FileMatch) -> str:
    """The year that the name or the source states, "" where only the rows can tell."""
    year = match.rule.year
    if isinstance(year, int):
        return str(year)
    text = match.groups.get("fiscal_year") or match.groups.get("year") or ""
    return text if year == "group" and text.isdecimal() else ""


def _years_inside(file: SourceFile, source: BudgetSource, client: Client) -> list[str]:
    content = read_file(file, client)
    assert isinstance(content, FileBytes)
    modified = moment(content.modified, source)
    try:
        statements = read_statements(content.data, file.name, source, modified=modified)
    except StatementRefused:
        return [f"file:{file.name}"]
    return sorted({str(statement.year) for statement in statements})


def read_year(
    files: Iterable[SourceFile],
    source: BudgetSource,
    client: Client,
    archive: Archive,
    known: Mapping[str, Mapping[str, str | None]],
) -> tuple[YearFiles, dict[str, dict[str, str | None]]]:
    """Download the files of a year that are not the ones ``known``; return them and what to know.

    ``known`` and the second result map a file's name to its ``sha256``, ``etag`` and ``modified``.
    """
    folder = tempfile.TemporaryDirectory(prefix="municipal-budget-")
    read, marks = [], {}
    for file in files:
        before = known.get(file.name) or {}
        usable = (before.get("sha256") or "") in archive
        answer = read_file(
            file,
            client,
            etag=before.get("etag") if usable else None,
            modified=before.get("modified") if usable else None,
        )
        if isinstance(answer, NotModified):
            mark = dict(before)
            path = None
        else:
            mark = {"sha256": answer.sha256, "etag": answer.etag, "modified": answer.modified}
            path = Path(folder.name) / answer.sha256
            path.write_bytes(answer.data)
        marks[file.name] = mark
        when = moment(mark["modified"], source)
        read.append(YearFile(file.name, str(mark["sha256"]), when, path))
    return YearFiles(tuple(read), folder), marks


def moment(text: str | None, source: BudgetSource) -> datetime | None:
    """Return a file's own time (ISO 8601 or HTTP date) in the zone of its source."""
    if not text:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        try:
            when = parsedate_to_datetime(text)
        except ValueError:
            return None
    return when.astimezone(source.zone) if when.tzinfo else when.replace(tzinfo=source.zone)
