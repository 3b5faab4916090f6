"""What can be wrong with what Improve My City gives: rows set aside, fields left empty, answers refused."""

from __future__ import annotations

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Rule, Severity

# Of one request: it is set aside.
NO_ID = Rule(
    "imc-request-without-id",
    Severity.ERROR,
    N_("A request has no number by which it could be known again."),
    N_("Tell whoever runs the program; it may have been updated and answer in another form."),
)
NOT_A_REQUEST = Rule(
    "imc-not-a-request",
    Severity.ERROR,
    N_("Something stands among the requests that is none."),
    N_("Tell whoever runs the program; it may have been updated and answer in another form."),
)
NOT_KNOWN_PUBLIC = Rule(
    "imc-not-known-public",
    Severity.ERROR,
    N_("It cannot be told whether request {id} is public, and so it is not published."),
    N_("Tell whoever runs the program: the fields state and moderation are missing or unreadable."),
)
RAGGED = Rule(
    "imc-row-ragged",
    Severity.ERROR,
    N_("A row has {cells} cells where the header has {headers}."),
    N_("Export the table again with every field between quotes, and quotes inside doubled."),
)
# Of one field: the request is published without it.
FIELD_UNREADABLE = Rule(
    "imc-field-unreadable",
    Severity.WARNING,
    N_("The field {field} of request {id} holds something that it should not; it is left empty."),
    N_("Correct the request in the program."),
)
# Of a whole answer: nothing of it is taken.
NOT_DATA = Rule(
    "imc-answer-not-data",
    Severity.ERROR,
    N_("{server} answered with something that is not data, such as a page for people."),
    N_("Open the city's site in a browser: it may be closed for maintenance. Check the address."),
)
ANSWER_UNKNOWN = Rule(
    "imc-answer-unknown",
    Severity.ERROR,
    N_("{server} answered “{call}” in a form that is not known. Nothing of it was taken."),
    N_("The program may have been updated. Check the version; nothing published was changed."),
)
CALL_REFUSED = Rule(
    "imc-call-refused",
    Severity.ERROR,
    N_("{server} refused the call “{call}”."),
    N_("Look into the log of the program, and check that its API is switched on."),
)
TOKEN_REFUSED = Rule(
    "imc-token-refused",
    Severity.ERROR,
    N_("{server} does not accept the portal's key or account."),
    N_(
        "Compare the secret, “m_id” and the account of the source with the REST/API keys of the"
        " program, and try the other controller (api or api2)."
    ),
)
KEY_TOO_SHORT = Rule(
    "imc-key-too-short",
    Severity.ERROR,
    N_("The secret “{name}” has fewer than {bytes} bytes, and so is no key of Improve My City."),
    N_("Copy the secret of the REST/API key whole, from the settings of the program."),
)
CUT_SHORT = Rule(
    "imc-answer-cut-short",
    Severity.ERROR,
    N_("{server} gave {read} of {total} requests of a period. Nothing of it was taken."),
    N_("Nothing needs to be done if the next run succeeds; then tell whoever runs the program."),
)
DUMP_INCOMPLETE = Rule(
    "imc-dump-incomplete",
    Severity.ERROR,
    N_("The dump has no readable table “{table}”."),
    N_(
        "Export imc_issues, imc_log, imc_steps and categories as CSV with the column names in the"
        " first row, and put the files together."
    ),
)
DUMP_COLUMNS = Rule(
    "imc-dump-columns",
    Severity.ERROR,
    N_("The table “{table}” has no column {columns}."),
    N_("Export the whole table, with the column names in the first row."),
)
RULES = (
    *(NO_ID, NOT_A_REQUEST, NOT_KNOWN_PUBLIC, RAGGED, FIELD_UNREADABLE),
    *(DUMP_INCOMPLETE, DUMP_COLUMNS),
    *(NOT_DATA, ANSWER_UNKNOWN, CALL_REFUSED, TOKEN_REFUSED, KEY_TOO_SHORT, CUT_SHORT),
)
