"""The guarded way to a server: the socket connects to the very address that was checked.

``GuardedAdapter`` is an ordinary ``requests`` adapter, so that a session of others can be guarded
by mounting it. Checking at connection time leaves no moment between the check and the use of a
name in which its answer could change (DNS rebinding), and covers every redirect.
"""

from __future__ import annotations

import logging
import queue
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError
from urllib3.util import parse_url
from urllib3.util.ssl_ import create_urllib3_context

from ckanext.municipal.lib.http.addresses import Address, Allowed, is_public
from ckanext.municipal.lib.http.deadline import TimedSocket, TimedTlsSocket, current
from ckanext.municipal.lib.http.errors import AddressRefused, NameNotFound, UrlRefused
from ckanext.municipal.lib.http.framing import BoundedResponse
from ckanext.municipal.lib.texts import N_

log = logging.getLogger(__name__)

Resolver = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name as the system knows them, ``fe80::1%2`` with its scope.

    Raises ``OSError`` when it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(_with_scope(sockaddr) for *_, sockaddr in found))


def _with_scope(sockaddr: tuple[Any, ...]) -> str:
    address = str(sockaddr[0])
    scoped = len(sockaddr) == 4 and sockaddr[3] and "%" not in address
    return f"{address}%{sockaddr[3]}" if scoped else address


class Guard:
    """Decides where a connection may go, and makes it."""

    def __init__(
        self, allowed: Allowed, resolver: Resolver = resolve, connect_seconds: float = 5.0
    ) -> None:
        """Take the operator's exceptions, the resolver and the time for one connection."""
        self.allowed = allowed
        self.connect_seconds = connect_seconds
        self._resolver = resolver

    def addresses(self, host: str, port: int) -> list[Address]:
        """Return the addresses of a host, all of them checked.

        One address that is not public refuses the host: a name that leads inside and outside at
        once is an attack or a mistake. Raises ``AddressRefused``, ``NameNotFound``.
        """
        host = host.strip("[]").lower().removesuffix(".")
        if not self.allowed.port(host, port):
            raise UrlRefused(
                N_("{host} is asked on port {port}; only 80 and 443 are."), host=host, port=port
            )
        found = [ip_address(text) for text in self._resolve(host, port)]
        for address in found:
            if not is_public(address) and not self.allowed.address(host, port, address):
                # For the operator: a visitor is not told what a name inside the network leads to.
                log.warning("%s refused: it leads to %s", host, address)
                raise AddressRefused(host=host)
        if not found:
            raise NameNotFound(host=host)
        return found

    def connect(self, host: str, port: int) -> socket.socket:
        """Return a TCP socket connected to a checked address of a host; raise ``OSError``."""
        failure: OSError = OSError("no address answered")
        for address in self.addresses(host, port):
            family = socket.AF_INET if address.version == 4 else socket.AF_INET6
            sock = TimedSocket(family, socket.SOCK_STREAM)
            try:
                sock.settimeout(self._wait())
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sys.audit("http.client.connect", self, str(address), port)
                sock.connect((str(address), port))
            except OSError as error:
                sock.close()
                failure = error
            except BaseException:
                sock.close()
                raise
            else:
                return sock
        raise failure

    def _wait(self) -> float:
        deadline = current()
        return deadline.wait(self.connect_seconds) if deadline else self.connect_seconds

    def _resolve(self, host: str, port: int) -> Sequence[str]:
        """Ask the resolver in a thread of its own: the system's call knows no time-out.

        What is an address already needs no resolver, so that none can say it knows nothing of it.
        """
        with suppress(ValueError):
            return [str(ip_address(host))]
        answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolver(host, port))
            except Exception as error:  # noqa: BLE001 - handed to the thread that waits
                answers.put(error)

        threading.Thread(target=ask, name="resolver", daemon=True).start()
        try:
            answer = answers.get(timeout=self._wait())
        except queue.Empty as error:
            raise NameNotFound(host=host) from error
        if isinstance(answer, (OSError, UnicodeError)):
            raise NameNotFound(host=host) from answer
        if isinstance(answer, Exception):
            raise answer
        return answer


class GuardedHTTPConnection(HTTPConnection):
    """A connection whose socket is made by a guard."""

    response_class = BoundedResponse

    def __init__(self, *args: Any, guard: Guard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guard = guard

    def _new_conn(self) -> socket.socket:
        return _connect(self, self._guard)


class GuardedHTTPSConnection(HTTPSConnection):
    """A TLS connection whose socket is made by a guard; names are verified as always."""

    response_class = BoundedResponse

    def __init__(self, *args: Any, guard: Guard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guard = guard

    def _new_conn(self) -> socket.socket:
        return _connect(self, self._guard)


def _connect(connection: HTTPConnection, guard: Guard) -> socket.socket:
    try:
        return guard.connect(connection._dns_host, connection.port)
    except OSError as error:
        raise NewConnectionError(connection, "no connection") from error


class _GuardedPools:
    """Makes the pools of a urllib3 manager use guarded connections."""

    guard: Guard

    def _new_pool(self, scheme: str, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        pool = super()._new_pool(scheme, *args, **kwargs)  # type: ignore[misc]
        kind = GuardedHTTPSConnection if scheme == "https" else GuardedHTTPConnection
        pool.ConnectionCls = partial(kind, guard=self.guard)
        return pool


class _GuardedPoolManager(_GuardedPools, PoolManager):
    pass


class _GuardedProxyManager(_GuardedPools, ProxyManager):
    pass


def tls_context() -> ssl.SSLContext:
    """Return a verifying TLS context whose sockets keep to the deadline."""
    context = create_urllib3_context()
    context.sslsocket_class = TimedTlsSocket
    return context


class GuardedAdapter(HTTPAdapter):
    """A ``requests`` adapter that connects only where its guard allows.

    With a proxy the guarded connection is the one to the proxy, which is the operator's own
    choice and so always allowed; what lies behind it is the proxy's to guard.
    """

    def __init__(self, guard: Guard, **kwargs: Any) -> None:
        """Take the guard, and what ``HTTPAdapter`` takes."""
        self.guard = guard
        super().__init__(**kwargs)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kw) -> None:
        """Make the manager of guarded connections."""
        super().init_poolmanager(connections, maxsize, block, **kw)
        self.poolmanager = _GuardedPoolManager(
            num_pools=connections, maxsize=maxsize, block=block, ssl_context=tls_context(), **kw
        )
        self.poolmanager.guard = self.guard

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> ProxyManager:
        """Return the manager of guarded connections through a proxy."""
        if proxy not in self.proxy_manager:
            parts = parse_url(proxy)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            hosts = frozenset({((parts.host or "").strip("[]").lower(), port)})
            manager = _GuardedProxyManager(
                proxy,
                proxy_headers=self.proxy_headers(proxy),
                ssl_context=tls_context(),
                **kwargs,
            )
            manager.guard = Guard(Allowed(hosts), self.guard._resolver, self.guard.connect_seconds)
            self.proxy_manager[proxy] = manager
        return self.proxy_manager[proxy]
