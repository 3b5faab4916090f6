"""Rows of the demonstration datasets that are no budgets, and what each says of itself."""

from __future__ import annotations

import csv
import io
import math
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from dev.demo.plan import DATA, words

_ROOT = Path(__file__).parents[2]
_AUTHORITY = "http://publications.europa.eu/resource/authority"
_HVD_LAW = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
_MARK = {"el": " (δεδομένα επίδειξης)", "en": " (demonstration data)"}
_NOTE = {
    "el": "\n\n**Δεδομένα επίδειξης:** παράγονται από πρόγραμμα και δεν περιγράφουν πραγματική πόλη.",
    "en": "\n\n**Demonstration data:** made by a program; it describes no real city.",
}
_FROM, _UNTIL = date(2026, 1, 1), date(2026, 6, 30)

Cell = str | int | float | None
Rows = Iterator[tuple[Cell, ...]]
_MAKERS: dict[str, tuple[tuple[str, ...], Callable[[random.Random], Rows]]] = {}


def _dataset(name: str, *columns: str) -> Callable[[Callable[[random.Random], Rows]], Any]:
    def register(maker: Callable[[random.Random], Rows]) -> Callable[[random.Random], Rows]:
        _MAKERS[name] = (columns, maker)
        return maker

    return register


def write(folder: Path) -> int:
    """Write ``datasets/NAME/`` with a CSV and its metadata.yaml for each; return how many."""
    described = yaml.safe_load((DATA / "datasets.yaml").read_text(encoding="utf-8"))
    for name, about in described.items():
        target = folder / "datasets" / name
        target.mkdir(parents=True, exist_ok=True)
        (target / f"{name}.csv").write_bytes(csv_bytes(name))
        metadata = yaml.safe_dump(_metadata(name, about), allow_unicode=True, sort_keys=False)
        (target / "metadata.yaml").write_text(metadata, encoding="utf-8")
    organizations = (DATA / "organizations.yaml").read_bytes()
    (folder / "organizations.yaml").write_bytes(organizations)
    return len(described)


def csv_bytes(name: str) -> bytes:
    """Return the rows of a dataset as CSV in UTF-8."""
    columns, maker = _MAKERS[name]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(maker(random.Random(name)))
    return out.getvalue().encode()


def _metadata(name: str, about: dict[str, Any]) -> dict[str, Any]:
    """Return a dataset in the words of its form: fields of schemas/dataset.yaml."""
    title = {language: about["title"][language] + _MARK[language] for language in _MARK}
    fields: dict[str, Any] = {
        "name": f"demo-{name}",
        "owner_org": about["owner_org"],
        "title_translated": title,
        "notes_translated": {lang: about["notes"][lang] + _NOTE[lang] for lang in _NOTE},
        "tags_translated": about["tags"],
        "groups": about["groups"],
        "theme": [f"{_AUTHORITY}/data-theme/{code}" for code in about["theme"]],
        "license_id": f"{_AUTHORITY}/licence/CC_BY_4_0",
        "frequency": f"{_AUTHORITY}/frequency/{about['frequency']}",
        "language": [f"{_AUTHORITY}/language/ELL"],
        "spatial_coverage": [{"text": places()[0]["el"]}],
    }
    if "temporal" in about:
        fields["temporal_coverage"] = [about["temporal"]]
    if "hvd_category" in about:
        fields["hvd"] = "true"
        categories = [f"http://data.europa.eu/bna/{code}" for code in about["hvd_category"]]
        fields |= {"hvd_category": categories, "applicable_legislation": [_HVD_LAW]}
    resource = {"file": f"{name}.csv", "name_translated": about["title"], "format": "CSV"}
    return {**fields, "resources": [resource]}


@lru_cache(maxsize=1)
def places() -> list[dict[str, str]]:
    """Return the places of the gazetteer, the city itself first."""
    with (_ROOT / "schemas" / "gazetteer.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _somewhere(chance: random.Random) -> tuple[str, float, float]:
    """Return a district of the gazetteer, and a latitude and longitude in the middle of it."""
    place = chance.choice(places()[1:] or places())
    west, south, east, north = (float(place[side]) for side in ("west", "south", "east", "north"))
    latitude = south + (north - south) * chance.uniform(0.3, 0.7)
    longitude = west + (east - west) * chance.uniform(0.3, 0.7)
    return place["el"], round(latitude, 5), round(longitude, 5)


def _days() -> list[date]:
    return [_FROM + timedelta(days=n) for n in range((_UNTIL - _FROM).days + 1)]


def _months(year: int) -> list[str]:
    return [f"{y}-{m:02}" for y in range(year, 2027) for m in range(1, 13 if y < 2026 else 7)]


@_dataset("culture-venues", "name", "kind", "district", "seats", "wheelchair", "latitude",
          "longitude")  # fmt: skip
def _culture_venues(chance: random.Random) -> Rows:
    kinds = {"Θέατρο": 450, "Βιβλιοθήκη": 80, "Μουσείο": 60, "Κινηματογράφος": 300}
    for kind, seats in kinds.items():
        for square in words()["square"]:
            name = square.removeprefix("πλατεία ")
            size = round(seats * chance.uniform(0.4, 1.8), -1)
            access = chance.choice(["yes", "yes", "limited", "no"])
            district, *point = _somewhere(chance)
            yield (f"{kind} {name}", kind, district, int(size), access, *point)


@_dataset("air-quality", "date", "station", "no2", "o3", "pm10", "pm2_5")
def _air_quality(chance: random.Random) -> Rows:
    levels = {"Λιμάνι": 44.0, "Κέντρο": 52.0, "Πάρκο": 21.0, "Λόφος": 15.0}
    for number, day in enumerate(_days()):
        weather = 1 + 0.35 * math.sin(number / 9) + chance.uniform(-0.15, 0.15)
        workday = 1.0 if day.weekday() < 5 else 0.72
        for station, level in levels.items():
            no2 = level * weather * workday
            pm10 = 0.6 * level * weather + chance.uniform(4, 14)
            ozone = 40 + 0.2 * number - 0.3 * no2 + chance.uniform(-6, 6)
            figures = (no2, max(8.0, ozone), pm10, pm10 * 0.58)
            missing = chance.random() < 0.02
            yield (day.isoformat(), station, *(None if missing else round(f, 1) for f in figures))


@_dataset("trees", "tree_id", "species", "species_latin", "district", "planted", "height_m",
          "latitude", "longitude")  # fmt: skip
def _trees(chance: random.Random) -> Rows:
    species = [("Πλατάνι", "Platanus orientalis", 18), ("Ελιά", "Olea europaea", 6),
               ("Νεραντζιά", "Citrus aurantium", 5), ("Φλαμουριά", "Tilia tomentosa", 14),
               ("Πεύκο", "Pinus halepensis", 15), ("Κουτσουπιά", "Cercis siliquastrum", 6),
               ("Λεύκα", "Populus alba", 20), ("Μουριά", "Morus alba", 9)]  # fmt: skip
    for number in range(1, 1501):
        greek, latin, height = chance.choice(species)
        planted = chance.randint(1965, 2025)
        grown = height * min(1.0, 0.2 + (2026 - planted) / 35) * chance.uniform(0.8, 1.15)
        district, *point = _somewhere(chance)
        yield (f"T{number:05}", greek, latin, district, planted, round(grown, 1), *point)


@_dataset("playgrounds", "name", "district", "swings", "slides", "shade", "water", "certified",
          "latitude", "longitude")  # fmt: skip
def _playgrounds(chance: random.Random) -> Rows:
    for park in [*words()["park"], *words()["square"]]:
        district, *point = _somewhere(chance)
        yes = ["yes" if chance.random() < odds else "no" for odds in (0.7, 0.6, 0.85)]
        yield (f"Παιδική χαρά: {park}", district, chance.randint(2, 6), chance.randint(1, 3),
               *yes, *point)  # fmt: skip


@_dataset("waste-collection", "month", "stream", "tonnes")
def _waste_collection(chance: random.Random) -> Rows:
    streams = {"Σύμμεικτα": 9200.0, "Συσκευασίες": 1150.0, "Γυαλί": 140.0, "Χαρτί": 330.0,
               "Βιοαπόβλητα": 420.0, "Ογκώδη": 610.0}  # fmt: skip
    for number, month in enumerate(_months(2024)):
        for stream, tonnes in streams.items():
            trend = 0.997 if stream == "Σύμμεικτα" else 1.012
            yield month, stream, round(tonnes * trend**number * chance.uniform(0.93, 1.07), 1)


@_dataset("parking", "name", "district", "spaces", "accessible_spaces", "chargers",
          "euros_an_hour", "latitude", "longitude")  # fmt: skip
def _parking(chance: random.Random) -> Rows:
    for square in words()["square"]:
        district, *point = _somewhere(chance)
        spaces = chance.randrange(60, 420, 5)
        price = chance.choice([1.0, 1.5, 2.0, 2.5])
        yield (f"Στάθμευση: {square}", district, spaces, max(2, spaces // 25),
               chance.randrange(0, 13, 2), price, *point)  # fmt: skip


@_dataset("bicycle-counts", "date", "counter", "bicycles")
def _bicycle_counts(chance: random.Random) -> Rows:
    counters = {"Παραλία": 1900, "Κέντρο": 820, "Πανεπιστήμιο": 640}
    for number, day in enumerate(_days()):
        spring = 0.6 + 0.8 * number / 181
        rain = 0.35 if chance.random() < 0.15 else 1.0
        for counter, usual in counters.items():
            weekend = 1.5 if (day.weekday() >= 5) == (counter == "Παραλία") else 0.8
            yield day.isoformat(), counter, round(usual * spring * rain * weekend)


@_dataset("library-loans", "month", "library", "readers", "loans")
def _library_loans(chance: random.Random) -> Rows:
    for month in _months(2025):
        summer = 0.55 if month[-2:] in ("07", "08") else 1.0
        for square in words()["square"][:5]:
            for readers, usual in {"παιδιά": 620, "έφηβοι": 240, "ενήλικες": 910}.items():
                loans = round(usual * summer * chance.uniform(0.7, 1.2))
                yield month, f"Βιβλιοθήκη {square.removeprefix('πλατεία ')}", readers, loans
