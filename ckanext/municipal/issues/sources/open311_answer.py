"""Bytes of a GeoReport server or file, JSON or XML in any wrapper -> the entries of a list. Pure.

The standard's JSON is a bare list and its XML ``<service_requests><request>`` (GeoReport v2, the
Spark convention). FixMyStreet wraps the list in JSON as well, its older versions every value; some
servers give a single object where there is one request.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from ckanext.municipal.issues.sources import open311_rules as rules
from ckanext.municipal.lib import xml
from ckanext.municipal.quality.findings import Rule

_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe<\x00|\xfe\xff\x00<")
_CODE = re.compile(r"[1-5][0-9]{2}")
_DEEPEST_WRAPPER = 4


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that GeoReport knows: ``call`` is its address, ``id`` the field that every entry has,
    ``always`` those that some entry has, ``wrappers`` the names that stand around entries."""

    call: str
    id: str
    always: frozenset[str]
    wrappers: tuple[str, ...]


REQUESTS = Listing(
    "requests",
    "service_request_id",
    frozenset({"service_request_id", "status"}),
    ("service_requests", "requests", "request", "service_request"),
)
SERVICES = Listing("services", "service_code", frozenset({"service_code"}), ("services", "service"))


class Unusable(Exception):
    """An answer of which nothing is taken; ``code`` is the error that the server told in it."""

    def __init__(self, rule: Rule, code: int | None = None) -> None:
        super().__init__(rule.id)
        self.rule, self.code = rule, code


def entries(data: bytes, listing: Listing) -> list[Any]:
    """Return the entries of a list, each any JSON value; raises `Unusable`.

    Elements of XML are mappings of their children's names, or text where they have none; of
    several children with one name the value is a list.
    """
    value = decoded(data)
    if code := _error(value):
        raise Unusable(rules.CALL_REFUSED, code)
    found = _entries(value, listing, 0)
    known = set().union(*(entry for entry in found if isinstance(entry, Mapping)))
    if found and not known >= listing.always:
        raise Unusable(rules.ANSWER_UNKNOWN)
    return found


def decoded(data: bytes) -> Any:
    """Return the value that JSON or XML holds; raises `Unusable` for anything else."""
    try:
        if _MARKUP.match(data):
            root = xml.parse(data)
            if xml.local_name(root).lower() == "html":
                raise Unusable(rules.NOT_DATA)
            return {xml.local_name(root): _value(root)}
        return json.loads(data)
    except (xml.XmlRefused, ValueError, RecursionError) as error:
        raise Unusable(rules.NOT_DATA) from error


def _value(element: Element) -> Any:
    values: dict[str, list[Any]] = {}
    for child in element:
        values.setdefault(xml.local_name(child), []).append(_value(child))
    if not values:
        return element.text or ""
    return {name: many[0] if len(many) == 1 else many for name, many in values.items()}


def _entries(value: Any, listing: Listing, depth: int) -> list[Any]:
    if isinstance(value, list):
        return [entry for part in value for entry in _unwrapped(part, listing, depth)]
    if isinstance(value, Mapping) and listing.id in value:
        return [value]
    wrapped = _inside(value, listing)
    if wrapped is None or depth > _DEEPEST_WRAPPER:
        raise Unusable(rules.ANSWER_UNKNOWN)
    (inner,) = wrapped
    return [] if inner is None or inner == "" else _entries(inner, listing, depth + 1)


def _unwrapped(part: Any, listing: Listing, depth: int) -> list[Any]:
    """One entry of a list, or those in a wrapper of its own (``[{"request": {...}}]``)."""
    is_wrapper = isinstance(part, Mapping) and len(part) == 1 and listing.id not in part
    if is_wrapper and _inside(part, listing) is not None:
        return _entries(part, listing, depth + 1)
    return [part]


def _inside(value: Any, listing: Listing) -> tuple[Any] | None:
    if isinstance(value, Mapping):
        for name in listing.wrappers:
            if name in value:
                return (value[name],)
    return None


def _error(value: Any) -> int | None:
    """Return the code of GeoReport's list of errors ``[{code, description}]``; None if it is none."""
    for name in ("errors", "error"):
        if isinstance(value, Mapping) and name in value:
            value = value[name]
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, Mapping) or not {"code", "description"} <= set(first):
        return None
    if REQUESTS.id in first or SERVICES.id in first:
        return None
    code = str(first["code"]).strip()
    return int(code) if _CODE.fullmatch(code) else 500
