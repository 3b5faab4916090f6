"""The guarded client as code of others knows `requests`."""

from __future__ import annotations

import gzip
import types
from collections.abc import Callable
from typing import Any

import pytest
import requests
from faults import FaultServer, answer, endless, gzip_bomb, redirect, reset
from requests.adapters import HTTPAdapter

from ckanext.municipal.lib.http import Client, GuardedRequests, RequestRefused, Retries


@pytest.fixture
def offered(server, tmp_path) -> GuardedRequests:
    """`requests` as a module of others would see it."""
    once = Retries(attempts=1)
    return GuardedRequests(lambda: Client(allow=[server.allow], folder=tmp_path, retries=once))


def test_what_callers_use_of_requests_works(offered, server, tmp_path):
    body = "Δέντρα".encode()
    packed = answer(
        200, gzip.compress(body), content_encoding="gzip", content_type="text/plain; charset=utf-8"
    )
    got = offered.get(server.on("/a", packed), params={"q": "ά"}, headers={"X-Key": "k"}, timeout=3)
    assert (got.status_code, got.ok, got.reason) == (200, True, "OK")
    assert got.text == "Δέντρα"
    assert "content-encoding" not in got.headers
    assert got.headers["Content-Type"].startswith("text/plain")
    assert got.url.endswith("/a?q=%CE%AC")
    assert server.requests[0].headers["x-key"] == "k"
    got = offered.get(server.url("/a"), stream=True)
    assert b"".join(got.iter_content(chunk_size=3)) == body
    assert offered.head(server.url("/a")).content == b""
    assert offered.request("GET", server.url("/a")).content == body
    assert offered.urlopen(server.url("/a")).read() == body
    assert list(tmp_path.iterdir()) == []


def test_json_without_a_charset_is_utf_8(offered, server):
    url = server.on("/a", answer(200, '{"α": "β"}'.encode(), content_type="text/x"))
    assert offered.get(url).json() == {"α": "β"}


def test_a_status_is_the_callers_to_judge_or_an_error_where_callers_are_blind(offered, server):
    url = server.on("/a", answer(404, b"what the server writes"))
    got = offered.get(url)
    assert (got.status_code, got.ok, got.content) == (404, False, b"")
    with pytest.raises(requests.HTTPError, match="404"):
        got.raise_for_status()
    blind = GuardedRequests(lambda: Client(allow=[server.allow]), raising=True)
    for ask in (blind.get, blind.Session().get):
        with pytest.raises(requests.HTTPError) as caught:
            ask(url)
        assert caught.value.response.status_code == 404


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (reset, "connection failed"),
        (endless, "larger than 50 MB"),
        (lambda: answer(200, gzip_bomb(1024), content_encoding="gzip"), "more than 100 times"),
        (lambda: redirect("http://10.0.0.1/"), "ckanext.municipal.http.allow"),
        (lambda: redirect("file:///etc/passwd"), "not a web address"),
    ],
    ids=["reset", "endless", "bomb", "inside", "file"],
)
def test_a_refusal_is_a_connection_error_of_requests_with_our_sentence(
    fault, said, offered, server
):
    with pytest.raises(offered.exceptions.ConnectionError, match=said) as caught:
        offered.get(server.on("/a", fault()))
    assert isinstance(caught.value, RequestRefused)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x.org/", "http://127.0.0.1/", "data:,x"]
)
def test_no_way_of_asking_leads_elsewhere(url, offered):
    ways: list[Callable[[str], Any]] = [
        offered.get,
        offered.head,
        offered.post,
        offered.urlopen,
        offered.Session().get,
        offered.Session().head,
        offered.session().post,
        lambda url: offered.request("OPTIONS", url),
        lambda url: offered.Session().send(requests.Request("GET", url).prepare()),
    ]
    for way in ways:
        with pytest.raises(requests.RequestException):
            way(url)


def test_what_a_caller_mounts_or_sets_does_not_unguard(offered, server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", server.url(""))
    monkeypatch.setenv("NO_PROXY", "")
    session = offered.Session()
    session.mount("http://", HTTPAdapter())
    session.mount("http://127.0.0.2", HTTPAdapter())
    session.proxies = {"http": server.url("")}
    session.trust_env = True
    session.verify = False
    with pytest.raises(RequestRefused, match=r"http\.allow"):
        session.get("http://127.0.0.2/", verify=False, proxies={"http": server.url("")})
    assert server.hits == 0


def test_cookies_and_the_hosts_name_are_the_clients(offered, server):
    url = server.on("/a", answer(200, b"x", set_cookie="a=b"))
    session = offered.Session()
    session.get(url, headers={"Host": "inside.example", "Cookie": "c=d"})
    session.get(url)
    assert [one.headers["host"] for one in server.requests] == [server.allow, server.allow]
    assert all("cookie" not in one.headers for one in server.requests)


def test_a_form_is_posted_once_and_nowhere_else(offered, server):
    got = offered.post(server.on("/a", answer(200, b"ok")), data=b"<x/>", headers={"A": "b"})
    assert got.content == b"ok"
    assert (server.requests[0].method, server.requests[0].headers["content-length"]) == (
        "POST",
        "4",
    )
    with pytest.raises(RequestRefused, match="leads to another address"):
        offered.post(server.on("/b", redirect("/a", 307)), data="x")
    retrying = GuardedRequests(lambda: Client(allow=[server.allow], sleep=lambda _: None))
    with pytest.raises(RequestRefused):
        retrying.post(server.on("/c", reset()), json={"a": 1})
    assert [one.path for one in server.requests] == ["/a", "/b", "/c"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_harvests_change_nothing_elsewhere(offered, server, method):
    with pytest.raises(RequestRefused, match="changes nothing"):
        offered.request(method, server.url("/a"))
    assert server.hits == 0


def test_what_could_ask_unguarded_is_not_offered(offered):
    for name in ("sessions", "api", "adapters", "put", "utils", "packages", "compat"):
        with pytest.raises(AttributeError, match="unguarded"):
            getattr(offered, name)
    for name, value in vars(requests).items():
        if not name.startswith("_") and isinstance(value, types.FunctionType):
            assert getattr(offered, name, None) is not value, name
    assert offered.exceptions is requests.exceptions
    assert offered.Response is requests.Response
    assert FaultServer
