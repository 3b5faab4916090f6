"""Code lists of the budget: what an account code or a municipal service is called.

A list is a CSV in ``schemas/codelists``: ``code, parent, el, en, valid_from, valid_to``. A portal
replaces or extends one by naming further files: later files win, code by code. Pure: no CKAN.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.greek import header_key
from ckanext.municipal.lib.texts import N_

FOLDER = Path(__file__).parent.parent / "schemas" / "codelists"
COLUMNS = ("code", "parent", "el", "en", "valid_from", "valid_to")

# Which file names the codes of a chart of accounts, for each side of the budget.
FILES = {
    ("kae-2004", "expenditure"): "kae-expenditure.csv",
    ("kae-2004", "revenue"): "kae-revenue.csv",
    ("glk-2018", "expenditure"): "glk-2018.csv",
    ("glk-2018", "revenue"): "glk-2018.csv",
}

# Charts of which only the groups are published so far: an unknown code there says nothing.
PARTIAL = frozenset({"glk-2018"})


class CodeListError(ReadableError):
    """A code list file that cannot be used: which file, which row, and what to put right."""


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a list: its code, the code above it, its names, the years it is in force."""

    code: str
    parent: str
    el: str
    en: str
    valid_from: int | None = None
    valid_to: int | None = None

    def name(self, language: str) -> str:
        """Return the name in one language; Greek where there is no other."""
        return (self.en if language == "en" else self.el) or self.el

    def in_force(self, year: int) -> bool:
        """Tell whether the code may be used in a budget year."""
        return (self.valid_from or year) <= year <= (self.valid_to or year)


class CodeList:
    """A hierarchical code list; knows each code's names and the codes above it."""

    def __init__(self, codes: Mapping[str, Code]) -> None:
        """Take the codes by their code; every parent must be among them."""
        self._codes = dict(codes)

    @classmethod
    def load(cls, *paths: str | Path) -> CodeList:
        """Read one list from CSV files, later files overriding earlier ones code by code.

        Raises ``CodeListError`` naming file, row and remedy.
        """
        codes: dict[str, Code] = {}
        origin: dict[str, tuple[str, int]] = {}
        for path in map(Path, paths):
            for row, code in _read(path):
                if origin.get(code.code, ("", 0))[0] == str(path):
                    raise CodeListError(
                        N_("{file}, row {row}: code {code} is there twice. Remove one of the two."),
                        file=path.name,
                        row=row,
                        code=code.code,
                    )
                codes[code.code] = code
                origin[code.code] = (str(path), row)
        _check_parents(codes, origin)
        return cls(codes)

    def __contains__(self, code: object) -> bool:
        return code in self._codes

    def __iter__(self) -> Iterator[Code]:
        return iter(self._codes.values())

    def __len__(self) -> int:
        return len(self._codes)

    def __getitem__(self, code: str) -> Code:
        return self._codes[code]

    def name(self, code: str, language: str) -> str | None:
        """Return what a code is called in ``el`` or ``en``, ``None`` if the list lacks it."""
        entry = self._codes.get(code)
        return entry.name(language) if entry else None

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the codes above a known code, the widest first: ``6011 -> ("6", "60", "601")``.

        An unknown code has none: ask ``nearest_known`` first.
        """
        above: list[str] = []
        entry = self._codes.get(code)
        while entry and entry.parent:
            above.append(entry.parent)
            entry = self._codes[entry.parent]
        return tuple(reversed(above))

    def nearest_known(self, code: str) -> str | None:
        """Return the code itself if known, else the longest known code that it begins with."""
        for length in range(len(code), 0, -1):
            if code[:length] in self._codes:
                return code[:length]
        return None


class Services:
    """The municipal services of a budget (Υπηρεσία, two digits), found by code or by name."""

    def __init__(self, codes: CodeList, names: Mapping[str, str]) -> None:
        """Take the list and a map of folded names (``header_key``) to codes."""
        self.codes = codes
        self._names = dict(names)

    @classmethod
    def load(cls, path: str | Path, *aliases: str | Path) -> Services:
        """Read the list and its alias files (``alias, code``), later files overriding.

        Raises ``CodeListError`` naming file, row and remedy.
        """
        codes = CodeList.load(path)
        names: dict[str, str] = {}
        for code in codes:
            for name in (code.el, code.en):
                names.setdefault(header_key(name), code.code)
        for alias_path in map(Path, aliases):
            for row, record in _records(alias_path, ("alias", "code")):
                if record["code"] not in codes:
                    raise CodeListError(
                        N_("{file}, row {row}: no service has the code {code}. Correct the code."),
                        file=alias_path.name,
                        row=row,
                        code=record["code"],
                    )
                names[header_key(record["alias"])] = record["code"]
        return cls(codes, names)

    def code_for(self, name: str) -> str | None:
        """Return the code of a service by any of its names, whatever the case and accents."""
        return self._names.get(header_key(name))

    def name(self, code: str, language: str) -> str | None:
        """Return what a service is called in ``el`` or ``en``, ``None`` if the list lacks it."""
        return self.codes.name(code, language)


@lru_cache(maxsize=16)
def code_list(chart: str, side: str, *extensions: str) -> CodeList:
    """Return the list of a chart of accounts and a side of the budget.

    Charts are ``kae-2004`` and ``glk-2018``, sides ``expenditure`` and ``revenue``; ``extensions``
    are further files of the portal. Raises ``KeyError`` for an unknown chart.
    """
    return CodeList.load(FOLDER / FILES[chart, side], *extensions)


@lru_cache(maxsize=4)
def services(*aliases: str) -> Services:
    """Return the services that ship with the suite, with a portal's further alias files."""
    return Services.load(FOLDER / "services.csv", FOLDER / "services-aliases.csv", *aliases)


def _read(path: Path) -> Iterator[tuple[int, Code]]:
    for row, record in _records(path, COLUMNS):
        yield (
            row,
            Code(
                record["code"],
                record["parent"],
                record["el"],
                record["en"],
                _year(path, row, record["valid_from"]),
                _year(path, row, record["valid_to"]),
            ),
        )


def _records(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CodeListError(
            N_("{file} cannot be read as UTF-8 text. Check its path and save it as UTF-8."),
            file=str(path),
        ) from error
    reader = csv.DictReader(lines, restval="")
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        raise CodeListError(
            N_("{file} lacks the columns {columns}. Add them to its first row."),
            file=path.name,
            columns=", ".join(missing),
        )
    for record in reader:
        cells = {name: (record[name] or "").strip() for name in columns}
        if not any(cells.values()):
            continue
        if not cells["code"]:
            raise CodeListError(
                N_("{file}, row {row}: the code is empty. Write it or remove the row."),
                file=path.name,
                row=reader.line_num,
            )
        yield reader.line_num, cells


def _year(path: Path, row: int, cell: str) -> int | None:
    if not cell:
        return None
    if not (cell.isascii() and cell.isdigit() and len(cell) == 4):
        raise CodeListError(
            N_("{file}, row {row}: {cell} is not a year. Write four digits or leave it blank."),
            file=path.name,
            row=row,
            cell=cell,
        )
    return int(cell)


def _check_parents(codes: Mapping[str, Code], origin: Mapping[str, tuple[str, int]]) -> None:
    for code in codes.values():
        seen = {code.code}
        above = code.parent
        while above:
            if above not in codes or above in seen:
                file, row = origin[code.code]
                raise CodeListError(
                    N_("{file}, row {row}: {code} stands under {parent}, which is not above it."),
                    file=Path(file).name,
                    row=row,
                    code=code.code,
                    parent=above,
                )
            seen.add(above)
            above = codes[above].parent
