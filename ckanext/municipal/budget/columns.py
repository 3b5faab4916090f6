"""Which column of an export is what: headers -> canonical columns.

The source's own headers come first; what it does not name is found by the list of phases and by
``schemas/codelists/budget-columns.csv`` (service, code, label). Headers are compared by
`header_key`, so accents, case, look-alike letters and line breaks do not matter.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from ckanext.municipal.budget.phases import PHASE_IDS, PHASES, Side, label, match_header
from ckanext.municipal.budget.reading_rules import (
    COLUMN_MISSING,
    COLUMN_TWICE,
    MONTH_ONLY,
    refused,
)
from ckanext.municipal.lib.greek import header_key

_LIST = Path(__file__).parent.parent / "schemas" / "codelists" / "budget-columns.csv"
_MONTH = re.compile(r"\b(μηνα|μηνοσ|μηνιαι\w*)\b")
_FEWEST = 2  # columns of a budget: a code and an amount
_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")


@cache
def _named() -> dict[str, str]:
    with _LIST.open(encoding="utf-8", newline="") as lines:
        return {
            header_key(header): row["column"]
            for row in csv.DictReader(lines)
            for header in row["headers"].split("|")
        }


def _meaning(header: str) -> str | None:
    """What a header means without a word of the source; a year beside it («… 2024») is let go."""
    return _named().get(header_key(header)) or match_header(_YEAR.sub(" ", header))


def _of_a_month(header: str) -> str | None:
    """The phase of a header such as «Πληρωθέντα μήνα», or None."""
    key = header_key(header)
    return match_header(_MONTH.sub(" ", key)) if _MONTH.search(key) else None


def is_budget_header(cells: Iterable[object], columns: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether a row of cells is the header of a budget: a code and at least one phase.

    ``columns`` are the source's own headers (canonical name -> headers).
    """
    # Asked of hundreds of rows with every delimiter: rows that cannot be a header cost nothing.
    texts = [cell for cell in cells if isinstance(cell, str) and cell and not cell[0].isdigit()]
    if len(texts) < _FEWEST:
        return False
    own = {header_key(header): name for name, headers in columns.items() for header in headers}
    found = {own.get(header_key(text)) or _meaning(text) for text in texts}
    return "code" in found and any(phase in found for phase in PHASE_IDS)


def match_columns(
    header: Sequence[str], columns: Mapping[str, Sequence[str]], side: Side | None, file: str
) -> dict[str, int]:
    """Return canonical column -> index of the header's cell.

    ``columns`` are the source's own headers; ``side`` is the side of the whole file, None if rows
    tell it. Raises `StatementRefused`: a column that the source names is missing, two columns mean
    the same, or a phase is there for one month only.
    """
    keys = [header_key(text) for text in header]
    found: dict[str, int] = {}
    for name, headers in columns.items():
        places = [keys.index(key) for key in map(header_key, headers) if key in keys]
        if places:
            found[name] = places[0]
    taken = set(found.values())
    for index, text in enumerate(header):
        name = None if index in taken else _meaning(text)
        if name is None or (name in columns and name in found):
            continue
        if name in found:
            first = header[found[name]]
            raise refused(COLUMN_TWICE, file, first=first, second=text, column=label(name))
        found[name] = index
    _require_own(found, columns, side, file, header)
    _refuse_months(found, header, file)
    return found


def _require_own(
    found: Mapping[str, int],
    columns: Mapping[str, Sequence[str]],
    side: Side | None,
    file: str,
    header: Sequence[str],
) -> None:
    """Refuse a file that lacks a column its source names: a phase would silently become blank."""
    for name, headers in columns.items():
        of_other_side = name in PHASES and side is not None and side not in PHASES[name].sides
        if name not in found and not of_other_side:
            seen = ", ".join(text for text in header if text)
            raise refused(COLUMN_MISSING, file, header=headers[0], column=label(name), seen=seen)


def _refuse_months(found: Mapping[str, int], header: Sequence[str], file: str) -> None:
    for text in header:
        phase = _of_a_month(text)
        if phase and phase not in found:
            raise refused(MONTH_ONLY, file, header=text)
