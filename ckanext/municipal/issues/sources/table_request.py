"""A row of a table -> `SourceRequest`, whatever stands in its cells."""

from __future__ import annotations

from datetime import datetime, time

from ckanext.municipal.issues.request import SourceRequest
from ckanext.municipal.issues.sources.table_fields import Fields
from ckanext.municipal.issues.sources.table_places import Position
from ckanext.municipal.issues.sources.table_settings import PATH
from ckanext.municipal.quality.findings import Finding


def request_of(fields: Fields, position: Position) -> SourceRequest:
    """Return a row as a request; what is odd about it is among the fields' findings then."""
    path = fields.texts(PATH)
    requested = fields.moment("requested")
    for rule in position.rules:
        fields.findings.append(Finding(rule, fields.row.place, {"id": fields.id}))
    return SourceRequest(
        id=fields.id,
        status=fields.text("status"),
        category=fields.text("category") or (path[-1] if path else None),
        category_path=path,
        requested=requested,
        acknowledged=fields.moment("acknowledged"),
        updated=fields.moment("updated"),
        closed=_closed(fields, requested),
        close_note=fields.text("close_note"),
        # Some programs end every list with a comma, also a list of one.
        agency=(fields.text("agency") or "").rstrip(" ,;") or None,
        title=fields.text("title"),
        description=fields.text("description"),
        address=fields.text("address"),
        district=fields.text("district"),
        lat=position.lat,
        long=position.long,
        votes=fields.count("votes"),
        comments=fields.count("comments"),
        photo=fields.link("photo"),
        channel=fields.text("channel"),
        duplicate_of=fields.text("duplicate_of"),
        place=fields.row.place,
    )


def _closed(fields: Fields, requested: datetime | None) -> datetime | None:
    closed = fields.moment("closed")
    if closed is None or requested is None or closed >= requested:
        return closed
    # Exports often tell the day alone: it was closed on the day on which it was made.
    is_day = closed.time() == time()
    same_day = closed.date() == requested.astimezone(closed.tzinfo).date()
    return requested if is_day and same_day else closed
