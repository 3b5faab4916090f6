"""docs/configuration.md: every option, from the ``config_declaration.yaml`` of each capability."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from dev.docs import markdown

PACKAGE = Path(__file__).resolve().parent.parent.parent / "ckanext" / "municipal"
_OPENING = """\
Options of `ckan.ini`. What has a default may be left out. Options of other extensions appear where
this suite gives them another default; [install](install.md) says which of CKAN's own it expects."""


def declarations() -> dict[str, dict[str, Any]]:
    """Return the declaration of each capability that has options, by the name of its folder."""
    return {
        path.parent.name: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.glob("*/config_declaration.yaml"))
    }


def options() -> list[str]:
    """Return the key of every declared option."""
    return [
        option["key"]
        for declaration in declarations().values()
        for group in declaration["groups"]
        for option in group["options"]
    ]


def render() -> str:
    """Return the page: a section a group, an entry an option."""
    return markdown.page(_lines())


def _lines() -> Iterator[str]:
    yield "# Configuration"
    yield ""
    yield markdown.note("the config_declaration.yaml files")
    yield ""
    yield _OPENING
    for declaration in declarations().values():
        for group in declaration["groups"]:
            yield ""
            yield f"## {_heading(group['annotation'])}"
            for option in group["options"]:
                yield from _entry(option)


def _heading(annotation: str) -> str:
    subject = annotation.removeprefix("ckanext-municipal: ")
    return subject[0].upper() + subject[1:]


def _entry(option: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield f"### `{option['key']}`"
    yield ""
    yield markdown.line(option["description"])
    facts = [f"Type: {option.get('type', 'text')}"]
    default = option.get("default")
    facts.append(f"default: `{markdown.line(str(default))}`" if default else "default: empty")
    if option.get("example"):
        facts.append(f"example: `{option['example']}`")
    yield ""
    yield f"{'; '.join(facts)}."
