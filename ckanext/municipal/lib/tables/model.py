"""What a table file holds once it is read, and how much of it we are ready to read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from ckanext.municipal.lib.errors import ReadableError

Cell = str | int | float | None
HeaderTest = Callable[[tuple[str, ...]], bool]
Wanted = Collection[str] | HeaderTest | None


class UnreadableTable(ReadableError):
    """A file that is no table we can read; the sentence names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What no honest table exceeds; more is refused before it can exhaust the machine."""

    bytes: int = 256 * 2**20
    unpacked: int = 512 * 2**20  # a workbook is a zip archive
    ratio: int = 100  # unpacked to packed
    columns: int = 2_000
    rows: int = 2_000_000
    cells: int = 50_000_000  # rows times columns of a sheet, empty ones among them
    sparse: int = 50  # room for cells to cells that hold something
    texts: int = 128 * 2**20  # bytes of a workbook's shared texts, and of the cells that hold them
    cell: int = 131_072  # characters; Python's csv module refuses more


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its place as an editor shows it, and its cells.

    ``number`` is the line of a text file on which the row begins, or the row of a sheet, from 1.
    Cells of a text file are text, ``""`` if blank; those of a workbook text, numbers, or None if
    blank; dates are ISO text. A ``ragged`` row has not as many cells as the header: the cells are
    those found, and which column each belongs to cannot be told.
    """

    number: int
    cells: tuple[Cell, ...]
    ragged: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was left out: blank rows, and the empty field after a last delimiter of every row."""

    blank_rows: int = 0
    trailing_field: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetHead:
    """What is known of a table before its rows.

    ``name`` is that of the sheet, ``""`` for a text file. ``header`` has one text a column, line
    breaks as spaces, two-row headings joined; ``header_row`` is its (first) row. ``preamble`` are
    the rows above it. ``encoding`` and ``delimiter`` are those of a text file.
    """

    name: str
    header: tuple[str, ...]
    header_row: int
    preamble: tuple[Row, ...] = ()
    dropped: Dropped = field(default_factory=Dropped)
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(SheetHead):
    """A table with all its rows."""

    rows: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetStream(SheetHead):
    """A table whose rows are read while it is gone through, once."""

    rows: Iterator[Row]


@dataclass(frozen=True, slots=True)
class Record:
    """A row as it stands in the file, before the header is known."""

    number: int
    cells: list[Cell]

    @property
    def filled(self) -> int:
        """Return how many cells are not blank."""
        return sum(not is_blank(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Source:
    """The records of one sheet, which can be gone through again, and its merged cells.

    A merged range is (first row, first column, last row, last column): rows as `Record.number`,
    columns as places in ``cells``.
    """

    name: str
    records: Callable[[], Iterable[Record]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    encoding: str | None = None
    delimiter: str | None = None


def is_blank(cell: Cell) -> bool:
    """Return whether a cell says nothing: missing, empty, spaces, or a pair of quotation marks."""
    return cell is None or (isinstance(cell, str) and cell.strip() in ("", '""'))
