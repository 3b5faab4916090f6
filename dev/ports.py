"""Loopback ports: found free once, then kept."""

from __future__ import annotations

import socket

from dev.errors import Stop
from dev.state import State


def port(state: State, name: str, wanted: int | None = None) -> int:
    """Return the port of service `name`, chosen free at the first call and the same ever after.

    `wanted` is a port the person asked for. Raises `Stop` when that one is taken by another program.
    """
    known = state.get("ports", name)
    if wanted is not None and wanted != known:
        if not is_free(wanted):
            raise Stop(
                f"Port {wanted} is used by another program: stop it, or choose another with PORT=."
            )
        known = wanted
        state.put("ports", name, known)
    if known is None:
        known = _free_port()
        state.put("ports", name, known)
    return known


def still_ours(state: State, name: str) -> int:
    """Return the port of a service that is about to start, moving it when somebody took it meanwhile."""
    if not is_free(port(state, name)):
        state.put("ports", name, _free_port())
    return port(state, name)


def is_free(number: int) -> bool:
    """Say whether nothing listens on that loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
