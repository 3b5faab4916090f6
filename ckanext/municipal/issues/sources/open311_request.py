"""One GeoReport entry -> `SourceRequest`, whatever stands in its fields. Pure.

Only the fields named here are read. Who reported a request (FixMyStreet's ``requestor_name``,
``first_name``, ``email``, ``phone``, ``account_id``, ``device_id``), what they answered to the
questions of a service (``attributes``) and what staff wrote in a note is none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ckanext.municipal.issues.request import Batch, SourceRequest, Step
from ckanext.municipal.issues.sources import open311_rules as rules
from ckanext.municipal.issues.sources.open311_answer import REQUESTS
from ckanext.municipal.issues.sources.open311_fields import Fields, Names
from ckanext.municipal.quality.findings import Finding, Place

CLOSED = "closed"
EXTENDED, NOTES, NOTE = "extended_attributes", "notes", "note"

# Where servers give what the standard has no field for: FixMyStreet, Chicago, San Francisco, GeoReport Bulk, and
# this portal itself.
STATUS = Names(extended=("source_status", "status"))
CLOSE_NOTE = Names(extended=("close_reason",))
CLOSED_AT = Names(("closed_datetime", "closed_date"), ("closed_datetime", "closed_date"))
ACKNOWLEDGED_AT = Names(("acknowledged_datetime",), ("acknowledged_datetime",))
CHANNEL = Names(("source", "interface_used"), ("channel",))
DISTRICT = Names(("district", "ward"), ("district", "ward"))
TITLE = Names(("title",), ("title",))
DESCRIPTION = Names(("detail", "description"))
VOTES = Names(("votes",), ("votes",))
COMMENTS = Names(("comment_count",), ("comments",))
PARENT = Names(extended=("parent_service_request_id",))
DUPLICATE = Names(extended=("duplicate",))
CATEGORY_PATH = Names(extended=("category_path",))


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the city: its name and the group that it belongs to."""

    name: str
    group: str | None = None


Services = Mapping[str, Service]
"""The services by their codes."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How entries are read: the services that the server lists, the clock of moments without a
    zone, and the call or file that findings name."""

    services: Services
    zone: ZoneInfo
    file: str = REQUESTS.call

    def read(self, entry: Any, row: int | None = None) -> Read:
        """Read one entry, any JSON value; ``row`` is its number in a file."""
        place = Place(self.file, row=row)
        if not isinstance(entry, Mapping):
            return Read(refused=Finding(rules.NOT_A_REQUEST, place))
        fields = Fields(entry, place, self.zone)
        id = fields.key(REQUESTS.id)
        if id is None:
            return Read(refused=Finding(rules.NO_ID, replace(place, field=REQUESTS.id)))
        fields.id = id
        return Read(_request(fields, self.services), findings=tuple(fields.findings))


@dataclass(frozen=True, slots=True)
class Read:
    """What came of one entry: a ``request``, or why it was ``refused``; what was odd in it."""

    request: SourceRequest | None = None
    refused: Finding | None = None
    findings: tuple[Finding, ...] = ()


def batch(read: list[Read], cursor: Any = None, findings: tuple[Finding, ...] = ()) -> Batch:
    """Return what came of some entries, the oldest change first."""
    requests = [each.request for each in read if each.request]
    return Batch(
        requests=tuple(sorted(requests, key=_changed)),
        refused=tuple(each.refused for each in read if each.refused),
        findings=(*findings, *(finding for each in read for finding in each.findings)),
        cursor=cursor,
    )


def _changed(request: SourceRequest) -> float:
    when = request.updated or request.requested
    return when.timestamp() if when else 0.0


def services_of(entries: list[Any], zone: ZoneInfo) -> Services:
    """Return the services that a server lists; an entry that is none is passed over."""
    services: dict[str, Service] = {}
    for entry in entries:
        if isinstance(entry, Mapping):
            fields = Fields(entry, Place("services"), zone)
            code, name = fields.key("service_code"), fields.text("service_name")
            if code and name:
                services[code] = Service(name, fields.text("group"))
    return services


def _request(fields: Fields, services: Services) -> SourceRequest:
    extended = fields.attributes(EXTENDED)
    said = (fields.text("status") or "").lower()
    closed = said == CLOSED
    steps = _steps(fields)
    updated = fields.moment("updated_datetime")
    path = _category_path(fields, extended, services)
    lat, long = _place(fields)
    title = fields.first(TITLE, extended, Fields.text)
    description = fields.first(DESCRIPTION, extended, Fields.text)
    duplicate = fields.first(DUPLICATE, extended, Fields.flag)
    return SourceRequest(
        id=fields.id,
        status=fields.first(STATUS, extended, Fields.text) or said or None,
        category=path[-1] if path else None,
        category_path=path,
        requested=fields.moment("requested_datetime"),
        acknowledged=fields.first(ACKNOWLEDGED_AT, extended, Fields.moment),
        updated=updated,
        closed=_closed_at(fields, extended, steps, updated) if closed else None,
        close_note=_close_note(fields, extended) if closed else None,
        agency=fields.names("agency_responsible"),
        title=title,
        description=None if description == title else description,
        address=fields.text("address"),
        district=fields.first(DISTRICT, extended, Fields.text),
        lat=lat,
        long=long,
        votes=fields.first(VOTES, extended, Fields.whole),
        comments=fields.first(COMMENTS, extended, Fields.whole),
        photo=fields.address("media_url"),
        channel=fields.first(CHANNEL, extended, Fields.text),
        # A parent alone may be what this request follows on from.
        duplicate_of=fields.first(PARENT, extended, Fields.key) if duplicate else None,
        steps=steps,
        place=fields.place,
    )


def _category_path(fields: Fields, extended: Fields, services: Services) -> tuple[str, ...]:
    """Return the names from the top down: by the path of codes, else group and name of the service."""
    codes = (fields.first(CATEGORY_PATH, extended, Fields.text) or "").split("/")
    if all(code in services for code in codes):
        return tuple(services[code].name for code in codes)
    code = fields.key("service_code")
    service = services.get(code or "")
    name = fields.text("service_name") or (service.name if service else code)
    if name is None:
        return ()
    group = service.group if service else None
    return (group, name) if group and group != name else (name,)


def _steps(fields: Fields) -> tuple[Step, ...]:
    """Return the history that ``notes`` tell, in order of time: what kind each note is.

    What it says is not read, for staff write it, but in the notes of this suite (``to_status``):
    there it is what the source called the status. Those that it derived from dates are left out.
    """
    steps: list[Step] = []
    for note in fields.entries(NOTES, NOTE):
        extended = note.attributes(EXTENDED)
        status = extended.text("to_status")
        said = (note.text("description") or status) if status else (note.text("type") or "").lower()
        at = note.moment("datetime")
        if at and said and extended.text("told") != "derived":
            steps.append(Step(at, said))
    return tuple(sorted(steps, key=lambda step: step.at))


def _closed_at(
    fields: Fields, extended: Fields, steps: tuple[Step, ...], updated: datetime | None
) -> datetime | None:
    """Return when a closed request was closed: by the standard, when it was changed last."""
    told = fields.first(CLOSED_AT, extended, Fields.moment)
    if told or extended.values.keys() & {*CLOSED_AT.extended}:
        return told
    return max((step.at for step in steps if step.status == CLOSED), default=updated)


def _close_note(fields: Fields, extended: Fields) -> str | None:
    return fields.first(CLOSE_NOTE, extended, Fields.text) or fields.text("status_notes")


def _place(fields: Fields) -> tuple[float, float] | tuple[None, None]:
    """Return latitude and longitude in degrees, or neither."""
    lat, long = fields.degrees("lat", 90), fields.degrees("long", 180)
    return (None, None) if lat is None or long is None else (lat, long)
