"""The guarded client against a server that misbehaves: limits of time and size, retries, validators."""

from __future__ import annotations

import hashlib
import logging

import pytest
from faults import (
    FaultServer,
    answer,
    hang_up,
    in_turn,
    raw,
    redirect,
    reset,
    truncated,
)

from ckanext.municipal.lib.http import (
    BadStatus,
    Busy,
    Client,
    HttpError,
    NotAllowed,
    NotThere,
    Retries,
    TooManyRedirects,
    Unreachable,
    UrlRefused,
)

MB = 1024 * 1024
ONCE = Retries(attempts=1)


def test_a_file_is_saved_counted_and_digested(server, make, tmp_path):
    body = bytes(range(256)) * 1000
    url = server.on("/a.csv", answer(200, body, etag='"v1"', content_type="text/csv"))
    with make().get(url + "?key=secret#part") as got:
        assert (got.status, got.size, got.read()) == (200, len(body), body)
        assert got.sha256 == hashlib.sha256(body).hexdigest()
        assert got.etag == '"v1"'
        assert got.headers["content-type"] == "text/csv"
        assert got.url == url
        assert list(tmp_path.iterdir()) == [got.path]
    assert list(tmp_path.iterdir()) == []
    assert server.requests[0].path == "/a.csv?key=secret"


def test_an_answer_that_is_dropped_takes_its_file_along(server, make, tmp_path):
    got = make().get(server.on("/a", answer(200, b"x")))
    assert got.path.exists()
    del got
    assert list(tmp_path.iterdir()) == []


def test_greek_addresses_are_asked_percent_encoded(server, make):
    server.on("/%CE%AD%CF%84%CE%BF%CF%82/%CE%B1%20%CE%B2.csv", answer(200, b"x"))
    assert make().get(server.url("/έτος/α%20β.csv")).status == 200


def test_one_connection_serves_many_requests(server, make):
    url, client = server.on("/a", answer(200, b"x")), make()
    for _ in range(20):
        client.get(url).close()
    assert server.hits == 1
    assert len(server.requests) == 20


def test_what_did_not_change_is_not_sent_again(server, make):
    url = server.on("/a", answer(304, etag='"v1"'))
    got = make().get(url, etag='"v1"', modified="Mon, 04 Apr 2016 18:29:00 GMT")
    assert got.not_modified
    assert got.read() == b""
    assert server.requests[0].headers["if-none-match"] == '"v1"'
    assert server.requests[0].headers["if-modified-since"] == "Mon, 04 Apr 2016 18:29:00 GMT"


def test_a_304_that_nobody_asked_for_is_an_error(server, make):
    with pytest.raises(BadStatus):
        make().get(server.on("/a", answer(304)))


def test_a_head_has_headers_and_no_body(server, make):
    got = make().head(server.on("/a", answer(200, b"12345", etag='"v"')))
    assert (got.headers["content-length"], got.etag, got.read()) == ("5", '"v"', b"")


def test_any_success_is_an_answer(server, make):
    assert make().get(server.on("/a", answer(202, b"queued"))).read() == b"queued"
    assert make().get(server.on("/b", raw(b"HTTP/1.1 204 No\r\n\r\n"))).read() == b""


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, BadStatus),
        (401, NotAllowed),
        (403, NotAllowed),
        (404, NotThere),
        (410, NotThere),
        (500, BadStatus),
    ],
)
def test_an_error_status_is_a_sentence_and_not_tried_again(server, make, status, error):
    client, url = make(), server.on("/a", answer(status, b"secret stack trace"))
    with pytest.raises(error) as caught:
        client.get(url + "?password=hidden")
    assert str(status) in str(caught.value)
    assert "hidden" not in str(caught.value)
    assert "secret" not in str(caught.value)
    assert len(server.requests) == 1
    assert client.slept == []


# Retries


@pytest.mark.parametrize(
    "fault",
    [
        answer(429),
        answer(502),
        answer(503),
        answer(504),
        reset(),
        hang_up(),
        truncated(b"half", 100),
        raw(b"garbage\r\n\r\n"),
    ],
)
def test_what_passes_is_tried_again(server, make, fault):
    client, url = make(), server.on("/a", in_turn(fault, fault, answer(200, b"whole")))
    assert client.get(url).read() == b"whole"
    assert client.slept == [0.5, 1.0]


def test_the_fourth_failure_is_the_last(server, make, tmp_path):
    client = make()
    with pytest.raises(Unreachable):
        client.get(server.on("/a", reset()))
    assert len(server.requests) == 4
    assert client.slept == [0.5, 1.0, 2.0]
    assert list(tmp_path.iterdir()) == []


def test_the_server_says_how_long_to_wait(server, make):
    client, url = make(), server.on("/a", in_turn(answer(429, retry_after="7"), answer(200, b"x")))
    assert client.get(url).read() == b"x"
    assert client.slept == [7.0]


def test_a_wait_beyond_the_time_for_everything_is_not_begun(server, make):
    client = make(total_seconds=60.0)
    with pytest.raises(Busy) as caught:
        client.get(server.on("/a", answer(503, retry_after="3600")))
    assert caught.value.retry_after == 3600
    assert client.slept == []


def test_a_port_where_nobody_listens_is_unreachable(make):
    with FaultServer() as gone:
        url, allow = gone.url("/"), gone.allow
    with Client(allow=[allow], retries=ONCE) as client, pytest.raises(Unreachable):
        client.get(url)


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(server, make, status):
    server.on("/new/a.csv", answer(200, b"x"))
    got = make().get(server.on("/old", redirect("new/a.csv", status)))
    assert got.read() == b"x"
    assert got.url == server.url("/new/a.csv")


def test_a_redirect_to_a_greek_address_works(server, make):
    server.on("/%CE%B1.csv", answer(200, b"x"))
    assert make().get(server.on("/old", redirect("/α.csv"))).status == 200


def test_three_redirects_are_enough(server, make):
    for step in range(4):
        server.on(f"/{step}", redirect(f"/{step + 1}"))
    server.on("/4", answer(200, b"x"))
    assert make().get(server.url("/1")).read() == b"x"
    with pytest.raises(TooManyRedirects):
        make().get(server.url("/0"))


def test_a_circle_of_redirects_ends(server, make):
    server.on("/b", redirect("/a"))
    with pytest.raises(TooManyRedirects):
        make().get(server.on("/a", redirect("/b")))
    assert len(server.requests) == 4


def test_the_body_of_a_redirect_is_not_read(server, make):
    def fault(exchange):
        exchange.head(302, {"location": "/b", "content-length": str(10**12)})
        while exchange.wait(0):
            exchange.send(b"x" * 65536)

    server.on("/b", answer(200, b"x"))
    assert make().get(server.on("/a", fault)).read() == b"x"


@pytest.mark.parametrize(
    "to",
    ["file:///etc/passwd", "gopher://x/", "ftp://x/", "http://user:pw@x.org/", "http://x.org:22/"],
)
def test_a_redirect_to_what_is_not_asked_is_refused(server, make, to):
    with pytest.raises(UrlRefused) as caught:
        make().get(server.on("/a", redirect(to)))
    assert "pw" not in str(caught.value)


def test_keys_are_not_carried_to_another_server(server, make):
    with FaultServer() as other:
        other.on("/b", answer(200, b"x"))
        with Client(allow=[server.allow, other.allow]) as client:
            url = server.on("/a", redirect(other.url("/b")))
            client.get(url, headers={"Authorization": "Bearer k", "X-Key": "k"}, etag='"v"')
        assert server.requests[0].headers["x-key"] == "k"
        assert not {"authorization", "x-key", "if-none-match"} & set(other.requests[0].headers)


def test_cookies_are_not_kept(server, make):
    client, url = make(), server.on("/a", answer(200, b"x", set_cookie="id=1"))
    client.get(url)
    client.get(url)
    assert "cookie" not in server.requests[1].headers


# Surroundings


def test_the_environment_has_no_say(server, make, monkeypatch, tmp_path):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    netrc = tmp_path.parent / "netrc"
    netrc.write_text("default login me password secret")
    monkeypatch.setenv("NETRC", str(netrc))
    assert make().get(server.on("/a", answer(200, b"x"))).status == 200
    assert "authorization" not in server.requests[0].headers


def test_the_portals_proxy_is_used_for_names_only_it_knows(server):
    def knows_nothing(host, port):
        raise OSError

    def proxied(exchange):
        body = exchange.request.path.encode()
        exchange.head(200, {"content-length": str(len(body))})
        exchange.send(body)

    server.routes["http://inside.example/a"] = proxied
    with Client(proxy=f"http://127.0.0.1:{server.port}", resolver=knows_nothing) as client:
        assert client.get("http://inside.example/a").read() == b"http://inside.example/a"


def test_what_is_known_to_be_private_is_refused_before_the_proxy_is_asked(server):
    with Client(proxy=f"http://127.0.0.1:{server.port}") as client, pytest.raises(HttpError):
        client.get("http://169.254.169.254/latest/meta-data/")
    assert server.hits == 0


def test_log_lines_hold_no_query_and_no_credentials(server, make, caplog):
    caplog.set_level(logging.DEBUG, logger="ckanext.municipal")
    url = server.on("/a", in_turn(answer(503), answer(200, b"x")))
    make().get(url + "?token=s3cret&x=1", headers={"Authorization": "Bearer s3cret"})
    with pytest.raises(HttpError):
        make().get(f"http://me:s3cret@127.0.0.1:{server.port}/a%0d%0aforged?token=s3cret")
    lines = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("ckanext.municipal")
    ]
    assert any("/a: 200, 1 bytes" in line for line in lines)
    assert not [line for line in lines if "s3cret" in line or "\n" in line or "?" in line]


def test_every_error_has_a_sentence_in_english_without_open_places():
    def kinds(kind):
        yield kind
        for below in kind.__subclasses__():
            yield from kinds(below)

    values = {"url": "u", "host": "h", "seconds": 1, "limit": 1, "status": 1}
    for kind in kinds(HttpError):
        sentence = kind(**values).message("en")
        assert sentence.endswith(".")
        assert "{" not in sentence
