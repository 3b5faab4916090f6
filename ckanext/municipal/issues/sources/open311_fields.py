"""The fields of a GeoReport entry -> our types, each empty with a finding if it is odd.

JSON and XML give the same values here: XML has text where JSON has numbers, and older FixMyStreets
put every value into a list of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from ckanext.municipal.issues.sources import open311_rules as rules
from ckanext.municipal.lib.dates import NotADate, moment
from ckanext.municipal.lib.markup import plain_text
from ckanext.municipal.quality.findings import Finding, Place

_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{0,30})?(?:[eE]-[0-9]{1,2})?", re.ASCII)
_YEAR_FIRST = re.compile(r"(?:1[89]|2[01])\d\d-", re.ASCII)
_NOT_TEXT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_NO_DATE = "0000-00-00"
_LONGEST_ID = 200
_YES = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Names:
    """The names under which servers give a value: as a field of the request, or of its extended
    attributes. The first that holds something counts."""

    own: tuple[str, ...] = ()
    extended: tuple[str, ...] = ()


class Fields:
    """The fields of one entry. ``findings`` collects what was odd; ``id`` is how they name it."""

    def __init__(
        self, values: Mapping[str, Any], place: Place, zone: ZoneInfo, id: str = ""
    ) -> None:
        self.values, self.place, self.zone, self.id = values, place, zone, id
        self.findings: list[Finding] = []

    def first(
        self, names: Names, attributes: Fields, read: Callable[[Fields, str], _T | None]
    ) -> _T | None:
        """Return the first value that is there, of the entry or of its extended attributes."""
        for fields, own in ((self, names.own), (attributes, names.extended)):
            for name in own:
                if (found := read(fields, name)) is not None:
                    return found
        return None

    def key(self, name: str) -> str | None:
        """Return an identifier as text, such as ``006``; a number of JSON as its digits."""
        value = self._value(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18:
            value = str(value)
        if isinstance(value, str):
            value = value.strip()
            if len(value) <= _LONGEST_ID and not _NOT_TEXT.search(value):
                return value or None
        return self._odd(name, value)

    def text(self, name: str) -> str | None:
        """Return text as people read it: without markup, None if there is none."""
        value = self._value(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18:
            value = str(value)
        return (plain_text(value) or None) if isinstance(value, str) else self._odd(name, value)

    def names(self, name: str) -> str | None:
        """Return a name or several, comma between them, as a text or in lists and mappings."""
        value = self._value(name)
        if isinstance(value, Mapping | list):
            found = [plain_text(text) for text in _texts(value, 0)]
            return ", ".join(dict.fromkeys(filter(None, found))) or None
        return self.text(name)

    def address(self, name: str) -> str | None:
        """Return a web address."""
        value = self._value(name)
        if isinstance(value, str):
            value = value.strip()
            if value.lower().startswith(("https://", "http://")) and not _NOT_TEXT.search(value):
                return value
        return self._odd(name, value)

    def moment(self, name: str) -> datetime | None:
        """Return a moment; one without a zone is by the clock of the source."""
        value = self._value(name)
        if isinstance(value, str):
            value = value.strip()
            if value.startswith(_NO_DATE):
                return None
            if _YEAR_FIRST.match(value):
                try:
                    return moment(value, self.zone)
                except NotADate:
                    pass
        return self._odd(name, value)

    def whole(self, name: str) -> int | None:
        """Return a whole number, such as how many voted."""
        value = self._value(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9:
            return value
        if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
            return int(value)
        return self._odd(name, value)

    def degrees(self, name: str, most: float) -> float | None:
        """Return degrees of latitude or longitude, at ``most`` so many north or east."""
        value = number = self._value(name)
        if isinstance(value, str) and _DEGREES.fullmatch(value.strip()):
            number = float(value)
        # Compared before it is converted: an integer may be too large. NaN is within nothing.
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        if is_number and -most <= number <= most:
            return float(number)
        return self._odd(name, value)

    def flag(self, name: str) -> bool | None:
        """Return yes or no."""
        value = self._value(name)
        said = _YES.get(str(value).strip().lower()) if isinstance(value, str | int) else None
        return self._odd(name, value) if said is None else said

    def attributes(self, name: str) -> Fields:
        """Return the fields of a mapping, or of a list of {name or code, value}."""
        value = self.values.get(name)
        if isinstance(value, Mapping) and set(value) == {"attribute"}:  # a list, in XML
            value = (
                value["attribute"] if isinstance(value["attribute"], list) else [value["attribute"]]
            )
        if isinstance(value, list):
            named = [each for each in value if isinstance(each, Mapping)]
            value = {
                key: each["value"]
                for each in reversed(named)
                if "value" in each and isinstance(key := each.get("name") or each.get("code"), str)
            }
        if not isinstance(value, Mapping):
            value = self._odd(name, value) or {}
        return self._within(name, value)

    def entries(self, name: str, item: str) -> Iterator[Fields]:
        """Yield the parts of a list, such as the notes; ``item`` is what each is called in XML."""
        value = self.values.get(name)
        if isinstance(value, Mapping) and set(value) == {item}:
            value = value[item] if isinstance(value[item], list) else [value[item]]
        if not isinstance(value, list):
            self._odd(name, value)
            return
        for part in value:
            if isinstance(part, Mapping):
                yield self._within(name, part)
            else:
                self._odd(name, part)

    def _within(self, name: str, values: Mapping[str, Any]) -> Fields:
        """Fields of a part; what is odd in them is found here."""
        fields = Fields(values, replace(self.place, field=name), self.zone, self.id)
        fields.findings = self.findings
        return fields

    def _value(self, name: str) -> Any:
        value = self.values.get(name)
        return value[0] if isinstance(value, list) and len(value) == 1 else value

    def _odd(self, name: str, value: Any) -> None:
        """Tell of a value that is no such thing; a missing one is no fault."""
        if value is None or value in ("", [], {}):
            return
        if isinstance(value, str) and not value.strip():
            return
        field = f"{self.place.field}.{name}" if self.place.field else name
        values = {"field": field, "id": self.id}
        self.findings.append(
            Finding(rules.FIELD_UNREADABLE, replace(self.place, field=field), values)
        )


def _texts(value: Any, depth: int) -> Iterator[str]:
    """Every text in lists and mappings, a few levels deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | Mapping) and depth < 4:
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(part, depth + 1)
