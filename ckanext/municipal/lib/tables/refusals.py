"""What is said of files that are not read, wherever that is noticed, and the limits that they break."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.municipal.lib.tables.model import Limits, UnreadableTable
from ckanext.municipal.lib.texts import N_


def empty(name: str) -> UnreadableTable:
    """Return the error of a file without a byte, or without a letter."""
    return UnreadableTable(
        N_("{file} is empty. Export it again, or remove it from the source."), file=name
    )


def check_size(size: int, name: str, limits: Limits) -> None:
    """Raise UnreadableTable for a file of more bytes than are read."""
    if size > limits.bytes:
        raise UnreadableTable(
            N_("{file} has {size} MB, more than the {limit} MB allowed. Split it by year."),
            file=name,
            size=size // 2**20,
            limit=limits.bytes // 2**20,
        )


def check_record(cells: Sequence[str], count: int, line: int, name: str, limits: Limits) -> None:
    """Raise UnreadableTable for a record that is wider, longer or later than any that is read.

    ``count`` records stand before it. csv's own limit of a cell belongs to the whole process:
    another library may have lifted it.
    """
    too_many = len(cells) > limits.columns or count >= limits.rows
    if too_many or max(map(len, cells), default=0) > limits.cell:
        raise too_large(name, line, limits)


def too_large(name: str, line: int, limits: Limits) -> UnreadableTable:
    """Return the error of a record beyond the limits."""
    return UnreadableTable(
        N_(
            "{file}, line {row}: more than {columns} columns, {rows} rows or {cell} characters in"
            " a cell. Look there for a quotation mark that is never closed, or a wrong delimiter."
        ),
        file=name,
        row=line,
        columns=limits.columns,
        rows=limits.rows,
        cell=limits.cell,
    )


def never_closed(name: str, line: int) -> UnreadableTable:
    """Return the error of a quoted cell that runs to the end of the file."""
    return UnreadableTable(
        N_("{file}, line {row}: a quotation mark opens here and is never closed. Close it."),
        file=name,
        row=line,
    )
