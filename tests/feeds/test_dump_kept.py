"""A whole catalogue is kept as a file while the feeds say the same, and no longer."""

from __future__ import annotations

import gzip
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ckan.tests import factories

from ckanext.municipal.feeds import config, dump, kept
from ckanext.municipal.feeds.model import served
from tests.feeds.portal import change, create, settle

pytestmark = pytest.mark.usefixtures("fresh_site")


@pytest.fixture
def folder(tmp_path: Path, ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this portal keeps its catalogues."""
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
    found = config.dumps_folder()
    assert found
    assert found.is_relative_to(tmp_path)
    return found


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which catalogues were made of records, by their forms."""
    forms = []

    def pieces(form: str) -> Iterator[bytes]:
        forms.append(form)
        yield from original(form)

    original = dump.pieces
    monkeypatch.setattr(dump, "pieces", pieces)
    return forms


def read(app: Any, name: str, **headers: str) -> Any:
    """A reader's answer; the file is closed with it."""
    answer = app.test_client().get(f"/catalog-full.{name}", headers=headers)
    answer.get_data()
    answer.close()
    return answer


def kept_in(folder: Path) -> list[str]:
    """The endings of the files there."""
    return sorted(path.name.partition(".")[2] for path in folder.glob("*"))


def test_the_second_reader_is_sent_the_file_that_the_first_one_left(
    app: Any, folder: Path, made: list[str]
):
    create("spending")
    settle()
    first = read(app, "ttl")
    again = read(app, "ttl")
    assert made == ["turtle"]
    assert again.data == first.data == (next(folder.iterdir())).read_bytes()
    assert again.content_length == len(first.data)
    for name in ("ETag", "Last-Modified", "Content-Type", "Vary", "Access-Control-Allow-Origin"):
        assert again.headers[name] == first.headers[name]


def test_a_compressed_answer_and_the_compressed_file_are_one(
    app: Any, folder: Path, made: list[str]
):
    create("spending")
    settle()
    answers = [read(app, "rdf.gz"), read(app, "rdf", **{"Accept-Encoding": "gzip"})]
    assert made == ["rdfxml"]
    assert kept_in(folder) == ["rdf.gz"]
    assert answers[0].data == answers[1].data
    assert [answer.headers.get("Content-Encoding") for answer in answers] == [None, "gzip"]
    assert gzip.decompress(answers[0].data) == read(app, "rdf").data


def test_what_changed_is_told_at_once_and_the_old_files_go(app: Any, folder: Path):
    create("spending")
    settle()
    before = [read(app, name).data for name in ("ttl", "nt.gz")]
    assert len(kept_in(folder)) == 2
    change("spending", version="2.7")
    settle()
    assert kept_in(folder) == []
    assert b"2.7" not in before[0]
    assert b"2.7" in read(app, "ttl").data


def test_what_is_made_private_is_in_no_answer_even_before_the_worker_has_seen_it(
    app: Any, folder: Path
):
    create("spending", owner_org=factories.Organization()["id"])
    settle()
    assert b"spending" in read(app, "ttl").data
    change("spending", private=True)
    assert b"spending" not in read(app, "ttl").data
    settle()
    assert kept_in(folder) == []
    assert b"spending" not in read(app, "ttl").data


def test_a_catalogue_that_changed_while_it_was_sent_is_not_kept(
    app: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(served, "_AT_ONCE", 1)
    for number in range(3):
        create(f"d{number}")
    settle()
    answer = app.test_client().get("/catalog-full.ttl")
    pieces = iter(answer.response)
    next(pieces), next(pieces)
    change("d1", version="2.7")
    settle()
    for _ in pieces:
        pass
    answer.close()
    assert kept_in(folder) == []
    assert b"2.7" in read(app, "ttl").data


def test_a_reader_who_goes_away_leaves_no_half_file(app: Any, folder: Path):
    create("spending")
    settle()
    answer = app.test_client().get("/catalog-full.ttl")
    next(iter(answer.response))
    assert kept_in(folder) == ["half"]
    answer.close()
    assert kept_in(folder) == []


def test_where_no_file_can_be_made_the_catalogue_is_sent_all_the_same(
    app: Any, folder: Path, made: list[str]
):
    create("spending")
    settle()
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")
    bodies = [read(app, "ttl").data for _ in range(2)]
    assert bodies[0] == bodies[1]
    assert b"spending" in bodies[0]
    assert made == ["turtle", "turtle"]


def test_a_disk_that_is_full_takes_nothing_from_the_reader(app: Any, folder: Path):
    create("spending")
    settle()
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, most[1]))
    try:
        bodies = [read(app, "ttl").data for _ in range(2)]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert len(bodies[0]) > 1_000
    assert bodies[0] == bodies[1] == read(app, "ttl").data
    assert kept_in(folder) == ["ttl"]


def test_a_file_that_is_removed_while_it_is_sent_is_sent_to_its_end(app: Any, folder: Path):
    create("spending")
    settle()
    whole = read(app, "ttl").data
    answer = app.test_client().get("/catalog-full.ttl")
    kept.clear()
    assert b"".join(answer.response) == whole
    answer.close()


def test_without_a_place_for_files_nothing_is_kept(
    app: Any, monkeypatch: pytest.MonkeyPatch, ckan_config: Any, made: list[str]
):
    monkeypatch.setitem(ckan_config, "ckan.storage_path", "")
    create("spending")
    settle()
    assert read(app, "ttl").data == read(app, "ttl").data
    assert made == ["turtle", "turtle"]
