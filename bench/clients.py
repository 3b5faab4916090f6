"""Readers at once on a page of a served site, and how long they wait."""

from __future__ import annotations

import http.client
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

CLIENTS = 20
PAGES_EACH = 10
_PATIENCE = 120  # seconds for one page


def p95(port: int, path: str) -> float:
    """Return within how many seconds 95 of 100 answers came to 20 clients, ten pages each.

    Only loopback is asked. Raises RuntimeError for an answer that is not 200.
    """
    with ThreadPoolExecutor(CLIENTS) as readers:
        waits = readers.map(lambda _: _read(port, path), range(CLIENTS))
        times = [seconds for reader in waits for seconds in reader]
    return statistics.quantiles(times, n=20)[-1]


def _read(port: int, path: str) -> list[float]:
    """One client's pages, one after the other: the seconds from request to last byte of each."""
    times = []
    for _ in range(PAGES_EACH):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        start = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - start)
        connection.close()
        if answer.status != http.client.OK:
            raise RuntimeError(f"{path} answered {answer.status}")
    return times
