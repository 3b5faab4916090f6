"""Rules of single values: how they are written, and whether they can be what their column holds."""

from __future__ import annotations

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Severity
from ckanext.municipal.quality.rules.registry import FileExample, Scope, rule


def _rows(head: str, *rows: str, good: str, times: int = 12) -> FileExample:
    """Return a file of good rows with some more; ``{n}`` in the good row is its number."""
    lines = [good.replace("{n}", str(n)) for n in range(10, 10 + times)]
    return FileExample("\n".join([head, *lines, *rows]) + "\n")


MISFIT = rule(
    Scope.VALUE,
    "value-misfit",
    Severity.ERROR,
    message=N_("“{value}” is no {type}, as the other values of “{field}” are."),
    remedy=N_(
        "Correct the value, or leave the cell empty; remarks belong in a column of their own."
    ),
    example=_rows("Σταθμός;Τιμή", "Ερμού;περίπου 20", good="Σταθμός {n};{n}"),
)
MOJIBAKE = rule(
    Scope.VALUE,
    "mojibake",
    Severity.ERROR,
    message=N_("“{value}” was saved in a wrong encoding; it should say “{repaired}”."),
    remedy=N_("Export again from the source as UTF-8; this file cannot simply be converted."),
    example=_rows("Σταθμός;Τιμή", "ÄÞìïò;20", good="Σταθμός {n};{n}"),
)
SPACES = rule(
    Scope.VALUE,
    "spaces-around",
    Severity.WARNING,
    message=N_("“{value}” begins or ends with a space: filters and joins will not find it."),
    remedy=N_("Delete spaces at the beginning and end of the cells, with TRIM."),
    example=_rows("Σταθμός;Τιμή", "Ερμού ;20", good="Σταθμός {n};{n}"),
)
CONTROL = rule(
    Scope.VALUE,
    "control-characters",
    Severity.WARNING,
    message=N_("“{value}” has signs that are not shown (control characters)."),
    remedy=N_("Delete them, with CLEAN."),
    example=_rows("Σταθμός;Τιμή", "Ερ\x07μού;20", good="Σταθμός {n};{n}"),
)
LOOKALIKE = rule(
    Scope.VALUE,
    "letters-look-alike",
    Severity.WARNING,
    message=N_("“{word}” mixes Greek letters with others that look alike; “{repaired}” is meant."),
    remedy=N_("Type the word again with one keyboard: searches and joins do not find it."),
    example=_rows("Σταθμός;Τιμή", "ΓΡΑΦΕΙΟY;20", good="Σταθμός {n};{n}"),
)
SCIENTIFIC = rule(
    Scope.VALUE,
    "id-in-scientific-notation",
    Severity.ERROR,
    message=N_("“{value}” is a code that a spreadsheet took for a number; its digits are lost."),
    remedy=N_(
        "Export again from the source, with the column formatted as text before it is opened."
    ),
    example=_rows("Κωδικός;Τιμή", "1,23457E+11;20", good="1234567890{n};{n}"),
)
FORMULA = rule(
    Scope.VALUE,
    "formula-cell",
    Severity.ERROR,
    message=N_("“{value}” is a formula: whoever opens the file runs it."),
    remedy=N_("Publish its result, with “paste values”."),
    example=_rows("Σταθμός;Τιμή", "=HYPERLINK(A1);20", good="Σταθμός {n};{n}"),
)
FORMULA_ERROR = rule(
    Scope.VALUE,
    "formula-error",
    Severity.ERROR,
    message=N_("“{value}” is what a spreadsheet shows where a formula failed."),
    remedy=N_("Correct the formula, or leave the cell empty."),
    example=_rows("Σταθμός;Τιμή", "Ερμού;#DIV/0!", good="Σταθμός {n};{n}"),
)
MISSING_WORD = rule(
    Scope.VALUE,
    "missing-in-words",
    Severity.NOTE,
    message=N_("“{value}” stands where there is no value."),
    remedy=N_("Leave the cell empty: programs take the word for a value."),
    example=_rows("Σταθμός;Τιμή", "Ερμού;nan", good="Σταθμός {n};{n}"),
)
MIXED_MARKS = rule(
    Scope.VALUE,
    "decimal-mark-mixed",
    Severity.ERROR,
    message=N_("“{value}” has another decimal mark than the other numbers of “{field}”."),
    remedy=N_("Write all numbers of a column with the same decimal mark."),
    example=_rows("Σταθμός;Τιμή", "Ερμού;20.75", good="Σταθμός {n};{n},25"),
)
IMPOSSIBLE_DATE = rule(
    Scope.VALUE,
    "date-impossible",
    Severity.ERROR,
    message=N_("There is no day “{value}”."),
    remedy=N_("Correct the date; look for day and month that changed places."),
    example=_rows("Σταθμός;Ημερομηνία", "Ερμού;31/02/2024", good="Σταθμός {n};{n}/03/2024"),
)
MIXED_DATES = rule(
    Scope.VALUE,
    "date-order-mixed",
    Severity.ERROR,
    message=N_("“{value}” has day and month in another order than the other dates of “{field}”."),
    remedy=N_("Write all dates as 2024-03-31; the other dates of the column may be wrong too."),
    example=_rows(
        "Σταθμός;Ημερομηνία", "Ερμού;03/31/2024", good="Σταθμός {n};{n}/03/2024", times=15
    ),
)
IMPLAUSIBLE_DATE = rule(
    Scope.VALUE,
    "date-implausible",
    Severity.WARNING,
    message=N_("“{value}” is far from every other date: before 1800 or after 2100."),
    remedy=N_("Correct the year; leave the cell empty where the date is not known."),
    example=_rows("Σταθμός;Ημερομηνία", "Ερμού;01/01/9999", good="Σταθμός {n};{n}/03/2024"),
)
OUTLIER = rule(
    Scope.VALUE,
    "value-outlier",
    Severity.NOTE,
    message=N_(
        "{value} is far from the other values of “{field}” (half lie between {low} and {high})."
    ),
    remedy=N_("Check the value: a decimal mark or a unit may be wrong. If it is right, leave it."),
    example=_rows("Σταθμός;Τιμή", "Ερμού;99999", good="Σταθμός {n};{n}", times=30),
)
PERSONAL = rule(
    Scope.VALUE,
    "personal-data",
    Severity.WARNING,
    message=N_("“{field}” seems to hold personal data: {kinds}."),
    remedy=N_("Decide before publication whether the law asks for it; if not, delete it."),
    example=_rows("Σταθμός;Σχόλια", "Ερμού;τηλ. 6971234567", good="Σταθμός {n};κανένα σχόλιο"),
)
AFM = rule(
    Scope.IDENTIFIER,
    "afm-wrong",
    Severity.ERROR,
    message=N_("The tax number (ΑΦΜ) is wrong: {problem}"),
    remedy=N_("Compare it with the document, or look it up in the register."),
    example=_rows("Επωνυμία;ΑΦΜ", "Ερμού;123456789", good="Εταιρεία {n};123456783"),
)
AMKA = rule(
    Scope.IDENTIFIER,
    "amka-wrong",
    Severity.ERROR,
    message=N_("The social security number (ΑΜΚΑ) is wrong: {problem}"),
    remedy=N_("Compare it with the document; as a rule it must not be published at all."),
    example=_rows("Σταθμός;ΑΜΚΑ", "Ερμού;01019012341", good="Σταθμός {n};01019012340"),
)
IBAN = rule(
    Scope.IDENTIFIER,
    "iban-wrong",
    Severity.ERROR,
    message=N_("The account number (IBAN) is wrong: {problem}"),
    remedy=N_("Compare it with the document."),
    example=_rows(
        "Επωνυμία;IBAN", "Ερμού;GR1601101250000000012300696",
        good="Εταιρεία {n};GR1601101250000000012300695",
    ),
)  # fmt: skip
POSTCODE = rule(
    Scope.IDENTIFIER,
    "postcode-wrong",
    Severity.ERROR,
    message=N_("“{value}” is no postcode: there are five digits, and the first is 1 to 8."),
    remedy=N_("Correct it; a postcode is text, not a number."),
    example=_rows("Σταθμός;ΤΚ", "Ερμού;5463", good="Σταθμός {n};546{n}"),
)
MUNICIPAL_CODE = rule(
    Scope.IDENTIFIER,
    "municipal-code-wrong",
    Severity.ERROR,
    message=N_(
        "“{value}” is no code of a municipality or a unit of it: they have 4, 6, 8 or 10 digits, the"
        " first two from 01 to 92."
    ),
    remedy=N_("Take it from the list of ELSTAT; the leading zero belongs to it."),
    example=_rows("Σταθμός;Κωδικός δήμου", "Ερμού;9901", good="Σταθμός {n};0701"),
)
LOST_ZEROS = rule(
    Scope.IDENTIFIER,
    "id-zeros-lost",
    Severity.WARNING,
    message=N_("“{value}” is shorter than the other codes of “{field}”: leading zeros were lost."),
    remedy=N_(
        "Format the column as text before the export is opened, and fill the zeros in again."
    ),
    example=_rows("Σταθμός;ΑΦΜ", "Ερμού;90000045", good="Σταθμός {n};123456783"),
)
