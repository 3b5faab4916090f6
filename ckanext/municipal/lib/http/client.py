"""The one client: every request that the suite makes goes through it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from urllib.parse import urljoin

import requests
from urllib3.exceptions import HTTPError as Urllib3Error
from urllib3.exceptions import ReadTimeoutError

from ckanext.municipal.lib.http import errors
from ckanext.municipal.lib.http.addresses import Allowed
from ckanext.municipal.lib.http.answer import Answer
from ckanext.municipal.lib.http.body import CHUNK, Limits, Saved, save, too_large
from ckanext.municipal.lib.http.deadline import Deadline, DeadlinePassed, running
from ckanext.municipal.lib.http.retries import Retries, retry_after
from ckanext.municipal.lib.http.transport import Guard, GuardedAdapter, Resolver, resolve
from ckanext.municipal.lib.http.urls import Target, check_url, shown
from ckanext.municipal.lib.texts import N_

log = logging.getLogger(__name__)

MAX_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
USER_AGENT = "ckanext-municipal"


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is asked, wherever redirects lead; ``conditional`` if headers hold validators.

    ``first`` bytes of a body are taken and no more, 0 for all of it.
    """

    method: str
    headers: Mapping[str, str]
    limits: Limits
    conditional: bool = False
    body: bytes | None = None
    first: int = 0


class Client:
    """Asks public web servers, within limits of time and size; keep one for many requests.

    One client belongs to one thread. Nothing is taken from the environment (no proxies, no
    netrc) and nothing is remembered between requests (no cookies); connections are kept alive.
    """

    def __init__(
        self,
        *,
        allow: Iterable[str] = (),
        proxy: str | None = None,
        connect_seconds: float = 5.0,
        read_seconds: float = 15.0,
        total_seconds: float = 120.0,
        limits: Limits | None = None,
        retries: Retries | None = None,
        user_agent: str = USER_AGENT,
        ca_file: str | None = None,
        folder: Path | None = None,
        resolver: Resolver = resolve,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take the operator's settings.

        ``allow`` are exceptions (``host``, ``host:port``, ``10.1.0.0/16``); ``proxy`` is CKAN's
        ``ckan.download_proxy``; times are in seconds, ``total_seconds`` covers redirects and
        retries; bodies are saved in ``folder``. Raises ``ValueError`` for an unreadable ``allow``.
        """
        self._allowed = Allowed.parse(allow)
        self._guard = Guard(self._allowed, resolver, connect_seconds)
        self._adapter = GuardedAdapter(self._guard)
        self._proxies = {"http": proxy, "https": proxy} if proxy else {}
        self._read_seconds = read_seconds
        self._total_seconds = total_seconds
        self._limits = limits or Limits()
        self._retries = retries or Retries()
        self._agent = user_agent
        self._verify = ca_file or True
        self._folder = folder
        self._sleep = sleep

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        modified: str | None = None,
        max_bytes: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return what is under a URL: a success (2xx) with its body, or 304 for given validators.

        ``headers`` are sent to the server of ``url`` only, never to where it redirects.
        Raises ``HttpError`` with a sentence for people for everything else.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        wanted = {name: value for name, value in conditions.items() if value}
        limits = replace(self._limits, max_bytes=max_bytes) if max_bytes else self._limits
        ask = _Ask("GET", {**(headers or {}), **wanted}, limits, bool(wanted))
        return self._persist(url, ask)

    def head(self, url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Return status and headers of what is under a URL; raises as ``get`` does."""
        return self._persist(url, _Ask("HEAD", headers or {}, self._limits))

    def peek(self, url: str, size: int) -> Answer:
        """Return status, headers and the first bytes of what is under a URL, however much follows.

        The bytes are as they came, not decompressed, and fewer where there are not so many. Raises
        as ``get`` does.
        """
        headers = {"Range": f"bytes=0-{size - 1}", "Accept-Encoding": "identity"}
        return self._persist(url, _Ask("GET", headers, self._limits, first=size))

    def post(self, url: str, body: bytes, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Send a body to a URL and return what it answers; raises as ``get`` does.

        Asked once: what a server did with a body whose answer was lost, nobody knows. A redirect
        is an error, as following it would send the body to a server that nobody named.
        """
        return self._persist(url, _Ask("POST", headers or {}, self._limits, body=body))

    def close(self) -> None:
        """Close the connections that are kept alive."""
        self._adapter.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _persist(self, url: str, ask: _Ask) -> Answer:
        """Ask, and ask again after a pause while that may help and the time allows it."""
        deadline = Deadline(self._total_seconds, self._read_seconds)
        attempt = 1
        while True:
            try:
                with running(deadline):
                    return self._follow(url, ask, deadline)
            except errors.HttpError as error:
                pause = self._retries.pause(attempt, error)
                if ask.body is not None or pause is None or pause >= deadline.remaining():
                    raise
                log.info("%s: try %d failed, next in %.1f s", shown(url), attempt, pause)
            self._sleep(pause)
            attempt += 1

    def _follow(self, url: str, ask: _Ask, deadline: Deadline) -> Answer:
        """Ask, following redirects; each new address is checked like the first."""
        first = target = check_url(url, self._allowed)
        for _ in range(MAX_REDIRECTS + 1):
            if target.origin != first.origin:
                ask = replace(ask, headers={}, conditional=False)
            with self._asked(target, ask, deadline) as response:
                location = response.headers.get("location")
                if response.status_code not in REDIRECTS or not location:
                    return self._answer(target, ask, response)
            if ask.body is not None:
                raise errors.TooManyRedirects(
                    N_("{url} leads to another address. Write that address instead."),
                    url=shown(url),
                )
            target = check_url(_joined(target.url, location), self._allowed)
        raise errors.TooManyRedirects(url=shown(url))

    @contextmanager
    def _asked(self, target: Target, ask: _Ask, deadline: Deadline) -> Iterator[requests.Response]:
        standard = {"User-Agent": self._agent, "Accept-Encoding": "gzip, deflate", "Accept": "*/*"}
        with self._faults(target, deadline):
            headers = {**standard, **ask.headers}
            request = requests.Request(ask.method, target.url, headers, data=ask.body)
            if self._proxies:
                self._check_behind_proxy(target)
            response = self._adapter.send(
                request.prepare(),
                stream=True,
                timeout=(self._guard.connect_seconds, deadline.wait()),
                verify=self._verify,
                proxies=self._proxies,
            )
            try:
                yield response
            finally:
                response.close()

    def _check_behind_proxy(self, target: Target) -> None:
        """Refuse what is known not to be public; names only the proxy knows are its to guard."""
        with suppress(errors.NameNotFound):
            self._guard.addresses(target.host, target.port)

    def _answer(self, target: Target, ask: _Ask, response: requests.Response) -> Answer:
        """Judge the status and save the body."""
        status, url = response.status_code, shown(target.url)
        headers = {name.lower(): value for name, value in response.headers.items()}
        not_modified = status == 304 and ask.conditional
        if not 200 <= status < 300 and not not_modified:
            kind = errors.STATUS_ERRORS.get(status, errors.BadStatus)
            raise kind(url=url, status=status, retry_after=retry_after(headers.get("retry-after")))
        body: Saved | None = None
        if ask.first:
            chunks = _first(response.raw.stream(CHUNK, decode_content=False), ask.first)
            body = save(chunks, "", url, ask.limits, self._folder)
        elif not not_modified and ask.method != "HEAD":
            if _promised(headers) > ask.limits.max_bytes:
                raise too_large(url, ask.limits)
            chunks = response.raw.stream(CHUNK, decode_content=False)
            encoding = headers.get("content-encoding", "")
            body = save(chunks, encoding, url, ask.limits, self._folder)
        log.info("%s %s: %d, %d bytes", ask.method, url, status, body.size if body else 0)
        return Answer(status, target.url.partition("?")[0], headers, body)

    @contextmanager
    def _faults(self, target: Target, deadline: Deadline) -> Iterator[None]:
        """Turn what the libraries below raise into sentences for people."""
        url = shown(target.url)
        try:
            yield
        except DeadlinePassed as error:
            late = errors.TookTooLong(url=url, seconds=round(deadline.seconds))
            raise late from error
        except (requests.Timeout, ReadTimeoutError, TimeoutError) as error:
            over = not deadline.remaining()
            seconds = deadline.seconds if over else self._read_seconds
            raise errors.TookTooLong(url=url, seconds=round(seconds)) from error
        except requests.exceptions.SSLError as error:
            # Other faults of a handshake are faults of the line, and may pass.
            untrusted = "CERTIFICATE" in str(error).upper()
            raise (errors.TlsRefused if untrusted else errors.Unreachable)(url=url) from error
        except requests.exceptions.InvalidHeader as error:
            # Of an answer, such as two lengths; what is asked with holds none.
            raise errors.BodyBroken(url=url) from error
        except requests.exceptions.InvalidURL as error:
            raise errors.UrlRefused(url=url) from error
        except requests.ConnectionError as error:
            raise errors.Unreachable(url=url) from error
        except Urllib3Error as error:
            raise errors.BodyBroken(url=url) from error
        except requests.RequestException as error:
            raise errors.Unreachable(url=url) from error


def _first(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield the first bytes of a body and ask for no more of it."""
    for chunk in chunks:
        yield chunk[:size]
        size -= len(chunk)
        if size <= 0:
            return


def _promised(headers: Mapping[str, str]) -> int:
    """Return the bytes that ``Content-Length`` says, 0 where it says nothing readable."""
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        return 0
    return int(length[:20])  # more digits are too many bytes already, and a trap for int()


def _joined(base: str, location: str) -> str:
    """Return where a ``Location`` header leads; raises ``UrlRefused`` for one that is no address."""
    location = _as_text(location)
    try:
        return urljoin(base, location)
    except ValueError as error:
        raise errors.UrlRefused(url=shown(location)) from error


def _as_text(header: str) -> str:
    """Return a header as UTF-8 text where it is: libraries hand out its bytes as Latin-1."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
