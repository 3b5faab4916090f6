"""One request as Improve My City keeps it -> `SourceRequest`, whatever stands in its fields.

The program's API and its database dump differ only in how a request is found; its fields have the
same names (itsam/imc, administrator/sql/install.mysql.utf8.sql and site/helpers/imc.php). Who
reported it and who worked on it (created_by, userid, fullname, responsible) is never read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.municipal.issues.request import SourceRequest, Step
from ckanext.municipal.issues.sources import improve_my_city_rules as rules
from ckanext.municipal.issues.sources.improve_my_city_fields import Fields, NoNumber
from ckanext.municipal.lib.greek import fold
from ckanext.municipal.quality.findings import Finding, Place

Paths = Mapping[str, tuple[str, ...]]
"""The names of a category and of those above it, top first, by the number that the site gave it."""

_PUBLISHED = 1
# What the program writes where it found no address, in the languages it speaks.
_NO_ADDRESS = frozenset(
    map(
        fold,
        (
            "The address cannot be found",
            "Η διεύθυνση δε βρέθηκε",
            "La dirección no se puede encontrar",
            "L'adresse n'a pas été trouvée",
            "Indirizzo non trovato",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Read:
    """What came of one entry: a public ``request``, the id of one ``withdrawn``, or one ``refused``."""

    request: SourceRequest | None = None
    withdrawn: str | None = None
    refused: Finding | None = None
    findings: tuple[Finding, ...] = ()


def read(entry: Any, paths: Paths, file: str, row: int | None = None) -> Read:
    """Read one entry of a list of requests, any JSON value; ``file`` and ``row`` say where it was.

    A request that is not published, is in moderation, or does not say, gives none of its fields.
    """
    place = Place(file, row=row)
    if not isinstance(entry, Mapping):
        return Read(refused=Finding(rules.NOT_A_REQUEST, place))
    fields = Fields(entry, place)
    try:
        fields.id = str(fields.number("id"))
    except NoNumber:
        return Read(refused=Finding(rules.NO_ID, Place(file, row=row, field="id")))
    try:
        public = is_public(fields)
    except NoNumber as error:
        where = Place(file, row=row, field=str(error))
        return Read(refused=Finding(rules.NOT_KNOWN_PUBLIC, where, {"id": fields.id}))
    if not public:
        return Read(withdrawn=fields.id)
    return Read(_request(fields, paths), findings=tuple(fields.findings))


def is_public(fields: Fields) -> bool:
    """Say whether everybody may see a request; raises `NoNumber` where it does not say."""
    return fields.number("state") == _PUBLISHED and fields.number("moderation") == 0


def _request(fields: Fields, paths: Paths) -> SourceRequest:
    category = fields.text("catid_title")
    path = paths.get(str(fields.whole("catid")), ())
    steps, note = _history(fields)
    lat, long = fields.degrees("latitude", 90), fields.degrees("longitude", 180)
    address = fields.text("address")
    comments = fields.whole("comments", lowest=-1)
    return SourceRequest(
        id=fields.id,
        status=fields.text("stepid_title"),
        category=category,
        category_path=path if path[-1:] == (category,) else (category,) if category else (),
        requested=fields.moment("created"),
        updated=fields.moment("updated"),
        close_note=note,
        title=fields.text("title"),
        description=fields.text("description"),
        address=None if address and fold(address) in _NO_ADDRESS else address,
        lat=lat if long is not None else None,
        long=long if lat is not None else None,
        votes=fields.whole("votes"),
        comments=None if comments == -1 else comments,  # -1: they are not shown
        photo=_photo(fields),
        steps=steps,
        place=fields.place,
    )


def _history(fields: Fields) -> tuple[tuple[Step, ...], str | None]:
    """Return the steps in order of time, and what was written at the last of them."""
    steps: list[tuple[Step, str | None]] = []
    for entry in fields.entries("timeline"):
        at = entry.moment("created")
        status, category = entry.text("stepid_title"), entry.text("catid_title")
        if entry.text("action") == "category":
            status = None
        else:
            category = None
        note = entry.text("description")
        if at is not None and (status or category):
            steps.append((Step(at, status, category), note))
    steps.sort(key=lambda each: each[0].at)
    notes = [note for step, note in steps if step.status]
    return tuple(step for step, _ in steps), notes[-1] if notes else None


def _photo(fields: Fields) -> str | None:
    for photo in fields.entries("photos"):
        url = photo.text("url")
        if url and url.lower().startswith(("https://", "http://")):
            return url
    return None
