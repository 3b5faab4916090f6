"""The budget as a Fiscal Data Package: a long CSV, and the datapackage.json that describes all.

Fiscal Data Package 1.0 gives each column of a table its fiscal meaning (``columnType``) and wants
one row a line and phase; people want one row a line. So both are published, and the package
describes both: the wide table by its own schema, the long one by
``schemas/tables/budget_fiscal.yaml`` and the column types here. Texts are in Greek and English
(``titles``); ``title`` is the English one, which tools that know one language show.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ckanext.municipal.budget import charts
from ckanext.municipal.budget.codelists import CodeList, Services, services
from ckanext.municipal.budget.lines import BudgetLine
from ckanext.municipal.budget.phases import PHASE_IDS, PHASES, Side
from ckanext.municipal.store import table_schema
from ckanext.municipal.store.exports import csv_bytes
from ckanext.municipal.store.schema import TableSchema

_LEVELS = 4  # levels of an economic classification that the Fiscal Data Package has names for
_LONG = "budget_fiscal"
CURRENCY = "EUR"
# What each column of the long table is to the Fiscal Data Package 1.0.
COLUMN_TYPES = {
    "budget_line_id": "budget-line-id",
    "municipality_id": "administrator:generic:id",
    "municipality": "administrator:generic:name",
    "fiscal_year": "date:fiscal-year",
    "direction": "direction",
    "phase": "phase:id",
    "phase_el": "phase:label",
    "service_code": "administrative-classification:generic:level1:code",
    "service_label": "administrative-classification:generic:level1:label",
    **{
        f"level{number}_{what}": f"economic-classification:generic:level{number}:{what}"
        for number in range(1, _LEVELS + 1)
        for what in ("code", "label")
    },
    "amount": "value",
    "currency": "value-currency:code",
}
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


def long_schema() -> dict[str, Any]:
    """Return the Frictionless Table Schema of the long table, with its FDP column types."""
    described = table_schema.descriptor(TableSchema.load(_LONG))
    for field in described["fields"]:
        if field["name"] in COLUMN_TYPES:
            field["columnType"] = COLUMN_TYPES[field["name"]]
    return described


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
        "as_of": of.as_of,
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
    """Return the long table as the CSV that is published; the same rows give the same bytes."""
    return csv_bytes(TableSchema.load(_LONG), rows)


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
