"""What can be wrong with what a GeoReport server gives: rows set aside, fields left empty, answers refused."""

from __future__ import annotations

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Rule, Severity

# Of one request: it is set aside.
NOT_A_REQUEST = Rule(
    "open311-not-a-request",
    Severity.ERROR,
    N_("Something stands among the requests that is none."),
    N_("Tell whoever runs the server; it may have been updated and answer in another form."),
)
NO_ID = Rule(
    "open311-request-without-id",
    Severity.ERROR,
    N_("A request has no service_request_id by which it could be known again."),
    N_("Tell whoever runs the server: GeoReport v2 wants one of every request."),
)
# Of one field: the request is published without it.
FIELD_UNREADABLE = Rule(
    "open311-field-unreadable",
    Severity.WARNING,
    N_("The field {field} of request {id} holds something that it should not; it is left empty."),
    N_("Correct the request in the city's system, or tell whoever runs the server."),
)
# Of a walk: it goes on.
CROWDED = Rule(
    "open311-crowded-second",
    Severity.WARNING,
    N_("More than {limit} requests have the time {moment}; not all of them could be read."),
    N_("Ask whoever runs the server for pages (page, page_size), or for a file of all requests."),
)
# Of a whole answer: nothing of it is taken.
NOT_DATA = Rule(
    "open311-answer-not-data",
    Severity.ERROR,
    N_("{server} answered “{call}” with something that is not data, such as a page for people."),
    N_(
        "Open the address in a browser: the server may be closed for maintenance. Check the address."
    ),
)
ANSWER_UNKNOWN = Rule(
    "open311-answer-unknown",
    Severity.ERROR,
    N_("{server} answered “{call}” in a form that is not GeoReport v2. Nothing of it was taken."),
    N_("The server may have been updated. Check the address; nothing published was changed."),
)
CALL_REFUSED = Rule(
    "open311-call-refused",
    Severity.ERROR,
    N_("{server} refused the call “{call}” with error {code}."),
    N_("Check the address and “jurisdiction” of the source; then ask whoever runs the server."),
)
KEY_REFUSED = Rule(
    "open311-key-refused",
    Severity.ERROR,
    N_("{server} wants a key for the call “{call}”, or does not accept the one it got ({code})."),
    N_(
        "Ask whoever runs the server for an API key, and name its secret as “api_key” of the source."
    ),
)
PERIODS_IGNORED = Rule(
    "open311-periods-ignored",
    Severity.ERROR,
    N_(
        "{server} gives other requests than those of the time it is asked for ({names}), and has no"
        " pages. All of them cannot be read in this way."
    ),
    N_("Ask whoever runs the server for a file of all requests, and harvest that."),
)
UPDATES_IGNORED = Rule(
    "open311-updates-ignored",
    Severity.ERROR,
    N_("{server} gives other requests than those changed in the time it is asked for ({names})."),
    N_("Write “updated: false” for the source: then everything is read each time."),
)
NO_ENDPOINT = Rule(
    "open311-no-endpoint",
    Severity.ERROR,
    N_("{server} names no address at which it speaks GeoReport v2."),
    N_("Write the address of the API itself, the one before /requests.json, instead of discovery."),
)
ENDPOINT_ELSEWHERE = Rule(
    "open311-endpoint-elsewhere",
    Severity.ERROR,
    N_("{server} names another server as the one to ask. The key of the source is not sent there."),
    N_("If that server is the right one, write its address for the source."),
)
# Of a saved file.
FILE_UNREADABLE = Rule(
    "open311-file-unreadable",
    Severity.ERROR,
    N_("{file} holds no list of GeoReport requests in JSON or XML."),
    N_(
        "Save the answer of requests.json or requests.xml whole, and put nothing else in its place."
    ),
)
NO_FILE = Rule(
    "open311-no-file",
    Severity.ERROR,
    N_("There is no JSON or XML file in {where}."),
    N_("Save the answer of requests.json or requests.xml there."),
)

RULES = (
    *(NOT_A_REQUEST, NO_ID, FIELD_UNREADABLE, CROWDED),
    *(NOT_DATA, ANSWER_UNKNOWN, CALL_REFUSED, KEY_REFUSED),
    *(PERIODS_IGNORED, UPDATES_IGNORED, NO_ENDPOINT, ENDPOINT_ELSEWHERE),
    *(FILE_UNREADABLE, NO_FILE),
)
