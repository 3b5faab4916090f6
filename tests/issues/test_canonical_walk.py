"""What is in the tables after a source was read, on the real database: nothing that betrays anybody."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import ckan.plugins as plugins
import pytest
from canonical_city import AT, ATHENS, canonical, request

from ckanext.municipal.harvest.report import Report
from ckanext.municipal.issues import model, tables
from ckanext.municipal.issues.intake import Limits
from ckanext.municipal.issues.reading import plan_reading
from ckanext.municipal.issues.request import SourceRequest
from ckanext.municipal.issues.tables import Tables
from ckanext.municipal.issues.walk import Target, Walk
from ckanext.municipal.store.transaction import transaction
from tests.issues.tiny_city import City

K = 5
WHERE = Target(Tables("22222222-3333-4444-5555-666666666666", ATHENS), k=K, reader="v1")
CANARIES = ("Παπαδοπούλου", "6941234567", "Εγνατίας 12", "Τρύπα", "city.gr")


@pytest.fixture(scope="module")
def plugins_loaded(migrated) -> Iterator[None]:
    """The plugins of test.ini, loaded once: it takes seconds."""
    plugins.load_all()
    yield
    plugins.unload_all()


@pytest.fixture
def empty(plugins_loaded, clean_datastore) -> None:
    model.forget(WHERE.tables.package_id)


def some(count: int, seed: int) -> list[SourceRequest]:
    """Requests near a few corners of the city, with something private in every field."""
    chance = random.Random(seed)
    corners = [(40.64 + n / 500, 22.90 + n / 400) for n in range(6)]
    paths = [("Καθαριότητα",), ("Καθαριότητα", "Κάδοι"), ("Πράσινο",), ("Άστεγοι",), ("Σπάνια",)]
    said = "Με λένε Μαρία Παπαδοπούλου, τηλ. 6941234567. Τρύπα στον δρόμο"
    found = []
    for number in range(count):
        lat, long = chance.choices(corners, [9, 7, 4, 2, 1, 1])[0]
        path = chance.choices(paths, [9, 8, 4, 4, 1])[0]
        closed = chance.random() < 0.8
        found.append(
            request(
                f"{number:04}",
                status="Κλειστό" if closed else "Καταχωρήθηκε",
                category=path[-1],
                category_path=path,
                requested=AT + timedelta(days=number // 4),
                updated=AT + timedelta(days=number),
                closed=AT + timedelta(days=number // 4 + 3) if closed else None,
                steps=(),
                lat=lat + chance.random() / 2000,
                long=long + chance.random() / 2000,
                district=chance.choice(["Δυτικό", "Ανατολικό", None]),
                title=said,
                description=said,
                agency="Παπαδοπούλου Μαρία",
                address="Εγνατίας 12",
                photo="https://city.gr/photo.jpg",
                close_note=said,
                duplicate_of=said,
                channel="6941234567",
            )
        )
    return found


def read(city: City) -> Report:
    plan = plan_reading(
        WHERE.tables.rows("readings"),
        None,
        now=AT + timedelta(days=city.read),
        reader="v1",
        incremental=False,
        whole_every=timedelta(days=7),
    )
    with transaction(WHERE.tables.lock) as tx:
        WHERE.tables.prepare(tx)
    report = Report(confirmed=True)
    rows = canonical(list(WHERE.tables.rows("categories")))
    walk = Walk(WHERE, plan, rows, report)
    walk.store(city)
    rows.tell(report)
    walk.finish(Limits(1.0))
    return report


def table(name: str) -> list[tables.Row]:
    return list(WHERE.tables.rows(name))


def test_nothing_private_and_no_small_group_is_in_the_tables_whatever_changes(empty):
    requests = some(300, seed=4)
    for round_ in range(3):
        read(City(requests, incremental=False))
        rows = table("requests")
        assert [row["id"] for row in rows] == [each.id for each in requests]
        for place in ("cell", "district"):
            groups = Counter((row["category_code"], row[place]) for row in rows if row[place])
            assert groups
            assert min(groups.values()) >= K, place
        assert not any(
            row["cell"] or row["district"] for row in rows if row["category_code"] == "homeless"
        )
        for name in tables.TABLES:
            text = str(table(name))
            assert not [canary for canary in CANARIES if canary in text], name
        assert all(
            row[name] is None or row[name] == 0 or row[name] >= K
            for row in table("statistics")
            for name in ("requested", "closed", "solved", "open_at_end")
        )
        chance = random.Random(round_)
        requests = [
            replace(each, lat=each.lat + 0.002, updated=each.updated + timedelta(days=400))
            if chance.random() < 0.1
            else each
            for each in requests
            if chance.random() > 0.1
        ]


def test_the_same_requests_again_change_no_table(empty):
    requests = some(120, seed=5)
    read(City(requests, incremental=False))
    before = {name: table(name) for name in tables.TABLES}
    read(City(requests, incremental=False))
    assert {name: table(name) for name in tables.TABLES} == before


def test_codes_of_unknown_categories_stay_over_runs(empty):
    rare = {"category": "Σπάνια", "category_path": ("Σπάνια",)}
    read(City([request(str(number), **rare) for number in range(3)], incremental=False))
    with transaction(WHERE.tables.lock) as tx:
        found = list(WHERE.tables.rows("categories", tx))
        renamed = [{**row, "code": "rare"} if row["code"] == "spania" else row for row in found]
        schema = WHERE.tables.schema("categories")
        tx.replace(WHERE.tables.id("categories"), schema, renamed)
    report = read(City([request("9", **rare)], incremental=False))
    assert table("requests")[0]["category_code"] == "rare"
    assert "issues-category-unknown" in {finding.rule.id for finding in report.findings}
