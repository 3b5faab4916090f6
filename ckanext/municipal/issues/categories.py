"""Categories with codes that last: found by the names that the source uses, kept when it renames them.

The YAML says which names a category has or had. One that it does not know gets a code made of its
names, which stays as long as the table of categories knows them. Pure.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ckanext.municipal.issues import rules
from ckanext.municipal.issues.labels import label, one_line
from ckanext.municipal.issues.oddities import Oddities
from ckanext.municipal.issues.request import SourceRequest
from ckanext.municipal.issues.source import IssueSource
from ckanext.municipal.issues.source_names import PATH_MARK, name_key
from ckanext.municipal.lib.greek import slug
from ckanext.municipal.lib.texts import N_, texts

Row = dict[str, Any]
BETWEEN_NAMES = " | "
_LONGEST_CODE = 100
_MOST_LEVELS = 8
_CACHED = 10_000


@dataclass(frozen=True, slots=True)
class Category:
    """A category: its code, the code above it, its names by language, whether it is sensitive by
    itself, and whether the YAML knows it."""

    code: str
    parent: str | None
    names: Mapping[str, str]
    sensitive: bool = False
    known: bool = True


WITHOUT = Category("uncategorised", None, texts(N_("Without category")))
"""The category of requests that the source files under none."""


class Categories:
    """The categories of a source. Knows those of the YAML, those ``stored`` (rows of the table of
    categories) and those that it met."""

    def __init__(
        self, source: IssueSource, oddities: Oddities, stored: Iterable[Mapping[str, Any]] = ()
    ) -> None:
        self._oddities = oddities
        self._by_code = {
            rule.code: Category(rule.code, rule.parent, rule.title, rule.sensitive)
            for rule in source.categories
        }
        self._of_yaml = tuple(self._by_code)
        self._by_name = {
            name_key(name): rule.code for rule in source.categories for name in rule.names
        }
        self._names: dict[str, dict[str, None]] = {}
        self._cache: dict[tuple[str, ...], Category] = {}
        self._learn(stored)

    def of(self, request: SourceRequest) -> Category:
        """Return the category of a request, ``sensitive`` also where one above it is, here or in
        the source."""
        key = (request.category or "", *request.category_path)
        category = self._cache.get(key)
        names = () if category and category.known else self._fit(request)
        if category is None:
            if len(self._cache) >= _CACHED:
                self._cache.clear()
            found = self._find(names, request.category)
            above = (self._known(names[:depth], None) for depth in range(1, len(names)))
            sensitive = any(self.is_sensitive(code) for code in (found.code, *above) if code)
            category = self._cache[key] = replace(found, sensitive=sensitive)
        if category.code == WITHOUT.code:
            self._oddities.note(rules.NO_CATEGORY, request, field="category")
        elif not category.known:
            self._oddities.note(rules.CATEGORY_UNKNOWN, request, _joined(names), field="category")
        return category

    def path(self, code: str) -> tuple[str, ...]:
        """Return the codes from the top down to a category."""
        path: list[str] = []
        step: str | None = code
        while step and step not in path:
            path.insert(0, step)
            step = self._by_code[step].parent if step in self._by_code else None
        return tuple(path)

    def is_sensitive(self, code: str) -> bool:
        """Tell whether a category, or one above it, is to be published without a place."""
        above = (self._by_code.get(each) for each in self.path(code))
        return any(category.sensitive for category in above if category)

    def rows(
        self,
        requests: Iterable[Mapping[str, Any]],
        stored: Iterable[Mapping[str, Any]],
        least: int = 0,
    ) -> list[Row]:
        """Return the table of categories: those of the YAML, those with requests, all above them.

        ``least`` is for a city that publishes no single requests, where a count or a date would be
        the first that is told of them: the categories have none then, and one that the YAML does
        not name is left out while fewer than so many requests are in it.
        """
        self._learn(stored)
        found: dict[str, Row] = {}
        for request in requests:
            counts = found.setdefault(request["category_code"], {"requests": 0})
            counts["requests"] += 1
            if at := request["requested"]:
                counts["first_requested"] = min(counts.get("first_requested", at), at)
                counts["last_requested"] = max(counts.get("last_requested", at), at)
        within: Counter[str] = Counter()
        for code, counts in found.items():
            within.update(dict.fromkeys(self.path(code), counts["requests"]))
        codes = {step for code in self._of_yaml for step in self.path(code)}
        codes |= {code for code, number in within.items() if number >= least}
        nothing = {"requests": None if least else 0}
        told = {} if least else found
        return [{**self._row(code), **told.get(code, nothing)} for code in sorted(codes)]

    def _row(self, code: str) -> Row:
        category = self._by_code.get(code) or Category(code, None, {"en": code})
        names = category.names
        return {
            "code": code,
            "parent": category.parent,
            "name_el": names.get("el") or names["en"],
            "name_en": names.get("en") or names["el"],
            "source_names": BETWEEN_NAMES.join(sorted(self._names.get(code, ()))) or None,
            "sensitive": self.is_sensitive(code),
            "first_requested": None,
            "last_requested": None,
        }

    def _learn(self, stored: Iterable[Mapping[str, Any]]) -> None:
        """Take over what the table of categories knows, where the YAML says nothing else."""
        for row in stored:
            code = row["code"]
            names = (row["source_names"] or "").split(BETWEEN_NAMES)
            self._names.setdefault(code, {}).update(dict.fromkeys(filter(None, names)))
            if code in self._by_code:
                continue
            titles = {"el": row["name_el"], "en": row["name_en"]}
            self._by_code[code] = (
                WITHOUT
                if code == WITHOUT.code
                else Category(code, row["parent"], titles, row["sensitive"], known=False)
            )
            for name in filter(None, names):
                self._by_name.setdefault(name_key(name), code)

    def _fit(self, request: SourceRequest) -> tuple[str, ...]:
        """The names of a request's category from the top down, as far as they may be published."""
        names: list[str] = []
        for name in map(one_line, request.category_path or (request.category or "",)):
            said = name if name_key(name) in self._by_name else label(name)
            if not said or len(names) == _MOST_LEVELS:
                break
            names.append(said)
        return tuple(names)

    def _find(self, names: tuple[str, ...], code_or_name: str | None) -> Category:
        """Return the category of these names, top first; makes it where nobody knows it."""
        if not names:
            return self._by_code.setdefault(WITHOUT.code, WITHOUT)
        code = self._known(names, code_or_name)
        if code is None:
            # What the YAML does not know is found by its whole path only: others may end the same.
            code = self._by_name.get(name_key(_joined(names))) or self._new(names)
        category = self._by_code[code]
        said = names[-1] if category.known else _joined(names)
        self._names.setdefault(code, {})[said.replace(BETWEEN_NAMES.strip(), "/")] = None
        return category

    def _known(self, names: tuple[str, ...], code_or_name: str | None) -> str | None:
        """Return the code in the YAML: by the longest end of the path, by another name, by itself."""
        ends = [_joined(names[start:]) for start in range(len(names))]
        for name in (*ends, code_or_name or ""):
            code = self._by_name.get(name_key(name))
            if code and self._by_code[code].known:
                return code
        return next((code for code in (code_or_name, names[-1]) if code in self._of_yaml), None)

    def _new(self, names: tuple[str, ...]) -> str:
        *above, name = names
        parent = self._find(tuple(above), None) if above else None
        code = _code(parent, name)
        if code not in self._by_code:
            titles = {"el": name, "en": name}
            top = parent.code if parent else None
            self._by_code[code] = Category(code, top, titles, known=False)
        return code


def _joined(names: Iterable[str]) -> str:
    return f" {PATH_MARK} ".join(names)


def _code(parent: Category | None, name: str) -> str:
    digest = hashlib.blake2b(name_key(name).encode(), digest_size=4).hexdigest()
    code = slug(name, fallback=f"category-{digest}")
    if parent:
        code = f"{parent.code}-{code}"
    return code if len(code) <= _LONGEST_CODE else f"{code[: _LONGEST_CODE - 9]}-{digest}"
