"""The files of citizens' requests: made from the stored rows, the same bytes from the same rows.

Every file is written row by row when it is needed, so that a hundred thousand requests take no more
memory than a hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from ckanext.municipal.harvest.identity import resource_id
from ckanext.municipal.harvest.publish import File
from ckanext.municipal.issues import bulk, data_package, geojson
from ckanext.municipal.issues.dataset import IssueReports
from ckanext.municipal.issues.tables import Row, Tables
from ckanext.municipal.lib.texts import LANGUAGES, N_, text, texts
from ckanext.municipal.store import exports
from ckanext.municipal.store.schema import TableSchema

Address = Callable[[str, str], str]
Writer = Callable[[TableSchema, Any, BinaryIO], int]

MEDIA_TYPES = {
    "CSV": "text/csv",
    "JSON": "application/json",
    "PARQUET": "application/vnd.apache.parquet",
    "GEOJSON": geojson.MEDIA_TYPE,
}
WRITERS: dict[str, Writer] = {
    "CSV": exports.write_csv,
    "JSON": exports.write_json,
    "PARQUET": exports.write_parquet,
}
JSON_NAME = N_("{table} as JSON")
PARQUET_NAME = N_("{table} as Parquet")
MAP_NAME = N_("Requests on the map")
MAP_NOTES = N_(
    "The requests whose place is published, each as a point in the middle of its grid cell (GeoJSON)."
)
BULK_NAME = N_("Requests in the form of GeoReport Bulk")
PACKAGE_NAME = N_("Data dictionary")
PACKAGE_NOTES = N_("Describes the columns of all tables for programs (Data Package, Table Schema).")
OF_ROWS = ("requests", "events")
OF_FIGURES = ("categories", "statistics", "readings")


def stored_of(reports: IssueReports) -> Tables:
    """Return the tables from which the files of a dataset are made."""
    return Tables(reports.package_id, reports.zone)


def files_of(reports: IssueReports, dataset: dict[str, Any], address: Address) -> list[File]:
    """Return every file of a dataset in the order that its page shows them.

    ``dataset`` is what `dataset.describe` says; ``address`` gives the URL of a file from the id of
    its resource and its name. Without ``reports.rows`` there are figures only.
    """
    told = (*OF_ROWS, *OF_FIGURES) if reports.rows else OF_FIGURES
    by_table = {table: _table_file(reports, table, "CSV") for table in told}
    stored = stored_of(reports)
    described = [(file, stored.schema(table)) for table, file in by_table.items()]
    files = list(by_table.values())
    if reports.rows:
        bulk_file = _bulk_file(reports)
        described.append((bulk_file, bulk.schema()))
        for table in OF_ROWS:
            files += [_table_file(reports, table, format_) for format_ in ("JSON", "PARQUET")]
        files += [_map_file(reports), bulk_file]
    return [*files, _package_file(reports, dataset, described, address)]


def _table_file(reports: IssueReports, table: str, format_: str) -> File:
    stored = stored_of(reports)
    schema = stored.schema(table)
    kind = table if format_ == "CSV" else f"{table}-{format_.lower()}"
    names = {
        "CSV": dict(schema.title),
        "JSON": _named(JSON_NAME, schema),
        "PARQUET": _named(PARQUET_NAME, schema),
    }
    resource = _resource(reports, kind, format_, names[format_], dict(schema.description))
    if format_ == "CSV":
        resource["id"] = stored.id(table)
        resource["datastore_active"] = True

    def write(file: BinaryIO) -> None:
        WRITERS[format_](schema, stored.rows(table), file)

    return File(resource, f"{table}.{format_.lower()}", write)


def _map_file(reports: IssueReports) -> File:
    resource = _resource(reports, "requests-geojson", "GEOJSON", texts(MAP_NAME), texts(MAP_NOTES))

    def write(file: BinaryIO) -> None:
        rows = stored_of(reports).requests()
        geojson.write_geojson(rows, _categories(reports), file)

    return File(resource, "requests.geojson", write)


def _bulk_file(reports: IssueReports) -> File:
    schema = bulk.schema()
    notes = dict(schema.description)
    resource = _resource(reports, "requests-bulk", "CSV", texts(BULK_NAME), notes)

    def write(file: BinaryIO) -> None:
        rows = stored_of(reports).requests()
        told = bulk.bulk_rows(rows, _categories(reports), reports.language)
        exports.write_csv(schema, told, file)

    return File(resource, "georeport-bulk.csv", write)


def _package_file(
    reports: IssueReports,
    dataset: dict[str, Any],
    described: list[tuple[File, TableSchema]],
    address: Address,
) -> File:
    resource = _resource(reports, "datapackage", "JSON", texts(PACKAGE_NAME), texts(PACKAGE_NOTES))

    def tables_of() -> Iterator[data_package.Table]:
        for file, schema in described:
            path = address(file.resource["id"], file.name)
            yield data_package.Table(path, schema, file.size, file.sha256)

    def write(file: BinaryIO) -> None:
        file.write(data_package.package_bytes(dataset, tables_of()))

    return File(resource, "datapackage.json", write)


def _categories(reports: IssueReports) -> dict[str, Row]:
    return {row["code"]: row for row in stored_of(reports).rows("categories")}


def _resource(
    reports: IssueReports, kind: str, format_: str, names: dict[str, str], notes: dict[str, str]
) -> dict[str, Any]:
    return {
        "id": resource_id(reports.package_id, kind),
        "table": kind,
        "name_translated": names,
        "description_translated": notes,
        "format": "GeoJSON" if format_ == "GEOJSON" else format_,
        "mimetype": MEDIA_TYPES[format_],
        "hash_algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256",
    }


def _named(msgid: str, schema: TableSchema) -> dict[str, str]:
    return {language: text(msgid, language, table=schema.title[language]) for language in LANGUAGES}
