"""Where too many datasets would leave at once the feeds go on with the last good state, and the operator is told."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from feed_portal import call, put, row, shown

from ckanext.municipal.feeds import doctor, work
from ckanext.municipal.feeds.model import queue, records
from ckanext.municipal.portal.doctor import CHECKS

NAMES = [f"dataset-{number}" for number in range(12)]


@pytest.fixture(autouse=True)
def twelve(with_plugins, clean_db, clean_index) -> None:
    """Twelve datasets are in the feeds."""
    for name in NAMES:
        put(name)
    work.drain()
    assert shown() == set(NAMES)


def set_all(**columns: Any) -> None:
    model.Session.execute(model.Package.__table__.update().values(**columns))
    model.Session.commit()


def told() -> set[str]:
    return {finding.rule.id for finding in CHECKS["feeds-records"].run()}


def accept() -> int:
    with queue.connection() as ours:
        return records.let_go(ours)


def test_everything_deleted_at_once_is_held_back_whole_until_the_operator_accepts():
    set_all(state="deleted")
    work.drain()
    assert shown() == set(NAMES)
    assert told() == {doctor.HELD.id}
    assert accept() == 12
    work.drain()
    assert shown() == set()
    assert told() == set()


def test_purged_datasets_are_held_back_too_and_their_records_stay_whole():
    ids = [call("package_show", id=name)["id"] for name in NAMES]
    for name in NAMES:
        call("dataset_purge", id=name)
    work.drain()
    assert shown() == set(NAMES)
    assert all(row(dataset_id)["turtle"] for dataset_id in ids)


def test_five_may_always_leave_and_the_sixth_of_a_day_is_held_back():
    for name in NAMES[:6]:
        call("package_delete", id=name)
        work.drain()
    assert shown() == set(NAMES[5:])
    assert accept() == 1
    work.drain()
    assert shown() == set(NAMES[6:])
    call("package_delete", id=NAMES[6])
    work.drain()
    assert shown() == set(NAMES[7:]), "after an operator's word it is counted anew"


def test_what_is_made_private_is_never_held_back():
    set_all(private=True)
    assert shown() == set()
    work.drain()
    assert (shown(), told()) == (set(), set())


def test_what_is_private_before_it_is_deleted_is_never_held_back():
    set_all(private=True)
    set_all(state="deleted")
    work.drain()
    assert (shown(), told()) == (set(), set())


def test_a_held_dataset_that_is_made_private_leaves_at_once():
    set_all(state="deleted")
    work.drain()
    set_all(private=True)
    assert shown() == set()
    work.drain()
    assert row(call("package_show", id=NAMES[0])["id"])["state"] == "gone"


def test_restored_datasets_are_held_no_more_and_clients_saw_nothing():
    dataset = call("package_show", id=NAMES[0])["id"]
    before = row(dataset)["revision"]
    set_all(state="deleted")
    work.drain()
    set_all(state="active")
    work.drain()
    assert (shown(), told()) == (set(NAMES), set())
    assert row(dataset)["revision"] == before


def test_a_fault_that_would_refuse_everything_leaves_the_feeds_as_they_are(monkeypatch):
    def broken(_dataset: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr("ckanext.municipal.feeds.looking.make", broken)
    with queue.connection() as ours:
        queue.add_all(ours)
    work.drain()
    assert len(shown()) == len(NAMES) - 5
    assert told() == {doctor.HELD.id, doctor.REFUSED.id}
    monkeypatch.undo()
    with queue.connection() as ours:
        queue.add_all(ours)
    work.drain()
    assert (shown(), told()) == (set(NAMES), set())


def test_the_share_is_an_option(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.municipal.feeds.deletion_share", "1")
    set_all(state="deleted")
    work.drain()
    assert shown() == set()
