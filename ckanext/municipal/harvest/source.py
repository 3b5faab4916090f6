"""What the portal is told of one source: harvesters/NAME.yaml, and the harvest source made of it.

Pure: no CKAN, no database. A YAML has keys every source has (``type``, ``title``, ``where``,
``organization``, ``schedule``) and keys its harvester reads itself.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.texts import N_

FREQUENCIES = ("MANUAL", "ALWAYS", "DAILY", "WEEKLY", "BIWEEKLY", "MONTHLY")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{1,99}")
_EXPECTED = N_(
    'The configuration is not one of a source. Write {{"source": "NAME"}}, NAME.yaml being a file'
    " of the folder harvesters/."
)
_NOT_CONTENT = ("schedule", "title")


class SourceInvalid(ReadableError):
    """A source's configuration cannot be used; the message names the file, the key, the remedy."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One YAML of ``harvesters/``: its name (also the harvest source's), path and content."""

    name: str
    path: Path
    config: Mapping[str, Any]

    @property
    def type(self) -> str:
        """Which harvester reads the source."""
        return str(self.config["type"])

    @property
    def url(self) -> str:
        """What the harvest source shows as its address; an inbox is written ``inbox:folder``."""
        where = self.config["where"]
        return str(where["url"]) if where.get("url") else f"inbox:{where['inbox']}"

    @property
    def frequency(self) -> str:
        """How often, in ckanext-harvest's words."""
        return str(self.config.get("schedule") or "manual").upper()

    def title(self, language: str) -> str:
        """Return the title in a language, else in any, else the name."""
        title = self.config.get("title") or self.name
        if isinstance(title, str):
            return title
        return str(title.get(language) or next(iter(title.values())))


@dataclass(frozen=True, slots=True)
class Source:
    """A harvest source as its harvester sees it.

    ``id`` is CKAN's, ``name`` the harvest source's, ``url`` where to look now (of this run, if the
    operator named another place), ``config`` the whole YAML, ``file`` how errors call it,
    ``organisation`` the id of the owning organisation. ``operator`` is true when a person with a
    shell on the server named ``url`` on the command line: only then may it be a folder.
    """

    id: str
    name: str
    url: str
    config: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    organisation: str | None = None
    operator: bool = False

    @property
    def fingerprint(self) -> str:
        """Return a digest of all of the configuration that has a say in what is loaded."""
        content = {key: self.config[key] for key in self.config if key not in _NOT_CONTENT}
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def read_source_file(path: Path) -> SourceFile:
    """Read and check one YAML of ``harvesters/``; raises `SourceInvalid`."""
    try:
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceInvalid(
            N_("{file} cannot be read. Check the name and the permissions."), file=path.name
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise SourceInvalid(
            N_("{file} is not YAML (line {line}). Check indentation, colons and quotes there."),
            file=path.name,
            line=mark.line + 1 if mark else 1,
        ) from error
    check_common_keys(config, path.name)
    name = str(config.get("name") or path.stem)
    if not _NAME.fullmatch(name):
        raise SourceInvalid(
            N_(
                "{file}: name “{name}” is not allowed. Use Latin small letters, digits, - and _,"
                " two characters or more."
            ),
            file=path.name,
            name=name,
        )
    return SourceFile(name, path, config)


def check_common_keys(config: Any, file: str) -> None:
    """Check the keys that every source has; raises `SourceInvalid`."""
    if not isinstance(config, Mapping):
        raise SourceInvalid(
            N_("{file} holds no keys. See docs/harvest.md for a source."), file=file
        )
    if not config.get("type"):
        raise SourceInvalid(
            N_("{file}: key “type” is missing. It names the harvester, as municipal_budget."),
            file=file,
        )
    where = config.get("where")
    if not isinstance(where, Mapping) or bool(where.get("url")) == bool(where.get("inbox")):
        raise SourceInvalid(
            N_("{file}: key “where” needs either “url” or “inbox”, one of the two."), file=file
        )
    schedule = str(config.get("schedule") or "manual")
    if schedule.upper() not in FREQUENCIES:
        raise SourceInvalid(
            N_("{file}: schedule “{schedule}” is not known. Write one of: {known}."),
            file=file,
            schedule=schedule,
            known=", ".join(f.lower() for f in FREQUENCIES),
        )


def source_files(folder: Path) -> list[SourceFile]:
    """Read every YAML of a folder, in order of file name; raises `SourceInvalid`."""
    files = [read_source_file(path) for path in sorted(folder.glob("*.y*ml"))]
    seen: dict[str, SourceFile] = {}
    for file in files:
        if file.name in seen:
            raise SourceInvalid(
                N_("{file} and {other} have the same name “{name}”. Rename one of them."),
                file=file.path.name,
                other=seen[file.name].path.name,
                name=file.name,
            )
        seen[file.name] = file
    return files


def named_source(name: str, folder: Path) -> SourceFile:
    """Return the source of ``folder`` called ``name``; raises `SourceInvalid`."""
    for file in source_files(folder):
        if file.name == name:
            return file
    raise SourceInvalid(
        N_("No source is called “{name}” in {folder}. Write one of: {known}."),
        name=name,
        folder=folder.name,
        known=", ".join(file.name for file in source_files(folder)) or "-",
    )


def configuration(stored: str | None, folder: Path) -> tuple[Mapping[str, Any], str]:
    """Return a harvest source's configuration and how to call it in errors.

    ``stored`` is the JSON in CKAN: ``{"source": NAME}`` for a YAML of ``folder``, or
    ``{"settings": {...}}`` with the keys of a YAML. They lie one level down because
    ckanext-harvest copies the first level over the source's own ``type`` and ``title``.
    Raises `SourceInvalid`.
    """
    try:
        config = json.loads(stored or "{}")
    except ValueError as error:
        raise SourceInvalid(_EXPECTED) from error
    if not isinstance(config, dict) or len(config) != 1:
        raise SourceInvalid(_EXPECTED)
    if "source" in config:
        file = named_source(str(config["source"]), folder)
        return file.config, file.path.name
    if "settings" not in config:
        raise SourceInvalid(_EXPECTED)
    check_common_keys(config["settings"], "settings")
    return config["settings"], "settings"


def stored_configuration(file: SourceFile, folder: Path) -> str:
    """Return the JSON for CKAN that `configuration` reads.

    A YAML of ``folder`` is stored by its name. One from elsewhere is stored whole: the workers
    read the database, not somebody's home.
    """
    by_name = file.path.resolve().parent == folder.resolve()
    stored = {"source": file.name} if by_name else {"settings": dict(file.config)}
    return json.dumps(stored, ensure_ascii=False, default=str)
