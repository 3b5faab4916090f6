"""What a city's program knows of people is nowhere in the portal: planted, harvested, looked for everywhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.lib.search.common import make_connection
from servers import going_wrong as wrong
from servers.improve_my_city import KEY, issue
from servers.serving import Fault

from dev.demo.improve_my_city.site import Entry, Site, simple_site
from tests.issues.harvested import HarvestedCity, clean_cells, loaded_plugins, portal

__all__ = ["clean_cells", "loaded_plugins", "portal"]

PLANTED = {
    "reporter": "Ζαχαρούλα Καναρινοπούλου",
    "staff": "Υπαλληλίδης Καναρινάκης",
    "mail": "canary.bird@example.org",
    "phone": "6912345678",
    "account": "kanarini77",
    "user number": "987650123",
    "latitude": "6305432",
    "longitude": "9507654",
    "house": "Καναρινιών 143",
    "comment": "Σχόλιο καναρινιού",
    "photo": "canary-photo.jpg",
    "AFM": "123456783",
    "device": "device-canary-55",
}
TEXT = (
    "Με λένε Ζαχαρούλα Καναρινοπούλου, τηλ. 691 234 5678 ή +306912345678, canary.bird@example.org,"
    " ΑΦΜ 123456783. Μένω Καναρινιών 143."
)
_EVERYWHERE = {
    "created_by": 987650123,
    "created_by_name": PLANTED["reporter"],
    "fullname": PLANTED["reporter"],
    "email": PLANTED["mail"],
    "phone": PLANTED["phone"],
    "username": PLANTED["account"],
    "responsible": PLANTED["staff"],
    "regnum": PLANTED["AFM"],
    "extra": f'{{"device": "{PLANTED["device"]}"}}',
}


def planted_city(count: int = 12) -> Site:
    """A city in which each request tells of people in every field that it has."""
    made = simple_site()
    for number in range(1, count + 1):
        one = issue(number)
        made.put(
            issue(
                number,
                title=f"Λακκούβα μπροστά στο σπίτι. {TEXT}",
                description=TEXT,
                address=f"{PLANTED['house']}, Πόλη",
                latitude="40.6305432",
                longitude="22.9507654",
                reporter=PLANTED["reporter"],
                comments=(PLANTED["comment"],),
                photos=(PLANTED["photo"],),
                step=4,
                history=(
                    *one.history,
                    Entry(one.created, 2, note=TEXT, staff=PLANTED["staff"]),
                    Entry(one.created, 4, note=f"Σε επικοινωνία με {TEXT}", staff=PLANTED["staff"]),
                ),
            )
        )
    return made


def planted_everywhere(envelope: Any) -> Any:
    """Let every object of an answer tell of people in fields that the program has or might get."""
    if isinstance(envelope, list):
        return [planted_everywhere(each) for each in envelope]
    if isinstance(envelope, dict):
        return {key: planted_everywhere(value) for key, value in envelope.items()} | _EVERYWHERE
    return envelope


def databases() -> str:
    """Every row of both databases as text."""
    from ckanext.datastore.backend.postgres import get_write_engine

    found = []
    for engine in (model.meta.engine, get_write_engine()):
        with engine.connect() as connection:
            query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            for name in connection.execute(sa.text(query)).scalars().all():
                rows = connection.execute(sa.text(f'SELECT t::text FROM "{name}" AS t'))
                found += [row[0] for row in rows]
    assert len(found) > 10
    return "\n".join(found)


def everything(folder: Any) -> Iterator[tuple[str, str]]:
    """Everything that the portal keeps: databases, uploaded files, search index, Redis."""
    yield "databases", databases()
    for path in (folder / "storage").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            if data[:4] == b"PAR1":
                rows = duckdb.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
                data = str(rows).encode()
            yield path.name, data.decode()
    yield "Solr", str(make_connection().search("*:*", rows=1000).docs)
    redis = connect_to_redis()
    for key in redis.keys("*"):
        kind = redis.type(key)
        value = redis.lrange(key, 0, -1) if kind == b"list" else redis.dump(key)
        yield "Redis", f"{key} {value}"


def found_in(text: str, names: Any = PLANTED) -> list[str]:
    return [name for name in names if PLANTED[name] in text]


@pytest.fixture
def logged(caplog) -> Any:
    caplog.set_level(logging.DEBUG, logger="ckanext")
    caplog.set_level(logging.DEBUG, logger="ckan")
    return caplog


def assert_nothing(portal, logged, names: Any = PLANTED) -> None:
    told = dict.fromkeys(
        where for where, text in everything(portal.folder) if found_in(text, names)
    )
    assert list(told) == []
    assert found_in(logged.text, names) == []
    assert KEY not in databases()
    assert KEY not in logged.text


def harvest_all(city: HarvestedCity) -> None:
    run = city.run()
    assert (run["added"], run["set_aside"]) == (1, 0), city.reason()
    assert len(city.ids()) == 12


def test_nothing_of_people_is_kept_of_an_ordinary_harvest(portal, logged):
    seen = []
    city = portal.city(
        planted_city(),
        Fault(wrong.meanwhile(lambda: seen.append(databases())), on="api2.issues", after=20),
        Fault(wrong.changed(planted_everywhere), times=0),
    )
    harvest_all(city)
    assert seen, "looked at in the middle of the walk too"
    assert [found_in(text) for text in seen] == [[]]
    assert_nothing(portal, logged)


def test_nothing_is_kept_of_texts_but_the_text_where_the_city_publishes_them(portal, logged):
    city = portal.city(
        planted_city(),
        Fault(wrong.changed(planted_everywhere), times=0),
        privacy={"title": True, "description": True, "street": True},
    )
    harvest_all(city)
    row = city.content()["requests"][0]
    assert "Λακκούβα μπροστά στο σπίτι." in row["title"]
    assert "[τηλέφωνο]" in row["description"]
    assert row["address"] == "Καναρινιών"
    names = set(PLANTED) - {"house"}  # the number of a house in a text is not told from others
    assert_nothing(portal, logged, names)


def test_an_answer_that_cannot_be_read_is_not_quoted(portal, logged):
    city = portal.city(
        planted_city(),
        Fault(wrong.body(lambda body: f"<b>SQL: {TEXT}</b>".encode() + body), on="issues", after=3),
        Fault(wrong.error(500)),
    )
    for _ in range(2):
        assert city.run()["set_aside"] == 1
        assert_nothing(portal, logged)
    harvest_all(city)
    assert_nothing(portal, logged)


def test_a_request_in_an_odd_form_is_told_by_its_number_alone(portal, logged):
    def odd(envelope: Any) -> Any:
        for number, one in enumerate(envelope["data"]):
            one["latitude"] = TEXT
            one["created"] = TEXT
            one["stepid_title"] = TEXT
            one["catid_title"] = TEXT
            if number % 2:
                one["state"] = TEXT
        return envelope

    city = portal.city(planted_city(), Fault(wrong.changed(odd), on="api2.issues", times=0))
    city.run()
    assert_nothing(portal, logged)


def test_a_request_that_was_withdrawn_for_its_text_is_nowhere_after_the_next_run(portal, logged):
    made = planted_city()
    made.change(5, title="Καναρίνι στη λακκούβα")
    city = portal.city(made, privacy={"title": True})
    harvest_all(city)
    assert "Καναρίνι στη λακκούβα" in databases()
    city.site.delete(5)
    city.run()
    for where, text in everything(portal.folder):
        assert "Καναρίνι στη λακκούβα" not in text, where
