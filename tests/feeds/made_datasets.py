"""Datasets as ``package_show`` gives them, made by chance from all that the form lets through."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

_VOCABULARIES = Path(__file__).resolve().parents[2] / "schemas" / "vocabularies"
_WORDS = (
    "δένδρα", "Θεσσαλονίκη", "άΰγε", "air quality", "<b>", "&amp;", "\u200b", "''", '"', "\\n",
    "مرحبا", "🏛️", "\u0001", "\ud7ff", "{name}", "%s", "@el", "^^", "]]>", "\u2028", "ﬁ", "Ω",
)  # fmt: skip
_DATES = ("2024", "2024-02", "2024-02-29", "2024-02-29T10:00:00", "2024-02-29T10:00:00+02:00")
_SQUARE = (
    '{"type": "Polygon", "coordinates": [[[22.9, 40.6], [23, 40.6], [23, 40.7], [22.9, 40.6]]]}'
)


def made(seed: int) -> dict[str, Any]:
    """Return the dataset of a number: any fields, hostile texts, every third one high-value."""
    return _Made(Random(seed), seed).dataset()


@cache
def _uris(vocabulary: str) -> tuple[str, ...]:
    with (_VOCABULARIES / f"{vocabulary}.csv").open(encoding="utf-8-sig", newline="") as file:
        return tuple(row["uri"] for row in csv.DictReader(file))


class _Made:
    """One dataset in the making."""

    def __init__(self, random: Random, seed: int) -> None:
        self.random = random
        self.hvd = seed % 3 == 0
        self.id = str(UUID(int=random.getrandbits(128)))

    def dataset(self) -> dict[str, Any]:
        """Return it whole."""
        some = {
            "type": self.random.choice(("dataset", "budget", "issue_reports")),
            "tags_translated": {"el": [self.text()], "en": [self.text()]},
            "tags": [{"name": "open-data"}],
            "theme": self.concepts("data-theme"),
            "groups": [{"name": self.random.choice(("environment", "nobody"))}],
            "municipality_uid": "6114",
            "municipality_name": self.text(),
            "municipality_name_translated": self.texts(),
            "fiscal_year": "2024",
            "creator": [self.agent() for _ in range(self.random.randint(1, 2))],
            "access_rights": self.concept("access-right"),
            "frequency": self.concept("frequency"),
            "temporal_coverage": [self.period() for _ in range(self.random.randint(1, 3))],
            "temporal_resolution": "P1D",
            "spatial_coverage": [self.place() for _ in range(self.random.randint(1, 2))],
            "spatial_resolution_in_meters": "12.5",
            "issued": self.date(),
            "modified": self.date(),
            "language": self.concepts("language"),
            "provenance": self.text(),
            "conforms_to": self.standards(),
            "url": self.link(),
            "documentation": self.links(),
            "version": "1.0",
            "version_notes": self.text(),
            "identifier": self.random.choice((self.text(), self.link())),
            "alternate_identifier": self.standards(),
            "dcat_type": self.link(),
            "is_referenced_by": self.standards(),
            "related_resource": self.standards(),
            "has_version": self.standards(),
            "ada": "6ΛΩΑ46ΜΔΩΗ-ΧΗΩ",
        }
        always = {
            "id": self.id,
            "name": f"dataset-{self.id}",
            "type": "dataset",
            "title_translated": self.texts(),
            "notes_translated": self.texts(),
            "license_id": self.concept("licence"),
            "contact": [self.contact()],
            "publisher": [{**self.agent(), "type": self.concept("publisher-type")}],
            "metadata_created": "2024-01-01T00:00:00.000001",
            "metadata_modified": "2024-01-02T00:00:00",
            "hvd": "true" if self.hvd else "false",
            "resources": [self.resource() for _ in range(self.random.randint(self.hvd, 3))],
        }
        if self.hvd:
            always["hvd_category"] = self.concepts("hvd-category")
            always["applicable_legislation"] = ["http://data.europa.eu/eli/reg_impl/2023/138/oj"]
            always["resources"][0]["datastore_active"] = True
        return {**self.part(some), **always}

    def resource(self) -> dict[str, Any]:
        """Return a resource: a file of ours, an address, or a table."""
        some = {
            "name_translated": self.texts(),
            "description_translated": self.texts(),
            "format": self.random.choice(("CSV", "csv", "GeoTIFF", self.text(), "text/csv")),
            "file_type": self.concept("file-type"),
            "mimetype": self.random.choice(("text/csv", "text/csv; charset=utf-8", "CSV", "")),
            "compress_format": "application/gzip",
            "package_format": "application/zip",
            "availability": self.concept("planned-availability"),
            "status": self.concept("distribution-status"),
            "license": self.concept("licence"),
            "rights": self.random.choice((self.text(), self.link())),
            "access_url": self.link(),
            "download_url": self.link(),
            "size": self.random.choice((0, 7, 10**12)),
            "hash": self.random.choice(("ab" * 32, "ab" * 16, "abc", "no digest")),
            "hash_algorithm": self.concept("checksum-algorithm"),
            "issued": self.date(),
            "modified": self.date(),
            "language": self.concepts("language"),
            "temporal_resolution": "PT1H",
            "spatial_resolution_in_meters": "0.5",
            "documentation": self.links(),
            "conforms_to": self.standards(),
            "access_services": [self.service()],
            "datastore_active": True,
        }
        return {
            **self.part(some),
            "id": str(UUID(int=self.random.getrandbits(128))),
            "package_id": self.id,
            "url": self.link(),
            "url_type": self.random.choice(("upload", "", "datastore")),
            "created": "2024-01-01T00:00:00",
        }

    def service(self) -> dict[str, Any]:
        """Return a data service as a publisher describes one."""
        some = {
            "endpoint_description": self.link(),
            "description": self.text(),
            "license": self.concept("licence"),
            "access_rights": self.concept("access-right"),
            "availability": self.concept("planned-availability"),
            "conforms_to": self.standards(),
        }
        # A high-value service has to have documentation, which nobody else can say for it.
        pages = {"landing_page": self.links()}
        told = {**self.part(some), **(pages if self.hvd else self.part(pages))}
        return {**told, "title": self.text(), "endpoint_url": self.links()}

    def part(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Return some of several fields, or all, or none."""
        share = self.random.choice((0, 0.3, 0.7, 1))
        return {name: value for name, value in fields.items() if self.random.random() < share}

    def text(self) -> str:
        """Return some words, one at least, every fifth time with any characters that a database keeps."""
        words = self.random.choices(_WORDS, k=self.random.randint(1, 6))
        if self.random.random() < 0.2:
            words.append("".join(map(self.character, range(4))))
        return " ".join(words)

    def character(self, _place: int) -> str:
        """Return any character but NUL and halves of others, which PostgreSQL refuses."""
        code = self.random.choice(
            (self.random.randrange(1, 0x300), self.random.randrange(1, 0x110000))
        )
        return "a" if 0xD800 <= code <= 0xDFFF else chr(code)

    def texts(self) -> dict[str, str]:
        """Return a text in each language, or in Greek alone."""
        texts = {"el": self.text(), "en": self.text()}
        return texts if self.random.random() < 0.8 else {"el": texts["el"]}

    def link(self) -> str:
        """Return an address, not always a plain one."""
        return f"https://example.org/{self.random.choice(('a', 'α/β', '?q=1&b=%20#x', '~a(b)'))}"

    def links(self) -> list[str]:
        """Return some addresses."""
        return [self.link() for _ in range(self.random.randint(1, 2))]

    def standards(self) -> list[str]:
        """Return names and addresses of what is referred to."""
        return [self.link(), self.text()][: self.random.randint(1, 2)]

    def date(self) -> str:
        """Return a date as exact as it is known."""
        return self.random.choice(_DATES)

    def concept(self, vocabulary: str) -> str:
        """Return the URI of one concept."""
        return self.random.choice(_uris(vocabulary))

    def concepts(self, vocabulary: str) -> list[str]:
        """Return the URIs of one to three concepts."""
        return sorted({self.concept(vocabulary) for _ in range(self.random.randint(1, 3))})

    def agent(self) -> dict[str, Any]:
        """Return who publishes or makes data."""
        some = {"email": "data@example.org", "url": self.link(), "uri": self.link()}
        return {"name": self.text(), **self.part({**some, "identifier": self.text()})}

    def contact(self) -> dict[str, Any]:
        """Return whom to ask."""
        some = {"url": self.link(), "identifier": self.text(), "uri": self.link() + "/us"}
        return {"name": self.text(), "email": "open@example.org", **self.part(some)}

    def period(self) -> dict[str, Any]:
        """Return a time from, to, or both."""
        return self.random.choice(
            ({"start": self.date()}, {"end": self.date()}, {"start": "2016", "end": "2016-12-31"})
        )

    def place(self) -> dict[str, Any]:
        """Return a place by name, shape or address."""
        return {"text": self.text(), **self.part({"geom": _SQUARE, "uri": self.link() + "/place"})}
