"""What a request gave: the status, the headers, and the body in a file that lives with it."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from ckanext.municipal.lib.http.body import Saved


class Answer:
    """An answer whose body, if any, is a temporary file: removed by ``close`` or with the object.

    ``url`` is the final one, after redirects, without its query. Header names are in lower case.
    ``etag`` and ``modified`` are the validators to send with the next request (RFC 9110 §8.8).
    """

    def __init__(
        self, status: int, url: str, headers: Mapping[str, str], body: Saved | None = None
    ) -> None:
        """Take over the saved body."""
        self.status = status
        self.url = url
        self.headers = headers
        self.path: Path | None = body.path if body else None
        self.size = body.size if body else 0
        self.sha256 = body.sha256 if body else ""
        self._remove = weakref.finalize(self, _unlink, self.path)

    @property
    def etag(self) -> str | None:
        """Return the ``ETag`` header."""
        return self.headers.get("etag")

    @property
    def modified(self) -> str | None:
        """Return the ``Last-Modified`` header as the server wrote it."""
        return self.headers.get("last-modified")

    @property
    def not_modified(self) -> bool:
        """Tell whether the server said that nothing changed since the validators sent."""
        return self.status == 304

    def read(self) -> bytes:
        """Return the whole body; empty when there is none."""
        return self.path.read_bytes() if self.path else b""

    def close(self) -> None:
        """Remove the temporary file."""
        self._remove()

    def __enter__(self) -> Answer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _unlink(path: Path | None) -> None:
    if path:
        with contextlib.suppress(OSError):
            path.unlink()
