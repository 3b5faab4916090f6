"""Files on the web: one file, a page, a listing with sub-folders, a zip; what is not whole is an error."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from faults import FaultServer, answer, in_turn, redirect, truncated

from ckanext.municipal.harvest.files import (
    FileBytes,
    FilesError,
    NotModified,
    SourceFile,
    list_files,
    read_file,
)
from ckanext.municipal.lib.http import BadStatus, BodyBroken, Client, NotThere, Retries


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


@pytest.fixture
def client(server):
    with Client(allow=[server.allow], retries=Retries(attempts=1)) as one:
        yield one


def page(*hrefs, head=""):
    links = "".join(f'<li><a href="{href}">{href}</a>' for href in hrefs)
    return answer(
        200,
        f"<!DOCTYPE html><html>{head}<ul>{links}</ul>".encode(),
        content_type="text/html; charset=utf-8",
    )


def names(files):
    return [file.name for file in files]


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/") + ".csv", data)
    return stream.getvalue()


# One file


def test_the_address_of_one_file_is_one_file_and_asked_once(server, client):
    url = server.on("/data/2016%20%CE%AD%CF%84%CE%BF%CF%82.csv", answer(200, b"a;b\n", etag='"1"'))
    [file] = list_files(url, client)
    assert (file.name, file.size, file.etag) == ("2016 έτος.csv", 4, '"1"')
    content = read_file(file, client)
    assert isinstance(content, FileBytes)
    assert (content.data, content.etag, content.size) == (b"a;b\n", '"1"', 4)
    assert len(server.requests) == 1


def test_a_later_run_asks_only_whether_the_file_changed(server, client):
    url = server.on(
        "/a.csv",
        in_turn(answer(200, b"old", etag='"1"'), answer(304), answer(200, b"new", etag='"2"')),
    )
    file = SourceFile("a.csv", url)
    first = read_file(file, client)
    assert read_file(file, client, etag=first.etag) == NotModified("a.csv")
    assert read_file(file, client, etag=first.etag).data == b"new"
    assert server.requests[1].headers["if-none-match"] == '"1"'


def test_the_date_of_a_file_is_enough_to_ask(server, client):
    date = "Mon, 04 Apr 2016 18:29:00 GMT"
    file = SourceFile(
        "a.csv", server.on("/a.csv", in_turn(answer(200, b"x", last_modified=date), answer(304)))
    )
    first = read_file(file, client)
    assert first.modified == date
    assert read_file(file, client, modified=first.modified) == NotModified("a.csv")


def test_the_server_names_what_it_sends(server, client):
    header = 'attachment; filename="../../%CE%AD%CE%BE%CE%BF%CE%B4%CE%B1.csv"'
    url = server.on("/download", answer(200, b"x", content_disposition=header))
    assert names(list_files(url, client)) == ["έξοδα.csv"]


def test_a_log_in_page_instead_of_the_file_is_said(server, client):
    login = page("/login")
    with pytest.raises(FilesError, match=r"a.csv: a web page came instead"):
        list_files(server.on("/a.csv", login), client)
    with pytest.raises(FilesError, match=r"a.csv: a web page came instead"):
        read_file(SourceFile("a.csv", server.url("/a.csv")), client)


@pytest.mark.parametrize(
    "place", ["/etc/passwd", "file:///etc/passwd", "a/b.csv", "~/x", "ftp://x.org/a", "", "C:\\x"]
)
def test_only_web_addresses_are_urls(client, place):
    for where in (place, {"url": place}):
        with pytest.raises(FilesError, match="not a web address"):
            list_files(where, client)


# Pages and listings


def test_a_page_gives_its_files_of_the_same_host(server, client):
    hrefs = [
        "2016_04_10.csv", "2016_04_9.csv", "2016_04_9.csv#top", "/uploads/x.XLSX", "about.html", "logo.png",
        "mailto:a@b.gr", "javascript:void(0)", "http://elsewhere.example/a.csv", "//elsewhere.example/b.csv",
        "?C=N;O=D", "../", "#", "x.csv.part", ".hidden.csv", "~$open.xlsx",
        "download.php?file=%CE%AD%CF%84%CE%BF%CF%82.csv&v=1", "http://[bad/a.csv",
    ]  # fmt: skip
    files = list_files(server.on("/budget/", page(*hrefs)), client)
    assert names(files) == ["2016_04_9.csv", "2016_04_10.csv", "έτος.csv", "uploads/x.XLSX"]
    assert files[2].location.endswith("/budget/download.php?file=%CE%AD%CF%84%CE%BF%CF%82.csv&v=1")


def test_sub_folders_are_followed_three_levels_down(server, client):
    for depth in range(6):
        path = "/x/" + "".join(f"{level}/" for level in range(depth))
        server.on(path, page("../", f"{depth}/", "a.csv", "/other/"))
    assert names(list_files(server.url("/x/"), client)) == [
        "a.csv",
        "0/a.csv",
        "0/1/a.csv",
        "0/1/2/a.csv",
    ]
    assert "/other/" not in [request.path for request in server.requests]


def test_folders_that_lead_in_a_circle_end(server, client):
    server.on("/x/", page("a/", "./", "/x/", "a.csv"))
    server.on("/x/a/", page("../", "/x/a/", "/x/", "b.csv"))
    assert names(list_files(server.url("/x/"), client)) == ["a.csv", "a/b.csv"]


def test_a_folder_without_its_slash_is_found(server, client):
    server.on("/x", redirect("/x/", 301))
    server.on("/x/", page("a.csv"))
    [file] = list_files(server.url("/x"), client)
    assert (file.name, file.location) == ("a.csv", server.url("/x/a.csv"))


def test_a_base_address_counts(server, client):
    server.on("/x/", page("a.csv", head='<base href="/files/">'))
    assert [file.location for file in list_files(server.url("/x/"), client)] == [
        server.url("/files/a.csv")
    ]


def test_links_that_nobody_sees_are_not_links(server, client):
    html = """<html><!-- <a href="old.csv">old</a> --><script>x = '<a href="script.csv">'</script>
    <A class=x HREF='a.csv' >a</A> <a title="t" href=b.csv>b</a> <a data-href="no.csv">c</a><a
    href="d%20e.csv&amp;x">d</a> <a href=" f.csv ">f</a> <!-- <a href="last.csv">"""
    url = server.on("/x/", answer(200, html.encode(), content_type="text/html"))
    assert names(list_files(url, client)) == ["a.csv", "b.csv", "f.csv"]


def test_a_page_too_large_to_be_a_listing_is_refused(server, client):
    url = server.on("/x/", answer(200, b"<html>" + b" " * 6_000_000, content_type="text/html"))
    with pytest.raises(FilesError, match="larger than 5 MB"):
        list_files(url, client)


def test_a_folder_that_fails_is_an_error_and_not_a_shorter_list(server, client):
    server.on("/x/", page("a.csv", "b/"))
    server.on("/x/b/", answer(500))
    with pytest.raises(BadStatus):
        list_files(server.url("/x/"), client)
    server.on("/x/b/", truncated(b"<html>", 100))
    with pytest.raises(BodyBroken):
        list_files(server.url("/x/"), client)


def test_a_folder_that_is_gone_holds_nothing(server, client):
    server.on("/x/", page("a.csv", "b/"))
    assert names(list_files(server.url("/x/"), client)) == ["a.csv"]
    with pytest.raises(NotThere):
        list_files(server.url("/gone/"), client)


def test_an_endless_tree_of_pages_is_refused(server, client, monkeypatch):
    monkeypatch.setattr("ckanext.municipal.harvest.files.web.MAX_PAGES", 5)
    server.on("/x/", page(*[f"{number}/" for number in range(20)]))
    with pytest.raises(FilesError, match="Divide it"):
        list_files(server.url("/x/"), client)


# Zips


def test_the_members_of_a_zip_are_files_and_the_zip_is_got_once(server, client):
    archive = zipped(a10=b"10", a9=b"9", b__c="ά".encode())
    url = server.on("/all.zip", answer(200, archive))
    files = list_files(url, client)
    assert names(files) == ["a9.csv", "a10.csv", "b/c.csv"]
    again = [SourceFile.from_json(json.loads(json.dumps(file.as_json()))) for file in files]
    assert again == files
    assert [read_file(file, client).data for file in again] == [b"9", b"10", "ά".encode()]
    assert len(server.requests) == 1


def test_a_member_that_did_not_change_is_known_without_unpacking(server, client):
    url = server.on("/all.zip", answer(200, zipped(a=b"1", b=b"2")))
    before = list_files(url, client)
    server.on("/all.zip", answer(200, zipped(a=b"1", b=b"3")))
    after = list_files(url, client)
    assert [old.etag == new.etag for old, new in zip(before, after, strict=True)] == [True, False]
    assert read_file(after[0], client, etag=before[0].etag) == NotModified("a.csv")
    assert read_file(after[1], client, etag=before[1].etag).data == b"3"


def test_another_process_gets_the_zip_itself(server, client):
    url = server.on("/all.zip", answer(200, zipped(a=b"1")))
    [file] = list_files(url, client)
    with Client(allow=[server.allow]) as other:
        assert read_file(file, other).data == b"1"
    assert len(server.requests) == 2


def test_a_zip_on_a_page_is_a_folder_of_its_own_name(server, client):
    server.on("/x/2016.zip", answer(200, zipped(a=b"1")))
    files = list_files(server.on("/x/", page("2016.zip", "b.csv")), client)
    assert names(files) == ["b.csv", "2016.zip/a.csv"]
    assert read_file(files[1], client).data == b"1"


def test_a_workbook_is_not_taken_for_a_zip(server, client):
    url = server.on("/a.xlsx", answer(200, zipped(a=b"1"), content_type="application/zip"))
    assert names(list_files(url, client)) == ["a.xlsx"]


def test_a_zip_without_its_name_is_known_by_its_type(server, client):
    url = server.on("/export", answer(200, zipped(a=b"1"), content_type="application/zip"))
    assert names(list_files(url, client)) == ["a.csv"]


def test_a_zip_that_is_none_is_said(server, client):
    with pytest.raises(FilesError, match=r"a.zip is damaged or not a zip"):
        list_files(server.on("/a.zip", answer(200, b"PK nothing")), client)


# Real files


def test_the_real_exports_come_over_the_web_as_they_are(server, client, shared):
    root = shared / "data/budget/thessaloniki-2016"
    for folder in ("expenses", "incomes"):
        paths = sorted((root / folder).glob("*.csv"))
        server.on(f"/{folder}/", page("../", *[path.name for path in paths]))
        for path in paths:
            server.on(
                f"/{folder}/{path.name}",
                answer(200, path.read_bytes(), etag=f'"{path.stat().st_mtime_ns}"'),
            )
    files = list_files(server.on("/", page("expenses/", "incomes/")), client)
    assert len(files) == 24
    contents = [read_file(file, client) for file in files]
    assert [content.data for content in contents] == [
        (root / file.name).read_bytes() for file in files
    ]
    # 04-04 is a Monday with Friday's figures, 04-07 is 04-06 again
    expenses = [content.sha256 for content in contents[:12]]
    assert len(set(expenses)) == 10
