"""Zips: names as whoever packed them saw them, and archives that are not safe refused as a whole."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory import growth

from ckanext.municipal.harvest.files import FilesError, folders
from ckanext.municipal.harvest.files import zips as zip_files


def make_zip(path, members, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def with_raw_name(path, raw):
    """Write a zip with one member whose name is these bytes, unmarked, as old programs do."""
    stream = io.BytesIO()
    place = b"x" * len(raw)
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(place.decode(), b"data")
    path.write_bytes(stream.getvalue().replace(place, raw))
    return path


@pytest.mark.parametrize("encoding", ["cp737", "cp1253", "utf-8"])
@pytest.mark.parametrize(
    "name", ["Έσοδα 2016.csv", "ΔΑΠΑΝΕΣ/Απρίλιος.csv", "ΕΞΟΔΑ.csv", "Προϋπολογισμός.csv"]
)
def test_greek_names_in_a_zip_are_read_whoever_packed_it(tmp_path, encoding, name):
    path = with_raw_name(tmp_path / "a.zip", name.encode(encoding))
    assert list(zip_files.members(path, "a.zip")) == [name]
    assert zip_files.read(path, name, "a.zip") == b"data"


def test_a_marked_utf8_name_is_taken_as_it_is(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"Έσοδα─.csv": b"x"})
    assert list(zip_files.members(path, "a.zip")) == ["Έσοδα─.csv"]


@pytest.mark.parametrize(
    "name",
    ["../a.csv", "a/../../b.csv", "/etc/a.csv", "C:/a.csv", "..\\a.csv", "\\a.csv", "a//b.csv", "./a.csv", "a\nb.csv"],
)  # fmt: skip
def test_a_member_that_leads_out_condemns_the_zip(tmp_path, name):
    path = with_raw_name(tmp_path / "a.zip", name.encode())
    with pytest.raises(FilesError, match=r"a.zip holds a file name that leads out"):
        zip_files.members(path, "a.zip")


def test_backslashes_of_old_programs_are_folders(tmp_path):
    path = with_raw_name(tmp_path / "a.zip", b"expenses\\a.csv")
    assert list(zip_files.members(path, "a.zip")) == ["expenses/a.csv"]
    assert zip_files.read(path, "expenses/a.csv", "a.zip") == b"data"


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.csv": b"\0" * (20 * 1024 * 1024)})
    assert path.stat().st_size < 30_000
    with pytest.raises(FilesError, match="100 times its size"):
        zip_files.members(path, "a.zip")


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_further(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.csv": b"\0" * (20 * 1024 * 1024)})
    data = bytearray(path.read_bytes())
    central = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, central + 24, 1000)
    path.write_bytes(data)
    with pytest.raises(FilesError, match="damaged"):
        zip_files.read(path, "a.csv", "a.zip")


def test_a_zip_in_a_zip_is_not_unpacked(tmp_path):
    """Five floors of sixteen, in each lowest one 4 MB of nothing: 4 TB in all."""
    made = b"\0" * (4 * 1024 * 1024)
    for _ in range(5):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(16):
                archive.writestr(f"{number}.zip", made)
        made = stream.getvalue()
    (tmp_path / "floors.zip").write_bytes(made)
    with growth() as memory:
        names = [file.name for file in folders.list_path(tmp_path)]
    assert sorted(names) == sorted(f"floors.zip/{number}.zip" for number in range(16))
    assert memory.mb < 50


def test_many_members_within_the_limits_are_limited_together(tmp_path, monkeypatch):
    path = make_zip(tmp_path / "a.zip", {f"{number}.csv": os.urandom(1000) for number in range(20)})
    monkeypatch.setattr(zip_files, "MAX_TOTAL", 10_000)
    with pytest.raises(FilesError, match="larger than"):
        zip_files.members(path, "a.zip")
    monkeypatch.setattr(zip_files, "MAX_FILES", 10)
    with pytest.raises(FilesError, match="Divide it"):
        zip_files.members(path, "a.zip")


def test_a_password_is_said(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.csv": b"x"})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    with pytest.raises(FilesError, match="protected by a password"):
        zip_files.members(path, "a.zip")


def test_two_members_of_one_name_are_refused(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.csv": b"1", "b.csv": b"2"})
    path.write_bytes(path.read_bytes().replace(b"b.csv", b"a.csv"))
    with pytest.raises(FilesError, match=r"holds a.csv twice"):
        zip_files.members(path, "a.zip")


def test_links_and_what_systems_leave_are_passed_over(tmp_path):
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        for name in ("__MACOSX/._a.csv", ".DS_Store", "~$a.xlsx", "a.csv"):
            archive.writestr(name, b"x")
    assert list(zip_files.members(tmp_path / "a.zip", "a.zip")) == ["a.csv"]


def test_a_wrong_checksum_is_damage(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", b"content of the file")
    path.write_bytes(path.read_bytes().replace(b"content of", b"CONTENT of"))
    with pytest.raises(FilesError, match="damaged"):
        zip_files.read(path, "a.csv", "a.zip")


@pytest.fixture(scope="module")
def sound_zip(tmp_path_factory):
    path = tmp_path_factory.mktemp("zip") / "a.zip"
    return make_zip(path, {"a/b.csv": b"x" * 50, "c.csv": b"y"}).read_bytes()


@given(st.binary(max_size=200), st.integers(0, 300), st.integers(0, 20))
def test_a_damaged_zip_gives_members_or_a_sentence(sound_zip, tmp_path_factory, noise, at, length):
    path = tmp_path_factory.getbasetemp() / "noise.zip"
    path.write_bytes(sound_zip[:at] + noise + sound_zip[at + length :])
    try:
        for name in zip_files.members(path, "noise.zip"):
            zip_files.read(path, name, "noise.zip")
    except FilesError as error:
        sentence = str(error)
    else:
        sentence = "noise.zip."
    assert sentence.endswith(".")
