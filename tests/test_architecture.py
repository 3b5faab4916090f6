"""docs/architecture.md is how the code is: rooms import what it allows, the names that it tells exist."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ckanext" / "municipal"
_PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_rooms_import_no_more_than_the_architecture_allows():
    table = re.findall(r"^\| `(\w+)` \| ([\w, ]+) \| ([\w ]+) \|$", _PAGE, re.M)
    assert len(table) >= 6
    for room, ours, ckan in table:
        imported = set(_imports(PACKAGE / room))
        allowed = {room, *re.findall(r"\w+", ours)}
        rooms = {name.split(".")[2] for name in imported if name.startswith("ckanext.municipal.")}
        assert rooms <= allowed, f"{room} imports {sorted(rooms - allowed)}"
        others = {n for n in imported if re.match(r"ckan(\.|$)|ckanext\.(?!municipal)", n)}
        assert ckan != "no" or not others, f"{room} imports {sorted(others)}"


def _imports(room: Path) -> Iterator[str]:
    for path in room.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (each.name for each in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from (f"{node.module}.{each.name}" for each in node.names)


def test_names_that_the_architecture_tells_exist():
    sections = re.split(r"^### (\w+)[\w.]*$", _PAGE, flags=re.M)[1:]
    told = 0
    for room, text in zip(sections[::2], sections[1::2], strict=True):
        for module, name in re.findall(r"`(?:\w+\.)?([a-z_0-9]+)\.([A-Za-z_]\w*)", text):
            place = PACKAGE / room / module
            if place.is_dir() or place.with_suffix(".py").exists():
                found = importlib.import_module(f"ckanext.municipal.{room}.{module}")
                # `report.belongs_to` may be said of the module or of its class.
                owners = [found, *(each for each in vars(found).values() if isinstance(each, type))]
                assert any(hasattr(each, name) for each in owners), f"{room}.{module}.{name}"
                told += 1
    assert told >= 30
