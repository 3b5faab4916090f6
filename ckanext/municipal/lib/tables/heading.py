"""Where the header of a table is, and what its columns are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ckanext.municipal.lib.greek import header_key
from ckanext.municipal.lib.tables.model import Cell, Record, Source, Wanted, is_blank

SEARCHED = 200  # records from the top; a header further down is none
_DEEPEST = 3  # rows of one header


@dataclass(frozen=True, slots=True)
class Heading:
    """A header: its first record (from 0), how many records it takes, its texts."""

    index: int
    depth: int
    names: tuple[str, ...]


def find_heading(source: Source, records: Sequence[Record], wanted: Wanted) -> Heading | None:
    """Return the header among the first records, or None.

    ``wanted`` is a test of a whole header; or the names that may occur, of which the row with most
    is taken if it has at least two (one, if only one is asked for), compared by `header_key`; or
    None: then it is the first row about as wide as the table, without numbers where there is one.
    """
    candidates = [_heading_at(source, records, index) for index in range(len(records))]
    if callable(wanted):
        return next((heading for heading in candidates if wanted(heading.names)), None)
    if wanted is not None:
        return _most_names(candidates, wanted)
    return _widest(candidates, records)


def _most_names(candidates: list[Heading], wanted: Sequence[str] | object) -> Heading | None:
    keys = {header_key(name) for name in wanted}  # type: ignore[attr-defined]
    best, most = None, min(2, len(keys)) - 1
    for heading in candidates:
        found = len(keys & {header_key(name) for name in heading.names if name})
        if found > most:
            best, most = heading, found
    return best


def _widest(candidates: list[Heading], records: Sequence[Record]) -> Heading | None:
    widest = max((record.filled for record in records), default=0)
    wide = [
        heading
        for heading, record in zip(candidates, records, strict=True)
        if record.filled >= max(1, 0.6 * widest)
    ]
    texts = (h for h in wide[:10] if not any(_has_number(c) for c in records[h.index].cells))
    return next(texts, None) or next(iter(wide), None)


def _has_number(cell: Cell) -> bool:
    """Return whether a cell is a figure; a heading such as ``2024`` in a workbook is one too."""
    if isinstance(cell, str):
        return cell.strip(" €-+()").replace(".", "").replace(",", "").isdigit()
    return cell is not None


def _heading_at(source: Source, records: Sequence[Record], index: int) -> Heading:
    record = records[index]
    depth = _depth(source, record.number) if source.merged else 1
    block = [records[index]]
    for below in records[index + 1 : index + depth]:
        if below.number < record.number + depth:
            block.append(below)
    width = max(len(line.cells) for line in block)
    spread = (
        [_spread(source, line) for line in block] if source.merged else [r.cells for r in block]
    )
    names = [
        _joined([line[column] for line in spread if column < len(line)]) for column in range(width)
    ]
    while len(names) > 1 and not names[-1] and not source.delimiter:
        names.pop()
    return Heading(index, len(block), tuple(names))


def _depth(source: Source, number: int) -> int:
    """Return the rows of a header that begins on a row: more where its cells are merged."""
    depth = 1
    for top, left, bottom, right in source.merged:
        if top == number:
            # A group heading over several columns has their own headings below it.
            depth = max(depth, bottom - top + 1 + (1 if right > left and bottom == top else 0))
    return depth if depth <= _DEEPEST else 1


def _spread(source: Source, record: Record) -> list[Cell]:
    """Return cells with a heading over several merged columns repeated in each."""
    cells = list(record.cells)
    for top, left, _bottom, right in source.merged:
        if top == record.number and left < len(cells):
            for column in range(left + 1, min(right + 1, len(cells))):
                cells[column] = cells[left]
    return cells


def _joined(parts: list[Cell]) -> str:
    texts = [" ".join(str(part).split()) for part in parts if not is_blank(part)]
    return " ".join(dict.fromkeys(texts))
