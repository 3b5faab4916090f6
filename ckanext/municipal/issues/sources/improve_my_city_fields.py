"""The fields of Improve My City's JSON and tables -> our types, each empty with a finding if it is odd."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Self

from ckanext.municipal.issues.sources import improve_my_city_rules as rules
from ckanext.municipal.issues.sources.json_fields import JsonFields

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d{1,9})?", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_NO_DATE = ("", "0000-00-00 00:00:00", "0000-00-00")


class NoNumber(ValueError):
    """A field without which a request cannot be judged holds no whole number; it is named."""


class Fields(JsonFields):
    """The fields of one request."""

    UNREADABLE = rules.FIELD_UNREADABLE

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
        return self.odd(name, value)

    def moment(self, name: str) -> datetime | None:
        """Return a moment, which the program writes in UTC; zeros stand for none."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return self.odd(name, value)
        value = value.strip()
        if value in _NO_DATE:
            return None
        if match := _MOMENT.fullmatch(value):
            try:
                return datetime.fromisoformat(f"{match[1]} {match[2]}").replace(tzinfo=UTC)
            except ValueError:
                pass
        return self.odd(name, value)

    def entries(self, name: str) -> Iterator[Self]:
        """Yield the parts of a list, such as the history."""
        return self.parts(name, self.values.get(name))


def _whole(value: Any) -> int | None:
    """Return a whole number of JSON, true and false being 1 and 0, or of digits."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int) and abs(value) < 10**18:
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return int(value)
    return None
