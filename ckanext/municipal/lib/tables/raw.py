"""A table as DuckDB sees it before anybody says what its columns are: every cell is text.

One form for all files, so that whoever looks at columns has one way of doing so. Rows of a regular
text file are read by DuckDB where they stand; all others are written out once, each with the line
or row on which it begins.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ckanext.municipal.lib.tables.model import Cell

if TYPE_CHECKING:
    import duckdb

_BUFFER = 4 * 2**20  # bytes DuckDB reads at once, unless a line is longer
_LONGEST = 2 * 2**20
KEPT = 1_000  # places of one kind that are kept; all are counted


@dataclass(slots=True)
class Places:
    """Rows of which the structure is at fault: how many, and the first of them."""

    count: int = 0
    rows: list[tuple[int, int]] = field(default_factory=list)

    def add(self, row: int, value: int = 0) -> None:
        """Count a row, and keep it while there are few."""
        self.count += 1
        if len(self.rows) < KEPT:
            self.rows.append((row, value))


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """A table whose cells are text, and what is known of its structure.

    ``relation`` is SQL with a column ``c0``, ``c1`` ... for each of ``header`` (NULL where blank).
    It has a column ``line`` too, the row as an editor shows it, unless ``first_line`` says that the
    rows stand on the lines from there on; ``rows`` is then how many there must be for that to be
    true, and ``spare`` whether one more column must be empty. ``typed``: numbers have a decimal point
    and dates are ISO, since cells had types already. ``short`` and ``long`` are rows
    that have not as many cells as the header, with how many they have.
    """

    header: tuple[str, ...]
    relation: str
    sheet: str = ""
    header_row: int = 0
    first_line: int | None = None
    rows: int | None = None
    spare: bool = False
    typed: bool = False
    encoding: str | None = None
    damaged: bool = False
    delimiter: str | None = None
    preamble: int = 0
    short: Places = field(default_factory=Places)
    long: Places = field(default_factory=Places)
    blank: Places = field(default_factory=Places)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns in ``relation``."""
        return tuple(f"c{place}" for place in range(len(self.header)))


def connect(folder: Path, memory_mb: int = 300) -> duckdb.DuckDBPyConnection:
    """Return a database in memory, which writes to ``folder`` what is more than ``memory_mb``."""
    import duckdb

    connection = duckdb.connect(
        config={
            "memory_limit": f"{memory_mb}MB",
            "temp_directory": str(folder),
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    connection.execute("SET enable_progress_bar = false")
    return connection


def literal(text: str) -> str:
    """Return text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def csv_relation(
    path: Path,
    columns: Sequence[str],
    *,
    delimiter: str,
    quoted: bool = True,
    skip: int = 0,
    longest: int = _LONGEST,
) -> str:
    """Return the SQL of a UTF-8 file that is divided in one way from its first row to its last.

    ``skip`` lines at the top are passed over. Reading anything else raises ``duckdb.Error``.
    """
    types = ", ".join(
        f"{literal(name)}: '{'BIGINT' if name == 'line' else 'VARCHAR'}'" for name in columns
    )
    quote = "'\"'" if quoted else "''"
    return (
        f"read_csv({literal(str(path))}, columns = {{{types}}}, auto_detect = false,"
        f" header = false, skip = {skip}, delim = {literal(delimiter)}, quote = {quote},"
        f" escape = {quote}, nullstr = '', strict_mode = true, max_line_size = {longest + 1},"
        f" buffer_size = {max(_BUFFER, 2 * longest)})"
    )


@dataclass(slots=True)
class Written:
    """Rows on their way into a file of our own, one after the other."""

    path: Path
    width: int
    count: int = 0
    longest: int = 0

    def write(self, rows: Iterable[tuple[int, Sequence[Cell]]]) -> None:
        """Write rows, each with its line; cells that are too many are left out."""
        with self.path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            for line, cells in rows:
                kept = [self._text(cell) for cell in cells[: self.width]]
                kept += [""] * (self.width - len(kept))
                size = writer.writerow([line, *kept])
                self.longest = max(self.longest, size)
                self.count += 1

    @staticmethod
    def _text(cell: Cell) -> str:
        if cell is None:
            return ""
        if isinstance(cell, str):
            return cell.replace("\0", "\ufffd") if "\0" in cell else cell
        return repr(cell)

    def relation(self) -> str:
        """Return the SQL of what was written, with the columns ``line``, ``c0``, ``c1`` ..."""
        columns = ["line", *(f"c{place}" for place in range(self.width))]
        longest = max(_LONGEST, 4 * self.longest)  # characters of four bytes each at most
        return csv_relation(self.path, columns, delimiter=",", longest=longest)
