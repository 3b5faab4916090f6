"""Categories as GeoReport's services. Pure: rows of the table of categories in, answers out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Category:
    """A category: its stable code, the code above it (None at the top), its names by language, and
    the names that the source has used for it."""

    code: str
    parent: str | None
    names: Names
    keywords: tuple[str, ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Category:
        """Make one of a row of ``issue_categories``."""
        return cls(
            code=row["code"],
            parent=row["parent"] or None,
            names={"el": row["name_el"], "en": row["name_en"]},
            keywords=tuple(filter(None, (row["source_names"] or "").split(" | "))),
        )


class Categories:
    """The categories of a city, by code."""

    def __init__(self, categories: Iterable[Category]) -> None:
        self._by_code = {each.code: each for each in categories}

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> Categories:
        """Make them of the rows of ``issue_categories``."""
        return cls(Category.of(row) for row in rows)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def name(self, code: str, language: str) -> str:
        """Return what a category is called; its code where it is not listed."""
        found = self._by_code.get(code)
        return (found.names.get(language) or found.names["en"]) if found else code

    def names(self, code: str) -> dict[str, str]:
        """Return what a category is called by language; its code where it is not listed."""
        found = self._by_code.get(code)
        return dict(found.names) if found else {"el": code, "en": code}

    def path(self, code: str) -> list[str]:
        """Return the codes from the top down to a category."""
        found: list[str] = []
        step: str | None = code
        while step is not None and step in self._by_code and step not in found:
            found.insert(0, step)
            step = self._by_code[step].parent
        return found or [code]

    def below(self, codes: Iterable[str]) -> list[str]:
        """Return these categories and all that are below one of them."""
        wanted = set(codes)
        return [code for code in self._by_code if wanted.intersection(self.path(code))]

    def services(self, language: str) -> list[dict[str, Any]]:
        """Return the answer of ``services``, ordered by path."""
        return [self._service(code, language) for code in sorted(self._by_code, key=self.path)]

    def _service(self, code: str, language: str) -> dict[str, Any]:
        names = [self.name(step, language) for step in self.path(code)]
        category = self._by_code[code]
        words = dict.fromkeys([*category.names.values(), *category.keywords])
        return {
            "service_code": code,
            "service_name": names[-1],
            "description": " › ".join(names),
            "metadata": False,
            # One of three ways to send a request; none can be sent here, and those that were sent
            # to the city arrive in batches.
            "type": "batch",
            "keywords": ", ".join(word.replace(",", " ") for word in words if word != names[-1]),
            "group": names[0],
        }


def definition(code: str) -> dict[str, Any]:
    """Return the answer of ``services/{code}``: nothing more is asked of who reports."""
    return {"service_code": code, "attributes": []}
