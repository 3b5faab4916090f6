"""The guarded client as others know ``requests``: its calls, sessions, answers and errors.

For code of others that asks the web by ``requests`` and cannot be given a client. Every request is
made whole by ``Client``: its checks of addresses, its limits, its redirects. What a caller sets of
that itself (time-outs, proxies, unverified certificates, adapters of its own) has no effect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http.client import responses
from typing import Any, BinaryIO

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

from ckanext.municipal.lib.http.answer import Answer
from ckanext.municipal.lib.http.client import Client
from ckanext.municipal.lib.http.errors import BadStatus, HttpError, UrlRefused
from ckanext.municipal.lib.http.urls import shown
from ckanext.municipal.lib.texts import N_

# The client decides these, for each server anew.
_CLIENTS_OWN = frozenset({"accept-encoding", "connection", "content-length", "host", "cookie"})
# A body is decompressed and whole when it is handed on, so these would say what is no longer true.
_NO_LONGER_TRUE = frozenset({"content-encoding", "content-length", "transfer-encoding"})
# What code takes from the module besides its calls; nothing here opens a connection.
_HARMLESS = frozenset(
    {"PreparedRequest", "Request", "Response", "auth", "codes", "exceptions", "structures"}
    | {
        name
        for name, value in vars(requests.exceptions).items()
        if hasattr(requests, name) and isinstance(value, type) and issubclass(value, Exception)
    }
)


class RequestRefused(requests.ConnectionError):
    """A request that gave no usable answer, told as callers of ``requests`` expect to be told.

    Its text is the sentence of the ``HttpError`` that caused it.
    """


class ClientAdapter(BaseAdapter):
    """A ``requests`` adapter that lets a client make the whole request."""

    def __init__(self, client: Client) -> None:
        """Take the client; ``close`` closes it."""
        super().__init__()
        self._client = client

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """Return the answer, its body in a file that goes with it; raises ``RequestRefused``.

        An HTTP status that is not success is an answer without a body.
        """
        try:
            with self._asked(request) as answer:
                body = answer.path.open("rb") if answer.path else None
                return _response(request, answer.status, answer.headers, body, answer.url)
        except BadStatus as error:
            return _response(request, error.values["status"], {}, None, request.url or "")
        except HttpError as error:
            raise RequestRefused(str(error), request=request) from error

    def close(self) -> None:
        """Close the client."""
        self._client.close()

    def _asked(self, request: requests.PreparedRequest) -> Answer:
        url, body = request.url or "", request.body
        headers = {
            name: value if isinstance(value, str) else value.decode("latin-1")
            for name, value in request.headers.items()
            if name.lower() not in _CLIENTS_OWN
        }
        if request.method == "GET" and body is None:
            return self._client.get(url, headers=headers)
        if request.method == "HEAD" and body is None:
            return self._client.head(url, headers=headers)
        if request.method == "POST" and isinstance(body, str | bytes | None):
            sent = body.encode() if isinstance(body, str) else body or b""
            return self._client.post(url, sent, headers=headers)
        raise UrlRefused(
            N_("{url} was not asked: what harvests reads (GET, HEAD, POST) and changes nothing."),
            url=shown(url),
        )


def _response(
    request: requests.PreparedRequest,
    status: int,
    headers: Mapping[str, str],
    body: BinaryIO | None,
    url: str,
) -> requests.Response:
    response = requests.Response()
    response.request, response.status_code = request, status
    response.reason = responses.get(status, "")
    response.headers = CaseInsensitiveDict(
        {name: value for name, value in headers.items() if name not in _NO_LONGER_TRUE}
    )
    asked = request.url or ""
    response.url = asked if asked.partition("?")[0] == url else url
    # Where nothing is said, UTF-8 is what JSON and XML are. To guess may take minutes.
    said = "charset" in response.headers.get("content-type", "").lower()
    response.encoding = (said and get_encoding_from_headers(response.headers)) or "utf-8"
    response.raw = body
    if body is None:
        response._content = b""
        response._content_consumed = True  # type: ignore[attr-defined]
    return response


class GuardedSession(requests.Session):
    """A session that asks by a client alone, whatever adapters are mounted onto it."""

    def __init__(self, client: Client, *, raising: bool = False) -> None:
        """Take the client; closing the session closes it. ``raising`` is as in the module's."""
        super().__init__()
        self.trust_env = False
        self._asks_by = ClientAdapter(client)
        self._raising = raising

    def get(self, url: str | bytes, **kwargs: Any) -> requests.Response:
        """Ask as ``Session.get`` does."""
        response = super().get(url, **kwargs)
        if self._raising:
            response.raise_for_status()
        return response

    def get_adapter(self, url: str) -> BaseAdapter:  # type: ignore[override]
        """Return the client's adapter: for every scheme, as the client refuses the others."""
        return self._asks_by

    def close(self) -> None:
        """Close the client, and what was mounted."""
        self._asks_by.close()
        super().close()


class GuardedRequests:
    """Stands where a module of others has the name ``requests``; offers what is safe of it.

    ``make`` gives a client for each call or session. With ``raising``, ``get`` raises
    ``HTTPError`` for a status that is not success, for callers that do not look at it.
    """

    def __init__(self, make: Callable[[], Client], *, raising: bool = False) -> None:
        """Take what makes a client."""
        self._make = make
        self._raising = raising

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        """Ask as ``requests.request`` does, by a client."""
        with self.Session() as session:
            return session.request(method=method, url=url, **kwargs)

    def get(self, url: str, params: Any = None, **kwargs: Any) -> requests.Response:
        """Ask as ``requests.get`` does."""
        with self.Session() as session:
            return session.get(url, params=params, **kwargs)

    def head(self, url: str, **kwargs: Any) -> requests.Response:
        """Ask as ``requests.head`` does; redirects are followed."""
        return self.request("head", url, **kwargs)

    def post(self, url: str, data: Any = None, json: Any = None, **kwargs: Any) -> Any:
        """Ask as ``requests.post`` does."""
        return self.request("post", url, data=data, json=json, **kwargs)

    def urlopen(self, url: str, data: bytes | None = None, timeout: Any = None) -> Any:
        """Ask as ``urllib.request.urlopen`` does; returns the open body."""
        response = self.request("post" if data else "get", url, data=data, stream=True)
        response.raise_for_status()
        return response.raw

    def Session(self) -> GuardedSession:  # noqa: N802 - named as in requests
        """Return a session with a client of its own."""
        return GuardedSession(self._make(), raising=self._raising)

    session = Session

    def __getattr__(self, name: str) -> Any:
        """Return errors and other names of the module that open no connection."""
        if name in _HARMLESS:
            return getattr(requests, name)
        raise AttributeError(f"requests.{name} is not offered here: it may ask unguarded")
