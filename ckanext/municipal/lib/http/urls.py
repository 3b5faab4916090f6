"""Which URLs are asked at all, and how a URL is shown: one parser for the check and the request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

import idna
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from ckanext.municipal.lib.http.addresses import Allowed
from ckanext.municipal.lib.http.errors import UrlRefused
from ckanext.municipal.lib.texts import N_

LONGEST = 8192
_PORTS = {"http": 80, "https": 443}
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_HOST = re.compile(r"(?!-)[a-z0-9_-]+(?:\.[a-z0-9_-]+)*", re.ASCII)
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.ASCII)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL: what is asked, and the host (lower case, ASCII) and port it is asked from."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> tuple[str, str, int]:
        """Return scheme, host and port: what must be equal for two URLs to be of one server."""
        return self.scheme, self.host, self.port


def shown(url: str) -> str:
    """Return a URL as logs and messages may show it: no credentials, query or control characters.

    At most 200 characters.
    """
    clean = re.sub(r"[\x00-\x20\x7f-\x9f\u2028\u2029]", "", url.strip()[:LONGEST])
    clean = re.split(r"[?#]", clean, maxsplit=1)[0]
    clean = re.sub(r"^([a-zA-Z][a-zA-Z0-9+.-]*:)?(//+)[^/\\]*@", r"\1\2", clean)
    return clean if len(clean) <= 200 else clean[:199] + "…"


def check_url(url: str, allowed: Allowed) -> Target:
    """Check a URL and return it in the one form in which it is asked.

    Only http and https, ports 80, 443 and the operator's, no credentials, no numbers in place of
    a host other than a plain IPv4 or bracketed IPv6 address. Raises ``UrlRefused``.
    """
    url = url.strip()
    scheme = _SCHEME.match(url)
    if not scheme or scheme[1].lower() not in _PORTS:
        raise UrlRefused(url=shown(url))
    if len(url) > LONGEST or _UNSAFE.search(url):
        raise UrlRefused(
            N_("{url} holds spaces or other signs that no address has. Copy it anew."),
            url=shown(url),
        )
    try:
        parts = parse_url(url)
        host = _host(parts.host or "")
    except (LocationParseError, ValueError) as error:
        raise UrlRefused(
            N_("{url} has no valid server name. Check the part after //."), url=shown(url)
        ) from error
    if parts.auth is not None:
        raise UrlRefused(
            N_("{url} holds a user name or a password. Remove the part before @."), url=shown(url)
        )
    name = scheme[1].lower()
    port = parts.port if parts.port is not None else _PORTS[name]
    if not allowed.port(host, port):
        raise UrlRefused(
            N_(
                "{url} uses port {port}; only 80 and 443 are asked. If it is right, the operator"
                " adds {host}:{port} to the option ckanext.municipal.http.allow."
            ),
            url=shown(url),
            port=port,
            host=host,
        )
    literal = f"[{host}]" if ":" in host else host
    asked = Url(name, None, literal, parts.port, parts.path or "/", parts.query).url
    return Target(asked, name, host, port)


def _host(host: str) -> str:
    """Return a host in canonical form; raise ``ValueError`` for one that is not plainly one."""
    if host.startswith("["):
        if "%" in host:
            raise ValueError("scoped address")
        return str(IPv6Address(host.strip("[]")))
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode("ascii")
    host = host.lower().removesuffix(".")
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise ValueError("not a host name")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        # 2130706433, 0x7f.1 and 0177.0.0.1 are read as addresses by some resolvers and as names
        # by others: only the plain form has one meaning.
        return str(IPv4Address(host))
    return host
