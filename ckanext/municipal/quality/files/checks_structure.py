"""Checks of headings and rows."""

from __future__ import annotations

from ckanext.municipal.lib.greek import header_key
from ckanext.municipal.lib.tables.raw import Places
from ckanext.municipal.quality.files.columns import Table
from ckanext.municipal.quality.files.report import Report
from ckanext.municipal.quality.findings import Rule
from ckanext.municipal.quality.rules import structure as rules

_UTF8 = ("utf-8", "ascii")


def check_structure(table: Table, report: Report) -> None:
    """Report what is wrong with encoding, headings and rows."""
    raw = table.raw
    if raw.encoding and raw.encoding not in _UTF8:
        report.add(rules.NOT_UTF8, encoding=raw.encoding)
    if raw.preamble:
        report.add(rules.PREAMBLE, row=1, count=raw.preamble)
    if not table.rows:
        report.add(rules.NO_ROWS, row=raw.header_row or None)
    _check_header(table, report)
    _ragged(rules.SHORT_ROW, raw.short, table, report)
    _ragged(rules.LONG_ROW, raw.long, table, report)
    _check_blank_rows(table, report)
    if table.rows > 1:
        _check_duplicates(table, report)


def _check_header(table: Table, report: Report) -> None:
    raw = table.raw
    if not any(raw.header):
        report.add(rules.NO_HEADER, row=raw.header_row or None)
        return
    seen: dict[str, int] = {}
    for number, name in enumerate(raw.header, 1):
        if not name:
            report.add(rules.BLANK_HEADER, row=raw.header_row, number=number)
            continue
        # Headings that only look the same are the same to whoever types them.
        first = seen.setdefault(header_key(name) or name, number)
        if first != number:
            report.add(
                rules.DUPLICATE_HEADER, row=raw.header_row, of=name,
                first=first, number=number, name=name,
            )  # fmt: skip


def _ragged(rule: Rule, places: Places, table: Table, report: Report) -> None:
    expected = len(table.raw.header)
    told = [(row, {"found": found, "expected": expected}) for row, found in places.rows]
    if places.count:
        report.many(rule, "", places.count, told)


def _check_blank_rows(table: Table, report: Report) -> None:
    blank = table.raw.blank
    rows = [row for row, _ in blank.rows]
    cells = [c.value for c in table.columns] + [c.written for c in table.columns if not c.is_text]
    empty = " AND ".join(f"{cell} IS NULL" for cell in cells)
    # A row is blank only where its most filled column is, so that most tables are not asked at all.
    fullest = max((c.values + c.misfits for c in table.columns), default=0)
    count = blank.count
    if fullest < table.rows:
        found = table.ask(f"SELECT {table.line} FROM {table.relation} WHERE {empty}")  # noqa: S608
        count += len(found)
        rows = sorted([*rows, *(row for (row,) in found)])
    if count:
        report.add(rules.BLANK_ROW, row=rows[0] if rows else None, count=count)


def _check_duplicates(table: Table, report: Report) -> None:
    cells = [c.value for c in table.columns]
    cells += [c.written for c in table.columns if not c.is_text and c.misfits]
    hashed = f"hash({', '.join(cells)})"
    different = table.one(f"SELECT count(DISTINCT {hashed}) FROM {table.relation}")[0]  # noqa: S608
    if different == table.rows:
        return
    filled = " OR ".join(f"{cell} IS NOT NULL" for cell in cells)
    # Equal rows have equal hashes; what has equal hashes is compared cell by cell.
    again = table.ask(
        f"SELECT line, first FROM (SELECT {table.line} AS line,"  # noqa: S608
        f" first({table.line}) OVER same AS first, row_number() OVER same AS place"
        f" FROM (SELECT *, rowid, {hashed} AS hashed FROM {table.relation} WHERE {filled}) "
        f" WHERE hashed IN (SELECT {hashed} FROM {table.relation} GROUP BY 1 HAVING count(*) > 1)"
        f" WINDOW same AS (PARTITION BY {', '.join(cells)} ORDER BY {table.line}))"
        " WHERE place > 1 ORDER BY line"
    )
    if again:
        told = [(line, {"first": first}) for line, first in again[: report.keep]]
        report.many(rules.DUPLICATE_ROW, "", len(again), told)
