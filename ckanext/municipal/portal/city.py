"""The city as ``city.yaml`` describes it: the one place where a portal says whose it is. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from ckanext.municipal.portal.geojson import Box

_T = TypeVar("_T")


class CityError(Exception):
    """A ``city.yaml`` that cannot be used; the text says file, key and what to do."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers questions about the portal's data."""

    name: Mapping[str, str]
    email: str
    phone: str
    url: str


@dataclass(frozen=True, slots=True)
class City:
    """A municipality and its portal.

    ``uid`` is its Diavgeia organisation id, ``vat`` its ΑΦΜ, ``languages`` those of the portal in
    order of preference, ``portal_licence`` the URI of the catalogue's own licence, ``map_box`` the
    rectangle that a map shows first, ``population`` counts of residents by census year.
    """

    name: Mapping[str, str]
    portal_title: Mapping[str, str]
    portal_description: Mapping[str, str]
    portal_licence: str
    uid: str
    vat: str
    homepage: str
    contact: Contact
    languages: tuple[str, ...]
    currency: str
    map_box: Box
    map_zoom: int
    population: Mapping[int, int]

    def residents(self, year: int) -> int | None:
        """Return the count of the latest census up to a year, else of the first, else ``None``."""
        known = [census for census in self.population if census <= year] or list(self.population)[
            :1
        ]
        return self.population[max(known)] if known else None


def load(path: Path) -> City:
    """Return the city that a YAML file describes, read once while the file does not change.

    Raises CityError naming the file, the key and the remedy.
    """
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise CityError(
            f"{path}: no such file. Copy the city.yaml of the package there, or correct the option "
            "ckanext.municipal.city."
        ) from error
    return _read(path, changed)


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> City:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CityError(f"{path}: not readable as YAML in UTF-8 ({error}).") from error
    reader = _Reader(path, content)
    languages = reader.value("languages", _languages, "a list of language codes, as [el, en]")

    def texts(value: Any) -> dict[str, str]:
        return {language: str(value[language]) for language in languages}

    both = f"a text for each language: {', '.join(languages)}"
    return City(
        name=reader.value("name", texts, both),
        portal_title=reader.value("portal.title", texts, both),
        portal_description=reader.value("portal.description", texts, both),
        portal_licence=reader.value("portal.licence", _uri, "the URI of a licence"),
        uid=reader.value("uid", _text, "the Diavgeia organisation id"),
        vat=reader.value("vat", _vat, "the nine digits of the VAT number, in quotes"),
        homepage=reader.value("homepage", _text, "a web address"),
        contact=Contact(
            name=reader.value("contact.name", texts, both),
            email=reader.value("contact.email", _text, "an e-mail address"),
            phone=reader.value("contact.phone", _text, "a telephone number, in quotes"),
            url=reader.value("contact.url", _text, "a web address"),
        ),
        languages=languages,
        currency=reader.value("currency", _text, "a currency code, as EUR"),
        map_box=reader.value("map.box", _box, "[west, south, east, north] in degrees"),
        map_zoom=reader.value("map.zoom", int, "a whole number, as 13"),
        population=reader.value("population", _population, "a count of residents by year"),
    )


class _Reader:
    """Reads dotted keys of the file; a wrong one becomes a CityError that names it."""

    def __init__(self, path: Path, content: Any) -> None:
        self._path = path
        self._content = content

    def value(self, key: str, convert: Callable[[Any], _T], expected: str) -> _T:
        found = self._content
        try:
            for part in key.split("."):
                found = found[part]
            return convert(found)
        except (KeyError, TypeError, ValueError, IndexError):
            raise CityError(f"{self._path}, {key}: write {expected}.") from None


def _text(value: Any) -> str:
    if value is None or not str(value).strip():
        raise ValueError
    return str(value).strip()


def _uri(value: Any) -> str:
    if not isinstance(value, str) or not value.startswith(("http://", "https://")):
        raise ValueError
    return value


def _vat(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 9 or not value.isdigit():
        raise ValueError
    return value


def _languages(value: Any) -> tuple[str, ...]:
    languages = tuple(str(language) for language in value)
    if not languages or isinstance(value, str):
        raise ValueError
    return languages


def _box(value: Any) -> Box:
    west, south, east, north = (float(edge) for edge in value)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError
    return Box(west, south, east, north)


def _population(value: Any) -> dict[int, int]:
    return {int(year): int(count) for year, count in sorted(value.items())}
