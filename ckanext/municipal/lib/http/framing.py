"""An answer's lines are short and not without end: they hold no data, so no limit of size sees them.

``http.client`` limits the first line and each header. Nobody limits the lines between the chunks of
a body and after it, nor how many interim answers come first; and a negative size of a chunk means
"all there is" to the libraries below (RFC 9112 §7.1, RFC 9110 §15.2).
"""

from __future__ import annotations

import io
from http.client import HTTPException, HTTPResponse
from typing import Any

LONGEST_LINE = 65536
# A hundred headers of ordinary length are a twentieth of it.
MOST_LINES = 256 * 1024


class BrokenFraming(HTTPException):
    """An answer whose lines or sizes nobody sends by mistake."""


class BoundedResponse(HTTPResponse):
    """``http.client``'s answer, read within the bounds of this module."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        """Take what ``HTTPResponse`` takes."""
        super().__init__(sock, *args, **kwargs)
        self.fp = _BoundedReader(self.fp.detach())  # type: ignore[attr-defined]


class _BoundedReader(io.BufferedReader):
    """Reads lines up to a length, and so many bytes of them without any of a body between them."""

    _lines = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        limit = LONGEST_LINE + 1 if size is None or size < 0 else size
        line = super().readline(limit)
        self._lines += len(line)
        if len(line) > LONGEST_LINE or self._lines > MOST_LINES:
            raise BrokenFraming("lines without end")
        return line

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            raise BrokenFraming("a body without a size")
        data = super().read(size)
        if size > 2:  # the line break after a chunk is no body
            self._lines = 0
        return data
