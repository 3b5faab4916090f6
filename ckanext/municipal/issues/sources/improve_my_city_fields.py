"""The fields of Improve My City's JSON and tables -> our types, each empty with a finding if it is odd."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ckanext.municipal.issues.sources import improve_my_city_rules as rules
from ckanext.municipal.lib.markup import plain_text
from ckanext.municipal.quality.findings import Finding, Place

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d{1,9})?", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{0,30})?")
_NO_DATE = ("", "0000-00-00 00:00:00", "0000-00-00")


class NoNumber(ValueError):
    """A field without which a request cannot be judged holds no whole number; it is named."""


class Fields:
    """The fields of one request. ``findings`` collects what was odd; ``id`` is how they name it."""

    def __init__(self, values: Mapping[str, Any], place: Place, id: str = "") -> None:
        self.values, self.place, self.id = values, place, id
        self.findings: list[Finding] = []

    def number(self, name: str) -> int:
        """Return a whole number that has to be there; raises `NoNumber`."""
        number = _whole(self.values.get(name))
        if number is None:
            raise NoNumber(name)
        return number

    def whole(self, name: str, lowest: int = 0) -> int | None:
        """Return a whole number, such as how many voted."""
        value = self.values.get(name)
        number = _whole(value)
        if number is not None and lowest <= number < 2**31:
            return number
        return self._odd(name, value)

    def text(self, name: str) -> str | None:
        """Return text as people read it: without markup, None if there is none."""
        value = self.values.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18:
            value = str(value)
        return (plain_text(value) or None) if isinstance(value, str) else self._odd(name, value)

    def moment(self, name: str) -> datetime | None:
        """Return a moment, which the program writes in UTC; zeros stand for none."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return self._odd(name, value)
        value = value.strip()
        if value in _NO_DATE:
            return None
        if match := _MOMENT.fullmatch(value):
            try:
                return datetime.fromisoformat(f"{match[1]} {match[2]}").replace(tzinfo=UTC)
            except ValueError:
                pass
        return self._odd(name, value)

    def degrees(self, name: str, most: float) -> float | None:
        """Return degrees of latitude or longitude, at ``most`` so many north or east."""
        value = number = self.values.get(name)
        if isinstance(value, str) and _DEGREES.fullmatch(value.strip()):
            number = float(value)
        if isinstance(number, int | float) and not isinstance(number, bool):
            # Compared before it is converted: an integer may be too large. NaN is within nothing.
            return float(number) if -most <= number <= most else self._odd(name, value)
        return self._odd(name, value.strip() if isinstance(value, str) else value)

    def entries(self, name: str) -> Iterator[Fields]:
        """Yield the parts of a list, such as the history; what is odd in them is found here."""
        value = self.values.get(name)
        if not isinstance(value, list):
            self._odd(name, value)
            return
        for part in value:
            if not isinstance(part, Mapping):
                self._odd(name, part)
                continue
            entry = Fields(part, replace(self.place, field=name), self.id)
            yield entry
            self.findings.extend(entry.findings)

    def _odd(self, name: str, value: Any) -> None:
        """Tell of a value that is no such thing; a missing one is no fault."""
        if value is None or value == "":
            return
        field = f"{self.place.field}.{name}" if self.place.field else name
        values = {"field": field, "id": self.id}
        place = replace(self.place, field=field)
        self.findings.append(Finding(rules.FIELD_UNREADABLE, place, values))


def _whole(value: Any) -> int | None:
    """Return a whole number of JSON, true and false being 1 and 0, or of digits."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int) and abs(value) < 10**18:
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return int(value)
    return None
