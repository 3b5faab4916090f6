"""The requests that a reader may see: datasets of type ``issue_reports``, found with the reader's rights.

Open311 and the feeds ask as a visitor without an account, whoever asks: what they answer never
depends on who is signed in, so that it may be kept by caches and programs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ckan.types import Context

from ckanext.municipal.issues.tables import TABLES, Tables, table_id
from ckanext.municipal.lib.dates import ATHENS
from ckanext.municipal.portal import city, config, model, published, translated

_FIELDS = {
    "id": "id",
    "name": "name",
    "title": "title",
    "metadata_modified": "changed",
    "extras_title_translated": "titles",
    "extras_municipality_uid": "municipality",
    "extras_municipality_name_translated": "names",
    "extras_as_of": "as_of",
    "extras_timezone": "zone",
    "extras_smallest_group": "k",
}
SMALLEST_GROUP = 5
"""The smallest group that is told of a dataset which does not say another one."""


@dataclass(frozen=True, slots=True)
class PublishedRequests:
    """The requests of one municipality: the dataset's id, name and titles by language, whose they
    are, day and time of the newest reading as text, whose clock its moments show, when the dataset
    was last changed (UTC, as text), the smallest group that is told, and which of its tables are
    published."""

    id: str
    name: str
    titles: Mapping[str, str]
    municipality: str
    municipality_names: Mapping[str, str]
    as_of: str
    zone: ZoneInfo
    changed: str
    k: int
    tables: frozenset[str]

    @property
    def stored(self) -> Tables:
        """The tables that the requests are read from."""
        return Tables(self.id, self.zone)

    @property
    def single(self) -> bool:
        """Whether single requests are published, not figures only."""
        return {"requests", "events"} <= self.tables


def anonymous() -> Context:
    """Return the context of a visitor without an account."""
    return {"user": "", "ignore_auth": False, "auth_user_obj": None}


def published_requests(
    context: Context, municipality: str | None = None
) -> list[PublishedRequests]:
    """Return what the reader of ``context`` may see, of a municipality (Diavgeia id) or of all; the
    dataset that was changed last comes first."""
    said = list(published.datasets(context, "issue_reports", _FIELDS, municipality=municipality))
    tables = _published_tables(each["id"] for each in said)
    found = [_requests(each, tables[each["id"]]) for each in said if each["municipality"]]
    return sorted(found, key=lambda each: (each.changed, each.id), reverse=True)


def _published_tables(dataset_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """The tables of datasets that have a resource; the others are the harvester's own affair."""
    ids = {each: {table_id(each, table): table for table in TABLES} for each in dataset_ids}
    active = model.active_resources(id_ for known in ids.values() for id_ in known)
    return {
        dataset: frozenset(table for id_, table in known.items() if id_ in active)
        for dataset, known in ids.items()
    }


def _requests(said: Mapping[str, str], tables: frozenset[str]) -> PublishedRequests:
    own = city.load(config.city_file())
    title = said["title"] or said["name"]
    names = translated.read(said["names"])
    k = said["k"]
    return PublishedRequests(
        id=said["id"],
        name=said["name"],
        titles=translated.read(said["titles"]) or {"el": title, "en": title},
        municipality=said["municipality"],
        municipality_names=names or (own.name if own.uid == said["municipality"] else {}),
        as_of=_moment(said["as_of"]) or _moment(said["changed"]),
        zone=_zone(said["zone"]),
        changed=said["changed"],
        k=int(k) if k.isascii() and k.isdigit() else SMALLEST_GROUP,
        tables=tables,
    )


def _moment(text: str) -> str:
    """A moment as text without an offset, "" for what is none: a publisher may write a year alone."""
    try:
        return datetime.fromisoformat(text).replace(microsecond=0, tzinfo=None).isoformat()
    except ValueError:
        return ""


def _zone(name: str) -> ZoneInfo:
    """The zone of a name; one that a publisher misspelt, or did not give, is that of all sources
    which name none."""
    try:
        return ZoneInfo(name) if name else ATHENS
    except (LookupError, OSError, ValueError):
        return ATHENS
