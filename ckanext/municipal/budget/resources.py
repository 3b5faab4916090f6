"""The files of a budget year: made from its tables, the same bytes from the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ckanext.municipal.budget import fiscal_package
from ckanext.municipal.budget.dataset import BudgetYear, both, describe, newest_moment
from ckanext.municipal.budget.fiscal_package import PackageFile
from ckanext.municipal.budget.lines import BudgetLine
from ckanext.municipal.budget.originals import Archive, Original, by_month, zip_bytes
from ckanext.municipal.budget.rules.registry import shipped_codes
from ckanext.municipal.budget.tables import TABLES, schema_of, table_id
from ckanext.municipal.budget.year import YearTables
from ckanext.municipal.harvest.identity import resource_id
from ckanext.municipal.harvest.publish import File
from ckanext.municipal.lib.texts import LANGUAGES, N_, text, texts
from ckanext.municipal.store import exports, table_schema

MEDIA_TYPES = {
    "CSV": "text/csv",
    "JSON": "application/json",
    "PARQUET": "application/vnd.apache.parquet",
    "ZIP": "application/zip",
}
JSON_NAME = N_("{table} as JSON")
PARQUET_NAME = N_("{table} as Parquet")
LONG_NAME = N_("Budget lines, one row a phase")
LONG_NOTES = N_("The same lines with one row for each phase, as the Fiscal Data Package wants it.")
PACKAGE_NAME = N_("Fiscal Data Package")
PACKAGE_NOTES = N_(
    "Describes the CSV tables of this budget by the Fiscal Data Package standard, for programs."
)
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0 International",
}
ORIGINALS_NAME = N_("Original exports of {month}")
ORIGINALS_NOTES = N_("The {count} files of the month as the municipality exported them, untouched.")
Rows = Sequence[Mapping[str, Any]]
WRITERS = {
    "CSV": exports.csv_bytes,
    "JSON": exports.json_bytes,
    "PARQUET": exports.parquet_bytes,
}
Address = Callable[[str, str], str]
_WHOLE = ("lines", "execution")  # the tables that are offered in every format


def files_of(
    budget: BudgetYear, tables: YearTables, archive: Archive, address: Address
) -> Iterator[File]:
    """Yield every file of a year in the order that its page shows them.

    ``address`` gives the URL of a file from the id of its resource and its name.
    """
    described = []
    for table in TABLES:
        schema, rows = schema_of(table), getattr(tables, table)
        file = _table_file(budget, table, "CSV", rows, dict(schema.title))
        described.append(_package_file(file, schema.name, table_schema.descriptor(schema), address))
        yield file
    for table in _WHOLE:
        title, rows = schema_of(table).title, getattr(tables, table)
        yield _table_file(budget, table, "JSON", rows, _named(JSON_NAME, title))
        named = _named(PARQUET_NAME, title)
        yield _table_file(budget, table, "PARQUET", rows, named)
    yield from _fiscal_files(budget, tables, described, address)
    if not budget.source.suppress:  # the originals would tell what the tables must not
        yield from _original_files(budget, tables, archive)


def _fiscal_files(
    budget: BudgetYear, tables: YearTables, described: list[PackageFile], address: Address
) -> Iterator[File]:
    """The long table that the Fiscal Data Package wants, and the descriptor of all tables."""
    names = both(budget.municipality.name)
    uid, as_of = budget.municipality.uid, newest_moment(tables)
    of = fiscal_package.Budget(uid, names, budget.year, as_of)
    lines = [BudgetLine.from_row(row) for row in tables.lines]
    data = fiscal_package.long_csv(fiscal_package.long_rows(lines, of, shipped_codes))
    resource = _resource(budget, "lines-long", "CSV", texts(LONG_NAME), texts(LONG_NOTES))
    long = File(resource, f"budget-{budget.year}-lines-long.csv", data)
    yield long
    schema = fiscal_package.long_schema()
    dataset = describe(budget, tables)
    descriptor = fiscal_package.datapackage(
        of,
        [*described, _package_file(long, "budget_lines_long", schema, address)],
        name=dataset["name"],
        titles=dataset["title_translated"],
        descriptions=dataset["notes_translated"],
        licence=LICENCE,
    )
    data = fiscal_package.package_bytes(descriptor)
    resource = _resource(budget, "datapackage", "JSON", texts(PACKAGE_NAME), texts(PACKAGE_NOTES))
    yield File(resource, "datapackage.json", data)


def _package_file(
    file: File, name: str, schema: Mapping[str, Any], address: Address
) -> PackageFile:
    titles = file.resource["name_translated"]
    path = address(file.resource["id"], file.name)
    return PackageFile(name, path, titles, file.size, file.sha256, schema)


def _table_file(
    budget: BudgetYear, table: str, format_: str, rows: Rows, names: dict[str, str]
) -> File:
    schema = schema_of(table)
    kind = table if format_ == "CSV" else f"{table}-{format_.lower()}"
    resource = _resource(budget, kind, format_, names, dict(schema.description))
    if format_ == "CSV":
        resource["id"] = table_id(budget.package_id, table)
        resource["datastore_active"] = True
    return File(
        resource, f"budget-{budget.year}-{table}.{format_.lower()}", WRITERS[format_](schema, rows)
    )


def _original_files(budget: BudgetYear, tables: YearTables, archive: Archive) -> Iterator[File]:
    originals = {
        row["file"]: Original(row["file"], row["as_of"], row["sha256"]) for row in tables.snapshots
    }
    for month, files in by_month(originals.values()).items():
        names = texts(ORIGINALS_NAME, month=month)
        notes = texts(ORIGINALS_NOTES, count=len(files))
        resource = _resource(budget, "originals", "ZIP", names, notes, month)
        resource["month"] = month
        name = f"budget-{budget.year}-originals-{month}.zip"
        yield File(resource, name, zip_bytes(files, archive))


def _resource(
    budget: BudgetYear,
    kind: str,
    format_: str,
    names: dict[str, str],
    notes: dict[str, str],
    *parts: str,
) -> dict[str, Any]:
    return {
        "id": resource_id(budget.package_id, kind, *parts),
        "table": kind,
        "name_translated": names,
        "description_translated": notes,
        "format": format_,
        "mimetype": MEDIA_TYPES[format_],
        "hash_algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256",
    }


def _named(msgid: str, title: Any) -> dict[str, str]:
    return {language: text(msgid, language, table=title[language]) for language in LANGUAGES}
