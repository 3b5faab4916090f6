"""How a reader gets at its source: the place, the client, the secrets. Made by whoever runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ckanext.municipal.lib.http import Client


@dataclass(frozen=True, slots=True)
class Access:
    """Where a source is now, and what reaches it.

    ``url`` is a web address, ``inbox:FOLDER`` below ``inbox_root``, or, where ``operator`` says
    that a person with a shell named it, a local path: what `harvest.files.list_files` takes.
    ``secret`` gives a secret by its name; it raises `SourceInvalid` for one that it has not.
    """

    url: str
    client: Client
    secret: Callable[[str], str]
    inbox_root: Path | None = None
    operator: bool = False
