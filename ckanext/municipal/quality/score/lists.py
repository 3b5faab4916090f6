"""The lists that metrics ask: file types and licences as data.europa.eu knows them.

``schemas/codelists/mqa-formats.csv`` is the EU file-type authority table with the two lists of
piveau (20 types that machines interpret, 32 that nobody owns), which are narrower than common sense:
TSV and GeoPackage are open and not machine-interpretable there, PDF is in neither.
``mqa-licences.csv`` are the EU licences and those that piveau maps to them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "schemas" / "codelists"
FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
ACCESS_RIGHTS = "http://publications.europa.eu/resource/authority/access-right/"
# The whole authority table of access rights.
_ACCESS_RIGHTS = frozenset(
    ["PUBLIC", "RESTRICTED", "NON_PUBLIC", "CONFIDENTIAL", "NORMAL", "SENSITIVE", "OP_DATPRO"]
)
_MEDIA_TYPE = re.compile(
    r"https?://(?:www\.)?iana\.org/assignments/media-types/"
    r"((?:application|audio|font|haptics|image|message|model|multipart|text|video)/[\w.+-]+)"
)
_RDF = ("RDF_", "JSON_LD", "N3", "SPARQL")


@dataclass(frozen=True, slots=True)
class Lists:
    """Codes of file types by what they are, and addresses of licences."""

    file_types: frozenset[str]
    machine_interpretable: frozenset[str]
    non_proprietary: frozenset[str]
    services: frozenset[str]
    by_media_type: dict[str, frozenset[str]]
    licences: frozenset[str]

    def file_type(self, format_: str) -> str | None:
        """Return the code of a URI of the EU file-type table, None where it is none of them."""
        code = format_.removeprefix(FILE_TYPES)
        return code if format_ != code and code in self.file_types else None

    def codes(self, formats: list[str], media_types: list[str]) -> set[str]:
        """Return the file types that a distribution's formats and media types stand for."""
        told = {code for each in formats if (code := self.file_type(each))}
        for each in media_types:
            told |= self.by_media_type.get(media_type(each) or "", frozenset())
        return told

    def knows_licence(self, licence: str) -> bool:
        """Tell whether a licence is of the EU table or one that is mapped to it."""
        return _plain(licence) in self.licences


def media_type(uri: str) -> str | None:
    """Return the type that an address of the IANA registry stands for, as ``text/csv``."""
    found = _MEDIA_TYPE.fullmatch(uri)
    return found[1].lower() if found else None


def is_access_right(uri: str) -> bool:
    """Tell whether an address is of the EU table of access rights."""
    code = uri.removeprefix(ACCESS_RIGHTS)
    return uri != code and code in _ACCESS_RIGHTS


def is_rdf(code: str) -> bool:
    """Tell whether a file type is a form of RDF."""
    return code.startswith(_RDF)


@lru_cache(maxsize=1)
def load() -> Lists:
    """Return the lists, read once."""
    formats = list(_rows("mqa-formats.csv"))
    by_media_type: dict[str, frozenset[str]] = {}
    for row in formats:
        for each in filter(None, row["media_types"].split("|")):
            by_media_type[each] = by_media_type.get(each, frozenset()) | {row["code"]}
    licences = {
        _plain(uri)
        for row in _rows("mqa-licences.csv")
        for uri in (row["uri"], *row["same_as"].split("|"))
        if uri
    }
    return Lists(
        file_types=frozenset(row["code"] for row in formats),
        machine_interpretable=_with(formats, "machine_interpretable"),
        non_proprietary=_with(formats, "non_proprietary"),
        services=_with(formats, "service"),
        by_media_type=by_media_type,
        licences=frozenset(licences),
    )


def _with(rows: list[dict[str, str]], column: str) -> frozenset[str]:
    return frozenset(row["code"] for row in rows if row[column] == "yes")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _plain(uri: str) -> str:
    """Two spellings of one licence's address have this in common."""
    return uri.replace("https://", "http://", 1).removesuffix("legalcode").rstrip("/")
