"""One pass over a file: its tables, the schema each shows, and everything that is wrong.

Every file ends in a verdict, whatever it is: what cannot be read is a finding as well.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.tables import UnreadableTable
from ckanext.municipal.lib.tables.delimited_file import DelimitedFile, recoded
from ckanext.municipal.lib.tables.opened import FILE_LIMITS, open_tables
from ckanext.municipal.lib.tables.raw import RawTable, connect
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal.geojson import Box
from ckanext.municipal.quality.files.checks_columns import check_columns
from ckanext.municipal.quality.files.checks_schema import (
    check_schema,
    given_forms,
    without_missing,
)
from ckanext.municipal.quality.files.checks_structure import check_structure
from ckanext.municipal.quality.files.checks_values import check_values
from ckanext.municipal.quality.files.columns import IrregularRows, Table, typed_table
from ckanext.municipal.quality.files.descriptor import Descriptor, UnusableSchema, parse
from ckanext.municipal.quality.files.drift import check_drift
from ckanext.municipal.quality.files.inferred import InferredSchema, inferred
from ckanext.municipal.quality.files.report import Key, Report
from ckanext.municipal.quality.findings import Finding, Severity
from ckanext.municipal.quality.rules import schemas as schema_rules
from ckanext.municipal.quality.rules import structure as rules

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Options:
    """What is known of a file beside its bytes.

    ``schema`` is a Table Schema, as the object that its JSON is; ``resources`` are the files that
    its foreign keys name; ``before`` is what the last version showed (`InferredSchema.as_json`);
    ``box`` is the area of the portal. ``keep`` findings of a rule and column are kept.
    """

    schema: Any = None
    resources: Mapping[str, Path] = field(default_factory=dict)
    before: Mapping[str, Any] | None = None
    box: Box | None = None
    encoding: str | None = None
    delimiter: str | None = None
    keep: int = 100
    memory_mb: int = 300


@dataclass(frozen=True, slots=True)
class CheckedTable:
    """One table of a file: its sheet, the schema that it shows, and how it was written."""

    sheet: str
    schema: InferredSchema
    encoding: str | None
    delimiter: str | None
    header_row: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in a file: its tables, the first findings of each kind, and how many there are.

    ``counts`` is by rule id, sheet and column; those ``at_least`` were not counted to the end.
    """

    file: str
    tables: tuple[CheckedTable, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[Key, int]
    at_least: frozenset[Key] = frozenset()
    readable: bool = True

    def worst(self) -> Severity | None:
        """Return the worst severity that was found."""
        found = {finding.rule.severity for finding in self.findings}
        return next((severity for severity in Severity if severity in found), None)


def check(path: Path, name: str = "", options: Options | None = None) -> Verdict:
    """Return the verdict on a file of any kind and size; ``name`` is what messages call it.

    Takes no more memory than about 600 MB, and room in the folder for temporary files for one
    copy of the file. Never raises for what a file holds.
    """
    options = options or Options()
    report = Report(name or path.name, keep=options.keep)
    tables: list[CheckedTable] = []
    with tempfile.TemporaryDirectory(prefix="municipal-quality-") as folder:
        connection = connect(Path(folder), options.memory_mb)
        try:
            _check_tables(
                path, Path(folder), connection, options=options, report=report, tables=tables
            )
        except ReadableError as problem:
            return _unreadable(report, problem, tables)
        except (MemoryError, RecursionError, OSError, ValueError, ArithmeticError):
            return _unreadable(report, _beyond(report.file), tables)
        except Exception as error:
            if not type(error).__module__.startswith(("_duckdb", "duckdb")):
                raise
            return _unreadable(report, _beyond(report.file), tables)
        finally:
            connection.close()
    return _verdict(report, tables)


def _beyond(name: str) -> UnreadableTable:
    return UnreadableTable(
        N_("{file} is written in a way that no program can follow. Export it again."), file=name
    )


def _unreadable(report: Report, problem: ReadableError, tables: list[CheckedTable]) -> Verdict:
    rule = schema_rules.BAD_SCHEMA if isinstance(problem, UnusableSchema) else rules.UNREADABLE
    report.sheet = ""
    said = {language: problem.message(language) for language in ("en", "el")}
    report.add(rule, problem=said)
    return _verdict(report, tables, readable=rule is not rules.UNREADABLE)


def _verdict(report: Report, tables: list[CheckedTable], readable: bool = True) -> Verdict:
    return Verdict(
        report.file,
        tuple(tables),
        report.sorted(),
        dict(report.counts),
        frozenset(report.at_least),
        readable,
    )


def _check_tables(
    path: Path,
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    *,
    options: Options,
    report: Report,
    tables: list[CheckedTable],
) -> None:
    schema = parse(options.schema) if options.schema is not None else None
    opened = open_tables(
        path,
        report.file,
        folder,
        connection,
        encoding=options.encoding,
        delimiter=options.delimiter,
        limits=FILE_LIMITS,
    )
    for source in opened:
        table = read_table(connection, source, schema)
        report.sheet = table.raw.sheet
        check_structure(table, report)
        if schema is None:
            check_values(table, report)
            check_columns(table, report, options.box)
        else:
            check_schema(table, schema, report, _references(options, folder, connection))
        shown = inferred(table.columns, table.rows)
        if options.before is not None and not tables:
            check_drift(options.before, shown, report)
        raw = table.raw
        tables.append(CheckedTable(raw.sheet, shown, raw.encoding, raw.delimiter, raw.header_row))


def read_table(
    connection: duckdb.DuckDBPyConnection,
    source: RawTable | DelimitedFile,
    schema: Descriptor | None = None,
) -> Table:
    """Return a table with its types; a text file is read where it stands if it is regular.

    Raises UnreadableTable.
    """
    import duckdb

    if isinstance(source, RawTable):
        return _typed(connection, source, schema)
    if raw := source.fast():
        try:
            return _typed(connection, raw, schema)
        except (IrregularRows, duckdb.Error):
            source = recoded(source)
    return _typed(connection, source.exact(), schema)


def _typed(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, schema: Descriptor | None
) -> Table:
    if schema is None:
        return typed_table(connection, raw)
    raw = without_missing(raw, schema)
    return typed_table(connection, raw, given_forms(raw, schema))


def _references(options: Options, folder: Path, connection: duckdb.DuckDBPyConnection):
    """Return what opens the tables that foreign keys name, each in a folder of its own."""

    def open_reference(name: str) -> RawTable | None:
        path = options.resources.get(name)
        if path is None or not path.exists():
            return None
        own = Path(tempfile.mkdtemp(dir=folder))
        first = next(open_tables(path, path.name, own, connection))
        return first.exact() if isinstance(first, DelimitedFile) else first

    return open_reference
