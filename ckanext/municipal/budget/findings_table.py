"""Findings as rows of the table ``budget_findings``: the same finding has the same id every time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ckanext.municipal.quality.findings import Finding

_LONGEST = 500  # characters of a value that is shown


def finding_rows(
    findings: Iterable[Finding], *, side: str | None = None, as_of: datetime | None = None
) -> list[dict[str, Any]]:
    """Return one row a finding, without repetitions, in the order given.

    ``side`` and ``as_of`` are those of the statement that the findings are about, None for what is
    about a year or two; a finding that names its own side keeps it.
    """
    rows: dict[str, dict[str, Any]] = {}
    for finding in findings:
        row = _row(finding, side, as_of)
        rows.setdefault(row["id"], row)
    return list(rows.values())


def _row(finding: Finding, side: str | None, as_of: datetime | None) -> dict[str, Any]:
    values, place = finding.values, finding.place
    value = values.get("value")
    row = {
        "rule": finding.rule.id,
        "severity": finding.rule.severity.value,
        "side": values.get("side", side),
        "as_of": as_of,
        "service_code": values.get("service"),
        "code_raw": values.get("code"),
        "file": place.file or None,
        "row": place.row,
        "field": place.field or None,
        "value": None if value is None else str(value)[:_LONGEST],
    }
    told = {
        f"{what}_{language}": getattr(finding, what)(language)
        for what in ("message", "remedy")
        for language in ("en", "el")
    }
    # The English message is part of the id: two findings of one place and rule differ in it.
    identity = "\x1f".join(str(part) for part in (*row.values(), place.sheet, told["message_en"]))
    return {"id": hashlib.sha256(identity.encode()).hexdigest()[:32], **row, **told}
