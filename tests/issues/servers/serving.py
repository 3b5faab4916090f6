"""Serve a program over real HTTP, and let it go wrong where a test says so.

``with serving(app, Fault(reset(), after=2)) as server: read(server.url("/requests.json"))``: the
first two requests are answered well, the third is reset, all later ones are answered well again.
``app`` is a function from `Asked` to `Said`; ``server`` is a `FaultServer`: it knows its ``allow``
entry and keeps the ``requests`` that reached it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from faults import Exchange, FaultServer, Request
from servers.going_wrong import How, well

from dev.demo.web import App, Said, asked


@dataclass(frozen=True)
class Fault:
    """How some of the answers go wrong: those whose address holds ``on``, but for the first ``after``.

    ``times`` is how many of them; 0 is all that follow.
    """

    how: How
    on: str = ""
    after: int = 0
    times: int = 1


@contextmanager
def serving(
    app: App, *faults: Fault, clock: Callable[[], float] = time.time
) -> Iterator[FaultServer]:
    """Serve a program on a free port of loopback; ``clock`` is what its ``Date`` header says (Unix seconds)."""
    with FaultServer() as server:
        server.otherwise = _Program(app, faults, clock)
        yield server


class _Program:
    """Answers each request by the program, or by the first fault that is due."""

    def __init__(self, app: App, faults: tuple[Fault, ...], clock: Callable[[], float]) -> None:
        self.app, self.faults, self.clock = app, faults, clock
        self.seen = [0] * len(faults)
        self.lock = threading.Lock()

    def __call__(self, exchange: Exchange) -> Any:
        request = exchange.request
        fault = self.due(request)

        def say() -> Said:
            said = self.app(asked(request.method, request.path, request.headers))
            headers = {"Date": formatdate(self.clock(), usegmt=True), **said.headers}
            return Said(said.status, said.body, said.type, headers)

        return fault.how(exchange, say) if fault else well(exchange, say())

    def due(self, request: Request) -> Fault | None:
        """Return the fault of a request, every fault counting the requests it is about."""
        found = None
        with self.lock:
            for number, fault in enumerate(self.faults):
                if fault.on not in request.path:
                    continue
                self.seen[number] += 1
                late = self.seen[number] - fault.after
                if found is None and late > 0 and (not fault.times or late <= fault.times):
                    found = fault
        return found
