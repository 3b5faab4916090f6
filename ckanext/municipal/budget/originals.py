"""The untouched files as they came: kept once by content, published by the month.

A source may empty its folder at any time; what was published must still be there to be read again
when the mapping is corrected, and to be compared by whoever doubts a number.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Original:
    """One file of a source: its name there, the time its figures stand for, and its SHA-256."""

    name: str
    as_of: datetime
    sha256: str


class Archive:
    """A folder of original files, each stored once under its SHA-256, compressed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes) -> str:
        """Keep data (bytes) and return its SHA-256; a file already there is not written again."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(zlib.compress(data, 6))
                Path(temporary).replace(path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes kept under a SHA-256; raises FileNotFoundError."""
        return zlib.decompress(self._path(digest).read_bytes())

    def __contains__(self, digest: str) -> bool:
        return self._path(digest).is_file()

    def _path(self, digest: str) -> Path:
        return self.root / digest[:2] / digest


def by_month(originals: Iterable[Original]) -> dict[str, list[Original]]:
    """Group files by the month of their figures, as ``{"2016-04": [...]}``, sorted by name."""
    months: dict[str, list[Original]] = {}
    for original in sorted(originals, key=lambda o: (o.as_of, o.name)):
        months.setdefault(f"{original.as_of:%Y-%m}", []).append(original)
    return dict(sorted(months.items()))


def zip_bytes(originals: Iterable[Original], archive: Archive) -> bytes:
    """Return a zip of the files: the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
        for original in originals:
            member = zipfile.ZipInfo(original.name.lstrip("/"), original.as_of.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            bundle.writestr(member, archive.get(original.sha256))
    return buffer.getvalue()
