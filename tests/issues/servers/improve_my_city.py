"""Made-up sites of Improve My City v3 for tests, and readers of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from faults import FaultServer
from servers.serving import Fault, serving

from ckanext.municipal.issues.request import Batch, SourceRequest
from ckanext.municipal.issues.sources.improve_my_city import ImproveMyCity
from ckanext.municipal.issues.sources.improve_my_city_api import Site as Place
from ckanext.municipal.issues.sources.improve_my_city_token import Account
from ckanext.municipal.lib.http import Client, Retries
from dev.demo.improve_my_city.site import Entry, Issue, Site, simple_site
from dev.demo.improve_my_city.speaking import ImproveMyCityV3

KEY = "sixteen-letters!"
START = 1_700_000_000
"""Unix time of the first request: 14 November 2023."""

HOUR = 3600


def issue(id: int, **values: Any) -> Issue:
    """Return a public request that was created some hours after START, and was not touched since."""
    at = START + id * HOUR
    made: dict[str, Any] = {
        "title": f"Λακκούβα {id}",
        "category": 11,
        "step": 1,
        "created": at,
        "updated": at,
        "description": f"Μεγάλη λακκούβα στον δρόμο, αριθμός {id}.",
        "address": "Ελαιώνων 5, Πόλη",
        "latitude": "40.6301",
        "longitude": "22.9502",
        "history": (Entry(at, 1),),
    }
    return Issue(id, **{**made, **values})


def site(count: int) -> Site:
    """Return a site with so many public requests, numbered from 1."""
    made = simple_site()
    made.put(*(issue(number) for number in range(1, count + 1)))
    return made


class Running:
    """A served site: its program, its server, and what a reader of it reads."""

    def __init__(self, app: ImproveMyCityV3, server: FaultServer) -> None:
        self.app, self.server, self.site = app, server, app.site
        self.slept: list[float] = []

    def reader(self, page_size: int = 10, key: str = KEY, **options: Any) -> ImproveMyCity:
        """Return a reader whose client tries twice, within seconds."""
        client = Client(
            allow=[self.server.allow],
            retries=Retries(attempts=2, jitter=lambda: 0.0),
            read_seconds=1.5,
            total_seconds=6.0,
            sleep=self.slept.append,
        )
        place = Place(
            self.server.url("/imc/"), Account(key), self.app.controller, m_id=self.app.m_id
        )
        return ImproveMyCity(place, client, page_size, **options)

    def read(self, cursor: Any = None, **options: Any) -> list[Batch]:
        """Return the batches of a walk."""
        return list(self.reader(**options).walk(cursor))


@contextmanager
def running(
    made: Site | int, *faults: Fault, clock: Any = None, **options: Any
) -> Iterator[Running]:
    """Serve a site, or one with so many requests; ``clock`` is the server's."""
    made = site(made) if isinstance(made, int) else made
    timing = {"clock": clock} if clock else {}
    app = ImproveMyCityV3(made, KEY, **timing, **options)
    with serving(app, *faults, **timing) as server:
        yield Running(app, server)


def requests(batches: list[Batch]) -> list[SourceRequest]:
    """Return the requests of all batches."""
    return [request for batch in batches for request in batch.requests]


def ids(batches: list[Batch]) -> list[int]:
    """Return the numbers of the requests of all batches."""
    return [int(request.id) for request in requests(batches)]
