"""Parquet files, as columns of text like every other table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ckanext.municipal.lib.tables.model import Limits, UnreadableTable
from ckanext.municipal.lib.tables.raw import RawTable, literal
from ckanext.municipal.lib.texts import N_

if TYPE_CHECKING:
    import duckdb

_NESTED = ("STRUCT", "MAP", "UNION")


def parquet_table(
    path: Path, name: str, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> RawTable:
    """Return the table of a Parquet file; its rows are counted from 1. Raises UnreadableTable."""
    import duckdb

    reading = f"read_parquet({literal(str(path))})"
    try:
        columns = connection.execute(f"DESCRIBE SELECT * FROM {reading}").fetchall()  # noqa: S608
        told = f"SELECT num_rows FROM parquet_file_metadata({literal(str(path))})"  # noqa: S608
        (rows,) = connection.execute(told).fetchall()[0]
    except duckdb.Error:
        raise UnreadableTable(
            N_("{file} is a damaged Parquet file. Export it again."), file=name
        ) from None
    if len(columns) > limits.columns or rows > limits.rows:
        raise UnreadableTable(
            N_("{file}: more than {rows} rows or {columns} columns. Split it."),
            file=name,
            rows=limits.rows,
            columns=limits.columns,
        )
    read = ", ".join(_read(f'"{_escaped(each[0])}"', each[1], i) for i, each in enumerate(columns))
    return RawTable(
        header=tuple(each[0] for each in columns),
        relation=f"(SELECT {read} FROM {reading})",  # noqa: S608
        first_line=1,
        typed=True,
    )


def _escaped(column: str) -> str:
    return column.replace('"', '""')


def _read(column: str, type_: str, place: int) -> str:
    nested = type_.startswith(_NESTED) or type_.endswith("]")
    value = f"to_json({column})" if nested else column
    return f"nullif(CAST({value} AS VARCHAR), '') AS c{place}"
