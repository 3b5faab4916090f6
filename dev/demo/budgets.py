"""The budget files of the demonstration city and its suburb, day by day."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from dev.demo.execution import state
from dev.demo.exports import capitals, delimited, workbook
from dev.demo.plan import (
    CURRENT_YEAR,
    EXPENDITURE,
    KAE_2004,
    REVENUE,
    YEARS,
    Line,
    budget,
    chart_of,
)

SOURCES = Path(__file__).parent / "sources"
SERVICES = Path(__file__).parents[2] / "schemas" / "codelists" / "services.csv"
CITY, SUBURB = "demo-city", "demo-suburb"
_FOLDERS = {EXPENDITURE: "expenses", REVENUE: "incomes"}
_BOOKS = {EXPENDITURE: "exoda", REVENUE: "esoda"}
_QUARTERS = ((3, 31), (6, 30), (9, 30), (12, 31))
_SUBURB_YEAR, _SUBURB_PART = 2025, 5
_OLD_SYSTEM_UNTIL = 2023  # windows-1253; then a scraper's UTF-16 with a delimiter too many


def snapshot_days(year: int) -> list[date]:
    """Return the days of which a year has an export: quarters, but in the current year the ends of
    two months and then every day but Sundays of March."""
    if year < CURRENT_YEAR:
        return [date(year, month, day) for month, day in _QUARTERS]
    march = [date(year, 3, 1) + timedelta(days=n) for n in range(31)]
    return [date(year, 1, 31), date(year, 2, 28), *(day for day in march if day.weekday() < 6)]


def write(folder: Path) -> int:
    """Write inboxes and sources below a folder and return the number of exports."""
    sources = folder / "harvesters"
    sources.mkdir(parents=True, exist_ok=True)
    for path in sorted(SOURCES.glob("*-budget.yaml")):
        shutil.copyfile(path, sources / path.name)
    count = 0
    for path, data in [*city_exports(), *suburb_exports()]:
        target = folder / "inbox" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        count += 1
    return count


def city_exports() -> Iterator[tuple[str, bytes]]:
    """Yield each export of the city: its path below the inbox, and its bytes."""
    services = _service_names()
    for year in YEARS:
        lines = budget(year)
        if chart_of(year) == KAE_2004:
            lines = [replace(line, label=capitals(line.label)) for line in lines]
        for day in snapshot_days(year):
            states = state(lines, year, day)
            for side, side_folder in _FOLDERS.items():
                old = year <= _OLD_SYSTEM_UNTIL
                text = delimited(
                    side, lines, states, services,
                    trailing=not old, newline="\r\n" if old else "\n",
                )  # fmt: skip
                data = text.encode("cp1253") if old else ("\ufeff" + text).encode("utf-16-be")
                yield f"budget/{CITY}/{side_folder}/{day:%Y_%m_%d}_21.29.csv", data


def suburb_exports() -> Iterator[tuple[str, bytes]]:
    """Yield each workbook of the suburb: its path below the inbox, and its bytes."""
    lines: list[Line] = budget(_SUBURB_YEAR, part=_SUBURB_PART)
    for month, last in _QUARTERS[1::2]:
        day = date(_SUBURB_YEAR, month, last)
        states = state(lines, _SUBURB_YEAR, day)
        for side, name in _BOOKS.items():
            words = "εξόδων" if side == EXPENDITURE else "εσόδων"
            title = f"Δήμος Επίδειξης: κατάσταση {words} έως {day:%d/%m/%Y}"
            yield (
                f"budget/{SUBURB}/{name}-{day:%Y-%m-%d}.xlsx",
                workbook(side, lines, states, title),
            )


def _service_names() -> dict[str, str]:
    with SERVICES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["el"] for row in csv.DictReader(file)}
