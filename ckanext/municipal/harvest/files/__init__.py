"""Where the files of a source are, and what is in them: a URL, a page, a zip or an inbox folder.

``list_files`` says what there is, ``read_file`` gets one. Both are pure but for the client and the
disk: no CKAN, no database. The two may run in different processes: a ``SourceFile`` goes through
JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ckanext.municipal.harvest.files import folders, web
from ckanext.municipal.harvest.files.model import (
    FileBytes,
    FilesError,
    NotModified,
    SourceFile,
    natural_key,
)
from ckanext.municipal.lib.http import Client, shown
from ckanext.municipal.lib.texts import N_

__all__ = ["FileBytes", "FilesError", "NotModified", "SourceFile", "list_files", "read_file"]

INBOX = "inbox:"


def list_files(
    where: str | Mapping[str, str],
    client: Client,
    inbox_root: Path | None = None,
    *,
    operator: bool = False,
) -> list[SourceFile]:
    """Return the files of a source in natural order of their names (2 before 10).

    ``where`` is a web address, ``inbox:FOLDER``, or a mapping with the key ``url`` or ``inbox``:

    - the address of one file; of a page or directory listing, whose links to files of the same
      host are taken, and its sub-folders down to three levels; of a zip, whose members are taken;
    - a folder (or file) below ``inbox_root``, with its sub-folders and the members of its zips;
    - with ``operator``, when a person with a shell on the server says so: any local path.

    Names are paths relative to the place, with ``/``. An answer that is not whole is an error,
    never a shorter list. Raises ``FilesError`` and ``HttpError``.
    """
    place = _place(where)
    if place.startswith(INBOX):
        found = folders.list_inbox(place.removeprefix(INBOX), inbox_root)
    elif web.is_web_address(place):
        found = web.list_url(place, client)
    elif operator:
        found = folders.list_path(Path(place.removeprefix("file://")))
    else:
        raise FilesError(
            N_(
                "{place} is not a web address. Write one that begins with https:// or http://,"
                " or put the files into a folder of the inbox and name it with inbox."
            ),
            place=shown(place),
        )
    return sorted(found, key=lambda file: natural_key(file.name))


def read_file(
    file: SourceFile, client: Client, *, etag: str | None = None, modified: str | None = None
) -> FileBytes | NotModified:
    """Return the bytes of a file, or ``NotModified`` when it is still the one known.

    ``etag`` and ``modified`` are those of the ``FileBytes`` read last. Raises ``FilesError`` and
    ``HttpError``.
    """
    if file.root:
        return folders.read(file, etag)
    return web.read(file, client, etag, modified)


def _place(where: str | Mapping[str, str]) -> str:
    if isinstance(where, str):
        return where.strip()
    if folder := where.get("inbox"):
        return INBOX + folder
    return str(where.get("url") or "").strip()
