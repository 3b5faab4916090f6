"""Rules of a file as a whole and of its rows and headings."""

from __future__ import annotations

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Severity
from ckanext.municipal.quality.rules.registry import FileExample, Scope, rule

_GOOD = "Σταθμός;Τιμή\nΕγνατία;21\nΑγία Σοφία;23\n"

UNREADABLE = rule(
    Scope.FILE,
    "unreadable-file",
    Severity.ERROR,
    message=N_("The file cannot be read. {problem}"),
    remedy=N_("Nothing of it can be checked or published until it can be read."),
    example=FileExample("<html><body>Error 404</body></html>"),
)
BAD_BYTES = rule(
    Scope.FILE,
    "unreadable-bytes",
    Severity.ERROR,
    message=N_("“{value}” has signs that could not be read (shown as �)."),
    remedy=N_("Write the cell again, and save the file as “CSV UTF-8”."),
    example=FileExample(_GOOD.encode() + b"\xce\x91\xff\xce\x91;24\n"),
)
NOT_UTF8 = rule(
    Scope.FILE,
    "encoding-not-utf8",
    Severity.NOTE,
    message=N_("The file is in {encoding}, which many programs do not recognise."),
    remedy=N_("Save it as “CSV UTF-8”. The portal offers such a copy beside the original."),
    example=FileExample(_GOOD.encode("cp1253")),
)
PREAMBLE = rule(
    Scope.STRUCTURE,
    "rows-above-header",
    Severity.WARNING,
    message=N_("{count} rows stand above the headings. They are not part of the table."),
    remedy=N_("Delete them, and write what they say into the description of the dataset."),
    example=FileExample("Μετρήσεις του έτους\n\n" + _GOOD),
)
NO_HEADER = rule(
    Scope.STRUCTURE,
    "header-missing",
    Severity.ERROR,
    message=N_("The first row holds figures: the columns have no headings."),
    remedy=N_("Write a row above it with the name of each column."),
    example=FileExample("Εγνατία;21,5\nΑγία Σοφία;23,1\n"),
)
BLANK_HEADER = rule(
    Scope.STRUCTURE,
    "header-blank",
    Severity.ERROR,
    message=N_("Column {number} has no heading."),
    remedy=N_("Write what the column holds, or delete the column."),
    example=FileExample("Σταθμός;;Τιμή\nΕγνατία;α;21\nΑγία Σοφία;β;23\n"),
)
DUPLICATE_HEADER = rule(
    Scope.STRUCTURE,
    "header-duplicate",
    Severity.ERROR,
    message=N_("Columns {first} and {number} are both called “{name}”."),
    remedy=N_("Give each column a name of its own."),
    example=FileExample("Τιμή;Τιμή\n20;21\n22;23\n"),
)
SHORT_ROW = rule(
    Scope.STRUCTURE,
    "row-short",
    Severity.ERROR,
    message=N_("The row has {found} cells, the table has {expected} columns."),
    remedy=N_("Complete the row; a blank cell needs its delimiter too."),
    example=FileExample(_GOOD + "Ερμού\n"),
)
LONG_ROW = rule(
    Scope.STRUCTURE,
    "row-long",
    Severity.ERROR,
    message=N_("The row has {found} cells, the table has {expected} columns."),
    remedy=N_("Look for a delimiter inside a cell, and put that cell in quotation marks."),
    example=FileExample(_GOOD + "Ερμού;24;25\n"),
)
BLANK_ROW = rule(
    Scope.STRUCTURE,
    "row-blank",
    Severity.WARNING,
    message=N_("{count} rows are blank."),
    remedy=N_("Delete them: programs take them for the end of the table, or for rows."),
    example=FileExample(_GOOD + ";\nΕρμού;24\n"),
)
DUPLICATE_ROW = rule(
    Scope.STRUCTURE,
    "row-duplicate",
    Severity.WARNING,
    message=N_("The row says the same as row {first}, in every column."),
    remedy=N_("Delete it, or add the column that tells the two apart."),
    example=FileExample(_GOOD + "Εγνατία;21\n"),
)
NO_ROWS = rule(
    Scope.STRUCTURE,
    "table-without-rows",
    Severity.WARNING,
    message=N_("The table has headings and not a single row."),
    remedy=N_("Check the export: a filter may have left everything out."),
    example=FileExample("Σταθμός;Τιμή\n"),
)
