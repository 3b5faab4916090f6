"""Whole catalogues as files, kept while they are what the feeds say.

The first reader of a state is sent the records and leaves the file behind; whoever comes after is
sent the file, as fast as the web server can. A file is found by the version of its state alone, so
that one of another state is never sent; workers remove them as soon as they have changed a record.
Without a folder for them every reader is sent the records.
"""

from __future__ import annotations

import contextlib
import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from ckanext.municipal.feeds import config

log = logging.getLogger(__name__)


def opened(name: str, tag: str) -> IO[bytes] | None:
    """Return the file of a name (``ttl``, ``ttl.gz``) and a version, open; None where there is none."""
    folder = config.dumps_folder()
    if not folder:
        return None
    try:
        return (folder / f"{tag}.{name}").open("rb")
    except OSError:
        return None


def keep(
    pieces: Iterable[bytes], name: str, tag: str, is_current: Callable[[], bool]
) -> Iterator[bytes]:
    """Yield what is given, and keep it as the file of a name and a version.

    Nothing is kept of what is not read to its end, or is no longer current then, or of what the
    disk has no room for: the reader gets all of it in any case.
    """
    half = _begun()
    try:
        for piece in pieces:
            yield piece
            half = half and _written(half, piece)
        if half and is_current():
            _finish(half, name, tag)
    finally:
        _remove(half)


def clear() -> None:
    """Remove all files; one that is being sent is sent to its end."""
    folder = config.dumps_folder()
    for path in folder.glob("*") if folder else ():
        path.unlink(missing_ok=True)


def _begun() -> Any | None:
    """A new file, or None where there is no place for it."""
    folder = config.dumps_folder()
    if not folder:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tempfile.NamedTemporaryFile(dir=folder, suffix=".half", delete=False)
    except OSError as error:
        log.warning("No catalogue can be kept: %s", error)
        return None


def _written(half: Any, piece: bytes) -> Any | None:
    try:
        half.write(piece)
    except OSError as error:
        log.warning("The catalogue could not be kept: %s", error)
        _remove(half)
        return None
    return half


def _finish(half: Any, name: str, tag: str) -> None:
    """Give the file its name, in place of those of other versions."""
    folder = Path(half.name).parent
    try:
        half.close()
        for other in folder.glob(f"*.{name}"):
            other.unlink(missing_ok=True)
        Path(half.name).replace(folder / f"{tag}.{name}")
    except OSError as error:
        log.warning("The catalogue could not be kept: %s", error)


def _remove(half: Any | None) -> None:
    """Leave nothing behind of a file that has got no name."""
    if half:
        with contextlib.suppress(OSError):
            half.close()
        Path(half.name).unlink(missing_ok=True)
