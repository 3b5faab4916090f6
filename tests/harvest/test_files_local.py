"""Files on the portal's disk: the inbox and nothing outside of it."""

from __future__ import annotations

import os
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.harvest.files import (
    FilesError,
    NotModified,
    SourceFile,
    list_files,
    read_file,
)
from ckanext.municipal.harvest.files.model import ignored, natural_key
from ckanext.municipal.lib.http import Client


@pytest.fixture(scope="module")
def client():
    with Client() as one:
        yield one


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    (folder / "budget" / "expenses").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("secret")
    return folder


def put(inbox, name, data=b"x"):
    path = inbox / "budget" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def listed(inbox, client, folder="budget"):
    return list_files({"inbox": folder}, client, inbox)


def names(files):
    return [file.name for file in files]


# The inbox


def test_an_inbox_is_listed_with_its_folders_in_natural_order(inbox, client):
    for name in ("expenses/2016_4_10.csv", "expenses/2016_4_9.csv", "έσοδα/α.xlsx", "readme.txt"):
        put(inbox, name, name.encode())
    files = listed(inbox, client)
    assert names(files) == [
        "readme.txt",
        "expenses/2016_4_9.csv",
        "expenses/2016_4_10.csv",
        "έσοδα/α.xlsx",
    ]
    assert [read_file(file, client).data.decode() for file in files] == names(files)
    assert files[0].size == len("readme.txt")
    assert names(list_files("inbox:budget", client, inbox)) == names(files)


@pytest.mark.parametrize(
    "name",
    [".hidden.csv", ".git/config", "a.csv.part", "~$a.xlsx", "a.tmp", "a.CSV.crdownload", "a.filepart", "a.csv~",
     ".~lock.a.ods#", "Thumbs.db", "__MACOSX/a.csv", "x/.DS_Store"],
)  # fmt: skip
def test_what_is_hidden_or_half_written_is_not_there(inbox, client, name):
    put(inbox, name)
    put(inbox, "a.csv")
    assert names(listed(inbox, client)) == ["a.csv"]
    assert ignored(name)


@pytest.mark.parametrize("folder", ["..", "../..", "/etc", "budget/../../x", "a\0b", "/"])
def test_a_folder_outside_the_inbox_is_refused(inbox, client, folder):
    with pytest.raises(FilesError, match="leads out"):
        listed(inbox, client, folder)


def test_a_folder_that_is_missing_or_an_inbox_that_is_not_set_is_said(inbox, client):
    with pytest.raises(FilesError, match=r"nothing is not there. Create the folder"):
        listed(inbox, client, "nothing")
    with pytest.raises(FilesError, match=r"ckanext\.municipal\.harvest\.inbox"):
        list_files("inbox:budget", client, None)


def test_a_link_out_of_the_inbox_is_refused(inbox, client, tmp_path):
    (inbox / "budget" / "a.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(FilesError, match=r"a.csv leads out"):
        listed(inbox, client)
    (inbox / "linked").symlink_to(tmp_path)
    with pytest.raises(FilesError, match="linked leads out"):
        listed(inbox, client, "linked")


def test_a_link_within_the_inbox_is_a_file_and_a_folder_is_not_listed_twice(inbox, client):
    real = put(inbox, "expenses/a.csv", b"real")
    (inbox / "budget" / "latest.csv").symlink_to(real)
    (inbox / "budget" / "again").symlink_to(inbox / "budget")
    files = listed(inbox, client)
    assert names(files) == ["latest.csv", "expenses/a.csv"]
    assert read_file(files[0], client).data == b"real"


def test_a_file_swapped_for_a_link_after_the_listing_is_not_read(inbox, client, tmp_path):
    path = put(inbox, "a.csv")
    [file] = listed(inbox, client)
    path.unlink()
    path.symlink_to(tmp_path / "secret.csv")
    with pytest.raises(FilesError, match=r"a.csv leads out"):
        read_file(file, client)


def test_a_pipe_is_no_file_and_stops_nobody(inbox, client):
    os.mkfifo(inbox / "budget" / "pipe.csv")
    assert listed(inbox, client) == []
    path = str(inbox / "budget" / "pipe.csv")
    with pytest.raises(FilesError, match="is not a file"):
        read_file(SourceFile("pipe.csv", path, root=str(inbox)), client)


def test_a_file_that_vanished_is_said(inbox, client):
    path = put(inbox, "a.csv")
    [file] = listed(inbox, client)
    path.unlink()
    with pytest.raises(FilesError, match="no longer there"):
        read_file(file, client)


def test_an_unchanged_file_is_known_and_a_corrected_one_is_read(inbox, client):
    path = put(inbox, "a.csv", b"old")
    [file] = listed(inbox, client)
    first = read_file(file, client)
    assert first.etag == file.etag
    assert read_file(file, client, etag=first.etag) == NotModified("a.csv")
    path.write_bytes(b"new")
    os.utime(path, ns=(1, 1))
    assert read_file(file, client, etag=first.etag).data == b"new"


def test_a_file_over_the_limit_is_refused(inbox, client, monkeypatch):
    monkeypatch.setattr("ckanext.municipal.harvest.files.folders.MAX_BYTES", 10)
    put(inbox, "a.csv", b"x" * 11)
    with pytest.raises(FilesError, match="larger than"):
        read_file(listed(inbox, client)[0], client)


def test_the_operator_may_name_any_folder_or_file_and_nobody_else(tmp_path, client):
    (tmp_path / "a.csv").write_bytes(b"x")
    for place in (str(tmp_path), str(tmp_path / "a.csv"), f"file://{tmp_path}"):
        [file] = list_files(place, client, operator=True)
        assert (file.name, read_file(file, client).data) == ("a.csv", b"x")
        with pytest.raises(FilesError, match="not a web address"):
            list_files(place, client)


def test_the_real_folder_has_its_24_files(shared, client):
    files = list_files(str(shared / "data/budget/thessaloniki-2016"), client, operator=True)
    assert len(files) == 24
    assert files[0].name == "expenses/2016_04_01_22.54.csv"
    assert read_file(files[0], client).data.startswith(b"\xfe\xff")


def test_a_zip_in_the_inbox_is_a_folder(inbox, client):
    with zipfile.ZipFile(inbox / "budget" / "2016.zip", "w") as archive:
        for name, data in {"expenses/b.csv": b"b", "a.csv": b"a", "expenses/": b""}.items():
            archive.writestr(name, data)
    files = listed(inbox, client)
    assert names(files) == ["2016.zip/a.csv", "2016.zip/expenses/b.csv"]
    assert [read_file(file, client).data for file in files] == [b"a", b"b"]
    assert read_file(files[0], client, etag=files[0].etag) == NotModified("2016.zip/a.csv")
    assert names(listed(inbox, client, "budget/2016.zip")) == ["a.csv", "expenses/b.csv"]


@given(st.lists(st.text(alphabet="ab09/.²٣", max_size=8), max_size=8))
def test_any_names_have_one_order(some):
    ordered = sorted(some, key=natural_key)
    assert sorted(ordered, key=natural_key, reverse=True) == ordered[::-1] or len(set(some)) < len(
        some
    )
