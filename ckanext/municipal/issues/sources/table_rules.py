"""What can be wrong with a file of requests: rows set aside, fields left empty, whole files refused."""

from __future__ import annotations

from collections.abc import Mapping

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.texts import LANGUAGES, N_
from ckanext.municipal.quality.findings import Rule, Severity

# Of one row: it is set aside.
NO_ID = Rule(
    "requests-no-id",
    Severity.ERROR,
    N_("A row has nothing of use in “{column}”, by which its request could be known again."),
    N_("Give the row the number of its request, at most {longest} characters, or remove the row."),
)
RAGGED = Rule(
    "requests-row-ragged",
    Severity.ERROR,
    N_("A row has {cells} cells where the header has {headers}."),
    N_("Export the table again with every field between quotes, and quotes inside doubled."),
)
NOT_A_FEATURE = Rule(
    "requests-not-a-feature",
    Severity.ERROR,
    N_("Something stands among the features that is none."),
    N_("Export the file again as GeoJSON (RFC 7946): every feature has its properties."),
)
# Of one request: it is read all the same.
TWICE = Rule(
    "requests-id-twice",
    Severity.WARNING,
    N_("Request {id} stands in several rows ({rows}). The one that was changed last was taken."),
    N_("Remove the other rows, or map the column that has a number of its own for every request."),
)
IN_SEVERAL_TABLES = Rule(
    "requests-in-several-tables",
    Severity.NOTE,
    N_(
        "{count} requests stand in several files or sheets. Of each, the row that was changed last was taken."
    ),
    N_("Nothing needs to be done if the exports overlap; otherwise remove the older files."),
)
FIELD_UNREADABLE = Rule(
    "requests-field-unreadable",
    Severity.WARNING,
    N_("“{column}” of request {id} holds something that it should not; it is left empty."),
    N_(
        "Correct the value; if there are many, correct the mapping, “dates” or “decimal” of the"
        " source."
    ),
)
PLACE_UNREADABLE = Rule(
    "requests-place-unreadable",
    Severity.WARNING,
    N_("The coordinates of request {id} are no place on Earth. It is counted, and is on no map."),
    N_(
        "Correct them; if there are many, correct “crs” or “decimal” of the source, or the columns"
        " mapped."
    ),
)
PLACE_EXCHANGED = Rule(
    "requests-place-exchanged",
    Severity.WARNING,
    N_(
        "The coordinates of request {id} lie in the city only if they are exchanged, and were read"
        " that way."
    ),
    N_("Exchange them in the city's program; if all are so, exchange the columns in the source."),
)
PLACE_NOT_A_POINT = Rule(
    "requests-place-not-a-point",
    Severity.NOTE,
    N_("Request {id} has a geometry that is no point; its centre was taken."),
    N_("Export one point for each request."),
)
# Of a whole source or file: nothing of it is taken.
NO_FILES = Rule(
    "requests-no-files",
    Severity.ERROR,
    N_("No file of the source is one of requests. There are: {files}."),
    N_("Put the export there, or correct “files” of the source, a pattern of names."),
)
FILE_UNREADABLE = Rule(
    "requests-file-unreadable",
    Severity.ERROR,
    N_("The file cannot be read as requests: {problem}"),
    N_("Export it again as CSV, XLSX or GeoJSON, and open it once to see that it is whole."),
)
COLUMNS_MISSING = Rule(
    "requests-columns-missing",
    Severity.ERROR,
    N_("{file} has no column “{columns}”. It has: {headers}."),
    N_("Correct “columns” of the source. Nearest: {nearest}."),
)
RULES = (
    *(NO_ID, RAGGED, NOT_A_FEATURE, TWICE, IN_SEVERAL_TABLES, FIELD_UNREADABLE),
    *(PLACE_UNREADABLE, PLACE_EXCHANGED, PLACE_NOT_A_POINT),
    *(NO_FILES, FILE_UNREADABLE, COLUMNS_MISSING),
)


def said(error: ReadableError) -> Mapping[str, str]:
    """Return the sentence of an error in every language, as a value of a finding."""
    return {language: error.message(language) for language in LANGUAGES}
