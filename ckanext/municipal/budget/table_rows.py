"""A statement as rows of the published tables ``budget_lines`` and ``budget_snapshots``.

Rows of ``budget_execution`` are made by `execution`, those of ``budget_findings`` by
`findings_table`. Row values have the types that the table schemas ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from ckanext.municipal.budget import charts
from ckanext.municipal.budget.codelists import CodeList, Services, services
from ckanext.municipal.budget.lines import BudgetLine
from ckanext.municipal.budget.phases import Side
from ckanext.municipal.budget.statement import Statement

_LEVELS = 4  # columns for the levels of the chart above and including the account


def line_rows(
    statement: Statement,
    uid: str,
    codes: Callable[[str, Side], CodeList | None],
    known: Services | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield the rows of ``budget_lines`` that a statement is, in the order of the file.

    ``uid`` is the municipality's; ``codes`` gives the list of a chart and side; ``known`` names
    the services that the export gives by code only. A code that the list lacks is named by the
    nearest one above it that the list has.
    """
    known = known or services()
    for line in statement.lines:
        yield {
            **line.row(),
            "municipality": uid,
            "year": statement.year,
            "as_of": statement.as_of,
            "service_label": line.service_label or known.name(line.service_code, "el") or "",
            **_names(line, codes(line.chart, line.side)),
            **_levels(line),
            "source_file": statement.file,
            "source_sha256": statement.sha256,
        }


def _names(line: BudgetLine, named: CodeList | None) -> dict[str, str | None]:
    nearest = named.nearest_known(line.code) if named else None
    if named is None or nearest is None:
        return {"code_name_el": None, "code_name_en": None}
    return {f"code_name_{lang}": named.name(nearest, lang) for lang in ("el", "en")}


def _levels(line: BudgetLine) -> dict[str, str | None]:
    cuts = charts.levels(line.chart, line.code)
    return {
        f"level{number}": cuts[number - 1] if number <= len(cuts) else None
        for number in range(1, _LEVELS + 1)
    }


def snapshot_row(statement: Statement, first_seen: datetime) -> dict[str, Any]:
    """Return the row of ``budget_snapshots`` of a statement, but for ``reader``.

    ``first_seen`` is when it was read; by what program and settings, the harvester adds.
    """
    sums = {f"sum_{phase}": total for phase, total in statement.totals().items()}
    return {
        "side": statement.side.value,
        "as_of": statement.as_of,
        "file": statement.file,
        "sha256": statement.sha256,
        "bytes": statement.bytes,
        "encoding": statement.encoding,
        "rows": len(statement.lines),
        "quarantined": len(statement.quarantined),
        **sums,
        "first_seen": first_seen,
    }
