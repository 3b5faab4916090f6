"""The fields of a GeoReport entry -> our types, each empty with a finding if it is odd.

JSON and XML give the same values here: XML has text where JSON has numbers, and older FixMyStreets
put every value into a list of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

from ckanext.municipal.issues.sources import open311_rules as rules
from ckanext.municipal.issues.sources.json_fields import JsonFields, said
from ckanext.municipal.lib.dates import NotADate, moment
from ckanext.municipal.lib.markup import plain_text
from ckanext.municipal.quality.findings import Place

_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
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


class Fields(JsonFields):
    """The fields of one entry; ``zone`` is the clock of moments without one."""

    UNREADABLE = rules.FIELD_UNREADABLE

    def __init__(
        self, values: Mapping[str, Any], place: Place, zone: ZoneInfo, id: str = ""
    ) -> None:
        super().__init__(values, place, id)
        self.zone = zone

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
        value = self.value(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        value = said(value)
        if isinstance(value, str):
            value = value.strip()
            if len(value) <= _LONGEST_ID and not _NOT_TEXT.search(value):
                return value or None
        return self.odd(name, value)

    def names(self, name: str) -> str | None:
        """Return a name or several, comma between them, as a text or in lists and mappings."""
        value = self.value(name)
        if isinstance(value, Mapping | list):
            found = [plain_text(text) for text in _texts(value, 0)]
            return ", ".join(dict.fromkeys(filter(None, found))) or None
        return self.text(name)

    def address(self, name: str) -> str | None:
        """Return a web address."""
        value = self.value(name)
        if isinstance(value, str):
            value = value.strip()
            if value.lower().startswith(("https://", "http://")) and not _NOT_TEXT.search(value):
                return value
        return self.odd(name, value)

    def moment(self, name: str) -> datetime | None:
        """Return a moment; one without a zone is by the clock of the source."""
        value = self.value(name)
        if isinstance(value, str):
            value = value.strip()
            if value.startswith(_NO_DATE):
                return None
            if _YEAR_FIRST.match(value):
                try:
                    return moment(value, self.zone)
                except NotADate:
                    pass
        return self.odd(name, value)

    def whole(self, name: str) -> int | None:
        """Return a whole number, such as how many voted."""
        value = self.value(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9:
            return value
        if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
            return int(value)
        return self.odd(name, value)

    def flag(self, name: str) -> bool | None:
        """Return yes or no."""
        value = self.value(name)
        told = _YES.get(str(value).strip().lower()) if isinstance(value, str | int) else None
        return self.odd(name, value) if told is None else told

    def attributes(self, name: str) -> Self:
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
            value = self.odd(name, value) or {}
        return self.within(name, value)

    def entries(self, name: str, item: str) -> Iterator[Self]:
        """Yield the parts of a list, such as the notes; ``item`` is what each is called in XML."""
        value = self.values.get(name)
        if isinstance(value, Mapping) and set(value) == {item}:
            value = value[item] if isinstance(value[item], list) else [value[item]]
        return self.parts(name, value)

    def value(self, name: str) -> Any:
        """Return what stands in a field, also where it stands in a list of its own."""
        value = self.values.get(name)
        return value[0] if isinstance(value, list) and len(value) == 1 else value


def _texts(value: Any, depth: int) -> Iterator[str]:
    """Every text in lists and mappings, a few levels deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | Mapping) and depth < 4:
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(part, depth + 1)
