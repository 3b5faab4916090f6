"""Phases of a budget line: the amounts a Greek public budget tells of one line, in their order.

The list is data, ``schemas/codelists/phases.csv``: id, side, Greek term, label and definition in
Greek and English, the headers under which exports write the phase, and its phase in the Fiscal
Data Package. Published mappings call the voted budget a draft and the orders of payment approved;
here the Greek term decides, and stays beside the label.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from ckanext.municipal.lib.greek import header_key

_LIST = Path(__file__).parent.parent / "schemas" / "codelists" / "phases.csv"
_TRUNCATED = 6  # a header cut off by a layout is recognised from this many letters on


class Side(StrEnum):
    """The two sides of a budget: έξοδα and έσοδα."""

    EXPENDITURE = "expenditure"
    REVENUE = "revenue"


SIDE_LABELS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        Side.EXPENDITURE.value: MappingProxyType({"el": "έξοδα", "en": "expenditure"}),
        Side.REVENUE.value: MappingProxyType({"el": "έσοδα", "en": "revenue"}),
    }
)


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase: id, the sides that have it, its labels and definitions by language, the headers
    met in exports (without English ones that mislead) and the Fiscal Data Package phase or ""."""

    id: str
    sides: frozenset[Side]
    label: Mapping[str, str]
    definition: Mapping[str, str]
    headers: tuple[str, ...]
    fiscal_phase: str


def _read(path: Path) -> dict[str, Phase]:
    phases = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            sides = frozenset(Side) if row["side"] == "both" else frozenset({Side(row["side"])})
            phases[row["id"]] = Phase(
                row["id"],
                sides,
                MappingProxyType({"el": row["el"], "en": row["en"]}),
                MappingProxyType({"el": row["definition_el"], "en": row["definition_en"]}),
                tuple(row["headers"].split("|")),
                row["fdp_phase"],
            )
    return phases


PHASES: Mapping[str, Phase] = MappingProxyType(_read(_LIST))
PHASE_IDS: tuple[str, ...] = tuple(PHASES)


def phases_of(side: Side) -> tuple[str, ...]:
    """Return the ids of the phases that a side has, in the order of the budget's life."""
    return tuple(phase.id for phase in PHASES.values() if side in phase.sides)


def label(phase: str) -> Mapping[str, str]:
    """Return what a phase is called, by language; an unknown one is called by its id."""
    known = PHASES.get(phase)
    return known.label if known else {"el": phase, "en": phase}


def executed(side: Side) -> str:
    """Return the phase that says what was done: paid of expenditure, collected of revenue."""
    return "paid" if side is Side.EXPENDITURE else "collected"


@cache
def _variants() -> dict[str, str]:
    """Every header key -> phase id; two phases sharing a header would be a fault of the list."""
    keys: dict[str, str] = {}
    for phase in PHASES.values():
        for header in phase.headers:
            known = keys.setdefault(header_key(header), phase.id)
            if known != phase.id:
                raise ValueError(f"{_LIST.name}: {header!r} is a header of {known} and {phase.id}")
    return keys


@lru_cache(maxsize=4096)
def match_header(header: str) -> str | None:
    """Return the phase that a header of an export means, or None.

    Compared by `header_key`, so accents, case and look-alike letters do not matter; a header cut
    off by its layout («Διαμορφωθέν») is taken if all that it can go on to be is one phase.
    """
    key = header_key(header)
    if not key:
        return None
    variants = _variants()
    if key in variants:
        return variants[key]
    if not _TRUNCATED <= len(key) <= max(map(len, variants)):
        return None
    longer = {phase for variant, phase in variants.items() if variant.startswith(key)}
    return longer.pop() if len(longer) == 1 else None


def header_keys(extra: Iterable[str] = ()) -> frozenset[str]:
    """Return the keys of every header that means a phase, and of the extra ones given."""
    return frozenset(_variants()) | {header_key(header) for header in extra}
