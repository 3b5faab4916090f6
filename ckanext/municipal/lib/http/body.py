"""An answer's body into a file: counted, decompressed and digested on the way, never all in memory.

``Content-Encoding`` gzip and deflate (RFC 9110 §8.4, RFC 1950-1952).
"""

from __future__ import annotations

import contextlib
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from ckanext.municipal.lib.http.errors import BodyBroken, TooLarge
from ckanext.municipal.lib.texts import N_

CHUNK = 65536
MB = 1024 * 1024
# Below this many bytes no ratio is alarming: a page of blanks is small either way.
_RATIO_FROM = MB
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a body is taken: bytes on the wire and after decompression, and their ratio."""

    max_bytes: int = 50 * MB
    ratio: int = 100


@dataclass(frozen=True, slots=True)
class Saved:
    """A body on disk: where, how many bytes, and their SHA-256."""

    path: Path
    size: int
    sha256: str


def save(
    chunks: Iterable[bytes], encoding: str, url: str, limits: Limits, folder: Path | None = None
) -> Saved:
    """Write a body to a temporary file of its own, decompressed.

    ``encoding`` is the ``Content-Encoding`` header, ``url`` as messages show it. On any error no
    file is left behind. Raises ``TooLarge``, ``BodyBroken`` and whatever ``chunks`` raises.
    """
    digest, size = hashlib.sha256(), 0
    with NamedTemporaryFile(prefix="municipal-", dir=folder, delete=False) as file:
        path = Path(file.name)
        try:
            for piece in _decoded(_counted(chunks, url, limits), encoding, url, limits):
                size += len(piece)
                digest.update(piece)
                file.write(piece)
        except BaseException:
            with contextlib.suppress(OSError):
                path.unlink()
            raise
    return Saved(path, size, digest.hexdigest())


def too_large(url: str, limits: Limits) -> TooLarge:
    """Return the error for a body over the limit."""
    return TooLarge(url=url, limit=max(1, limits.max_bytes // MB))


def _counted(chunks: Iterable[bytes], url: str, limits: Limits) -> Iterator[bytes]:
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > limits.max_bytes:
            raise too_large(url, limits)
        yield chunk


def _decoded(chunks: Iterator[bytes], encoding: str, url: str, limits: Limits) -> Iterator[bytes]:
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        yield from chunks
    elif encoding in ("gzip", "x-gzip", "deflate"):
        yield from _inflated(chunks, encoding == "deflate", url, limits)
    else:
        raise BodyBroken(
            N_("{url} came compressed in a way that was not asked for. Tell its owner."), url=url
        )


def _inflated(chunks: Iterator[bytes], deflate: bool, url: str, limits: Limits) -> Iterator[bytes]:
    inflater, streams = None, 0
    received = produced = 0
    for chunk in chunks:
        received += len(chunk)
        data, more = chunk, False
        while data or more:
            if inflater is None:
                # Gzip files may be put one after another; what else follows a last one is padding.
                if streams and (deflate or not _GZIP.startswith(data[:2])):
                    break
                inflater, streams = _inflater(deflate, data), streams + 1
            try:
                piece = inflater.decompress(data, CHUNK)
            except zlib.error as error:
                raise BodyBroken(url=url) from error
            produced += len(piece)
            _check_ratio(received, produced, url, limits)
            yield piece
            # All may be taken in and some of it not yet given out.
            data, more = inflater.unconsumed_tail, len(piece) == CHUNK
            if inflater.eof:
                data, more, inflater = inflater.unused_data, False, None
    if inflater is not None:
        raise BodyBroken(url=url)


def _check_ratio(received: int, produced: int, url: str, limits: Limits) -> None:
    if produced > limits.max_bytes:
        raise too_large(url, limits)
    if produced > max(_RATIO_FROM, limits.ratio * received):
        raise TooLarge(
            N_("{url} unpacks to more than {ratio} times its size, which is not safe."),
            url=url,
            ratio=limits.ratio,
        )


def _inflater(deflate: bool, start: bytes) -> zlib._Decompress:
    if not deflate:
        return zlib.decompressobj(16 + zlib.MAX_WBITS)
    # "deflate" means a zlib stream, but some servers send a bare one.
    bare = start[0] & 0x0F != 8
    return zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS)
