"""What a file of a source is: its name, where it is, and how to tell whether it changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.texts import N_

MB = 1024 * 1024
MAX_BYTES = 50 * MB
MAX_FILES = 10_000
# What a link must end with to be taken for a file of data.
DATA_SUFFIXES = (
    *(".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods"),
    *(".json", ".geojson", ".xml", ".zip"),
)
# What programs leave while they work, or the system for itself.
_IGNORED = re.compile(
    r"(?:^|/)(?:\.|~\$|__MACOSX/|Thumbs\.db$|desktop\.ini$)"
    r"|(?:~|\.(?:part|partial|filepart|crdownload|download|tmp|temp|swp|lock|bak))$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(\d+)", re.ASCII)


class FilesError(ReadableError):
    """A place that cannot be listed or a file that cannot be read, with the remedy."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a source.

    ``name`` is its path relative to the source's place. ``location`` is its URL or absolute path;
    ``member`` its name within that, if it is a zip; ``root`` the folder that it must lie below, for
    a local one. ``size`` is in bytes, ``modified`` an ISO 8601 or HTTP date, ``etag`` a text that
    differs when the content does: each ``None`` where the listing does not tell.
    """

    name: str
    location: str
    size: int | None = None
    modified: str | None = None
    etag: str | None = None
    member: str | None = None
    root: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what ``from_json`` makes an equal file of."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> SourceFile:
        """Return the file that ``as_json`` was asked of."""
        return cls(**content)


@dataclass(frozen=True, slots=True)
class FileBytes:
    """The content of a file, its SHA-256, and the validators to give with the next reading."""

    name: str
    data: bytes
    sha256: str
    etag: str | None = None
    modified: str | None = None

    @property
    def size(self) -> int:
        """Return the number of bytes."""
        return len(self.data)


@dataclass(frozen=True, slots=True)
class NotModified:
    """The file is the one whose validators were given."""

    name: str


def ignored(name: str) -> bool:
    """Tell whether a path is that of a hidden, temporary or half-written file."""
    return bool(_IGNORED.search(name))


def is_zip_name(name: str) -> bool:
    """Tell whether a name is that of a zip whose members are the files (an XLSX is not)."""
    return name.lower().endswith(".zip")


def natural_key(name: str) -> tuple[Any, ...]:
    """Return a key that sorts paths as a person does: by folder, numbers by their value."""
    *folders, last = name.split("/")
    return tuple(_by_value(folder) for folder in folders), _by_value(last), name


def _by_value(name: str) -> tuple[tuple[int, int, str], ...]:
    pieces = _DIGITS.split(name.casefold())
    return tuple(
        (0, int(piece[:4000]), "") if at % 2 else (1, 0, piece)
        for at, piece in enumerate(pieces)
        if piece
    )


def too_many(place: str) -> FilesError:
    """Return the error for a place with more files than one source can have."""
    return FilesError(
        N_("{place} holds more than {limit} files. Divide it into several sources."),
        place=place,
        limit=MAX_FILES,
    )


def too_large(name: str, limit: int = MAX_BYTES) -> FilesError:
    """Return the error for a file over the limit."""
    return FilesError(
        N_("{file} is larger than {limit} MB. Split it."), file=name, limit=limit // MB
    )
