"""Which IP addresses may be connected to: public unicast ones, and what the operator allows.

Standards: the IANA special-purpose registries (RFC 6890 and its updates), RFC 6598 (CGNAT),
RFC 3056 (6to4), RFC 4380 (Teredo), RFC 6052 and RFC 8215 (NAT64).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
WEB_PORTS = frozenset({80, 443})

# Everything in IPv4 that is not an ordinary public host. Written out: what Python's own
# is_global answers differs between its releases.
NOT_PUBLIC_4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's metadata service under a public-looking address
        "169.254.0.0/16",  # link-local, cloud metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)

# In IPv6 only 2000::/3 is given out to hosts; within it these blocks are not.
_GLOBAL_UNICAST_6 = IPv6Network("2000::/3")
NOT_PUBLIC_6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # Teredo, ORCHID, benchmarking and other protocol blocks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries any IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # the former 6bone
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """Tell whether an address is that of an ordinary host on the public internet.

    NAT64 addresses are judged by the IPv4 address that they carry; every other way to write an
    IPv4 address in IPv6 (mapped, compatible, 6to4, Teredo) and every scoped address is not public.
    """
    if isinstance(address, IPv4Address):
        return not any(address in block for block in NOT_PUBLIC_4)
    if address.scope_id:
        return False
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _GLOBAL_UNICAST_6 and not any(address in block for block in NOT_PUBLIC_6)


@dataclass(frozen=True, slots=True)
class Allowed:
    """The operator's exceptions: hosts (with or without a port) and blocks of addresses."""

    hosts: frozenset[tuple[str, int | None]] = frozenset()
    blocks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, entries: Iterable[str]) -> Allowed:
        """Read entries of the forms ``host``, ``host:port``, ``10.1.0.0/16``, ``[::1]:8080``.

        An IP address without a port is a block of one. Raises ``ValueError`` naming the entry.
        """
        hosts: set[tuple[str, int | None]] = set()
        blocks: list[Network] = []
        for entry in filter(None, (entry.strip().lower() for entry in entries)):
            block = _block(entry)
            if block is not None:
                blocks.append(block)
            else:
                hosts.add(_host_and_port(entry))
        return cls(frozenset(hosts), tuple(blocks))

    def port(self, host: str, port: int) -> bool:
        """Tell whether a host may be asked on a port."""
        return port in WEB_PORTS or (host, port) in self.hosts

    def address(self, host: str, port: int, address: Address) -> bool:
        """Tell whether a host may be asked at an address that is not public."""
        if (host, port) in self.hosts or (port in WEB_PORTS and (host, None) in self.hosts):
            return True
        return any(address.version == b.version and address in b for b in self.blocks)


def _block(entry: str) -> Network | None:
    try:
        return ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return None


def _host_and_port(entry: str) -> tuple[str, int | None]:
    host, colon, port = entry.rpartition(":")
    if not colon:
        host, port = entry, ""
    host = host.strip("[]").rstrip(".")
    if ":" in host:
        ip_address(host)
    elif not host or any(character in host for character in "/@\\ "):
        raise ValueError(f"{entry} is neither a host, a host:port nor a block of addresses")
    if colon and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"{entry}: {port} is not a port number")
    return host, int(port) if colon else None
