"""Files on the portal's own disk: an inbox that the operator gave, or a path on the command line.

Nothing outside the folder is read: a link that leads out of it is refused, when it is listed and
again when it is read.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from ckanext.municipal.harvest.files import zips
from ckanext.municipal.harvest.files.model import (
    MAX_BYTES,
    MAX_FILES,
    FileBytes,
    FilesError,
    NotModified,
    SourceFile,
    ignored,
    is_zip_name,
    too_large,
    too_many,
)
from ckanext.municipal.lib.texts import N_

MAX_DEPTH = 10


def list_inbox(folder: str, inbox_root: Path | None) -> list[SourceFile]:
    """Return the files of a folder below the inbox; raises ``FilesError``."""
    if inbox_root is None:
        raise FilesError(
            N_("This portal has no inbox. The operator sets ckanext.municipal.harvest.inbox.")
        )
    parts = PurePosixPath(folder).parts
    if PurePosixPath(folder).is_absolute() or ".." in parts or "\0" in folder:
        raise _outside(folder)
    root = inbox_root.resolve()
    start = (root / folder).resolve()
    if not start.is_relative_to(root):
        raise _outside(folder)
    return _list(start, root, folder)


def list_path(path: Path) -> list[SourceFile]:
    """Return the files of a folder, or one file, anywhere on this machine: the operator's right."""
    start = path.expanduser().resolve()
    return _list(start, start if start.is_dir() else start.parent, str(path))


def read(file: SourceFile, etag: str | None) -> FileBytes | NotModified:
    """Return the bytes of a local file or of a member of a local zip; raises ``FilesError``."""
    path = Path(file.location)
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(file.root or ""):
            raise _outside(file.name)
        if file.member is not None:
            return _read_member(file, real, etag)
        return _read_whole(file, real, etag)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FilesError(
            N_("{file} is no longer there. Run the harvest again."), file=file.name
        ) from error
    except OSError as error:
        raise FilesError(
            N_("{file} cannot be read. Check its permissions."), file=file.name
        ) from error


def read_member(file: SourceFile, archive: Path, etag: str | None) -> FileBytes | NotModified:
    """Return the bytes of a zip's member, wherever the zip came from; raises ``FilesError``."""
    return _read_member(file, archive, etag)


def member_files(archive: Path, location: str, name: str, root: str | None) -> list[SourceFile]:
    """Return the files within a zip: ``name`` is the zip's own, empty if it is the whole source."""
    label = name or PurePosixPath(location).name
    return [
        SourceFile(
            name=f"{name}/{inner}" if name else inner,
            location=location,
            size=info.file_size,
            modified=zips.modified(info),
            etag=zips.fingerprint(info),
            member=inner,
            root=root,
        )
        for inner, info in zips.members(archive, label).items()
    ]


def _list(start: Path, root: Path, label: str) -> list[SourceFile]:
    if start.is_file():
        return list(_described(start, "" if is_zip_name(start.name) else start.name, root))
    if not start.is_dir():
        raise FilesError(
            N_("{folder} is not there. Create the folder, or correct its name."), folder=label
        )
    found: list[SourceFile] = []
    for path, name in _walk(start, "", root, MAX_DEPTH):
        found.extend(_described(path, name, root))
        if len(found) > MAX_FILES:
            raise too_many(label)
    return found


def _walk(folder: Path, prefix: str, root: Path, depth: int) -> Iterator[tuple[Path, str]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise FilesError(
            N_("{folder} cannot be read. Check its permissions."), folder=prefix or folder.name
        ) from error
    for entry in entries:
        name, path = prefix + entry.name, Path(entry.path)
        if ignored(f"{entry.name}/" if entry.is_dir() else entry.name):
            continue
        if entry.is_symlink():
            real = path.resolve()
            if not real.is_relative_to(root):
                raise _outside(name)
            # A link to a folder would show its files twice, or lead in a circle.
            if real.is_file():
                yield path, name
        elif entry.is_dir() and depth > 1:
            yield from _walk(path, f"{name}/", root, depth - 1)
        elif entry.is_file():
            yield path, name


def _described(path: Path, name: str, root: Path) -> Iterator[SourceFile]:
    if is_zip_name(path.name):
        yield from member_files(path, str(path), name, str(root))
        return
    status = path.stat()
    yield SourceFile(
        name=name,
        location=str(path),
        size=status.st_size,
        modified=datetime.fromtimestamp(status.st_mtime, UTC).isoformat(),
        etag=_fingerprint(status),
        root=str(root),
    )


def _read_whole(file: SourceFile, path: Path, etag: str | None) -> FileBytes | NotModified:
    # The path is resolved: a link put in its place since then is not followed.
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(number, "rb") as stream:
        status = os.fstat(number)
        if not stat.S_ISREG(status.st_mode):
            raise FilesError(N_("{file} is not a file. Remove it from the folder."), file=file.name)
        found = _fingerprint(status)
        if etag and etag == found:
            return NotModified(file.name)
        data = stream.read(MAX_BYTES + 1)
        after = _fingerprint(os.fstat(number))
    if len(data) > MAX_BYTES:
        raise too_large(file.name)
    if after != found:
        raise FilesError(
            N_("{file} was being written while it was read. Run the harvest again."),
            file=file.name,
        )
    modified = datetime.fromtimestamp(status.st_mtime, UTC).isoformat()
    return FileBytes(file.name, data, hashlib.sha256(data).hexdigest(), found, modified)


def _read_member(file: SourceFile, archive: Path, etag: str | None) -> FileBytes | NotModified:
    label = file.name.removesuffix(f"/{file.member}") or PurePosixPath(file.location).name
    member = file.member or ""
    info = zips.members(archive, label).get(member)
    found = zips.fingerprint(info) if info else None
    if etag and etag == found:
        return NotModified(file.name)
    data = zips.read(archive, member, label)
    modified = zips.modified(info) if info else None
    return FileBytes(file.name, data, hashlib.sha256(data).hexdigest(), found, modified)


def _fingerprint(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns:x}-{status.st_size:x}"


def _outside(name: str) -> FilesError:
    return FilesError(
        N_("{file} leads out of the folder that this source may read. Remove it from there."),
        file=name,
    )
