"""The members of a zip: their names as the person who packed them saw them, and their bytes.

An archive that is not safe to unpack is refused as a whole: paths that lead out of it, bombs,
passwords, two members of one name.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from ckanext.municipal.harvest.files.model import (
    MAX_BYTES,
    MAX_FILES,
    MB,
    FilesError,
    ignored,
    too_large,
    too_many,
)
from ckanext.municipal.lib.encodings import Undecodable, decode
from ckanext.municipal.lib.texts import N_

MAX_RATIO = 100
MAX_TOTAL = 1024 * MB
_UTF8 = 0x800
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")


def members(path: Path, label: str) -> dict[str, zipfile.ZipInfo]:
    """Return the files of a zip by name, without folders, links and what systems leave.

    ``label`` is how errors call the archive. Raises ``FilesError``.
    """
    with _opened(path, label) as archive:
        return _checked(archive, label)


def read(path: Path, name: str, label: str) -> bytes:
    """Return one member's bytes; raises ``FilesError``, also when its checksum is wrong."""
    with _opened(path, label) as archive:
        found = _checked(archive, label)
        if name not in found:
            raise FilesError(
                N_("{file} is no longer in {archive}. Run the harvest again."),
                file=name,
                archive=label,
            )
        with archive.open(found[name]) as member:
            data = member.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise too_large(f"{label}/{name}")
    return data


def fingerprint(info: zipfile.ZipInfo) -> str:
    """Return a text that differs when a member's content does: its CRC-32 and size."""
    return f"{info.CRC:08x}-{info.file_size:x}"


def modified(info: zipfile.ZipInfo) -> str | None:
    """Return the time that the archive gives a member, local to whoever packed it."""
    try:
        return datetime(*info.date_time).isoformat()  # noqa: DTZ001 - a zip knows no zone
    except ValueError:
        return None


def decoded_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name, in Greek where the archive does not say how it is written.

    Windows packs names in the DOS page cp737 without saying so; other programs use cp1253 or UTF-8.
    """
    name = info.orig_filename
    if info.flag_bits & _UTF8 or name.isascii():
        return name
    try:
        return decode(name.encode("cp437")).text
    except (Undecodable, UnicodeEncodeError):
        return name


@contextmanager
def _opened(path: Path, label: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive; whatever its damage, it ends as one sentence."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FilesError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OverflowError) as error:
        raise FilesError(
            N_("{archive} is damaged or not a zip. Pack it anew."), archive=label
        ) from error
    except (NotImplementedError, RuntimeError) as error:
        raise FilesError(
            N_("{archive} is packed in a way that cannot be read. Pack it as an ordinary zip."),
            archive=label,
        ) from error
    except OSError as error:
        raise FilesError(
            N_("{archive} cannot be read. Check its permissions."), archive=label
        ) from error


def _checked(archive: zipfile.ZipFile, label: str) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > MAX_FILES:
        raise too_many(label)
    found: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for info in infos:
        name = _safe_name(info, label)
        if _is_link(info) or name.endswith("/") or ignored(name):
            continue
        _check_size(info, f"{label}/{name}")
        total += info.file_size
        if total > MAX_TOTAL:
            raise too_large(label, MAX_TOTAL)
        if info.flag_bits & _ENCRYPTED:
            raise FilesError(
                N_("{archive} is protected by a password. Pack it without one."), archive=label
            )
        if name in found:
            raise FilesError(
                N_("{archive} holds {file} twice. Pack it anew."), archive=label, file=name
            )
        found[name] = info
    return found


def _safe_name(info: zipfile.ZipInfo, label: str) -> str:
    name = decoded_name(info).replace("\\", "/")
    parts = name.removesuffix("/").split("/")
    unsafe = name.startswith("/") or _DRIVE.match(name) or not {"", ".", ".."}.isdisjoint(parts)
    if unsafe or any(character < " " or character == "\x7f" for character in name):
        raise FilesError(
            N_("{archive} holds a file name that leads out of it. Do not use this archive."),
            archive=label,
        )
    return name


def _check_size(info: zipfile.ZipInfo, label: str) -> None:
    if info.file_size > MAX_BYTES:
        raise too_large(label)
    if info.file_size > max(MB, MAX_RATIO * info.compress_size):
        raise FilesError(
            N_("{file} unpacks to more than {ratio} times its size, which is not safe."),
            file=label,
            ratio=MAX_RATIO,
        )


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)
