"""A limit in wall-clock time for a whole request, held even by a server that sends byte by byte.

A socket's own time-out starts anew with every byte. The sockets here shorten it, before each read,
to what is left of the deadline of the request that the thread is working on.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class DeadlinePassed(Exception):
    """The time for the whole request is used up."""


class Deadline:
    """A point in time by which a request must be whole; ``pause`` limits each single wait."""

    def __init__(self, seconds: float, pause: float) -> None:
        """Start the clock: ``seconds`` for everything, ``pause`` between two reads."""
        self.seconds = seconds
        self.pause = pause
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds that are left, never less than 0."""
        return max(0.0, self._end - time.monotonic())

    def wait(self, at_most: float | None = None) -> float:
        """Return how long the next single wait may last; raise ``DeadlinePassed`` when over."""
        left = self.remaining()
        if not left:
            raise DeadlinePassed
        return min(left, self.pause if at_most is None else at_most)


_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def running(deadline: Deadline) -> Iterator[Deadline]:
    """Hold every guarded socket that this thread reads inside the block to a deadline."""
    token = _current.set(deadline)
    try:
        yield deadline
    finally:
        _current.reset(token)


def current() -> Deadline | None:
    """Return the deadline of the request that this thread is working on."""
    return _current.get()


class TimedSocket(socket.socket):
    """A TCP socket that reads only within the current deadline."""

    def recv_into(self, *args, **kwargs) -> int:  # type: ignore[override]
        """Read as ``socket.recv_into`` does, within what is left of the deadline."""
        if deadline := current():
            self.settimeout(deadline.wait())
        return super().recv_into(*args, **kwargs)


class TimedTlsSocket(ssl.SSLSocket):
    """A TLS socket that reads only within the current deadline."""

    def recv_into(self, *args, **kwargs) -> int:  # type: ignore[override]
        """Read as ``SSLSocket.recv_into`` does, within what is left of the deadline."""
        if deadline := current():
            self.settimeout(deadline.wait())
        return super().recv_into(*args, **kwargs)
