"""Municipal themes: groups of CKAN made from ``schemas/themes.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from ckan.plugins import toolkit as tk
from ckan.types import Context

from ckanext.municipal.portal import config, language, translated

_KEYS = ("name", "icon", "eu_theme", "title", "description")


class ThemesError(Exception):
    """A ``themes.yaml`` that cannot be used; the text says file, theme, key and what to do."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme: its address, texts by language, Font Awesome icon and theme of the EU portal."""

    name: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    icon: str
    eu_theme: str

    def as_group(self) -> dict[str, Any]:
        """Return the fields of the group that stands for this theme."""
        own = language.default()
        return {
            "name": self.name,
            "title": language.pick(self.title, own),
            "title_translated": dict(self.title),
            "description": language.pick(self.description, own),
            "description_translated": dict(self.description),
            "icon": self.icon,
            "eu_theme": self.eu_theme,
        }


@dataclass(frozen=True, slots=True)
class Changes:
    """Names of the themes that a synchronisation made, changed and found as they should be."""

    created: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]


def load(path: Path) -> tuple[Theme, ...]:
    """Return the themes of a YAML file in its order, read once while the file does not change.

    Raises ThemesError naming file, theme, key and remedy.
    """
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise ThemesError(
            f"{path}: no such file. Copy the themes.yaml of the package there, or correct the "
            "option ckanext.municipal.themes."
        ) from error
    return _read(path, changed)


def sync() -> Changes:
    """Make or update the group of every theme; groups that are right are not written.

    A group that was deleted is made active again. Groups that are no themes are left alone.
    """
    created, updated, unchanged = [], [], []
    for theme in load(config.themes_file()):
        wanted = theme.as_group()
        existing = _group(theme.name)
        if existing is None:
            tk.get_action("group_create")(_context(), {**wanted, "type": "group"})
            created.append(theme.name)
        elif _differs(existing, wanted):
            patch = {**wanted, "id": existing["id"], "state": "active"}
            tk.get_action("group_patch")(_context(), patch)
            updated.append(theme.name)
        else:
            unchanged.append(theme.name)
    return Changes(tuple(created), tuple(updated), tuple(unchanged))


def municipal_themes() -> list[dict[str, Any]]:
    """Return the themes for a page: name, title in the reader's language, icon, datasets.

    Those with datasets that this reader may see come with their number; the order is the file's.
    """
    query = {"rows": 0, "facet.field": ["groups"], "facet.limit": -1}
    user = tk.current_user
    viewer = Context(user=user.name, auth_user_obj=user)  # type: ignore[typeddict-item]
    found = tk.get_action("package_search")(viewer, query)["search_facets"].get("groups", {})
    counts = {item["name"]: item["count"] for item in found.get("items", [])}
    reader = language.current()
    return [
        {
            "name": theme.name,
            "title": language.pick(theme.title, reader),
            "description": language.pick(theme.description, reader),
            "icon": theme.icon,
            "datasets": counts.get(theme.name, 0),
        }
        for theme in load(config.themes_file())
    ]


def municipal_theme_icon(name: str) -> str:
    """Return the icon of the theme of this name, ``folder-open`` for a group that is no theme."""
    icons = {theme.name: theme.icon for theme in load(config.themes_file())}
    return icons.get(name, "folder-open")


def _context() -> Context:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"ignore_auth": True, "user": user["name"]}


def _group(name: str) -> dict[str, Any] | None:
    wanted = {"id": name, "include_datasets": False, "include_users": False}
    try:
        return tk.get_action("group_show")({"ignore_auth": True}, wanted)
    except tk.ObjectNotFound:
        return None


def _differs(group: dict[str, Any], wanted: dict[str, Any]) -> bool:
    if group.get("state") != "active":
        return True
    shown = {f: translated.read(v) or v for f, v in group.items() if f in wanted}
    return any(shown.get(field) != value for field, value in wanted.items())


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> tuple[Theme, ...]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ThemesError(f"{path}: not readable as YAML in UTF-8 ({error}).") from error
    listed = content.get("themes") if isinstance(content, dict) else None
    if not isinstance(listed, list):
        raise ThemesError(f"{path}: write a list under the key themes.")
    themes = tuple(_theme(entry, path, number) for number, entry in enumerate(listed, 1))
    names = [theme.name for theme in themes]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise ThemesError(f"{path}, theme {twice}: the name stands twice; change one.")
    return themes


def _theme(entry: Any, path: Path, number: int) -> Theme:
    entry = entry if isinstance(entry, dict) else {}
    where = f"{path}, theme {entry.get('name') or number}"
    for key in _KEYS:
        if not entry.get(key):
            raise ThemesError(f"{where}: add the key {key}.")
    for key in ("title", "description"):
        if not isinstance(entry[key], dict) or not all(map(_is_text, entry[key].values())):
            raise ThemesError(
                f"{where}, {key}: write one text a language, as {{el: ..., en: ...}}."
            )
    return Theme(**{key: entry[key] for key in _KEYS})


def _is_text(value: Any) -> bool:
    """Say whether a value is a text that says something."""
    return isinstance(value, str) and bool(value.strip())
