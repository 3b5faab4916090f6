"""Readers of citizens' requests, one a program and its ways of giving them out.

A kind of source is two functions of its reader's module: ``settings`` reads the reader's own keys
below ``source`` in the YAML, ``make`` makes the reader of them. A new one is added to `KINDS` and
described in docs/issue-sources.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ckanext.municipal.harvest.source_form import Form
from ckanext.municipal.issues.request import Reader
from ckanext.municipal.issues.source import IssueSource
from ckanext.municipal.issues.sources import (
    improve_my_city,
    improve_my_city_2,
    improve_my_city_dump,
    open311,
    table,
)
from ckanext.municipal.issues.sources.access import Access

__all__ = ["KINDS", "Access", "Kind", "reader_for"]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of source is read. ``web``: its reader asks a server, and reads no files.

    ``settings`` notes faults of the keys in the form, and returns a frozen dataclass that becomes
    `IssueSource.reader`. ``make`` raises `SourceInvalid` and `RecordRefused`.
    """

    settings: Callable[[Form], Any]
    make: Callable[[IssueSource, Access], Reader]
    web: bool = False


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "improve_my_city": Kind(improve_my_city.settings, improve_my_city.make, web=True),
        "improve_my_city_2": Kind(improve_my_city_2.settings, improve_my_city_2.make, web=True),
        "improve_my_city_dump": Kind(improve_my_city_dump.settings, improve_my_city_dump.make),
        "open311": Kind(open311.settings, open311.make),
        "table": Kind(table.settings, table.make),
    }
)


def reader_for(source: IssueSource, access: Access) -> Reader:
    """Return the reader of a source."""
    return KINDS[source.kind].make(source, access)
