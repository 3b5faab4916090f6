"""A reader who has the newest catalogue already (304), beside CKAN's own cheapest answer, `status_show`.

Two hundred requests of one client each, one after the other on one connection.
"""

from __future__ import annotations

import http.client
from typing import Any

from bench import feeds_site, harness, site

_REQUESTS = 200


def run() -> dict[str, Any]:
    """Measure and return the figure."""
    made = feeds_site.catalogue()
    with site.served() as port:
        tag = _ask(port, "/catalog-full.ttl", {}, 1)
        found = harness.compare(
            lambda: _ask(port, "/catalog-full.ttl", {"If-None-Match": tag}, _REQUESTS),
            lambda: _ask(port, "/api/3/action/status_show", {}, _REQUESTS),
        )
    each = {"ours_ms": "ours_s", "peer_ms": "peer_s"}
    told = {name: round(found[key] / _REQUESTS * 1000, 2) for name, key in each.items()}
    return {**found, **told, "requests": _REQUESTS, "datasets": made.datasets}


def _ask(port: int, path: str, headers: dict[str, str], times: int) -> str:
    """Ask so many times; returns the last entity tag. Raises RuntimeError for an answer not expected."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    wanted = http.client.NOT_MODIFIED if headers else http.client.OK
    tag = ""
    for _ in range(times):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != wanted:
            raise RuntimeError(f"{path} answered {answer.status}")
        tag = answer.headers.get("ETag") or ""
    connection.close()
    return tag
