"""The budget as a Fiscal Data Package: a long CSV, and the datapackage.json that describes all.

Fiscal Data Package 1.0 gives each column of a table its fiscal meaning (``columnType``) and wants
one row a line and phase; people want one row a line. So both are published, and the package
describes both: the wide table by its own schema, the long one by the columns listed in
``schemas/codelists/fiscal-columns.csv``. Texts are in Greek and English (``titles``); ``title`` is
the English one, which tools that know one language show.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from ckanext.municipal.budget import charts
from ckanext.municipal.budget.codelists import CodeList, Services, services
from ckanext.municipal.budget.lines import BudgetLine
from ckanext.municipal.budget.phases import PHASE_IDS, PHASES, Side

_COLUMNS = Path(__file__).parent.parent / "schemas" / "codelists" / "fiscal-columns.csv"
_LEVELS = 4  # levels of an economic classification that the Fiscal Data Package has names for
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
CURRENCY = "EUR"
Codes = Callable[[str, Side], CodeList | None]
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Budget:
    """Whose budget, of which year and moment: uid and name of the municipality, fiscal year,
    newest moment of the figures (with its zone)."""

    uid: str
    municipality: Texts
    year: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A CSV of the package: name (small Latin letters), path beside the descriptor or address,
    titles by language, size, SHA-256 in hexadecimal, Frictionless Table Schema."""

    name: str
    path: str
    titles: Texts
    bytes: int
    sha256: str
    schema: Mapping[str, Any]


@cache
def _columns() -> tuple[Mapping[str, str], ...]:
    with _COLUMNS.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def long_schema() -> dict[str, Any]:
    """Return the Frictionless Table Schema of the long table, with its FDP column types."""
    return {
        "fields": [_field(column) for column in _columns()],
        "primaryKey": ["budget_line_id", "phase"],
        "missingValues": [""],
    }


def _field(column: Mapping[str, str]) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column["name"],
        "type": column["type"],
        "title": column["en"],
        "titles": {"el": column["el"], "en": column["en"]},
    }
    if column["type"] == "datetime":
        field["format"] = "%Y-%m-%dT%H:%M:%S%z"
    if column["column_type"]:
        field["columnType"] = column["column_type"]
    if column["required"] == "yes":
        field["constraints"] = {"required": True}
    return field


def long_rows(
    lines: Iterable[BudgetLine], of: Budget, codes: Codes, known: Services | None = None
) -> Iterator[dict[str, Any]]:
    """Yield a row of the long table for each line and phase that has an amount.

    A blank amount gives no row, for it is not a zero. ``codes`` names the codes of a chart and
    side, ``known`` the services that the export does not name. In the order of the lines, phases
    in the order of the budget's life.
    """
    known = known or services()
    for line in lines:
        about = _about(line, of, codes, known)
        for phase in PHASE_IDS:
            amount = line.amount(phase)
            if amount is not None:
                yield {**about, **_phase(phase), "amount": amount, "currency": CURRENCY}


def _about(line: BudgetLine, of: Budget, codes: Codes, known: Services) -> dict[str, Any]:
    named = codes(line.chart, line.side)
    levels = charts.levels(line.chart, line.code)[:_LEVELS]
    economic = {}
    for number in range(1, _LEVELS + 1):
        code = levels[number - 1] if number <= len(levels) else ""
        economic[f"level{number}_code"] = code
        economic[f"level{number}_label"] = (named.name(code, "el") if named else None) or ""
    return {
        "budget_line_id": "/".join(line.key),
        "municipality_id": of.uid,
        "municipality": of.municipality["el"],
        "fiscal_year": of.year,
        "as_of": of.as_of.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "direction": line.side.value,
        "service_code": line.service_code,
        "service_label": line.service_label or known.name(line.service_code, "el") or "",
        "chart": line.chart,
        **economic,
        "code": line.code,
        "sub_account": line.sub_account,
        "label": line.label,
    }


def _phase(phase: str) -> dict[str, str]:
    said = PHASES[phase]
    labels = {"phase_el": said.label["el"], "phase_en": said.label["en"]}
    return {"phase": phase, **labels, "fiscal_phase": said.fiscal_phase}


def long_csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the long table as RFC 4180 CSV in UTF-8; the same rows give the same bytes.

    A text that a spreadsheet would run as a formula gets a ``'`` before it; amounts never do.
    """
    stream = io.StringIO(newline="")
    names = [column["name"] for column in _columns()]
    writer = csv.DictWriter(stream, names, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _no_formula(value) for name, value in row.items()})
    return stream.getvalue().encode("utf-8")


def _no_formula(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def datapackage(
    of: Budget,
    files: Sequence[PackageFile],
    *,
    name: str,
    titles: Texts,
    descriptions: Texts,
    licence: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the descriptor of the package: what datapackage.json holds.

    ``name`` is that of the dataset; ``licence`` has Frictionless' ``name``, ``path``, ``title``.
    The same arguments give the same descriptor: it carries no time of its making.
    """
    descriptor: dict[str, Any] = {
        "name": name,
        "title": titles["en"],
        "titles": dict(titles),
        "description": descriptions["en"],
        "descriptions": dict(descriptions),
        "languages": ["el", "en"],
        "countryCode": "GR",
        "granularity": "aggregated",
        "fiscalPeriod": {"start": f"{of.year}-01-01", "end": f"{of.year}-12-31"},
        "asOf": of.as_of.isoformat(),
        "author": {"name": of.municipality["en"], "names": dict(of.municipality), "uid": of.uid},
        "resources": [_resource(file) for file in files],
    }
    if licence:
        descriptor["licenses"] = [dict(licence)]
    return descriptor


def _resource(file: PackageFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "type": "table",
        "path": file.path,
        "title": file.titles["en"],
        "titles": dict(file.titles),
        "scheme": "file" if "://" not in file.path else file.path.partition(":")[0],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "dialect": {"csv": {"delimiter": ","}},
        "schema": dict(file.schema),
    }


def package_bytes(descriptor: Mapping[str, Any]) -> bytes:
    """Return a descriptor as the bytes of datapackage.json: UTF-8, Greek letters as they are."""
    return (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
