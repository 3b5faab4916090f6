"""``ckan municipal feeds``: what an operator types, and what is answered."""

from __future__ import annotations

from typing import Any

import pytest
from ckan import model
from ckan.cli.cli import ckan
from feed_portal import put, shown

from ckanext.municipal.feeds import work

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


@pytest.fixture
def feeds(cli) -> Any:
    """Run a command of the feeds; returns its exit code and what it said."""

    def run(*words: str) -> tuple[int, str]:
        result = cli.invoke(ckan, ["municipal", "feeds", *words])
        return result.exit_code, result.output

    return run


def set_all(**columns: Any) -> None:
    model.Session.execute(model.Package.__table__.update().values(**columns))
    model.Session.commit()


def test_rebuild_makes_every_record_and_counts_them(feeds):
    put("one")
    put("two")
    code, said = feeds("rebuild")
    assert code == 0, said
    assert "public      2" in said
    assert shown() == {"one", "two"}


def test_check_tells_what_is_not_in_the_feeds_as_it_is(feeds):
    dataset = put("one")
    work.drain()
    assert feeds("check")[0] == 0
    model.Session.execute(model.Package.__table__.update().values(notes=""))
    model.Session.commit()
    code, said = feeds("check")
    assert code == 1
    assert f"/dataset/{dataset}\n" in said


def test_accept_lets_go_what_is_held_back(feeds):
    for number in range(8):
        put(f"dataset-{number}")
    work.drain()
    set_all(state="deleted")
    work.drain()
    assert len(shown()) == 8
    assert "ckan municipal feeds accept" in feeds("doctor")[1]
    code, said = feeds("accept")
    assert (code, shown()) == (0, set())
    assert "8" in said
