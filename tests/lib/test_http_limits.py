"""The guarded client's limits: time, size and compression, against a server that respects none."""

from __future__ import annotations

import gzip
import threading
import time
import zlib

import pytest
from faults import answer, endless, gzip_bomb, raw, silent, slow, slow_headers, truncated
from memory import growth

from ckanext.municipal.lib.http import (
    BodyBroken,
    Client,
    Limits,
    NameNotFound,
    Retries,
    TookTooLong,
    TooLarge,
)

MB = 1024 * 1024
ONCE = Retries(attempts=1)


# Time


def test_a_silent_server_is_given_up(server, make):
    started = time.monotonic()
    with pytest.raises(TookTooLong, match="within 1 seconds"):
        make(read_seconds=1.0, retries=ONCE).get(server.on("/a", silent()))
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    # Chunks long enough that a fast machine does not run into the bound on the lines between them.
    "fault",
    [slow(b"x" * 1000), slow_headers(), endless()],
    ids=["body", "headers", "chunks"],
)
def test_a_server_that_sends_without_end_is_held_to_the_whole_time(server, make, tmp_path, fault):
    started = time.monotonic()
    client = make(
        read_seconds=1.0, total_seconds=1.5, limits=Limits(max_bytes=10**12), retries=ONCE
    )
    with pytest.raises(TookTooLong, match="within 2 seconds"):
        client.get(server.on("/a", fault))
    assert time.monotonic() - started < 30
    assert list(tmp_path.iterdir()) == []


def test_the_whole_time_covers_the_retries(server, make):
    started = time.monotonic()
    with pytest.raises(TookTooLong):
        make(read_seconds=0.4, total_seconds=1.0).get(server.on("/a", silent()))
    assert time.monotonic() - started < 30
    assert len(server.requests) <= 3


def test_a_resolver_that_hangs_is_given_up():
    given_up = threading.Event()

    def hangs(host, port):
        given_up.wait(60)
        return ["93.184.216.34"]

    with (
        Client(resolver=hangs, connect_seconds=0.3, retries=ONCE) as client,
        pytest.raises(NameNotFound),
    ):
        client.get("http://example.org/")
    given_up.set()


# Size


def test_a_promised_length_over_the_limit_is_not_read(server, make):
    with pytest.raises(TooLarge, match="larger than 1 MB"):
        make().get(server.on("/a", truncated(b"x", 2 * MB)), max_bytes=MB)


def test_a_body_without_an_end_is_cut_at_the_limit(server, make, tmp_path):
    started = time.monotonic()
    with pytest.raises(TooLarge, match="larger than 50 MB"):
        make().get(server.on("/a", endless()))
    assert time.monotonic() - started < 30
    assert list(tmp_path.iterdir()) == []


def test_a_compressed_body_is_unpacked(server, make):
    body = "Προϋπολογισμός;1.234,56\n".encode() * 5000
    assert (
        make()
        .get(server.on("/g", answer(200, gzip.compress(body), content_encoding="gzip")))
        .read()
        == body
    )
    assert (
        make()
        .get(server.on("/z", answer(200, zlib.compress(body), content_encoding="deflate")))
        .read()
        == body
    )
    bare = zlib.compressobj(wbits=-15)
    sent = bare.compress(body) + bare.flush()
    assert make().get(server.on("/d", answer(200, sent, content_encoding="deflate"))).read() == body
    two = gzip.compress(body) + gzip.compress(b"tail")
    assert (
        make().get(server.on("/t", answer(200, two, content_encoding="gzip"))).read()
        == body + b"tail"
    )


def test_a_gigabyte_in_a_megabyte_is_refused_at_once(server, make, tmp_path):
    bomb = gzip_bomb(1024)
    assert len(bomb) < 1.1 * MB
    url, client = server.on("/a", answer(200, bomb, content_encoding="gzip")), make()
    started = time.monotonic()
    with growth() as memory, pytest.raises(TooLarge):
        client.get(url)
    assert time.monotonic() - started < 30
    assert memory.mb < 20
    assert list(tmp_path.iterdir()) == []


def test_the_ratio_is_limited_below_the_size_limit(server, make):
    url = server.on("/a", answer(200, gzip_bomb(20), content_encoding="gzip"))
    with pytest.raises(TooLarge, match="more than 100 times"):
        make().get(url)


def test_an_endless_compressed_body_is_cut(server, make):
    block = gzip.compress(b"")
    fault = endless(block, **{"content-encoding": "gzip"})
    with pytest.raises(TooLarge):
        make(limits=Limits(max_bytes=MB)).get(server.on("/a", fault))


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd", "compress"])
def test_a_compression_that_was_not_asked_for_is_refused(server, make, encoding):
    with pytest.raises(BodyBroken, match="not asked for"):
        make(retries=ONCE).get(server.on("/a", answer(200, b"x", content_encoding=encoding)))


def test_damaged_or_cut_gzip_is_not_a_file(server, make, tmp_path):
    whole = gzip.compress(b"x" * 10000 + bytes(range(256)))
    damaged = whole[:20] + b"\0\0\0\0\0\0" + whole[26:]
    for number, body in enumerate((whole[:-20], damaged, b"<html>", b"\x1f")):
        url = server.on(f"/{number}", answer(200, body, content_encoding="gzip"))
        with pytest.raises(BodyBroken):
            make(retries=ONCE).get(url)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_compressed_body_is_empty(server, make):
    assert make().get(server.on("/a", answer(200, b"", content_encoding="gzip"))).read() == b""


def test_bytes_after_the_promised_length_do_not_reach_the_next_answer(server, make):
    extra = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nrightHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwrong"
    client = make()
    assert client.get(server.on("/a", raw(extra))).read() == b"right"
    assert client.get(server.on("/b", answer(200, b"next"))).read() == b"next"
