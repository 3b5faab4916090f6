"""A CSV of a million rows and 165 MB, as a program of an office exports it, for the figures of files."""

from __future__ import annotations

import csv
import random
import tempfile
from functools import lru_cache
from pathlib import Path

ROWS = 1_000_000
_WORDS = [
    "Υπηρεσίες",
    "πρασίνου",
    "τακτικές",
    "αποδοχές",
    "μονίμων",
    "υπαλλήλων",
    "καθαριότητα",
    "οδοστρώματα",
]


@lru_cache(maxsize=1)
def file() -> Path:
    """Write the file, which goes with the process; a second call returns the same."""
    folder = Path(tempfile.mkdtemp(prefix="municipal-bench-"))
    chance = random.Random(2026)
    path = folder / "million.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(
            ["code", "service", "description", "date", "amount", "paid", "count", "note"]
        )
        for number in range(ROWS):
            day = f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}"
            amount = f"{number % 900_000}.{number % 90 + 10}"
            text = " ".join(chance.choices(_WORDS, k=5))
            row = [f"A{number:07}", number % 40, text, day, amount, f"{number % 700}.50"]
            writer.writerow([*row, number % 13, _WORDS[number % 8]])
    return path
