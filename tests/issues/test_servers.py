"""The servers that the tests of readers stand on: each fault is what it says, at the request it says."""

from __future__ import annotations

import json

import pytest
from servers import going_wrong as wrong
from servers.serving import Fault, serving

from ckanext.municipal.lib.http import (
    BadStatus,
    BodyBroken,
    Busy,
    Client,
    Limits,
    Retries,
    TookTooLong,
    TooLarge,
    Unreachable,
)
from dev.demo.web import Asked, Said, said_json


def numbers(asked: Asked) -> Said:
    """Say as many numbers as are asked for."""
    return said_json(list(range(int(asked.query.get("size", "3")))))


def ask(server, path: str = "/numbers?size=3", attempts: int = 1) -> bytes:
    slept: list[float] = []
    client = Client(
        allow=[server.allow],
        limits=Limits(max_bytes=100_000),
        retries=Retries(attempts=attempts, jitter=lambda: 0.0),
        read_seconds=1.5,
        total_seconds=6.0,
        sleep=slept.append,
    )
    with client, client.get(server.url(path)) as answer:
        return answer.read()


def test_a_program_is_asked_with_its_query():
    with serving(numbers) as server:
        assert json.loads(ask(server)) == [0, 1, 2]
        assert [r.path for r in server.requests] == ["/numbers?size=3"]


@pytest.mark.parametrize(
    ("how", "error"),
    [
        (wrong.timeout(), TookTooLong),
        (wrong.reset(), Unreachable),
        (wrong.reset_midway(), BodyBroken),
        (wrong.hang_up(), Unreachable),
        (wrong.too_many(), Busy),
        (wrong.error(), BadStatus),
        (wrong.done_but_error(), Busy),
        (wrong.cut_off(), BodyBroken),
        (wrong.endless(), TooLarge),
        (wrong.slow(0.3), TookTooLong),
    ],
)
def test_a_fault_is_the_error_of_the_client_that_it_should_be(how, error):
    with serving(numbers, Fault(how)) as server:
        with pytest.raises(error):
            ask(server, "/numbers?size=50")
        assert json.loads(ask(server)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("how", "body"),
    [
        (wrong.login_page(), wrong.LOGIN_PAGE),
        (wrong.truncated(), b"[0, 1"),
        (wrong.promised_less(1), b"[0, 1, 2"),
        (wrong.empty(), b""),
        (wrong.changed(lambda value: value * 2), b"[0, 1, 2, 0, 1, 2]"),
        (wrong.body(lambda body: b"<b>Notice</b>" + body), b"<b>Notice</b>[0, 1, 2]"),
    ],
)
def test_a_fault_of_the_content_comes_with_status_200(how, body):
    with serving(numbers, Fault(how)) as server:
        assert ask(server) == body
        assert ask(server) == b"[0, 1, 2]"


def test_a_fault_comes_where_and_as_often_as_it_says():
    with serving(numbers, Fault(wrong.empty(), on="size=2", after=1, times=2)) as server:
        lengths = [len(ask(server, f"/numbers?size={size}")) for size in (2, 3, 2, 3, 2, 2)]
    assert lengths == [6, 9, 0, 9, 0, 6]


def test_something_happens_between_two_answers():
    happened: list[str] = []
    fault = Fault(wrong.meanwhile(lambda: happened.append("update")), after=1)
    with serving(numbers, fault) as server:
        ask(server)
        assert not happened
        ask(server)
        assert happened == ["update"]


def test_the_server_tells_its_own_time():
    with (
        serving(numbers, clock=lambda: 0.0) as server,
        Client(allow=[server.allow]) as client,
        client.get(server.url("/")) as answer,
    ):
        assert answer.headers["date"] == "Thu, 01 Jan 1970 00:00:00 GMT"
