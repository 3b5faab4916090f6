"""A server's discovery -> the address of its GeoReport v2.

https://wiki.open311.org/Service_Discovery. A source may name discovery instead of the address
itself, so that a server may move; FixMyStreet tells there how many requests it gives at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from ckanext.municipal.harvest.record import RecordRefused
from ckanext.municipal.issues.sources import open311_rules as rules
from ckanext.municipal.issues.sources.open311_answer import Unusable, decoded
from ckanext.municipal.issues.sources.open311_api import Endpoint
from ckanext.municipal.issues.sources.open311_fields import Fields
from ckanext.municipal.lib.http import Client, shown
from ckanext.municipal.quality.findings import Finding, Place, Rule

_DEEPEST = 8
_UTC = ZoneInfo("UTC")


def discovered(client: Client, endpoint: Endpoint) -> Endpoint:
    """Return the endpoint that is to be asked; the same one if its address is not of discovery.

    Raises `RecordRefused` and `HttpError`.
    """
    if not urlsplit(endpoint.url).path.lower().endswith(("/discovery.json", "/discovery.xml")):
        return endpoint
    with client.get(endpoint.url) as answer:
        try:
            parts = list(_mappings(decoded(answer.read()), 0))
        except Unusable as error:
            raise _refused(rules.NO_ENDPOINT, endpoint) from error
    url = _url(parts)
    if not url:
        raise _refused(rules.NO_ENDPOINT, endpoint)
    here, there = urlsplit(endpoint.url), urlsplit(url)
    if endpoint.key and (here.scheme, here.netloc) != (there.scheme, there.netloc):
        raise _refused(rules.ENDPOINT_ELSEWHERE, endpoint)
    most = [number for part in parts if (number := part.whole("max_requests"))]
    size = min([endpoint.settings.page_size, *most])
    return replace(endpoint, url=url, settings=replace(endpoint.settings, page_size=size))


def _url(parts: list[Fields]) -> str | None:
    """The address of GeoReport v2, of production rather than of a test."""
    found: dict[str, str] = {}
    for part in parts:
        specification, url = part.text("specification"), part.address("url")
        if url and specification and "georeport_v2" in specification.lower():
            found.setdefault((part.text("type") or "").lower(), url)
    return found.get("production") or next(iter(found.values()), None)


def _mappings(value: Any, depth: int) -> Iterator[Fields]:
    if isinstance(value, Mapping):
        yield Fields(value, Place("discovery"), _UTC)
        value = list(value.values())
    if isinstance(value, list) and depth < _DEEPEST:
        for part in value:
            yield from _mappings(part, depth + 1)


def _refused(rule: Rule, endpoint: Endpoint) -> RecordRefused:
    return RecordRefused(Finding(rule, Place("discovery"), {"server": shown(endpoint.url)}))
