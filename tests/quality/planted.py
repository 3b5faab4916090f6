"""Tables of a city with faults that were put into them, row by row, in Greek or English."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass

STREETS = {
    "el": [
        "Εγνατία",
        "Ερμού",
        "Τσιμισκή",
        "Αγίου Δημητρίου",
        "Παύλου Μελά",
        "Λαγκαδά",
        "Ίωνος Δραγούμη",
    ],
    "en": [
        "Market Street",
        "Harbour Road",
        "Castle Lane",
        "Station Square",
        "Mill Hill",
        "Park Avenue",
    ],
}
HEADINGS = {
    "el": ["Κωδικός", "Οδός", "Ημερομηνία", "Ποσό", "ΑΦΜ", "ΤΚ", "Γ. πλάτος", "Γ. μήκος"],
    "en": ["Code", "Street", "Date", "Amount", "VAT number", "Postcode", "Latitude", "Longitude"],
}
CODE, STREET, DATE, AMOUNT, AFM, POSTCODE, LATITUDE, LONGITUDE = range(8)


@dataclass(frozen=True, slots=True)
class Fault:
    """How one cell, or one row, is made wrong."""

    rule: str
    column: int
    make: Callable[[random.Random, str], str]


def afm(chance: random.Random, *, wrong: bool = False) -> str:
    """A tax number with its check digit, or with another one."""
    digits = [chance.randint(1, 9), *(chance.randint(0, 9) for _ in range(7))]
    check = sum(digit << (8 - place) for place, digit in enumerate(digits)) % 11 % 10
    return "".join(map(str, digits)) + str((check + 1) % 10 if wrong else check)


FAULTS = (
    Fault("value-misfit", AMOUNT, lambda _r, _c: "περίπου πολλά"),
    Fault("mojibake", STREET, lambda _r, c: "Εγνατία".encode().decode("cp1252", "ignore") or c),
    Fault("spaces-around", STREET, lambda _r, c: f" {c} "),
    Fault("control-characters", STREET, lambda _r, c: f"{c[:3]}\x07{c[3:]}"),
    Fault("letters-look-alike", STREET, lambda _r, _c: "Εγνaτία"),
    Fault("formula-cell", STREET, lambda _r, _c: "=HYPERLINK(A1)"),
    Fault("formula-error", AMOUNT, lambda _r, _c: "#REF!"),
    Fault("missing-in-words", AMOUNT, lambda _r, _c: "n/a"),
    Fault("decimal-mark-mixed", AMOUNT, lambda r, _c: f"{r.randint(100, 900)}.{r.randint(10, 99)}"),
    Fault("date-impossible", DATE, lambda r, _c: f"3{r.randint(0, 1)}/02/2024"),
    Fault("date-order-mixed", DATE, lambda r, _c: f"0{r.randint(1, 9)}/{r.randint(13, 28)}/2024"),
    Fault("date-implausible", DATE, lambda r, _c: f"0{r.randint(1, 9)}/03/10{r.randint(10, 99)}"),
    Fault("value-outlier", AMOUNT, lambda r, _c: f"{r.randint(4, 9)}00000000,00"),
    Fault("afm-wrong", AFM, lambda r, _c: afm(r, wrong=True)),
    Fault("postcode-wrong", POSTCODE, lambda r, _c: f"9{r.randint(1000, 9999)}"),
    Fault(
        "id-in-scientific-notation",
        CODE,
        lambda r, _c: f"{r.randint(1, 9)},{r.randint(10, 99)}E+05",
    ),
    Fault("coordinates-outside", LATITUDE, lambda r, _c: f"5{r.randint(1, 9)},1234"),
)


def table(language: str, rows: int, seed: int) -> list[list[str]]:
    """A table without a fault: the headings, then the rows."""
    chance = random.Random(seed)
    made = [HEADINGS[language]]
    for number in range(rows):
        made.append(
            [
                f"Α{number:06}" if language == "el" else f"A{number:06}",
                chance.choice(STREETS[language]),
                f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/2024",
                f"{chance.randint(100, 900)},{chance.randint(10, 99)}",
                afm(chance),
                f"{chance.randint(54, 57)}{chance.randint(100, 999)}",
                f"40,{chance.randint(600000, 660000)}",
                f"22,{chance.randint(900000, 980000)}",
            ]
        )
    return made


def plant(rows: list[list[str]], fault: Fault, times: int, seed: int) -> set[int]:
    """Put a fault into so many rows; returns the lines of the file in which they stand."""
    chance = random.Random(seed + 1)
    places = chance.sample(range(1, len(rows)), times)
    for place in places:
        rows[place][fault.column] = fault.make(chance, rows[place][fault.column])
    return {place + 1 for place in places}


def written(rows: list[list[str]], encoding: str = "utf-8") -> bytes:
    """The table as a program of an office exports it."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)
