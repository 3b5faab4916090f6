"""The fields of a JSON object -> our types, each empty with a finding if it is odd: what every program's
reader does the same way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import replace
from typing import Any, ClassVar, Self

from ckanext.municipal.lib.markup import plain_text
from ckanext.municipal.quality.findings import Finding, Place, Rule

_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{0,30})?(?:[eE]-[0-9]{1,2})?", re.ASCII)


class JsonFields:
    """The fields of one request, or of a part of it. ``findings`` collects what was odd; ``id`` is
    how they name the request. A subclass says by which rule an odd field is told."""

    UNREADABLE: ClassVar[Rule]

    def __init__(self, values: Mapping[str, Any], place: Place, id: str = "") -> None:
        self.values, self.place, self.id = values, place, id
        self.findings: list[Finding] = []

    def text(self, name: str) -> str | None:
        """Return text as people read it: without markup, None if there is none."""
        value = said(self.value(name))
        return (plain_text(value) or None) if isinstance(value, str) else self.odd(name, value)

    def degrees(self, name: str, most: float) -> float | None:
        """Return degrees of latitude or longitude, at ``most`` so many north or east."""
        value = number = self.value(name)
        if isinstance(value, str) and _DEGREES.fullmatch(value.strip()):
            number = float(value)
        # Compared before it is converted: an integer may be too large. NaN is within nothing.
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        if is_number and -most <= number <= most:
            return float(number)
        return self.odd(name, value)

    def value(self, name: str) -> Any:
        """Return what stands in a field, whatever it is; None where it is missing."""
        return self.values.get(name)

    def within(self, name: str, values: Mapping[str, Any]) -> Self:
        """Return the fields of a part; what is odd in them is found here."""
        part = copy(self)
        part.values, part.place = values, replace(self.place, field=name)
        return part

    def parts(self, name: str, value: Any) -> Iterator[Self]:
        """Yield the fields of each part of a list that stands in a field."""
        if not isinstance(value, list):
            self.odd(name, value)
            return
        for part in value:
            if isinstance(part, Mapping):
                yield self.within(name, part)
            else:
                self.odd(name, part)

    def odd(self, name: str, value: Any) -> None:
        """Tell of a value that is no such thing; one that is missing or blank is no fault."""
        if value is None or value in ([], {}) or (isinstance(value, str) and not value.strip()):
            return
        field = f"{self.place.field}.{name}" if self.place.field else name
        values = {"field": field, "id": self.id}
        place = replace(self.place, field=field)
        self.findings.append(Finding(self.UNREADABLE, place, values))


def said(value: Any) -> Any:
    """Return a number of JSON as the text that it is written as; any other value as it is."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if number and abs(value) < 1e18 else value
