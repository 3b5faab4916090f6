"""What can be wrong with an export before any amount is compared: rows set aside, files refused.

These rules fire while a file is read (`statement`); the rules that compare amounts, codes and
years are in ``rules/``, which lists these too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.texts import LANGUAGES, N_
from ckanext.municipal.quality.findings import Finding, Place, Rule, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


class StatementRefused(ValueError):
    """A file of which nothing is taken; ``findings`` say why and what to do, the reason first."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings
        first = findings[0]
        super().__init__(f"{first.place.file}: {first.message('en')} {first.remedy('en')}")


def refused(rule: Rule, file: str, **values: Any) -> StatementRefused:
    """Return the refusal of a whole file by one rule."""
    return StatementRefused(Finding(rule, Place(file), values))


def said(error: ReadableError) -> Mapping[str, str]:
    """Return the sentence of an error in every language, as a value of a finding."""
    return {language: error.message(language) for language in LANGUAGES}


# Of a whole file: nothing of it is taken.
UNREADABLE = Rule(
    "file-unreadable",
    ERROR,
    N_("The file cannot be read as a table: {problem}"),
    N_("Export it again as CSV or XLSX, and open it once to see that it is whole."),
)
NO_PATTERN = Rule(
    "file-name-unknown",
    ERROR,
    N_("No pattern of the source “{source}” matches the name of the file."),
    N_("Rename the file, or add its pattern under “files” of the source."),
)
NO_HEADER = Rule(
    "header-not-found",
    ERROR,
    N_("No row of the file has the headers of a budget: a code and at least one phase."),
    N_("Put the file's own headers under “columns” of the source. Found: {seen}."),
)
COLUMN_MISSING = Rule(
    "column-missing",
    ERROR,
    N_("The source names the column “{header}” ({column}), which the file does not have."),
    N_("Correct “columns” of the source, if the municipality changed the header. Found: {seen}."),
)
COLUMN_TWICE = Rule(
    "column-twice",
    ERROR,
    N_("Two columns, “{first}” and “{second}”, both mean {column}."),
    N_("Say under “columns” of the source which of them is {column}."),
)
MONTH_ONLY = Rule(
    "figures-of-a-month",
    ERROR,
    N_("The column “{header}” has the figures of one month, not those since the year's beginning."),
    N_("Publish the cumulative report; the figures of a month cannot be compared with the budget."),
)
NO_MARK = Rule(
    "decimal-mark-unclear",
    ERROR,
    N_("It cannot be told whether “{header}” has a decimal comma or a decimal point: {problem}"),
    N_("Write decimal: “,” or decimal: “.” in the source."),
)
MIXED_CHARTS = Rule(
    "charts-mixed",
    ERROR,
    N_("The file has codes of two charts of accounts: {examples}."),
    N_("Export each chart to a file of its own, or name the one meant under “chart”."),
)
NO_DATE = Rule(
    "no-as-of",
    ERROR,
    N_("The moment of the figures is not known: {problem}"),
    N_("Put the date in the file's name and its groups in the pattern, or write as_of: a date."),
)
NO_YEAR = Rule(
    "no-year",
    ERROR,
    N_("The fiscal year of the file is not known: {problem}."),
    N_("Name the group year in the pattern, or the column year under “columns”."),
)
TOO_MANY_BAD = Rule(
    "too-many-bad-rows",
    ERROR,
    N_("{bad} of {rows} rows cannot be read; at most {limit} may be bad. Nothing was taken."),
    N_("Correct the rows named below, or the source if all of them fail for one reason."),
)
# Of one row: it is set aside, the rest goes on.
RAGGED = Rule(
    "row-ragged",
    ERROR,
    N_("The row has {cells} fields where the header has {headers}; it was set aside."),
    N_("Look for a delimiter or a quotation mark inside a text, and quote that text."),
)
BAD_CODE = Rule(
    "row-bad-code",
    ERROR,
    N_("“{value}” is no account code of the chart; the row was set aside."),
    N_("Write the whole code, as text, such as {example}."),
)
NUMERIC_CODE = Rule(
    "row-code-is-number",
    ERROR,
    N_("The code is stored as the number {value}, so zeros of it may be lost; it was set aside."),
    N_("Format the column of the codes as text before the workbook is saved."),
)
ORPHAN = Rule(
    "row-orphan",
    WARNING,
    N_("The row has the code “{value}” but no label and no amount; it was set aside."),
    N_("Remove the row, or find the line of the budget that it stands for."),
)
NO_CODE = Rule(
    "row-without-code",
    ERROR,
    N_("The row “{value}” has amounts but no code; it was set aside."),
    N_("Add the code; if it is a total, begin its text with «Σύνολο»."),
)
BAD_AMOUNT = Rule(
    "row-bad-amount",
    ERROR,
    N_("The amount cannot be read; the row was set aside. {problem}"),
    N_("Correct the amount, or leave the cell empty if there is none."),
)
BAD_YEAR = Rule(
    "row-bad-year",
    ERROR,
    N_("“{value}” is no fiscal year; the row was set aside."),
    N_("Write the year with four digits."),
)
BAD_SIDE = Rule(
    "row-bad-side",
    ERROR,
    N_("“{value}” does not say whether the row is expenditure or revenue; it was set aside."),
    N_("Add the value under “side: values” of the source: expenditure or revenue."),
)
DUPLICATE = Rule(
    "duplicate-key",
    ERROR,
    N_("Service {service}, code {code} is in the file twice (first in row {first}); set aside."),
    N_("Sum the two rows, or give one of them a sub-account of its own."),
)
# Of one file that is taken: worth knowing.
NO_LINES = Rule(
    "no-lines",
    NOTE,
    N_("The file has headers and no line of a budget."),
    N_("Nothing to do if the year has no figures yet; otherwise export it again."),
)
WITHHELD = Rule(
    "label-withheld",
    NOTE,
    N_("The labels of {lines} lines are not shown: the source says that they name persons."),
    N_("Nothing to do; “suppress” of the source lists the lines."),
)
UNKNOWN_SERVICE = Rule(
    "unknown-service",
    WARNING,
    N_("The service “{value}” is not in the list of services; its name stands for its code."),
    N_("Add it under “service: aliases” of the source, with its code."),
)
OTHER_SIDE = Rule(
    "phase-of-other-side",
    WARNING,
    N_("{lines} lines have an amount under “{phase}”, which their side does not have; left out."),
    N_("Check the columns of the export: {phase} belongs to the other side of the budget."),
)
JUNK = Rule(
    "literal-junk",
    NOTE,
    N_("{cells} cells hold a word such as “{value}” where they should be empty."),
    N_("Let the export leave a cell without a value empty."),
)
HEADINGS = Rule(
    "rows-passed-over",
    NOTE,
    N_("{rows} rows without code and amounts (headings, notes) were passed over."),
    N_("Nothing to do."),
)
FILE_DATE = Rule(
    "as-of-from-file",
    NOTE,
    N_("The moment of the figures is the file's own time; nobody states it."),
    N_("Put the date in the file's name, and its groups in the pattern of the source."),
)

READING_RULES: tuple[Rule, ...] = tuple(
    value for value in globals().values() if isinstance(value, Rule)
)
