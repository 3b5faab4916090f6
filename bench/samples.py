"""200,000 rows as a city's budget execution has them: ten fields, codes as text, exact amounts."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from ckanext.municipal.store import Field, TableSchema, Type

ROWS = 200_000
_WORDS = [
    "Υπηρεσίες",
    "πρασίνου",
    "ΤΑΚΤΙΚΕΣ",
    "ΑΠΟΔΟΧΕΣ",
    "ΜΟΝΙΜΩΝ",
    "ΥΠΑΛΛΗΛΩΝ",
    "καθαριότητα",
    "οδοστρώματα",
    "συντήρηση",
    "κτιρίων",
    "προμήθεια",
    "υλικών",
    "ΕΡΓΑ",
    "ύδρευσης",
    "φωτισμού",
    "ΔΑΠΑΝΕΣ",
    "σχολείων",
    "παιδικών",
    "σταθμών",
]
_TEXTS = {"en": "A field", "el": "Ένα πεδίο"}


def _field(name: str, kind: Type = Type.TEXT, **options: Any) -> Field:
    return Field(name=name, type=kind, title=_TEXTS, description=_TEXTS, **options)


SCHEMA = TableSchema(
    name="benchmark",
    title=_TEXTS,
    description=_TEXTS,
    key=("side", "service_code", "code_raw", "as_of"),
    timezone=ZoneInfo("Europe/Athens"),
    fields=(
        _field("year", Type.INTEGER, required=True),
        _field("as_of", Type.TIMESTAMP, required=True, index=True),
        _field("side", required=True, enum=("expenditure", "revenue")),
        _field("service_code", required=True, search=True),
        _field("code_raw", required=True, search=True),
        _field("label", search=True),
        *(
            _field(phase, Type.NUMERIC, decimals=2, unit="EUR")
            for phase in ("budgeted", "revised", "committed", "paid")
        ),
    ),
)


@lru_cache(maxsize=1)
def rows() -> list[tuple[Any, ...]]:
    """Return the rows, the same in every run."""
    pick = random.Random(2016)
    start = dt.datetime(2016, 1, 1, 21, 29, tzinfo=SCHEMA.timezone)
    labels = [" ".join(pick.choices(_WORDS, k=6)) for _ in range(4_000)]
    made: list[tuple[Any, ...]] = []
    for number in range(ROWS):
        line, day = number % 4_000, number // 4_000
        amounts = [Decimal(pick.randrange(10**9)).scaleb(-2) for _ in range(4)]
        amounts = [None if amount < 100_000 else amount for amount in amounts]
        side = "revenue" if line % 5 == 0 else "expenditure"
        code = f"{6000 + line % 1500}.{line // 1500:02}.{line % 97:02}"
        moment = start + dt.timedelta(days=day)
        service = "" if side == "revenue" else f"{line % 9 * 10:02}"
        made.append((2016, moment, side, service, f"{code}.{line}", labels[line], *amounts))
    return made
