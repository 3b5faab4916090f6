"""What the portal is told of one source of budgets: harvesters/NAME.yaml as a frozen dataclass.

A new city is a new YAML and no Python. It says where the files are, how a file's name gives side,
fiscal year and the moment of the figures, and only those column headers that the list of phases
(`phases`) does not already know. `source_yaml` reads the YAML and says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from ckanext.municipal.budget.phases import Side
from ckanext.municipal.harvest.source_keys import Municipality

TYPE = "municipal_budget"
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SideFrom:
    """How a line's side is told: ``constant``; a regex ``group``, a ``column`` or the ``sheet``'s
    name with ``values`` (what is written -> side); or the account ``code`` itself."""

    by: str
    side: Side | None = None
    values: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class FileRule:
    """One kind of file of a source: the pattern that its whole relative path matches, how side,
    year and as-of are told, and the headers of its columns (canonical name -> headers).

    ``year`` is a year, ``group`` (of the pattern) or ``column``. ``as_of`` is a moment, ``groups``
    (of the pattern), ``modified`` (the file's own time) or ``year-end`` (accounts closed).
    """

    pattern: re.Pattern[str]
    side: SideFrom
    year: int | str
    as_of: datetime | str
    columns: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What the reader of tables is told instead of finding it out; None where it finds it out."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Suppression:
    """Lines whose label is not shown, because it names a person: by service, code and words of the
    label ("" matches all); ``code`` is a whole account or the beginning of one."""

    service: str = ""
    code: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class BudgetSource:
    """One source of budgets, as its YAML says; ``municipality`` None is the portal's own city."""

    name: str
    title: Mapping[str, str]
    organization: str
    municipality: Municipality | None
    url: str
    inbox: str
    schedule: str
    files: tuple[FileRule, ...]
    zone: ZoneInfo
    table: TableOptions
    chart: str
    service_from: str
    service_aliases: Mapping[str, str]
    decimal: str
    bad_rows: float
    themes: tuple[str, ...]
    suppress: tuple[Suppression, ...]

    def match(self, path: str) -> FileMatch | None:
        """Return how a file of the source is to be read, None if no rule's pattern matches.

        ``path`` is relative to the listing, with ``/`` between folders; the first rule that
        matches it wholly is taken.
        """
        for rule in self.files:
            found = rule.pattern.fullmatch(path)
            if found:
                groups = {name: text for name, text in found.groupdict().items() if text}
                return FileMatch(path, rule, MappingProxyType(groups))
        return None


@dataclass(frozen=True, slots=True)
class FileMatch:
    """A file's path, the rule that it matches and the named groups of the pattern."""

    path: str
    rule: FileRule
    groups: Mapping[str, str]
