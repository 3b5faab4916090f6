"""A budget statement (κατάσταση εκτέλεσης προϋπολογισμού): the bytes of an export, read and judged.

`read_statements` is the only way in. It takes bytes, the file's path in its source, and what the
source's YAML says, and gives one `Statement` for each side and fiscal year in the file. A row that
cannot be read is set aside with its line and the reason; too many of them, or a fault of the whole
file, and `StatementRefused` says why nothing was taken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ckanext.municipal.budget import charts
from ckanext.municipal.budget import reading_rules as rules
from ckanext.municipal.budget.lines import BudgetLine, totals
from ckanext.municipal.budget.phases import Side
from ckanext.municipal.budget.reading_rules import StatementRefused, refused
from ckanext.municipal.budget.row_reader import ServiceCodes, TotalsRow
from ckanext.municipal.budget.sheet_reader import SheetContent, read_sheets
from ckanext.municipal.budget.source import BudgetSource, FileMatch
from ckanext.municipal.budget.totals_rows import split_headings
from ckanext.municipal.lib.dates import NotADate, from_groups
from ckanext.municipal.lib.texts import N_, texts
from ckanext.municipal.quality.findings import Finding, Place

__all__ = ["Statement", "StatementRefused", "read_statements"]
_NO_TIME = N_("the server or folder does not tell the time of the file.")


@dataclass(frozen=True, slots=True)
class Statement:
    """One side of one fiscal year, as a file tells it.

    ``as_of``: the moment of the figures, with its zone. ``chart``: None without lines. ``phases``:
    those that the file has columns for. ``quarantined``: a finding for each row set aside.
    ``findings``: what else reading found. A file of two sides or several years gives several
    statements, each with its own rows; what concerns the whole file is told by the first.
    """

    file: str
    side: Side
    year: int
    as_of: datetime
    chart: str | None
    phases: tuple[str, ...]
    lines: tuple[BudgetLine, ...]
    quarantined: tuple[Finding, ...]
    totals_rows: tuple[TotalsRow, ...]
    findings: tuple[Finding, ...]
    encoding: str
    sha256: str
    bytes: int

    def totals(self) -> dict[str, Decimal | None]:
        """Return the sum of each phase over the lines, None for a phase without any amount."""
        return totals(self.lines)


def read_statements(
    data: bytes,
    path: str,
    source: BudgetSource,
    *,
    modified: datetime | None = None,
    services: ServiceCodes | None = None,
) -> list[Statement]:
    """Read a file of a source; at least one statement, ordered by year and side.

    ``path`` is relative to the source's listing; ``modified`` is the file's own time, for sources
    whose as-of it is; ``services`` gives the code of a service's name (None: not known), by
    default the list that ships with the suite. A statement without lines is a file with headers
    only. Raises `StatementRefused`.
    """
    match = source.match(path)
    if match is None:
        raise refused(rules.NO_PATTERN, path, source=source.name)
    if services is None:
        from ckanext.municipal.budget.codelists import services as shipped

        services = shipped().code_for
    content = read_sheets(data, match, source, services)
    _refuse_mixed(content, path)
    common = {
        "file": path,
        "encoding": content.encoding,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "phases": content.phases,
    }
    parts = _parts(content, match, path)
    statements = [
        _statement(content, key, parts, _moment(match, source, key[0], modified), common)
        for key in parts
    ]
    _refuse_bad(statements, source, path)
    return statements


Part = tuple[int, Side]


def _parts(content: SheetContent, match: FileMatch, path: str) -> list[Part]:
    """The years and sides in the file, in order; what the file does not say cannot be guessed."""
    stated = _stated_year(match, path)
    keys = {(read.year or stated, read.line.side) for read in content.lines}
    if not keys and content.bad and all(side is None for (side, _), _ in content.bad):
        raise StatementRefused(
            Finding(
                rules.TOO_MANY_BAD,
                Place(path),
                {"bad": len(content.bad), "rows": len(content.bad), "limit": 0},
            ),
            *(finding for _, finding in content.bad),
        )
    if not keys:
        keys = {(stated, content.side)}
    years_and_sides = [(year, side) for year, side in keys if year is not None and side is not None]
    if len(years_and_sides) < len(keys):
        raise refused(rules.NO_LINES, path)
    return sorted(years_and_sides)


def _stated_year(match: FileMatch, path: str) -> int | None:
    year = match.rule.year
    if isinstance(year, int):
        return year
    if year == "column":
        return None
    text = match.groups.get("fiscal_year") or match.groups.get("year") or ""
    if len(text) != 4 or not text.isdecimal() or text == "0000":
        raise refused(rules.NO_YEAR, path, problem=text or "–")
    return int(text)


def _moment(
    match: FileMatch, source: BudgetSource, year: int, modified: datetime | None
) -> datetime:
    as_of = match.rule.as_of
    if isinstance(as_of, datetime):
        return as_of
    if as_of == "year-end":
        return datetime(year, 12, 31, tzinfo=source.zone)
    if as_of == "modified":
        if modified is None:
            raise refused(rules.NO_DATE, match.path, problem=texts(_NO_TIME))
        return modified if modified.tzinfo else modified.replace(tzinfo=source.zone)
    try:
        return from_groups(match.groups, source.zone)
    except NotADate as error:
        raise refused(rules.NO_DATE, match.path, problem=rules.said(error)) from None


def _refuse_mixed(content: SheetContent, path: str) -> None:
    try:
        charts.detect(
            charts.AccountCode(line.chart, "", line.code, "", line.code_raw)
            for line in (read.line for read in content.lines)
        )
    except charts.MixedCharts as mixed:
        examples = ", ".join(f"{raw} ({chart})" for chart, raw in mixed.seen.items())
        raise refused(rules.MIXED_CHARTS, path, examples=examples) from None


def _statement(
    content: SheetContent,
    key: Part,
    parts: Sequence[Part],
    as_of: datetime,
    common: Mapping[str, Any],
) -> Statement:
    year, side = key
    mine = [r.line for r in content.lines if r.line.side == side and r.year in (None, year)]
    first = key == parts[0]
    bad = [
        finding
        for (its_side, its_year), finding in content.bad
        if _belongs(its_side, its_year, key, parts)
    ]
    lines, headings = split_headings(mine)
    lines, twice = _without_duplicates(lines, common["file"], content.sheet)
    findings = list(content.findings) if first else []
    if first and not content.lines:
        findings.append(Finding(rules.NO_LINES, Place(common["file"])))
    return Statement(
        side=side,
        year=year,
        as_of=as_of,
        chart=lines[0].chart if lines else None,
        lines=tuple(lines),
        quarantined=(*bad, *twice),
        totals_rows=(*headings, *(content.totals_rows if len(parts) == 1 else ())),
        findings=tuple(findings),
        **common,
    )


def _belongs(side: Side | None, year: int | None, key: Part, parts: Sequence[Part]) -> bool:
    """Whether a row set aside is of one statement: by its side and year, else of the first."""
    possible = [p for p in parts if side in (None, p[1]) and year in (None, p[0])] or parts
    return key == possible[0]


def _without_duplicates(
    lines: Sequence[BudgetLine], file: str, sheet: str
) -> tuple[list[BudgetLine], list[Finding]]:
    """Keep the first line of each service and account; a key can have one amount only."""
    first: dict[tuple[str, str], BudgetLine] = {}
    twice = []
    for line in lines:
        known = first.setdefault((line.service_code, line.account), line)
        if known is not line:
            values = {
                "side": line.side.value,
                "service": line.service_code,
                "code": line.code_raw,
                "first": known.source_row,
            }
            place = Place(file, sheet, line.source_row, "code")
            twice.append(Finding(rules.DUPLICATE, place, values))
    return list(first.values()), twice


def _refuse_bad(statements: Sequence[Statement], source: BudgetSource, path: str) -> None:
    """Refuse a file with too many bad rows, before anything of it is used."""
    bad = [finding for statement in statements for finding in statement.quarantined]
    rows = len(bad) + sum(len(statement.lines) for statement in statements)
    if bad and len(bad) > source.bad_rows * rows:
        values = {"bad": len(bad), "rows": rows, "limit": f"{source.bad_rows:.1%}"}
        raise StatementRefused(Finding(rules.TOO_MANY_BAD, Place(path), values), *bad)
