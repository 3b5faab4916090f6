"""Controlled vocabularies: EU authority URIs with their labels, one CSV a vocabulary.

Columns of a CSV: ``uri, code, en, el``, then optionally ``aliases`` (other names that mean the same,
separated by ``|``), ``deprecated`` (``yes``: known, no longer offered), ``replaced_by`` (a URI) and
whatever else is worth knowing about the concept (``media_type``, ``interval`` ...).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ckanext.municipal.lib.greek import fold

_COLUMNS = ("uri", "code", "en", "el")


class VocabularyError(Exception):
    """A vocabulary file that cannot be used; the text says which, where and what to do."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One entry of a vocabulary: its URI, short code, labels by language, and further facts."""

    uri: str
    code: str
    labels: Mapping[str, str]
    aliases: tuple[str, ...] = ()
    offered: bool = True
    replaced_by: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    def label(self, language: str) -> str:
        """Return the label in a language (``el``), else in English."""
        return self.labels.get(language) or self.labels["en"]

    def list(self, fact: str) -> tuple[str, ...]:
        """Return a fact that holds several values separated by ``|``."""
        return tuple(part for part in self.facts.get(fact, "").split("|") if part)


class Vocabulary:
    """A controlled vocabulary in its own order, found by URI, code, label or alias."""

    def __init__(self, name: str, concepts: list[Concept]) -> None:
        """Index the concepts; a name that two of them share finds neither."""
        self.name = name
        self._by_uri = {concept.uri: concept for concept in concepts}
        self._by_name: dict[str, Concept | None] = {}
        for concept in concepts:
            for key in _names(concept):
                known = self._by_name.get(key, concept)
                self._by_name[key] = concept if known is concept else None

    def __iter__(self) -> Iterator[Concept]:
        """Yield every concept, those no longer offered too."""
        return iter(self._by_uri.values())

    def __len__(self) -> int:
        """Return how many concepts there are."""
        return len(self._by_uri)

    def get(self, uri: str) -> Concept | None:
        """Return the concept with exactly this URI."""
        return self._by_uri.get(uri)

    def find(self, text: str) -> Concept | None:
        """Return the concept that a URI, code, label or alias names, ``None`` if none or several.

        Accents, case and ``http``/``https`` make no difference; a replaced concept gives the new one.
        """
        concept = self._by_uri.get(text.strip()) or self._by_name.get(_key(text))
        if concept and concept.replaced_by:
            return self._by_uri.get(concept.replaced_by, concept)
        return concept

    def by_extension(self, extension: str) -> Concept | None:
        """Return the concept whose ``extensions`` hold this one, without the dot: ``csv``."""
        wanted = extension.lower().lstrip(".")
        return next((c for c in self if wanted and wanted in c.list("extensions")), None)

    def offered(self) -> list[Concept]:
        """Return the concepts that a form offers: all but deprecated and replaced ones."""
        return [concept for concept in self if concept.offered]


def _key(text: str) -> str:
    """Return what two spellings of one name have in common."""
    return fold(" ".join(text.split())).replace("https://", "http://").rstrip("/")


def _names(concept: Concept) -> set[str]:
    names = {concept.uri, concept.code, *concept.labels.values(), *concept.aliases}
    return {_key(name) for name in (*names, concept.facts.get("url", "")) if name}


def load(name: str, folder: Path) -> Vocabulary:
    """Return the vocabulary ``<folder>/<name>.csv``, read once while the file does not change.

    Raises VocabularyError when the file is missing, lacks a column, or has a row without a URI,
    code or label, or a URI twice.
    """
    path = folder / f"{name}.csv"
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise VocabularyError(
            f"{path}: no such vocabulary. Put the file there, or correct the option "
            "ckanext.municipal.vocabularies."
        ) from error
    return _read(name, path, changed)


@lru_cache(maxsize=64)
def _read(name: str, path: Path, _changed: int) -> Vocabulary:
    concepts: dict[str, Concept] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise VocabularyError(f"{path}: add the missing column {', '.join(missing)}.")
        for row in reader:
            concept = _concept(row, path, reader.line_num)
            if concept.uri in concepts:
                raise VocabularyError(
                    f"{path}, line {reader.line_num}, uri: {concept.uri} stands twice; remove one."
                )
            concepts[concept.uri] = concept
    return Vocabulary(name, list(concepts.values()))


def _concept(row: dict[str, str | None], path: Path, line: int) -> Concept:
    cells = {column: (value or "").strip() for column, value in row.items() if column}
    for column in _COLUMNS:
        if not cells.get(column):
            raise VocabularyError(f"{path}, line {line}, {column}: empty; fill it in.")
    known = {*_COLUMNS, "aliases", "deprecated", "replaced_by"}
    return Concept(
        uri=cells["uri"],
        code=cells["code"],
        labels={"en": cells["en"], "el": cells["el"]},
        aliases=tuple(part for part in cells.get("aliases", "").split("|") if part),
        offered=not (cells.get("deprecated") or cells.get("replaced_by")),
        replaced_by=cells.get("replaced_by", ""),
        facts={column: value for column, value in cells.items() if column not in known},
    )
