"""A made-up program on the web: a function from what was asked to what is said, and a server for it.

The tests serve the same functions with faults (tests/issues/servers).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request: method, path, query (the last of a repeated name), headers in lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """An answer: status, body, content type, further headers."""

    status: int = 200
    body: bytes = b""
    type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


App = Callable[[Asked], Said]


def asked(method: str, target: str, headers: Mapping[str, str]) -> Asked:
    """Return the request that a first line and headers make."""
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Asked(method, parts.path, query, headers)


def said_json(value: Any, status: int = 200) -> Said:
    """Return an answer that is a JSON value."""
    return Said(status, json.dumps(value, ensure_ascii=False).encode("utf-8"))


def server(app: App, port: int = 0) -> ThreadingHTTPServer:
    """Return a server of a program on a port of loopback, not yet serving; 0 is any free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            said = app(asked(self.command, self.path, headers))
            self.send_response(said.status)
            self.send_header("Content-Type", said.type)
            self.send_header("Content-Length", str(len(said.body)))
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said.body)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            """Log nothing: a query may hold a token."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
