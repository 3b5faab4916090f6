"""One request as Improve My City keeps it -> `SourceRequest`, whatever stands in its fields.

The program's API and its database dump differ only in how a request is found; its fields have the
same names (itsam/imc, administrator/sql/install.mysql.utf8.sql and site/helpers/imc.php). Who
reported it and who worked on it (created_by, userid, fullname, responsible) is never read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ckanext.municipal.issues.request import Batch, SourceRequest, Step
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
    if not isinstance(entry, Mapping):
        return Read(refused=Finding(rules.NOT_A_REQUEST, Place(file, row=row)))
    return judged(Fields(entry, Place(file, row=row)), lambda fields: _request(fields, paths))


def judged(fields: Fields, make: Callable[[Fields], SourceRequest]) -> Read:
    """Read one request with ``make``, if it surely is public."""
    try:
        fields.id = str(fields.number("id"))
    except NoNumber:
        return Read(refused=Finding(rules.NO_ID, replace(fields.place, field="id")))
    try:
        public = is_public(fields)
    except NoNumber as error:
        where = replace(fields.place, field=str(error))
        return Read(refused=Finding(rules.NOT_KNOWN_PUBLIC, where, {"id": fields.id}))
    if not public:
        return Read(withdrawn=fields.id)
    return Read(make(fields), findings=tuple(fields.findings))


def batch(read: Iterable[Read]) -> Batch:
    """Return what came of some entries, each request once, as it was last."""
    read = list(read)
    return Batch(
        requests=tuple({r.request.id: r.request for r in read if r.request}.values()),
        withdrawn=tuple(dict.fromkeys(r.withdrawn for r in read if r.withdrawn)),
        refused=tuple(r.refused for r in read if r.refused),
        findings=tuple(finding for r in read for finding in r.findings),
    )


def is_public(fields: Fields) -> bool:
    """Say whether everybody may see a request; raises `NoNumber` where it does not say."""
    return fields.number("state") == _PUBLISHED and fields.number("moderation") == 0


def _request(fields: Fields, paths: Paths) -> SourceRequest:
    category = fields.text("catid_title")
    path = paths.get(str(fields.whole("catid")), ())
    steps, note = _history(fields)
    lat, long = place(fields)
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
        address=address(fields),
        lat=lat,
        long=long,
        votes=fields.whole("votes"),
        comments=None if comments == -1 else comments,  # -1: they are not shown
        photo=_photo(fields),
        steps=steps,
        channel=fields.text("channel"),
        place=fields.place,
    )


def place(fields: Fields) -> tuple[float, float] | tuple[None, None]:
    """Return latitude and longitude in degrees, or neither."""
    lat, long = fields.degrees("latitude", 90), fields.degrees("longitude", 180)
    return (None, None) if lat is None or long is None else (lat, long)


def address(fields: Fields) -> str | None:
    """Return the address, unless the program says that it found none."""
    written = fields.text("address")
    return None if written and fold(written) in _NO_ADDRESS else written


def _history(fields: Fields) -> tuple[tuple[Step, ...], str | None]:
    """Return the steps in order of time, and what was written last: at the closing, as a rule,
    since nothing is written when a request that is closed goes into the archive."""
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
    notes = [note for step, note in steps if step.status and note]
    return tuple(step for step, _ in steps), notes[-1] if notes else None


def _photo(fields: Fields) -> str | None:
    for photo in fields.entries("photos"):
        url = photo.text("url")
        if url and url.lower().startswith(("https://", "http://")):
            return url
    return None


def paths_of(titles: Mapping[str, tuple[str, str]]) -> Paths:
    """Return the paths of categories from the title and the number of the one above, by number."""
    paths: dict[str, tuple[str, ...]] = {}
    for number in titles:
        names: list[str] = []
        above, seen = number, set()
        while above in titles and above not in seen:
            seen.add(above)
            names.insert(0, titles[above][0])
            above = titles[above][1]
        paths[number] = tuple(names)
    return paths
