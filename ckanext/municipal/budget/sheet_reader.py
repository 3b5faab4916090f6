"""The bytes of an export -> the rows of its budget sheets, read one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ckanext.municipal.budget import reading_rules as rules
from ckanext.municipal.budget.columns import is_budget_header, match_columns
from ckanext.municipal.budget.phases import PHASE_IDS, Side, label
from ckanext.municipal.budget.reading_rules import refused
from ckanext.municipal.budget.row_reader import (
    ReadLine,
    RowFault,
    RowReader,
    ServiceCodes,
    TotalsRow,
)
from ckanext.municipal.budget.source import BudgetSource, FileMatch
from ckanext.municipal.lib.greek import header_key
from ckanext.municipal.lib.numbers import AmbiguousNumbers, decimal_mark
from ckanext.municipal.lib.tables import Sheet, UnreadableTable, read
from ckanext.municipal.quality.findings import Finding, Place

Whose = tuple[Side | None, int | None]


@dataclass(slots=True)
class SheetContent:
    """What the sheets of one file hold; ``bad`` has the side and year of a row as far as it says,
    ``side`` is that of the whole file, None if rows or sheets tell it."""

    encoding: str
    side: Side | None
    sheet: str = ""
    phases: tuple[str, ...] = ()
    lines: list[ReadLine] = field(default_factory=list)
    bad: list[tuple[Whose, Finding]] = field(default_factory=list)
    totals_rows: list[TotalsRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_sheets(
    data: bytes, match: FileMatch, source: BudgetSource, services: ServiceCodes
) -> SheetContent:
    """Read every sheet of a file that has the header of a budget.

    Raises `StatementRefused` for what makes the whole file unusable.
    """
    sheets = _tables(data, match, source)
    content = SheetContent(sheets[0].encoding or "", _file_side(match))
    for sheet in sheets:
        side = content.side or _sheet_side(match, sheet)
        if match.rule.side.by == "sheet" and side is None:
            continue
        _read_sheet(content, sheet, match, source, services, side=side)
    if match.rule.as_of == "modified":
        content.findings.append(Finding(rules.FILE_DATE, Place(match.path)))
    return content


def _tables(data: bytes, match: FileMatch, source: BudgetSource) -> list[Sheet]:
    widest: tuple[str, ...] = ()

    def header(cells: tuple[str, ...]) -> bool:
        nonlocal widest
        widest = max(widest, cells, key=lambda one: sum(1 for text in one if text))
        return is_budget_header(cells, match.rule.columns)

    stated = source.table
    try:
        return read(
            data,
            match.path,
            encoding=stated.encoding,
            delimiter=stated.delimiter,
            sheet=stated.sheet,
            header=header,
        )
    except UnreadableTable as error:
        if widest:  # a table, but none of a budget
            seen = ", ".join(text for text in widest if text)[:300]
            raise refused(rules.NO_HEADER, match.path, seen=seen) from error
        raise refused(rules.UNREADABLE, match.path, problem=rules.said(error)) from error


def _file_side(match: FileMatch) -> Side | None:
    told = match.rule.side
    if told.by == "constant":
        return told.side
    return _side_named(match, match.groups.get("side", "")) if told.by == "group" else None


def _sheet_side(match: FileMatch, sheet: Sheet) -> Side | None:
    return _side_named(match, sheet.name or "") if match.rule.side.by == "sheet" else None


def _side_named(match: FileMatch, written: str) -> Side | None:
    for value, side in match.rule.side.values.items():
        if header_key(value) == header_key(written):
            return Side(side)
    return None


def _read_sheet(
    content: SheetContent,
    sheet: Sheet,
    match: FileMatch,
    source: BudgetSource,
    services: ServiceCodes,
    *,
    side: Side | None,
) -> None:
    place = Place(match.path, sheet.name)
    columns = match_columns(sheet.header, match.rule.columns, side, match.path)
    rows = list(sheet.rows)
    reader = RowReader(
        source,
        match.rule,
        columns=columns,
        marks=_marks(sheet.header, columns, [row.cells for row in rows], source, match.path),
        side=side,
        services=services,
        place=place,
    )
    content.sheet = place.sheet
    content.phases = tuple(p for p in PHASE_IDS if p in columns or p in content.phases)
    for row in rows:
        try:
            if row.ragged and not reader.is_note(row.cells):
                values = {"cells": len(row.cells), "headers": len(sheet.header)}
                raise reader.fault(rules.RAGGED, row.number, "", **values)
            read_row = None if row.ragged else reader.read(row.number, row.cells)
        except RowFault as fault:
            content.bad.append((reader.whose(row.cells), fault.finding))
            continue
        if isinstance(read_row, TotalsRow):
            content.totals_rows.append(read_row)
        elif read_row is not None:
            content.lines.append(read_row)
    content.findings.extend(_told(reader))


def _marks(
    header: Sequence[str],
    columns: Mapping[str, int],
    rows: Sequence[Sequence[object]],
    source: BudgetSource,
    file: str,
) -> dict[str, str]:
    """Return the decimal mark of each phase's column, decided over the whole column.

    A column that does not tell (``1.234`` is all it has) takes the mark of the columns that do.
    """
    phases = [phase for phase in PHASE_IDS if phase in columns]
    if source.decimal != "auto":
        return dict.fromkeys(phases, source.decimal)
    marks: dict[str, str] = {}
    unclear: dict[str, Mapping[str, str]] = {}
    for phase in phases:
        index = columns[phase]
        texts = [row[index] for row in rows if index < len(row) and isinstance(row[index], str)]
        try:
            marks[phase] = decimal_mark([str(text) for text in texts], places=2)
        except AmbiguousNumbers as problem:
            unclear[phase] = rules.said(problem)
    for phase, problem in unclear.items():
        if len(set(marks.values())) != 1:
            raise refused(rules.NO_MARK, file, header=header[columns[phase]], problem=problem)
        marks[phase] = next(iter(marks.values()))
    return marks


def _told(reader: RowReader) -> list[Finding]:
    """What the rows together say about the file."""
    place, found = reader.place, []
    if reader.headings:
        found.append(Finding(rules.HEADINGS, place, {"rows": reader.headings}))
    if reader.withheld:
        found.append(Finding(rules.WITHHELD, place, {"lines": reader.withheld}))
    if reader.junk:
        cells, value = sum(reader.junk.values()), reader.junk.most_common(1)[0][0]
        found.append(Finding(rules.JUNK, place, {"cells": cells, "value": value}))
    for name, row in reader.unknown_services.items():
        there = Place(place.file, place.sheet, row, "service")
        found.append(Finding(rules.UNKNOWN_SERVICE, there, {"value": name}))
    for phase, lines in reader.other_side.items():
        there = Place(place.file, place.sheet, None, phase)
        found.append(Finding(rules.OTHER_SIDE, there, {"lines": lines, "phase": label(phase)}))
    return found
