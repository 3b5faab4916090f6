"""The ways in which an answer can go wrong, for `servers.serving.Fault`.

Each is a function of the raw exchange and of ``say``, which returns what the program says.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import faults
from faults import Behaviour, Exchange

from dev.demo.web import Said

How = Callable[[Exchange, Callable[[], Said]], Any]

LOGIN_PAGE = "<!DOCTYPE html><html><body><form>Παρακαλώ συνδεθείτε</form></body></html>".encode()


def well(exchange: Exchange, said: Said) -> bool:
    """Answer as the program says."""
    length = {"Content-Type": said.type, "Content-Length": str(len(said.body))}
    exchange.head(said.status, {**length, **said.headers})
    if exchange.request.method != "HEAD":
        exchange.send(said.body)
    return True


def timeout() -> How:
    """Take the request and never answer."""
    return _whatever(faults.silent())


def reset() -> How:
    """Break the connection instead of answering."""
    return _whatever(faults.reset())


def reset_midway() -> How:
    """Break the connection in the middle of the body."""

    def how(exchange: Exchange, say: Callable[[], Said]) -> None:
        said = say()
        exchange.head(said.status, {"Content-Length": str(len(said.body))})
        exchange.send(said.body[: len(said.body) // 2])
        faults.reset()(exchange)

    return how


def hang_up() -> How:
    """Close the connection without a word."""
    return _whatever(faults.hang_up())


def too_many(retry_after: str = "1") -> How:
    """Answer 429 and say when to come again."""
    return _whatever(faults.answer(429, b"slow down", retry_after=retry_after))


def error(status: int = 500) -> How:
    """Answer with an error; the program knows nothing of the request."""
    return _whatever(faults.answer(status, b"<html>Fatal error</html>", content_type="text/html"))


def done_but_error(status: int = 503) -> How:
    """Let the program do its work, then answer with an error all the same."""

    def how(exchange: Exchange, say: Callable[[], Said]) -> Any:
        say()
        return faults.answer(status, b"Gateway error")(exchange)

    return how


def login_page() -> How:
    """Answer 200 with a page for people."""
    return _whatever(faults.answer(200, LOGIN_PAGE, content_type="text/html; charset=utf-8"))


def truncated(share: float = 0.6) -> How:
    """Leave out the end of the body; its length is told as it is, so that only its content shows it."""
    return _body(lambda body: body[: int(len(body) * share)])


def cut_off(share: float = 0.6) -> How:
    """Promise the whole length, and close before it is sent."""

    def how(exchange: Exchange, say: Callable[[], Said]) -> Any:
        body = say().body
        return faults.truncated(body[: int(len(body) * share)], len(body))(exchange)

    return how


def promised_less(by: int = 10) -> How:
    """Send more than ``Content-Length`` says."""

    def how(exchange: Exchange, say: Callable[[], Said]) -> Any:
        body = say().body
        return faults.truncated(body, max(0, len(body) - by))(exchange)

    return how


def empty() -> How:
    """Answer with no body at all."""
    return _body(lambda body: b"")


def changed(change: Callable[[Any], Any]) -> How:
    """Answer with another JSON value, made of what the program says: its list emptied, a field renamed."""
    return _body(lambda body: json.dumps(change(json.loads(body))).encode())


def body(replace: Callable[[bytes], bytes]) -> How:
    """Answer with other bytes, made of what the program says."""
    return _body(replace)


def endless() -> How:
    """Send a body without an end."""
    return _whatever(faults.endless())


def slow(pause: float = 1.0) -> How:
    """Send the body byte by byte, ``pause`` seconds between them."""
    return lambda exchange, say: faults.slow(say().body, pause)(exchange)


def meanwhile(do: Callable[[], Any]) -> How:
    """Answer well, but let something happen between this answer and the next, such as a row's update."""

    def how(exchange: Exchange, say: Callable[[], Said]) -> bool:
        said = say()
        do()
        return well(exchange, said)

    return how


def _whatever(behaviour: Behaviour) -> How:
    return lambda exchange, say: behaviour(exchange)


def _body(replace: Callable[[bytes], bytes]) -> How:
    def how(exchange: Exchange, say: Callable[[], Said]) -> bool:
        said = say()
        return well(exchange, Said(said.status, replace(said.body), said.type, said.headers))

    return how
