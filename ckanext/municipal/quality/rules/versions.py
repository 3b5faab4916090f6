"""Rules between two versions of a table."""

from __future__ import annotations

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Severity
from ckanext.municipal.quality.rules.registry import FileExample, Scope, rule

_BEFORE = "Σταθμός;Τιμή\nΕγνατία;21\nΑγία Σοφία;23\nΕρμού;24\nΊριδος;25\n"

COLUMN_GONE = rule(
    Scope.VERSION,
    "column-gone",
    Severity.ERROR,
    message=N_("The column “{field}” of the last version is not there any more."),
    remedy=N_("Put it back, or tell those who use the data that it has ended."),
    example=FileExample("Σταθμός\nΕγνατία\nΑγία Σοφία\nΕρμού\nΊριδος\n", before=_BEFORE),
)
COLUMN_NEW = rule(
    Scope.VERSION,
    "column-new",
    Severity.NOTE,
    message=N_("The column “{field}” was not in the last version."),
    remedy=N_("Describe it in the data dictionary."),
    example=FileExample(
        "Σταθμός;Τιμή;Ύψος\nΕγνατία;21;5\nΑγία Σοφία;23;6\nΕρμού;24;5\nΊριδος;25;7\n",
        before=_BEFORE,
    ),
)
TYPE_CHANGED = rule(
    Scope.VERSION,
    "column-type-changed",
    Severity.ERROR,
    message=N_("“{field}” held {before} in the last version and holds {after} now."),
    remedy=N_("Look for values that are written in another way than before."),
    example=FileExample(
        "Σταθμός;Τιμή\nΕγνατία;λίγο\nΑγία Σοφία;πολύ\nΕρμού;μέτριο\nΊριδος;λίγο\n", before=_BEFORE
    ),
)
ROWS_GONE = rule(
    Scope.VERSION,
    "rows-halved",
    Severity.ERROR,
    message=N_("The table has {after} rows, the last version had {before}."),
    remedy=N_("Check that the export is whole."),
    example=FileExample("Σταθμός;Τιμή\nΕγνατία;21\n", before=_BEFORE),
)
