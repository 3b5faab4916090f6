"""Answers that are made to exhaust, to confuse or to lead astray: each ends as a sentence, soon, in little memory."""

from __future__ import annotations

import contextlib
import gzip
import inspect
import time
import zlib

import pytest
from faults import FaultServer, answer, in_turn, raw, redirect, slow, truncated
from memory import growth

from ckanext.municipal.lib.http import (
    AddressRefused,
    BodyBroken,
    Busy,
    Client,
    HttpError,
    Limits,
    Retries,
    TookTooLong,
    TooLarge,
    Unreachable,
    UrlRefused,
    transport,
)
from ckanext.municipal.lib.http.body import save

MB = 1024 * 1024
ONCE = Retries(attempts=1)
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"


def without_end(start: bytes, more: bytes):
    """Send a start, and then the same again and again."""

    def behave(exchange):
        exchange.send(start)
        while not exchange.server.stopping.is_set():
            exchange.send(more)

    return behave


# An answer, and what is said of it.
WITHOUT_END = {
    "a first line": (b"HTTP/1.1 200 ", b"a" * MB, Unreachable),
    "one header": (OK + b"x: ", b"a" * MB, Unreachable),
    "many headers": (OK, b"x: y\r\n" * 1000, Unreachable),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100, Unreachable),
    "headers of an interim answer": (b"HTTP/1.1 100 Continue\r\n", b"x: y\r\n", Unreachable),
    "a chunk's size": (CHUNKED, b"0" * MB, BodyBroken),
    "a chunk's extension": (CHUNKED + b"1;", b"x" * MB, BodyBroken),
    "a chunk of size -1": (CHUNKED + b"-1\r\n", b"x" * MB, BodyBroken),
    "a chunk of size -5": (CHUNKED + b"-5\r\n", b"x" * MB, BodyBroken),
    "a chunk larger than everything": (CHUNKED + b"f" * 20 + b"\r\n", b"x" * MB, TooLarge),
    "chunks": (CHUNKED, b"100000\r\n" + b"x" * MB + b"\r\n", TooLarge),
    "chunks of one byte": (CHUNKED, b"1\r\nx\r\n" * 1000, BodyBroken),
    "one line after the body": (CHUNKED + b"1\r\nx\r\n0\r\nx: ", b"x" * MB, BodyBroken),
    "lines after the body": (CHUNKED + b"1\r\nx\r\n0\r\n", b"x: y\r\n" * 1000, BodyBroken),
    "a body without a length": (OK + b"\r\n", b"x" * MB, TooLarge),
    "a body of a length below 0": (OK + b"content-length: -1\r\n\r\n", b"x" * MB, TooLarge),
}


@pytest.mark.parametrize("what", WITHOUT_END)
def test_what_has_no_end_is_cut_within_5_seconds_and_150_mb(server, make, tmp_path, what):
    start, more, error = WITHOUT_END[what]
    client, url = make(retries=ONCE), server.on("/a", without_end(start, more))
    started = time.monotonic()
    with growth() as memory, pytest.raises(error):
        client.get(url)
    assert time.monotonic() - started < 30
    assert memory.mb < 150
    assert list(tmp_path.iterdir()) == []


# A length that is a lie, or two


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        (b"content-length: 1\r\ncontent-length: 5\r\n", BodyBroken),
        (b"content-length: 1, 5\r\n", BodyBroken),
        (b"content-length: " + b"9" * 5000 + b"\r\n", TooLarge),
        (b"content-length: 99999999999999999999999999\r\n", TooLarge),
        (b"content-length: 10\r\n", BodyBroken),
        (b"content-encoding: gzip\r\ncontent-length: 5\r\n", BodyBroken),
    ],
)
def test_a_length_that_cannot_be_true_is_an_error(server, make, tmp_path, headers, error):
    with pytest.raises(error):
        make(retries=ONCE).get(server.on("/a", raw(OK + headers + b"\r\nright")))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "headers",
    [
        b"content-length: 5\r\ncontent-length: 5\r\n",
        b"content-length: many\r\n",
        b"content-length: 2\r\ntransfer-encoding: chunked\r\n",
    ],
)
def test_lengths_that_leave_no_doubt_are_read(server, make, headers):
    body = b"5\r\nright\r\n0\r\n\r\n" if b"chunked" in headers else b"right"
    assert make().get(server.on("/a", raw(OK + headers + b"\r\n" + body))).read() == b"right"


# What is no HTTP/1.1


@pytest.mark.parametrize(
    "sent",
    [
        b"<html>HTTP/0.9 has no headers</html>",
        b"\x00\x00\x12\x04\x00\x00\x00\x00\x00",
        b"HTTP/1.1 2000 OK\r\n\r\nx",
        b"HTTP/1.1 -1 OK\r\n\r\nx",
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\nx",
        b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx",
        b"ICY 200 OK\r\n\r\nx",
        b"220 mail.example ESMTP\r\n",
    ],
)
def test_what_is_no_answer_of_a_web_server_is_no_answer(server, make, sent):
    with pytest.raises(HttpError):
        make(retries=ONCE).get(server.on("/a", raw(sent)))


def test_an_answer_sent_before_it_was_asked_for_is_not_taken_for_the_next(server, make):
    """A server, or somebody between, that splits one answer into two; the connection stays open."""
    forged = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged"

    def behave(exchange):
        exchange.send(OK + b"content-length: 5\r\n\r\nright" + forged)
        return True

    client, next_ = make(), server.on("/next", answer(200, b"next"))
    assert client.get(server.on("/a", behave)).read() == b"right"
    assert client.get(next_).read() == b"next"


# Compression, again and again


@pytest.mark.parametrize(
    "encoding", ["gzip, gzip", "gzip,", "deflate, gzip", "br, gzip", "gzip;q=1"]
)
def test_compression_of_what_is_compressed_is_refused(server, make, encoding):
    body = gzip.compress(gzip.compress(b"x"))
    with pytest.raises(BodyBroken, match="not asked for"):
        make(retries=ONCE).get(server.on("/a", answer(200, body, content_encoding=encoding)))


def test_two_headers_of_compression_are_as_one(server, make):
    head = OK + b"content-encoding: gzip\r\ncontent-encoding: gzip\r\n\r\n"
    with pytest.raises(BodyBroken, match="not asked for"):
        make(retries=ONCE).get(server.on("/a", raw(head + gzip.compress(gzip.compress(b"x")))))


def test_a_body_that_is_itself_a_gzip_file_is_unpacked_once(server, make):
    file = gzip.compress(b"\0" * MB)
    url = server.on("/a.gz", answer(200, gzip.compress(file), content_encoding="gzip"))
    assert make().get(url).read() == file


def test_a_bare_deflate_body_of_any_length_is_whole(tmp_path):
    """Its last bits may be taken in before its last bytes are given out."""
    for length in range(65530, 65800):
        packer = zlib.compressobj(wbits=-15)
        sent = packer.compress(b"x" * length) + packer.flush()
        saved = save(iter([sent]), "deflate", "u", Limits(ratio=1000), tmp_path)
        assert saved.size == length
        saved.path.unlink()


# Redirects


@pytest.mark.parametrize(
    "to",
    [
        "http://[::1", "http://[x", "//[", "http://[::1%25lo]/", "http://x.org:99999/", "http://x.org:٣/",
        "\\\\127.0.0.1\\a", "http://x.org\\@127.0.0.1/", "http://user@127.0.0.1/", "//user:pw@127.0.0.1/",
        "http://127.0.0.1:6379/", "https://127.0.0.1:22/", "javascript:x", "data:,x", "http://%6c%6f/", "x" * 9000,
        "http://127。0。0。1/", "http://0x7f.1/", "http://2130706433/", "http://0177.0.0.1/",
    ],
)  # fmt: skip
def test_a_redirect_that_is_no_address_is_refused(server, make, to):
    with pytest.raises(UrlRefused) as caught:
        make(retries=ONCE).get(server.on("/a", redirect(to)))
    assert "pw" not in str(caught.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1/", "//127.0.0.1/", "http://localhost/", "https://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::a9fe:a9fe]/", "http://169.254.169.254/latest/", "http://12\t7.0.0.1/", "HTTP://LOCALHOST./",
        "http://localhost#@x.org/", "http://[2002:7f00:1::]/",
    ],
)  # fmt: skip
def test_a_redirect_to_an_address_inside_is_refused(server, make, to):
    with pytest.raises(AddressRefused):
        make(retries=ONCE).get(server.on("/a", redirect(to)))
    assert server.hits == 1


def test_a_line_break_in_a_header_makes_no_second_header(server, make):
    sent = b"HTTP/1.1 302 Found\r\nlocation: /b\rx-key: 1\r\ncontent-length: 0\r\n\r\n"
    server.on("/a", raw(sent))
    server.otherwise = answer(200, b"x")
    make().get(server.url("/a"))
    assert "x-key" not in server.requests[1].headers


@pytest.mark.parametrize("breaks", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\0"])
def test_a_line_break_in_an_address_is_refused(server, make, breaks):
    with pytest.raises(UrlRefused):
        make().get(server.url(f"/a HTTP/1.1{breaks}x-forged: 1{breaks}x: "))
    with pytest.raises(UrlRefused):
        make().get(f"http://{server.allow}{breaks}/a")
    assert server.hits == 0


def test_an_encoded_line_break_stays_encoded(server, make):
    server.otherwise = answer(200, b"x")
    make().get(server.url("/a%0d%0ax-forged:%201?b=%0D%0A"))
    [request] = server.requests
    assert request.path == "/a%0D%0Ax-forged:%201?b=%0D%0A"
    assert "x-forged" not in request.headers


def test_keys_do_not_come_back_after_a_turn_at_another_server(server, make):
    """The other server chooses where the second step leads: with the keys it would act for the portal."""
    with FaultServer() as other:
        other.on("/b", redirect(server.on("/c", answer(200, b"x"))))
        server.on("/a", redirect(other.url("/b")))
        with Client(allow=[server.allow, other.allow]) as client:
            client.get(server.url("/a"), headers={"Authorization": "Bearer k"}, etag='"v"')
    last = server.requests[-1]
    assert last.path == "/c"
    assert not {"authorization", "if-none-match", "cookie"} & set(last.headers)


@pytest.mark.parametrize("to", ["http://x.example:{port}/", "https://server.example:{port}/"])
def test_keys_go_to_no_other_name_or_scheme_of_the_same_machine(server, make, to):
    names = {"server.example": "127.0.0.1", "x.example": "127.0.0.1"}
    allow = [f"{name}:{server.port}" for name in names]
    server.otherwise = answer(200, b"x")
    server.on("/a", redirect(to.format(port=server.port)))
    client = Client(
        allow=allow, resolver=lambda host, port: [names[host]], retries=ONCE, connect_seconds=0.3
    )
    with client, contextlib.suppress(HttpError):
        client.get(f"http://server.example:{server.port}/a", headers={"X-Key": "k"})
    assert [r.path for r in server.requests if "x-key" in r.headers] == ["/a"]


# Connections


def test_an_open_connection_does_not_serve_a_name_that_was_not_checked(server):
    """Two names of one machine: only one of them may be asked."""
    url = server.on("/a", answer(200, b"x"))
    allow = [f"first.example:{server.port}"]
    with Client(allow=allow, resolver=lambda host, port: ["127.0.0.1"], retries=ONCE) as client:
        client.get(url.replace("127.0.0.1", "first.example"))
        for name in ("second.example", "127.0.0.1", "first.example.second.example"):
            with pytest.raises((AddressRefused, UrlRefused)):
                client.get(url.replace("127.0.0.1", name))
    assert server.hits == 1


def test_a_name_is_asked_anew_for_each_connection(server, monkeypatch):
    """What was public at the first connection is loopback at the second."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    opened: list[str] = []

    def connect(self, to):
        opened.append(to[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(transport.TimedSocket, "connect", connect)
    with Client(resolver=lambda host, port: next(answers), retries=ONCE) as client:
        with pytest.raises(Unreachable):
            client.get("http://rebind.example/")
        with pytest.raises(AddressRefused):
            client.get("http://rebind.example/")
    assert opened == ["93.184.216.34"]


def test_a_retry_checks_the_address_again(monkeypatch):
    answers = iter([["93.184.216.34"], ["10.0.0.1"]])
    opened: list[str] = []

    def connect(self, to):
        opened.append(to[0])
        raise ConnectionResetError

    monkeypatch.setattr(transport.TimedSocket, "connect", connect)
    client = Client(resolver=lambda host, port: next(answers), sleep=lambda _: None)
    with client, pytest.raises(AddressRefused):
        client.get("http://rebind.example/")
    assert opened == ["93.184.216.34"]


# Time


def test_the_limits_are_those_that_are_promised():
    told = {name: p.default for name, p in inspect.signature(Client.__init__).parameters.items()}
    assert (told["connect_seconds"], told["read_seconds"], told["total_seconds"]) == (5, 15, 120)
    assert (Limits().max_bytes, Limits().ratio) == (50 * MB, 100)
    assert transport.Guard(transport.Allowed()).connect_seconds == 5


@pytest.mark.slow
def test_a_byte_a_second_is_given_up_after_120_seconds():
    with FaultServer() as server, Client(allow=[server.allow]) as client:
        url, started = server.on("/a", slow(b"x" * 1000, 1.0)), time.monotonic()
        with pytest.raises(TookTooLong):
            client.get(url)
        assert 110 < time.monotonic() - started < 125


def test_a_server_may_name_the_moment_to_come_again(server, make):
    when = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 20))
    client = make()
    client.get(server.on("/a", in_turn(answer(503, retry_after=when), answer(200, b"x"))))
    [slept] = client.slept
    assert 17 < slept <= 20


@pytest.mark.parametrize("when", ["99999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "600"])
def test_a_server_cannot_make_the_portal_wait_for_ever(server, make, when):
    client = make()
    with pytest.raises(Busy):
        client.get(server.on("/a", answer(429, retry_after=when)))
    assert sum(client.slept) <= 120


def test_what_is_sent_short_is_asked_again_and_not_taken_for_whole(server, make):
    url = server.on("/a", in_turn(truncated(b"ha", 4), answer(200, b"half")))
    assert make().get(url).read() == b"half"
