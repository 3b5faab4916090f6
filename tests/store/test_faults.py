"""What goes wrong while rows are loaded, with real processes: the table is as it was, or as asked."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from contextlib import contextmanager

import pytest
from store_samples import SAMPLES

from ckanext.municipal import store
from ckanext.municipal.store.errors import Busy, Refused, StoreUnavailable

pytestmark = pytest.mark.usefixtures("with_plugins")

OLD = [("a", "before", None)]
NEW = [(f"n{number:06}", "after", number) for number in range(20_000)]


def load(table_id, rows, **options):
    with store.transaction(lock=table_id, **options) as tx:
        return tx.replace(table_id, SAMPLES, rows)


def codes(query, table_id):
    return [code for (code,) in query(f'SELECT code FROM "{table_id}" ORDER BY code')]


@contextmanager
def process(work, *arguments):
    """Run something in a process of its own; it and we can send each other a word."""
    from ckanext.datastore.backend.postgres import _dispose_engines

    _dispose_engines()  # a connection belongs to one process
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=work, args=(theirs, *arguments))
    child.start()
    try:
        yield child, ours
    finally:
        child.kill()
        child.join()


def _load_and_stop_in_the_middle(pipe, table_id):
    def rows():
        yield from NEW
        pipe.send("in the middle")
        pipe.recv()

    load(table_id, rows())


def _load_and_stop_before_the_commit(pipe, table_id):
    with store.transaction(lock=table_id) as tx:
        tx.replace(table_id, SAMPLES, NEW)
        pipe.send("all written")
        pipe.recv()


@pytest.mark.parametrize("before", [[], OLD], ids=["new table", "table with rows"])
@pytest.mark.parametrize("work", [_load_and_stop_in_the_middle, _load_and_stop_before_the_commit])
def test_a_loader_killed_leaves_the_table_and_the_lock_as_they_were(query, table_id, work, before):
    load(table_id, before)
    with process(work, table_id) as (child, pipe):
        pipe.recv()
        with pytest.raises(Busy):
            load(table_id, OLD, wait=0.05)
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        assert codes(query, table_id) == [code for code, *_ in before]
        load(table_id, NEW, wait=30)
    assert len(codes(query, table_id)) == len(NEW)


def test_the_second_of_two_loaders_waits_and_sees_the_rows_of_the_first(query, table_id):
    load(table_id, OLD)
    with process(_load_and_stop_before_the_commit, table_id) as (child, pipe):
        pipe.recv()
        assert codes(query, table_id) == ["a"]  # readers go on with what was there
        with pytest.raises(
            Busy, match=f"loading {table_id} and did not finish within 0.05 seconds"
        ):
            load(table_id, OLD, wait=0.05)
        pipe.send("go on")
        assert load(table_id, NEW, wait=30) == store.Changes()
        child.join()
        assert child.exitcode == 0


def test_another_lock_does_not_wait(query, table_id):
    other = f"{table_id[:-1]}x"
    with process(_load_and_stop_before_the_commit, table_id) as (_child, pipe):
        pipe.recv()
        assert load(other, OLD, wait=0.05) == store.Changes(inserted=1)


def _kill_connection(query):
    (killed,) = query(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND state <> 'idle'"
    )
    assert killed[0] >= 1


@pytest.mark.parametrize("before", [[], OLD], ids=["new table", "table with rows"])
def test_a_connection_killed_in_the_middle_changes_nothing_and_says_so(query, table_id, before):
    load(table_id, before)

    def rows():
        yield from NEW
        _kill_connection(query)
        yield from (("z" + code, label, paid) for code, label, paid in NEW)

    with pytest.raises(StoreUnavailable, match="nothing was changed"):
        load(table_id, rows())
    assert codes(query, table_id) == [code for code, *_ in before]
    assert load(table_id, NEW).inserted == len(NEW)


def test_a_connection_killed_before_the_commit_changes_nothing(query, table_id):
    load(table_id, OLD)

    def work():
        with store.transaction(lock=table_id) as tx:
            tx.replace(table_id, SAMPLES, NEW)
            _kill_connection(query)

    with pytest.raises(StoreUnavailable):
        work()
    assert codes(query, table_id) == ["a"]


def test_a_refusal_of_the_database_names_the_reason_and_not_the_data(query, table_id):
    # An index takes no more than a third of a page, and this cannot be compressed.
    letters = random.Random(1).choices([chr(code) for code in range(0x391, 0x3CA)], k=9_000)
    secret = "αφμ" + "".join(letters).replace("\u03a2", "")
    schema_key_too_long = [(secret, "", None)]
    with pytest.raises(Refused) as caught:
        load(table_id, schema_key_too_long)
    assert "index row" in str(caught.value)
    assert "αφμ" not in str(caught.value)
    assert query("SELECT to_regclass(%s)", f'"{table_id}"') == [(None,)]


def test_the_connection_goes_back_to_the_pool_after_every_end(table_id):
    from ckanext.datastore.backend.postgres import get_write_engine

    pool = get_write_engine().pool
    lent = pool.checkedout()
    load(table_id, OLD)
    for bad in ([("a",)], [(None, "", None)]):
        with pytest.raises(store.StoreError):
            load(table_id, bad)
    assert pool.checkedout() == lent


def test_a_database_that_cannot_be_reached_is_told_so(monkeypatch, table_id):
    import sqlalchemy as sa
    from ckanext.datastore.backend.postgres import DatastorePostgresqlBackend

    gone = sa.create_engine("postgresql://nobody:secret@127.0.0.1:1/nothing")
    monkeypatch.setattr(DatastorePostgresqlBackend, "_get_write_engine", lambda self: gone)
    with pytest.raises(StoreUnavailable) as caught:
        load(table_id, OLD)
    assert "ckan.datastore.write_url" in str(caught.value)
    assert "secret" not in str(caught.value)
