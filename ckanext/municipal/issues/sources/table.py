"""Requests from a spreadsheet: CSV, XLSX or GeoJSON of any program, its columns mapped in the YAML.

Every walk reads all rows, twice: first to see which rows repeat a request and whether every file is
whole, so that nothing is taken of a source of which a part cannot be read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from zoneinfo import ZoneInfo

from ckanext.municipal.harvest.files import FileBytes, SourceFile, list_files, read_file
from ckanext.municipal.harvest.record import RecordRefused
from ckanext.municipal.issues.request import Batch, SourceRequest
from ckanext.municipal.issues.source import IssueSource
from ckanext.municipal.issues.sources import table_rules as rules
from ckanext.municipal.issues.sources.access import Access
from ckanext.municipal.issues.sources.table_fields import LONGEST_ID, Fields, id_of
from ckanext.municipal.issues.sources.table_once import Once
from ckanext.municipal.issues.sources.table_places import Positions
from ckanext.municipal.issues.sources.table_request import request_of
from ckanext.municipal.issues.sources.table_rows import TableRow, rows
from ckanext.municipal.issues.sources.table_settings import Settings, settings
from ckanext.municipal.lib.greek import header_key
from ckanext.municipal.lib.http import Client
from ckanext.municipal.portal.geojson import Box
from ckanext.municipal.quality.findings import Finding

__all__ = ["Settings", "TableReader", "make", "settings"]

BATCH = 500
_TABLES = (
    *(".csv", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
    *(".geojson", ".geojsonl", ".json", ".ndjson"),
)
_Numbered = tuple[int, TableRow]


def make(source: IssueSource, access: Access) -> TableReader:
    """Return the reader of a source."""
    return TableReader(
        access.url,
        access.client,
        source.reader,
        source.zone,
        source.box,
        access.inbox_root,
        operator=access.operator,
    )


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads the files at ``where``, as `harvest.files.list_files` takes it.

    ``zone`` is the clock of moments without one; ``box`` is where the city lies.
    """

    where: str
    client: Client
    settings: Settings
    zone: ZoneInfo
    box: Box
    inbox_root: Path | None = None
    operator: bool = False
    incremental: bool = False

    def walk(self, cursor: Any = None) -> Iterator[Batch]:
        """Yield all requests; raises `RecordRefused`, `FilesError` and `HttpError`."""
        with TemporaryFile() as kept:
            files = [_keep(file, self.client, kept) for file in self._files()]
            once = Once(self.settings.dates, self.zone)
            for number, row in self._rows(kept, files):
                once.note(number, row)
            positions = Positions(self.settings, self.box)
            numbered = self._rows(kept, files)
            while part := list(islice(numbered, BATCH)):
                yield self._batch(part, once, positions)
        if last := once.last():
            yield Batch(findings=tuple(last), total=len(once))

    def _files(self) -> list[SourceFile]:
        listed = list_files(self.where, self.client, self.inbox_root, operator=self.operator)
        if pattern := self.settings.files:
            found = [file for file in listed if re.fullmatch(pattern, file.name)]
        else:
            found = [file for file in listed if file.name.lower().endswith(_TABLES)]
            found = found or (listed if len(listed) == 1 else [])
        if not found:
            names = ", ".join(file.name for file in listed[:20]) or "–"
            raise RecordRefused(Finding(rules.NO_FILES, values={"files": names}))
        return found

    def _rows(self, kept: IO[bytes], files: Iterable[_Kept]) -> Iterator[_Numbered]:
        number = 0
        for file in files:
            kept.seek(file.start)
            for row in rows(kept.read(file.size), file.name, self.settings):
                yield number, row
                number += 1

    def _batch(self, part: Sequence[_Numbered], once: Once, positions: Positions) -> Batch:
        refused: list[Finding] = []
        findings: list[Finding] = []
        withdrawn: list[str] = []
        taken: list[tuple[TableRow, str]] = []
        for number, row in part:
            id_ = id_of(row)
            if id_ is None:
                refused.append(row.fault or _without_id(row, self.settings))
                continue
            findings += once.met(row, id_)
            if not once.takes(number, id_):
                continue
            if self._is_public(row):
                taken.append((row, id_))
            else:
                withdrawn.append(id_)
        requests: list[SourceRequest] = []
        places = positions.of([row for row, _ in taken])
        for (row, id_), position in zip(taken, places, strict=True):
            fields = Fields(row, id_, self.settings.dates, self.zone)
            requests.append(request_of(fields, position))
            findings += fields.findings
        return Batch(
            tuple(requests), tuple(withdrawn), tuple(refused), tuple(findings), total=len(once)
        )

    def _is_public(self, row: TableRow) -> bool:
        said = (str(cell.value) for cell in row.cells.get("status", ()))
        return self.settings.not_public.isdisjoint(map(header_key, said))


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where in the temporary file the bytes of one of the source's files are."""

    name: str
    start: int
    size: int


def _keep(file: SourceFile, client: Client, kept: IO[bytes]) -> _Kept:
    """Put a file's bytes at the end of the temporary file: they are gone through twice."""
    content = read_file(file, client)
    if not isinstance(content, FileBytes):
        raise RecordRefused(Finding(rules.NO_FILES, values={"files": file.name}))
    start = kept.seek(0, io.SEEK_END)
    kept.write(content.data)
    return _Kept(file.name, start, content.size)


def _without_id(row: TableRow, settings: Settings) -> Finding:
    column = settings.columns["id"][0]
    values = {"column": column, "longest": LONGEST_ID}
    return Finding(rules.NO_ID, replace(row.place, field=column), values)
