"""Rules of whole columns."""

from __future__ import annotations

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Severity
from ckanext.municipal.quality.rules.registry import FileExample, Scope, rule


def _table(head: str, *rows: str) -> FileExample:
    return FileExample("\n".join([head, *rows]) + "\n")


BLANK_COLUMN = rule(
    Scope.COLUMN,
    "column-blank",
    Severity.WARNING,
    message=N_("“{field}” has no value in any row."),
    remedy=N_("Delete the column, or check why the export leaves it blank."),
    example=_table("Σταθμός;Ύψος;Τιμή", "Εγνατία;;21", "Ερμού;;23"),
)
CONSTANT = rule(
    Scope.COLUMN,
    "column-constant",
    Severity.NOTE,
    message=N_("“{field}” says “{value}” in every row."),
    remedy=N_(
        "Say it once in the description of the dataset, if the column is not needed for joins."
    ),
    example=_table("Δήμος;Τιμή", *(f"Νέος;{n}" for n in range(10, 25))),
)
MIXED = rule(
    Scope.COLUMN,
    "type-mixed",
    Severity.WARNING,
    message=N_("“{field}” holds numbers or dates, and also other texts such as “{value}”."),
    remedy=N_(
        "Put remarks into a column of their own, so that the column can be summed and sorted."
    ),
    example=_table(
        "Σταθμός;Τιμή", *(f"Σ{n};{n}" for n in range(10, 20)), "Α;λίγο", "Β;πολύ", "Γ;-"
    ),
)
NO_MARK = rule(
    Scope.COLUMN,
    "decimal-mark-ambiguous",
    Severity.WARNING,
    message=N_("“{value}” in “{field}” may be thousands or decimals; no value tells which."),
    remedy=N_("Write thousands without a mark (1234) and decimals with two digits (1,23)."),
    example=_table("Σταθμός;Τιμή", "Εγνατία;1.234", "Ερμού;2.345", "Αγία Σοφία;3.456"),
)
NO_ORDER = rule(
    Scope.COLUMN,
    "date-order-ambiguous",
    Severity.NOTE,
    message=N_("No date of “{field}” tells the day from the month; they were read as day first."),
    remedy=N_("Write dates as 2024-03-31, which everybody reads the same way."),
    example=_table(
        "Σταθμός;Ημερομηνία", "Εγνατία;03/04/2024", "Ερμού;05/06/2024", "Ίριδος;01/02/2024"
    ),
)
SWAPPED = rule(
    Scope.COLUMN,
    "coordinates-swapped",
    Severity.ERROR,
    message=N_("The latitude {latitude} and the longitude {longitude} have changed places."),
    remedy=N_("Exchange the two columns, or the two values of the row."),
    example=_table(
        "Σταθμός;lat;lon", "Εγνατία;40,636;22,943", "Ερμού;40,635;22,942", "Ίριδος;22,941;40,631"
    ),
)
PROJECTED = rule(
    Scope.COLUMN,
    "coordinates-projected",
    Severity.WARNING,
    message=N_("“{field}” holds metres of a plane (as of the Greek Grid), not degrees."),
    remedy=N_(
        "Publish degrees of WGS 84 as well (latitude, longitude), or name the system (EPSG:2100)."
    ),
    example=_table("Σταθμός;lat;lon", "Εγνατία;4497850;410300", "Ερμού;4497900;410350"),
)
OUTSIDE = rule(
    Scope.COLUMN,
    "coordinates-outside",
    Severity.WARNING,
    message=N_("The place {latitude}, {longitude} lies outside the area of the portal."),
    remedy=N_("Correct the coordinates; a blank cell is better than 0, 0."),
    example=_table(
        "Σταθμός;lat;lon", "Εγνατία;40,636;22,943", "Ερμού;0,0;0,0", "Ίριδος;40,641;22,941"
    ),
)
