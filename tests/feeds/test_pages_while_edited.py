"""Somebody edits, creates, deletes and hides datasets while harvesters go from page to page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckanext.dcat.logic import _search_ckan_datasets

from tests.feeds.portal import SITE, change, create, delete, harvest, settle

A_PAGE = 3


@pytest.fixture(autouse=True)
def small_pages(fresh_site: None, ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.dcat.datasets_per_page", A_PAGE)
    monkeypatch.setitem(ckan_config, "ckanext.municipal.feeds.deletion_share", "1")


class ByApi:
    """Datasets changed as people change them."""

    def __init__(self) -> None:
        self._department = factories.Organization()["id"]

    def create(self, number: int) -> str:
        return create(f"dataset-{number}", owner_org=self._department)["id"]

    def edit(self, id_: str, number: int) -> None:
        change(id_, version=str(number))

    def delete(self, id_: str) -> None:
        delete(id_)

    def hide(self, id_: str, hidden: bool) -> None:
        change(id_, private=hidden)


class BySql:
    """Datasets changed below CKAN, as an importer might: a hundred times as many in the same time."""

    def create(self, number: int) -> str:
        id_ = str(UUID(int=Random(number).getrandbits(128)))
        columns = (
            "id, name, title, notes, type, state, private, metadata_created, metadata_modified"
        )
        values = ":id, :name, :name, 'What it holds', 'dataset', 'active', false, now(), now()"
        self._do(f"INSERT INTO package ({columns}) VALUES ({values})", id=id_, name=f"d{number}")
        return id_

    def edit(self, id_: str, number: int) -> None:
        self._do("UPDATE package SET title = :title WHERE id = :id", id=id_, title=f"Edit {number}")

    def delete(self, id_: str) -> None:
        self._do("UPDATE package SET state = 'deleted' WHERE id = :id", id=id_)

    def hide(self, id_: str, hidden: bool) -> None:
        self._do("UPDATE package SET private = :hidden WHERE id = :id", id=id_, hidden=hidden)

    def _do(self, statement: str, **values: Any) -> None:
        model.Session.execute(sa.text(statement), values)
        model.Session.commit()


@dataclass
class City:
    """A catalogue that somebody works on, and which of its datasets were public all the while."""

    random: Random
    by: ByApi | BySql
    public: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    stayed: set[str] = field(default_factory=set)
    done: int = 0

    def work(self, steps: int) -> None:
        """Do some things by chance; the worker of the feeds may be late."""
        for _ in range(steps):
            self.done += 1
            kinds = (self._edit, self._edit, self._create, self._leave, self._leave, self._show)
            self.random.choice(kinds)()
        if self.random.random() < 0.7:
            settle()

    def begin(self) -> None:
        """From now on it is noted which datasets stay."""
        while len(self.public) < 4 * A_PAGE:
            self._create()
        settle()
        self.stayed = set(self.public)

    def _create(self) -> None:
        self.done += 1
        self.public.add(self.by.create(self.done))

    def _edit(self) -> None:
        if self.public:
            self.by.edit(self.random.choice(sorted(self.public)), self.done)

    def _leave(self) -> None:
        if len(self.public) <= A_PAGE:
            return
        id_ = self.random.choice(sorted(self.public))
        self.public.discard(id_)
        self.stayed.discard(id_)
        if self.random.random() < 0.5:
            self.by.delete(id_)
        else:
            self.by.hide(id_, True)
            self.hidden.add(id_)

    def _show(self) -> None:
        if self.hidden:
            id_ = self.random.choice(sorted(self.hidden))
            self.hidden.discard(id_)
            self.by.hide(id_, False)
            self.public.add(id_)


@dataclass
class Loss:
    """What a harvester that deletes by absence did wrong, over all its runs."""

    lost: int = 0
    repeated: int = 0
    wrongly_deleted: int = 0
    private: int = 0
    mirror: set[str] = field(default_factory=set)

    def count(self, pages: list[list[str]], city: City) -> None:
        """Compare what a run read with what was there from its first page to its last."""
        read = [id_ for page in pages for id_ in page]
        self.repeated += len(read) - len(set(read))
        self.lost += len(city.stayed - set(read))
        self.wrongly_deleted += len((self.mirror - set(read)) & city.stayed)
        self.mirror = set(read)


def ours(app: Any, between: Callable[[], None]) -> Iterator[list[str]]:
    for page in harvest(app, "/catalog.nt", "nt", between):
        yield [uri.removeprefix(f"{SITE}/dataset/") for uri in page]


def stocks(between: Callable[[], None]) -> Iterator[list[str]]:
    """Pages as ckanext-dcat itself cuts them, until one is empty."""
    number = 1
    while found := _search_ckan_datasets({"user": "", "auth_user_obj": None}, {"page": number})[
        "results"
    ]:
        yield [each["id"] for each in found]
        between()
        number += 1


def test_nothing_is_lost_repeated_or_wrongly_deleted_where_the_stock_feed_loses(app: Any):
    """Both feeds are read side by side, by page, with the same work between the pages."""
    city, loss, stock = City(Random(2026), ByApi()), Loss(), Loss()
    for _ in range(4):
        city.begin()
        theirs: list[list[str]] = []
        read_stock = stocks(lambda: None)

        def between(read: Iterator[list[str]] = read_stock, kept: Any = theirs) -> None:
            kept.extend([page] if (page := next(read, [])) else [])
            city.work(2)

        pages = list(ours(app, between))
        theirs.extend(read_stock)
        loss.count(pages, city)
        stock.count(theirs, city)
    assert (loss.lost, loss.repeated, loss.wrongly_deleted) == (0, 0, 0)
    print(
        f"stock feed: lost {stock.lost}, repeated {stock.repeated}, deleted {stock.wrongly_deleted}"
    )
    assert stock.lost + stock.repeated > 0


def run(app: Any, runs: int, seed: int) -> Loss:
    city, loss = City(Random(seed), BySql()), Loss()
    for _ in range(runs):
        city.begin()
        pages = []
        for page in ours(app, lambda: city.work(city.random.randrange(4))):
            loss.private += len(city.hidden.intersection(page))
            pages.append(page)
        loss.count(pages, city)
    return loss


def test_nothing_is_lost_when_datasets_change_below_ckan(app: Any):
    loss = run(app, 10, 1)
    assert (loss.lost, loss.repeated, loss.wrongly_deleted, loss.private) == (0, 0, 0, 0)


@pytest.mark.slow
def test_nothing_is_lost_in_a_thousand_harvests(app: Any):
    loss = run(app, 1_000, 2)
    assert (loss.lost, loss.repeated, loss.wrongly_deleted, loss.private) == (0, 0, 0, 0)
