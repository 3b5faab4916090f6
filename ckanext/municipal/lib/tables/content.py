"""What a file is, told by its bytes and never by its name; and what is packed, unpacked."""

from __future__ import annotations

import gzip
import shutil
import zipfile
import zlib
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import IO

from ckanext.municipal.lib.tables.model import Limits, UnreadableTable
from ckanext.municipal.lib.tables.workbook import OLE, ZIP
from ckanext.municipal.lib.texts import N_

_HEAD = 4096
_PIECE = 2**20
_SMALL = 8 * 2**20  # unpacked size below which no ratio is suspicious
_DEEPEST = 2  # a CSV in a .gz in a .zip is still somebody's honest export
_BOM = b"\xef\xbb\xbf"


class Content(StrEnum):
    """Kinds of files that hold a table."""

    TEXT = "text"
    WORKBOOK = "workbook"
    JSON = "json"
    PARQUET = "parquet"


def content_of(path: Path) -> Content:
    """Return what an unpacked file is; whatever is nothing else is text."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith((ZIP, OLE)):
        return Content.WORKBOOK
    if head.startswith(b"PAR1"):
        return Content.PARQUET
    start = head.removeprefix(_BOM).lstrip()
    if start.startswith((b"{", b"[")):
        return Content.JSON
    return Content.TEXT


def unpacked(path: Path, name: str, folder: Path, limits: Limits) -> tuple[Path, str]:
    """Return the file that a gzip file or a zip archive of one table holds, and its name.

    Unpacked files are written to ``folder``; a file that is not packed is returned as it is.
    Raises UnreadableTable: damaged, protected, several tables in one archive, too large unpacked.
    """
    for depth in range(_DEEPEST + 1):
        with path.open("rb") as file:
            head = file.read(4)
        target = folder / f"unpacked-{depth}"
        if head.startswith(b"\x1f\x8b"):
            inner = name.removesuffix(".gz")
            _guarded(name, partial(_unzip, path, target, name, limits))
        elif head.startswith(ZIP) and (member := _only_table(path, name)):
            inner = member.filename.rpartition("/")[2]
            _guarded(name, partial(_write_member, path, member, target, name, limits))
        else:
            return path, name
        path, name = target, f"{name}/{inner}" if inner != name else name
    raise UnreadableTable(
        N_("{file} is packed more than {depth} times. Publish the table itself."),
        file=name,
        depth=_DEEPEST,
    )


def _only_table(path: Path, name: str) -> zipfile.ZipInfo | None:
    """Return the one file of a zip archive; None for a workbook, which is a zip archive too."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None  # a damaged archive or workbook: the reader of workbooks says so
    names = {member.filename for member in members}
    if "[Content_Types].xml" in names or "content.xml" in names or _of_office(names):
        return None
    members = [m for m in members if not _is_by_the_way(m.filename)]
    if len(members) != 1:
        raise UnreadableTable(
            N_("{file} is an archive of {count} files. Publish each table as a file of its own."),
            file=name,
            count=len(members),
        )
    return members[0]


def _of_office(names: set[str]) -> bool:
    return any(name.startswith(("xl/", "word/", "ppt/")) for name in names)


def _is_by_the_way(member: str) -> bool:
    """Return whether a file is what a system leaves in archives, and nobody put there."""
    last = member.rpartition("/")[2]
    return member.startswith("__MACOSX/") or last.startswith(".") or last == "Thumbs.db"


def _guarded(name: str, unpack: Callable[[], None]) -> None:
    try:
        unpack()
    except UnreadableTable:
        raise
    except (RuntimeError, NotImplementedError):
        raise UnreadableTable(
            N_("{file} is protected by a password. Save it without one."), file=name
        ) from None
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, ValueError):
        raise UnreadableTable(
            N_("{file} is a damaged archive. Pack it again, and check that it opens."), file=name
        ) from None


def _write_member(
    path: Path, member: zipfile.ZipInfo, target: Path, name: str, limits: Limits
) -> None:
    with zipfile.ZipFile(path) as archive, archive.open(member) as packed:
        _write(packed, path, target, name, limits)


def _unzip(path: Path, target: Path, name: str, limits: Limits) -> None:
    with gzip.open(path) as packed:
        _write(packed, path, target, name, limits)


def _write(
    packed: IO[bytes] | gzip.GzipFile, path: Path, target: Path, name: str, limits: Limits
) -> None:
    """Unpack by pieces, and stop as soon as there is more than an honest file holds."""
    size, most = path.stat().st_size, 0
    with packed, target.open("wb") as out:
        while piece := packed.read(_PIECE):
            most += len(piece)
            if most > limits.unpacked or most > max(_SMALL, limits.ratio * size):
                raise UnreadableTable(
                    N_(
                        "{file} unpacks to more than {size} MB, {ratio} times its size or more."
                        " Publish the table itself, or divide it."
                    ),
                    file=name,
                    size=most // 2**20,
                    ratio=max(1, most // max(1, size)),
                )
            out.write(piece)


def linked(path: Path, folder: Path) -> Path:
    """Return a link to a file under a name of ours: a database takes ``*`` in names as a pattern."""
    link = folder / "source"
    try:
        link.symlink_to(path.resolve())
    except OSError:
        shutil.copyfile(path, link)
    return link
