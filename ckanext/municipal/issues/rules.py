"""What can be wrong with citizens' requests, whatever program they come from.

But for two that set a request aside, each is told once for all requests that it concerns, with
``count`` of them and the ``ids`` of the first.
"""

from __future__ import annotations

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Rule, Severity

# Of one request: it is set aside.
NO_ID = Rule(
    "issues-no-id",
    Severity.ERROR,
    N_("A request has no identifier that could be stored."),
    N_("Give every request its identifier in the export, or name its column in the YAML."),
)
NOTHING_SAID = Rule(
    "issues-nothing-said",
    Severity.ERROR,
    N_("Request {id} says neither when it was made nor where it stands."),
    N_("Name the columns of the date and of the status in the YAML, or correct the request."),
)
# Of words of the source: they are kept as they are.
STATUS_UNKNOWN = Rule(
    "issues-status-unknown",
    Severity.WARNING,
    N_(
        "The YAML does not say what the status “{value}” means. Requests that have or had it:"
        " {count} ({ids}). What it means was concluded from their dates."
    ),
    N_("Write it below “statuses” in the YAML of the source."),
)
CATEGORY_UNKNOWN = Rule(
    "issues-category-unknown",
    Severity.WARNING,
    N_(
        "The YAML does not name the category “{value}”. Requests in it: {count} ({ids}). It was"
        " given a code of its own."
    ),
    N_(
        "Write it below “categories” in the YAML: as a new one, or as another name of one that was"
        " renamed."
    ),
)
REASON_UNKNOWN = Rule(
    "issues-reason-unknown",
    Severity.NOTE,
    N_("Requests closed with the note “{value}”, which tells no reason: {count} ({ids})."),
    N_("Write it below “close_reasons” in the YAML; a * stands for any text."),
)
DISTRICT_UNKNOWN = Rule(
    "issues-district-unknown",
    Severity.NOTE,
    N_("The gazetteer has no district “{value}”. Requests that name it: {count} ({ids})."),
    N_("Add the name to the aliases of the district in the gazetteer of the portal."),
)
NO_DISTRICTS = Rule(
    "issues-no-districts",
    Severity.NOTE,
    N_("The gazetteer has no districts of this city. Requests that name one: {count} ({ids})."),
    N_(
        "Write the city and its districts into the gazetteer of the portal, if they are to be told."
    ),
)
AGENCY_LEFT_OUT = Rule(
    "issues-agency-left-out",
    Severity.NOTE,
    N_("Requests whose department may be a person, and was left out: {count} ({ids})."),
    N_("Name a column in the YAML that holds departments, or none."),
)
# Of dates and places: they are left empty, or without the days between them.
NO_DATE = Rule(
    "issues-no-date",
    Severity.WARNING,
    N_("Requests that do not say when they were made: {count} ({ids})."),
    N_("Correct them in the source; without the date they are in no figure."),
)
IMPOSSIBLE_DATE = Rule(
    "issues-impossible-date",
    Severity.WARNING,
    N_("Requests with a date that cannot be, before 1900 or after 2200: {count} ({ids})."),
    N_("Correct it in the source; it was left empty."),
)
CLOSED_BEFORE_REQUESTED = Rule(
    "issues-closed-before-requested",
    Severity.WARNING,
    N_("Requests closed before they were made: {count} ({ids})."),
    N_("Correct the dates in the source; the days to close were left empty."),
)
ACKNOWLEDGED_BEFORE_REQUESTED = Rule(
    "issues-acknowledged-before-requested",
    Severity.WARNING,
    N_("Requests acknowledged before they were made: {count} ({ids})."),
    N_("Correct the dates in the source; the days to acknowledge were left empty."),
)
NO_CATEGORY = Rule(
    "issues-no-category",
    Severity.NOTE,
    N_("Requests in no category: {count} ({ids})."),
    N_("File them under one in the source."),
)
NO_COORDINATES = Rule(
    "issues-no-coordinates",
    Severity.NOTE,
    N_("Requests without coordinates: {count} ({ids})."),
    N_("Nothing needs to be done; they are on no map."),
)
OUTSIDE = Rule(
    "issues-outside",
    Severity.WARNING,
    N_("Requests outside the city, whose place was left out: {count} ({ids})."),
    N_(
        "Correct them in the source. If it is many, compare the coordinate system and the box in"
        " the YAML."
    ),
)
# Of all texts together.
REDACTED = Rule(
    "issues-redacted",
    Severity.NOTE,
    N_("Personal data taken out of the titles and texts that were read: {counts}."),
    N_("Read a sample of what is published all the same: not everything can be recognised."),
)
OF_ONE = (NO_ID, NOTHING_SAID)
RULES = (
    *OF_ONE,
    *(STATUS_UNKNOWN, CATEGORY_UNKNOWN, REASON_UNKNOWN, DISTRICT_UNKNOWN, NO_DISTRICTS),
    *(AGENCY_LEFT_OUT, REDACTED),
    *(NO_DATE, IMPOSSIBLE_DATE, CLOSED_BEFORE_REQUESTED, ACKNOWLEDGED_BEFORE_REQUESTED),
    *(NO_CATEGORY, NO_COORDINATES, OUTSIDE),
)
