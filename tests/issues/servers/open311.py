"""GeoReport v2 as six kinds of servers speak it, over a made-up city, and readers of them.

Written after the standard, open311.github.io#16 (pages), uReport#31 (the last page again), the
extensions of Chicago and San Francisco, and FixMyStreet's Open311.pm.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from faults import FaultServer
from servers.open311_city import DAY, PEOPLE, SERVICES, START, City, Report, city
from servers.serving import Fault, serving

from ckanext.municipal.issues.open311.xml import document
from ckanext.municipal.issues.request import Batch, SourceRequest
from ckanext.municipal.issues.sources.open311 import Open311
from ckanext.municipal.issues.sources.open311_api import Endpoint
from ckanext.municipal.issues.sources.open311_settings import Settings
from ckanext.municipal.lib.http import Client, Retries
from dev.demo.web import Asked, Said, said_json

ATHENS = ZoneInfo("Europe/Athens")
KEY = "key-of-the-city"
SINCE = date(2023, 11, 1)


@dataclass(frozen=True)
class Dialect:
    """How a server speaks.

    ``limit``: the most requests in an answer, whatever is asked for. ``first_page``: 0 or 1, None
    without pages. ``last_again``: a page after the last is the last one. ``attributes``: the form
    of extended attributes, mapping or list, None without extensions. ``order``: by which moment,
    and whether the newest is first. ``strict``: it refuses parameters that it does not know.
    ``ends``: whether both ends of a time are within it.
    """

    name: str
    form: str = "json"
    limit: int = 1000
    first_page: int | None = None
    last_again: bool = False
    updated: bool = False
    attributes: type | None = None
    order: str = "requested"
    newest_first: bool = True
    strict: bool = False
    ends: bool = True
    capital: bool = False
    naive: bool = False
    numbers: bool = False
    fixmystreet: bool = False
    dates: bool = True


BOSTON = Dialect("Boston", limit=50, first_page=0, order="updated", attributes=dict)
BLOOMINGTON = Dialect(
    "Bloomington", first_page=1, last_again=True, updated=True, newest_first=False, numbers=True
)
CHICAGO = Dialect("Chicago", limit=200, first_page=1, updated=True, attributes=dict)
SAN_FRANCISCO = Dialect(
    "San Francisco", limit=50, first_page=1, attributes=list, capital=True, order="updated"
)
FIXMYSTREET = Dialect("FixMyStreet", limit=30, ends=False, fixmystreet=True)
PLAIN = Dialect("plain", form="xml", strict=True, naive=True)
DIALECTS = (BOSTON, BLOOMINGTON, CHICAGO, SAN_FRANCISCO, FIXMYSTREET, PLAIN)

_STANDARD = ("jurisdiction_id", "api_key", "service_request_id", "service_code", "start_date")
_KNOWN = (*_STANDARD, "end_date", "status")


class GeoReport:
    """Answers one city's requests in a dialect; ``now`` is its clock (Unix seconds)."""

    def __init__(self, city: City, dialect: Dialect, now: int, key: str = "") -> None:
        self.city, self.dialect, self.now, self.key = city, dialect, now, key

    def __call__(self, asked: Asked) -> Said:
        """Answer a request."""
        call, _, form = asked.path.rpartition("/")[2].partition(".")
        if call == "discovery":
            return self._discovery(asked, form)
        if form != self.dialect.form and not (form == "xml" and not self.dialect.fixmystreet):
            return self._refusal(404, "no such form", "json")
        if self.key and asked.query.get("api_key") != self.key:
            return self._refusal(403, "api_key was not provided", form)
        if asked.query.get("jurisdiction_id", "city.example") != "city.example":
            return self._refusal(404, "jurisdiction_id provided was not found", form)
        if call == "services":
            return self._said("services", self._services(), form)
        if call != "requests":
            return self._refusal(404, "nothing here", form)
        if self.dialect.strict and (unknown := set(asked.query) - {*_KNOWN}):
            return self._refusal(400, f"unknown: {unknown}", form)
        chosen = [self._told(each) for each in self._page(self._chosen(asked), asked)]
        return self._said("service_requests", chosen, form)

    def _chosen(self, asked: Asked) -> list[Report]:
        query, found = asked.query, list(self.city.reports.values())
        if code := query.get("service_code"):
            found = [each for each in found if self._code(each) in code.split(",")]
        if status := query.get("status"):
            found = [each for each in found if each.status in status.split(",")]
        spans = [("requested", "start_date", "end_date")] if self.dialect.dates else []
        if self.dialect.updated:
            spans.append(("updated", "updated_after", "updated_before"))
        if not {name for _, *names in spans for name in names} & set(query):
            query = {"start_date": datetime.fromtimestamp(self.now - 90 * DAY, UTC).isoformat()}
        for moment, first, last in spans:
            low, high = _second(query.get(first), 0), _second(query.get(last), 2**40)
            ends = [low, high] if self.dialect.ends else []
            found = [
                each
                for each in found
                if low < getattr(each, moment) < high or getattr(each, moment) in ends
            ]
        order = self.dialect.order
        found.sort(key=lambda each: (getattr(each, order), each.id))
        return found[::-1] if self.dialect.newest_first else found

    def _page(self, found: list[Report], asked: Asked) -> list[Report]:
        size = min(self.dialect.limit, int(asked.query.get("page_size", self.dialect.limit)))
        first = self.dialect.first_page
        if first is None:
            return found[:size]
        number = max(0, int(asked.query.get("page", first)) - first)
        if self.dialect.last_again:
            number = min(number, max(0, len(found) - 1) // size)
        return found[number * size :][:size]

    def _code(self, each: Report) -> str:
        return SERVICES[each.service][0] if self.dialect.fixmystreet else each.service

    def _services(self) -> list[dict[str, Any]]:
        told = []
        for code, (name, group) in SERVICES.items():
            own = name if self.dialect.fixmystreet else code
            one = {"service_code": own, "service_name": name, "description": name, "type": "batch"}
            told.append({**one, "metadata": False, "group": group, "keywords": ""})
        return told

    def _told(self, each: Report) -> dict[str, Any]:
        told: dict[str, Any] = {
            "service_request_id": int(each.id) if self.dialect.numbers else each.id,
            "status": each.status.capitalize() if self.dialect.capital else each.status,
            "status_notes": each.note or None,
            "service_name": SERVICES[each.service][0],
            "service_code": self._code(each),
            "description": each.description or None,
            "agency_responsible": each.agency,
            "service_notice": None,
            "requested_datetime": self._moment(each.requested),
            "updated_datetime": self._moment(each.updated),
            "expected_datetime": None,
            "address": each.address or None,
            "zipcode": "54622",
            "lat": str(each.lat) if self.dialect.capital else each.lat,
            "long": str(each.long) if self.dialect.capital else each.long,
            "media_url": each.photo or None,
            # No server should give these; some do.
            **dict(
                zip(("first_name", "email", "phone", "device_id", "staff"), PEOPLE, strict=True)
            ),
        }
        if self.dialect.fixmystreet:
            told |= {
                "requestor_name": PEOPLE[0],
                "agency_responsible": {"recipient": [each.agency]},
                "interface_used": each.channel,
                "detail": each.description or None,
                "comment_count": 0,
            }
        return {**told, **(self._extended(each) if self.dialect.attributes else {})}

    def _extended(self, each: Report) -> dict[str, Any]:
        values: dict[str, Any] = {"channel": each.channel, "ward": each.ward, "x": 6006819.57}
        if each.parent:
            values |= {"duplicate": True, "parent_service_request_id": each.parent}
        listed = [{"name": name, "value": value} for name, value in values.items()]
        notes = [
            {"datetime": self._moment(at), "type": kind, "summary": f"{kind} by {PEOPLE[4]}"}
            for at, kind in each.notes
        ]
        answers = {"WHO": PEOPLE[0]}
        return {
            "attributes": answers if self.dialect.attributes is dict else [{"name": "WHO", "value": PEOPLE[0]}],
            "extended_attributes": values if self.dialect.attributes is dict else listed,
            "notes": notes,
        }  # fmt: skip

    def _moment(self, at: int) -> str:
        local = datetime.fromtimestamp(at, ATHENS)
        return local.strftime("%Y-%m-%d %H:%M:%S") if self.dialect.naive else local.isoformat()

    def _said(self, root: str, value: list[Any], form: str) -> Said:
        if form == "xml":
            return Said(200, document(root, value), "text/xml; charset=utf-8")
        return said_json({root: value} if self.dialect.fixmystreet else value)

    def _refusal(self, status: int, description: str, form: str) -> Said:
        errors = [{"code": status, "description": description}]
        if form == "xml":
            return Said(status, document("errors", errors), "text/xml; charset=utf-8")
        return said_json(errors, status)

    def _discovery(self, asked: Asked, form: str) -> Said:
        url = f"http://{asked.headers['host']}/v2"
        spec = "http://wiki.open311.org/GeoReport_v2"
        of_test = {"specification": spec, "url": f"{url}-test", "type": "test", "formats": []}
        real = {**of_test, "url": url, "type": "production", "formats": ["text/xml"]}
        told = {"contact": PEOPLE[1], "max_requests": 25, "endpoints": [of_test, real]}
        if form == "xml":
            return Said(200, document("discovery", told), "text/xml; charset=utf-8")
        return said_json(told)


def _second(text: str | None, default: int) -> float:
    return datetime.fromisoformat(text).timestamp() if text else default


class Running:
    """A served city: its server, and what a reader of it reads."""

    def __init__(self, app: GeoReport, server: FaultServer) -> None:
        self.app, self.server, self.city = app, server, app.city

    def reader(self, address: str = "/v2", key: str = "", **told: Any) -> Open311:
        """Return a reader whose client tries twice, within seconds; ``told`` are its settings."""
        client = Client(
            allow=[self.server.allow],
            retries=Retries(attempts=2, jitter=lambda: 0.0),
            read_seconds=1.5,
            total_seconds=6.0,
            sleep=lambda seconds: None,
        )
        endpoint = Endpoint(self.server.url(address), Settings(**{"since": SINCE, **told}), key)
        return Open311(endpoint, client, ATHENS)

    def read(self, cursor: Any = None, **options: Any) -> list[Batch]:
        """Return the batches of a walk."""
        return list(self.reader(**options).walk(cursor))

    @property
    def asked(self) -> list[str]:
        """The addresses that were asked for, without those of services."""
        return [each.path for each in self.server.requests if "/requests" in each.path]


@contextmanager
def running(
    made: City | int, dialect: Dialect = CHICAGO, *faults: Fault, key: str = "", days: float = 30
) -> Iterator[Running]:
    """Serve a city, or one with so many requests, some days after its first one."""
    made = city(made) if isinstance(made, int) else made
    now = int(START + days * DAY)
    app = GeoReport(made, dialect, now, key)
    with serving(app, *faults, clock=lambda: now) as server:
        yield Running(app, server)


def requests(batches: list[Batch]) -> dict[str, SourceRequest]:
    """Return the requests of all batches by id: the last said of each."""
    return {request.id: request for batch in batches for request in batch.requests}


def ids(batches: list[Batch]) -> list[int]:
    """Return the numbers of the requests of all batches, in order."""
    return sorted(int(id) for id in requests(batches))
