"""A web server that misbehaves on purpose, in this process, on a free port of loopback.

``with FaultServer() as server: server.on("/x", reset())``; it counts what reached it.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import socketserver
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Request:
    """What a client sent: method, path with its query, headers in lower case."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)


class Exchange:
    """One request and the raw way back."""

    def __init__(self, server: FaultServer, connection: socket.socket, request: Request) -> None:
        self.server, self.connection, self.request = server, connection, request

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def head(self, status: int, headers: dict[str, str]) -> None:
        lines = [
            f"HTTP/1.1 {status} Status",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self.send("\r\n".join([*lines, "", ""]).encode("utf-8"))

    def wait(self, seconds: float) -> bool:
        """Wait, or less when the server stops; tell whether to go on."""
        return not self.server.stopping.wait(seconds)


Behaviour = Callable[[Exchange], Any]


class FaultServer:
    """The server: ``hits`` is every connection, ``requests`` every request that was read.

    ``otherwise`` answers what has no route of its own.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> None:
        self.routes: dict[str, Behaviour] = {}
        self.otherwise: Behaviour = answer(404)
        self.requests: list[Request] = []
        self.hits = 0
        self.stopping = threading.Event()
        self._scheme = "https" if tls else "http"
        server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                server.hits += 1
                # Head and body are sent apart: without this each answer waits 40 ms for the client's word.
                self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with contextlib.suppress(OSError, ssl.SSLError):
                    server._serve(
                        tls.wrap_socket(self.request, server_side=True) if tls else self.request
                    )

        class Listener(socketserver.ThreadingTCPServer):
            address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
            daemon_threads = True
            request_queue_size = 50

        self._listener = Listener((address, 0), Handler)
        self.address = address
        self.port: int = self._listener.server_address[1]
        self.allow = f"[{address}]:{self.port}" if ":" in address else f"{address}:{self.port}"

    def __enter__(self) -> FaultServer:
        threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._listener.shutdown()
        self._listener.server_close()

    def on(self, path: str, behaviour: Behaviour) -> str:
        """Say what happens under a path; return its URL."""
        self.routes[path] = behaviour
        return self.url(path)

    def url(self, path: str) -> str:
        return f"{self._scheme}://{self.allow}{path}"

    def _serve(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        with contextlib.closing(connection):
            while request := _read_request(stream):
                self.requests.append(request)
                behaviour = self.routes.get(request.path.partition("?")[0], self.otherwise)
                if behaviour(Exchange(self, connection, request)) is not True:
                    return


def _read_request(stream: Any) -> Request | None:
    line = stream.readline().decode("latin-1").split()
    if len(line) < 2:
        return None
    request = Request(line[0], line[1])
    while header := stream.readline().strip():
        name, _, value = header.decode("latin-1").partition(":")
        request.headers[name.lower()] = value.strip()
    return request


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Behaviour:
    """Answer well; the connection stays open for more. ``content_type=`` is ``Content-Type:``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def behave(exchange: Exchange) -> bool:
        exchange.head(status, {"content-length": str(len(body)), **named})
        if exchange.request.method != "HEAD":
            exchange.send(body)
        return True

    return behave


def redirect(to: str, status: int = 302) -> Behaviour:
    """Send the client elsewhere."""
    return answer(status, b"moved", location=to)


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Behave in one way after another, in the last way from then on."""
    left = list(behaviours)

    def behave(exchange: Exchange) -> Any:
        return (left.pop(0) if len(left) > 1 else left[0])(exchange)

    return behave


def reset() -> Behaviour:
    """Break the connection with a TCP reset instead of answering."""

    def behave(exchange: Exchange) -> None:
        exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return behave


def hang_up() -> Behaviour:
    """Close the connection without a word."""
    return lambda exchange: None


def silent() -> Behaviour:
    """Take the request and never answer."""
    return lambda exchange: exchange.wait(600)


def slow(body: bytes, pause: float = 0.05) -> Behaviour:
    """Send the body byte by byte."""

    def behave(exchange: Exchange) -> None:
        exchange.head(200, {"content-length": str(len(body))})
        for byte in body:
            exchange.send(bytes([byte]))
            if not exchange.wait(pause):
                return

    return behave


def slow_headers(pause: float = 0.05) -> Behaviour:
    """Send headers byte by byte, without an end."""

    def behave(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\nx-slow: ")
        while exchange.wait(pause):
            exchange.send(b"x")

    return behave


def endless(chunk: bytes = b"0" * 65536, **headers: str) -> Behaviour:
    """Send a chunked body without an end."""

    def behave(exchange: Exchange) -> None:
        exchange.head(200, {"transfer-encoding": "chunked", **headers})
        while not exchange.server.stopping.is_set():
            exchange.send(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")

    return behave


def truncated(body: bytes, claimed: int) -> Behaviour:
    """Promise more bytes than are sent."""

    def behave(exchange: Exchange) -> None:
        exchange.head(200, {"content-length": str(claimed)})
        exchange.send(body)

    return behave


def raw(data: bytes) -> Behaviour:
    """Send these bytes and close."""
    return lambda exchange: exchange.send(data)


def gzip_bomb(megabytes: int) -> bytes:
    """Return gzip bytes of that many MB of zeros (a multiple of 64 is quick): a thousandth of it."""
    member = min(megabytes, 64)
    return gzip.compress(b"\0" * (member * 1024 * 1024)) * (megabytes // member)
