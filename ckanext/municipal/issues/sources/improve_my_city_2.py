"""Requests of Improve My City v2, read from the JSON that its mobile application used.

``mobile.getIssues`` (icos-urenio/Improve-my-city, site/controllers/mobile.json.php) gives all
requests in one answer: objects, or arrays of values in the order of the table's columns when it is
asked for those within a box. It knows a request's history as three dates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from itertools import islice
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from ckanext.municipal.harvest.source_form import Form
from ckanext.municipal.issues.request import Batch, SourceRequest, Step
from ckanext.municipal.issues.source import IssueSource
from ckanext.municipal.issues.sources import improve_my_city_request as one
from ckanext.municipal.issues.sources import improve_my_city_rules as rules
from ckanext.municipal.issues.sources.access import Access
from ckanext.municipal.issues.sources.improve_my_city_api import decoded, trouble
from ckanext.municipal.issues.sources.improve_my_city_fields import Fields
from ckanext.municipal.lib.http import Client, shown
from ckanext.municipal.quality.findings import Finding, Place

BATCH = 500
STATUSES = {1: "open", 2: "acknowledged", 3: "closed"}
"""The program's own three states, which it keeps as numbers: what to write under “statuses”."""

# The columns of the table and of those joined to it, in the order of the arrays; the last is the reporter's name.
_COLUMNS = (
    *("id", "title", "catid", "latitude", "longitude", "description", "photo", "address", "votes"),
    *("currentstatus", "reported", "acknowledged", "closed", "userid", "ordering", "params"),
    *("state", "language", "hits", "inserted_by", "category", "catid", "path", "parent_id"),
)
_DATES = ("reported", "acknowledged", "closed")
# Without these it is another version of the program.
_ALWAYS = ("id", "title", "state", "currentstatus", "category", "latitude", "longitude", *_DATES)
_CATEGORY_COLUMNS = ("id", "title", "level", "parent_id")
_CHANNELS = {0: "web", 1: "mobile"}

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees of WGS 84."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a source's YAML says of its site: whether only requests within the box are asked for."""

    within_box: bool


def settings(form: Form) -> Settings:
    """Read the keys of a source of this kind."""
    form.only(("within_box",))
    return Settings(form.flag("within_box", default=False))


def make(source: IssueSource, access: Access) -> ImproveMyCity2:
    """Return the reader of a source."""
    told: Settings = source.reader
    return ImproveMyCity2(
        access.url, access.client, astuple(source.box) if told.within_box else None
    )


@dataclass(frozen=True, slots=True)
class ImproveMyCity2:
    """Reads one site; ``url`` is the address of its pages. Every walk reads all.

    With ``box`` only requests within it are read, which costs the site less: without one it looks
    up the discussion of every request, although nobody asked for it.
    """

    url: str
    client: Client
    box: Box | None = None
    incremental: bool = False

    def walk(self, cursor: Any = None) -> Iterator[Batch]:
        """Yield all published requests; raises `TryLater` and `HttpError`."""
        paths = _category_paths(self._ask("getCategories"))
        limits = {"showComments": 0, "limit": 0}
        if self.box:
            names = ("x0down", "y0down", "x0up", "y0up")
            limits |= dict(zip(names, self.box, strict=True))
        entries = self._ask("getIssues", **limits)
        known = set().union(*(named(entry) or () for entry in entries))
        if entries and not known.issuperset(_ALWAYS):
            raise trouble(shown(self.url), rules.ANSWER_UNKNOWN, "getIssues")
        total, left = len(entries), iter(entries)
        while part := list(islice(left, BATCH)):
            yield replace(one.batch(self._read(entry, paths) for entry in part), total=total)

    def _read(self, entry: Any, paths: one.Paths) -> one.Read:
        values = named(entry)
        place = Place("getIssues")
        if values is None:
            return one.Read(refused=Finding(rules.NOT_A_REQUEST, place))
        # This version knows no moderation: what is published is public.
        fields = Fields({**values, "moderation": 0}, place)
        return one.judged(fields, lambda known: _request(known, paths, self.url))

    def _ask(self, call: str, **values: float) -> list[Any]:
        parts = urlsplit(self.url)
        path = parts.path.removesuffix("index.php").rstrip("/") + "/index.php"
        query = {"option": "com_improvemycity", "task": f"mobile.{call}", "format": "json"}
        address = (parts.scheme, parts.netloc, path, urlencode({**query, **values}), "")
        with self.client.get(urlunsplit(address)) as answer:
            entries = decoded(answer, shown(self.url), call)
        if not isinstance(entries, list):
            raise trouble(shown(self.url), rules.ANSWER_UNKNOWN, call)
        return entries


def named(entry: Any) -> Mapping[str, Any] | None:
    """Return the values of an entry by column name; None where it is neither object nor array.

    An array is known by the number of the category, which stands in it twice: another version of
    the program may have other columns.
    """
    if isinstance(entry, Mapping):
        return entry
    if not isinstance(entry, list) or len(entry) <= len(_COLUMNS) or entry[2] != entry[21]:
        return None
    return dict(zip(_COLUMNS, entry, strict=False))


def _request(fields: Fields, paths: one.Paths, url: str) -> SourceRequest:
    category = fields.text("category")
    path = paths.get(str(fields.whole("catid")), ())
    lat, long = one.place(fields)
    number = fields.whole("currentstatus")
    moments = {name: fields.moment(name) for name in _DATES}
    steps = [
        Step(at, status)
        for at, status in zip(moments.values(), STATUSES.values(), strict=True)
        if at is not None
    ]
    photo = fields.text("photo")
    return SourceRequest(
        id=fields.id,
        status=STATUSES.get(number, str(number)) if number is not None else None,
        category=category,
        category_path=path if path[-1:] == (category,) else (category,) if category else (),
        requested=moments["reported"],
        acknowledged=moments["acknowledged"],
        closed=moments["closed"],
        updated=max((step.at for step in steps), default=None),
        title=fields.text("title"),
        description=fields.text("description"),
        address=one.address(fields),
        lat=lat,
        long=long,
        votes=fields.whole("votes"),
        photo=_photo(url, photo) if photo else None,
        channel=_CHANNELS.get(fields.whole("inserted_by") or 0),
        steps=tuple(sorted(steps, key=lambda step: step.at)),
        place=fields.place,
    )


def _photo(url: str, written: str) -> str | None:
    """Return the address of a photo, which is written from the root of the site."""
    try:
        address = urljoin(url.rstrip("/") + "/", written)
    except ValueError:
        return None
    return address if address.startswith(("https://", "http://")) else None


def _category_paths(rows: list[Any]) -> one.Paths:
    """Return the names from the top to each category, by its number."""
    titles: dict[str, tuple[str, str]] = {}
    for row in rows:
        if isinstance(row, list) and len(row) >= len(_CATEGORY_COLUMNS):
            fields = Fields(dict(zip(_CATEGORY_COLUMNS, row, strict=False)), Place("getCategories"))
            parent = str(fields.whole("parent_id"))
            titles[str(fields.whole("id"))] = (fields.text("title") or "", parent)
    return one.paths_of(titles)
