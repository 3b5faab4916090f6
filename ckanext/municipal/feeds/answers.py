"""How feeds answer over HTTP: validators, 304, gzip, CORS; HEAD says what GET says.

The rules are those of RFC 9110: entity tags come before dates, a compressed answer has a tag of its
own, and a 304 is decided before anything of the answer is made.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import math
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import flask
from werkzeug.datastructures import Headers
from werkzeug.wsgi import wrap_file

_COMPRESSED_FROM = 512  # bytes; what is shorter gains nothing
_LEVEL = 5
_SECONDS_TO_SETTLE = 5
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match, If-Modified-Since",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Last-Modified, Link",
}


class Answer(flask.Response):
    """An answer that says itself how long it may be kept, where ``kept`` is not what CKAN says of all."""

    kept = ""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """Return the headers as they are sent: CKAN writes over Cache-Control after every view."""
        headers = super().get_wsgi_headers(environ)
        if self.kept:
            headers["Cache-Control"] = self.kept
        return headers


@dataclass(frozen=True, slots=True)
class Version:
    """Which state an answer tells: ``tag`` differs whenever the bytes do.

    ``changed`` is when the state came about; None where that does not say all, so that only the tag
    can tell whether a reader has it. ``weak``: the same is said, in other bytes.
    """

    tag: str
    changed: datetime | None = None
    weak: bool = False


def version(*parts: object, changed: datetime | None = None) -> Version:
    """Return the version of an answer that is made of ``parts`` and nothing else."""
    digest = hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "backslashreplace"))
    return Version(digest.hexdigest()[:32], changed)


def unchanged(asked: flask.Request, has: Version) -> bool:
    """Return whether the reader has this version already."""
    if asked.if_none_match:
        return asked.if_none_match.star_tag or any(
            asked.if_none_match.contains_weak(tag) for tag in (has.tag, _compressed(has.tag))
        )
    since = asked.if_modified_since
    return bool(since and has.changed and since.timestamp() >= math.ceil(has.changed.timestamp()))


def not_modified(has: Version) -> Answer:
    """Return 304 with the headers that the whole answer would have."""
    answer = Answer(status=304)
    return _described(answer, has, compressed=wants_gzip())


def sent(body: bytes, content_type: str, has: Version) -> Answer:
    """Return a whole answer, compressed where the reader takes that."""
    compressed = len(body) >= _COMPRESSED_FROM and wants_gzip()
    told = gzip.compress(body, _LEVEL, mtime=0) if compressed else body
    answer = Answer(told, content_type=content_type)
    if compressed:
        answer.content_encoding = "gzip"
    return _described(answer, has, compressed=compressed)


def wants_gzip() -> bool:
    """Return whether the reader takes an answer that is compressed."""
    return flask.request.accept_encodings["gzip"] > 0


def streamed(body: Iterable[bytes], content_type: str, has: Version, *, compressed: bool) -> Answer:
    """Return an answer of any length; ``compressed`` tells that the body is, on the way only."""
    answer = _long(body, content_type)
    if compressed:
        answer.content_encoding = "gzip"
    return _described(answer, has, compressed=compressed)


def zipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bytes of a gzip file (RFC 1952) of what is given, piece by piece."""
    packer = zlib.compressobj(_LEVEL, wbits=31)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


def file(body: Iterable[bytes], name: str, has: Version) -> Answer:
    """Return a gzip file to be kept under a name, which is never compressed again."""
    answer = _long(body, "application/gzip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _described(answer, has, compressed=False)


def refused(status: int, text: str, language: str) -> Answer:
    """Return why there is no answer, as plain text."""
    answer = Answer(text, status, content_type="text/plain; charset=utf-8")
    answer.content_language.add(language)
    answer.vary.add("Accept-Language")
    if status == 503:
        answer.retry_after = 60
    open_to_all(answer.headers)
    return answer


def open_to_all(headers: Headers) -> None:
    """Let pages of any site read an answer (CORS): there is nothing in it that is not public."""
    headers.update(_CORS)


def _long(body: Iterable[bytes], content_type: str) -> Answer:
    """An answer that is sent in pieces, or an open file that the web server sends by itself."""
    if not isinstance(body, io.BufferedReader):
        return Answer(body, content_type=content_type)  # type: ignore[arg-type]
    told = wrap_file(flask.request.environ, body)
    answer = Answer(told, content_type=content_type, direct_passthrough=True)
    answer.call_on_close(body.close)
    answer.content_length = os.fstat(body.fileno()).st_size
    return answer


def _described(answer: Answer, has: Version, *, compressed: bool) -> Answer:
    answer.set_etag(_compressed(has.tag) if compressed else has.tag, weak=has.weak)
    if has.changed:
        answer.last_modified = _last_modified(has.changed)
    answer.vary.add("Accept-Encoding")
    open_to_all(answer.headers)
    return answer


def _compressed(tag: str) -> str:
    return f"{tag}-gzip"


def _last_modified(changed: datetime) -> datetime:
    """A moment in whole seconds, after which a reader who sends it back has missed nothing.

    That is the second that follows, once it is over: until then more may come within it, and the
    second that went before is told, with which the reader is answered anew.
    """
    second = math.ceil(changed.timestamp())
    if second + _SECONDS_TO_SETTLE > datetime.now(UTC).timestamp():
        second = math.floor(changed.timestamp()) - 1
    return datetime.fromtimestamp(second, UTC)
