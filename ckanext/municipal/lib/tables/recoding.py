"""The encoding of a file too large to hold, and the file as UTF-8, a piece at a time."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ckanext.municipal.lib.encodings import Undecodable, decode
from ckanext.municipal.lib.tables.model import UnreadableTable
from ckanext.municipal.lib.texts import N_

_PIECE = 2**20
_SAMPLE = 64 * 1024  # bytes of a piece that are shown to the judge of code pages
_MOST = 4 * 2**20
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding, and whether some bytes of the file are no text in it (then read as U+FFFD)."""

    name: str
    damaged: bool = False


def find_encoding(path: Path, name: str, stated: str | None = None) -> Encoding:
    """Return the encoding of a file, as `encodings.decode` finds it, from all of its bytes.

    UTF-8 with a few wrong bytes is UTF-8, damaged. Raises UnreadableTable for what is no text.
    """
    with path.open("rb") as file:
        head = file.read(_PIECE)
    if stated or head[:4].startswith(_MARKS) or b"\0" in head:
        return Encoding(_decided(_whole_lines(head), name, stated))
    if _is_utf8(path):
        return Encoding("utf-8")
    # A sample may begin with what would be a byte order mark, so it begins with a line's end.
    sample = b"\n" + b"".join(_foreign_lines(path))[:_MOST]
    try:
        whole = path.read_bytes() if path.stat().st_size <= _MOST else _whole_lines(sample)
        return Encoding(decode(whole).encoding)
    except Undecodable as error:
        if error.values.get("encoding") == "UTF-8":
            return Encoding("utf-8", damaged=True)
        raise _unreadable(name, error) from error


def utf8_copy(path: Path, encoding: Encoding, target: Path) -> None:
    """Write a file as UTF-8 without byte order mark; what is no text becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding.name)(errors="replace")
    with target.open("wb") as out:
        for number, piece in enumerate(_pieces(path)):
            text = decoder.decode(piece)
            out.write((text.removeprefix("\ufeff") if not number else text).encode("utf-8"))
        out.write(decoder.decode(b"", final=True).encode("utf-8"))


def _decided(head: bytes, name: str, stated: str | None) -> str:
    try:
        return decode(head, stated).encoding
    except Undecodable as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: Undecodable) -> UnreadableTable:
    return UnreadableTable(N_("{file} cannot be read as text: {reason}"), file=name, reason=error)


def _whole_lines(head: bytes) -> bytes:
    """Cut off a line, and a character, that the end of a piece divides."""
    if len(head) < _PIECE:
        return head
    end = head.rfind(b"\n")
    if b"\0" in head:  # UTF-16: both bytes of the line's end, or of the last letter, or none
        return head[: end - end % 2] if end > 0 else head[: len(head) - len(head) % 4]
    return head[:end] if end > 0 else head


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in _pieces(path):
            if not piece.isascii() or decoder.getstate()[0]:
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _foreign_lines(path: Path) -> Iterator[bytes]:
    """Yield some lines of each piece that have other letters than ASCII's."""
    for piece in _pieces(path):
        if piece.isascii():
            continue
        taken = 0
        for line in piece.split(b"\n")[1:-1] or [piece]:
            if not line.isascii():
                yield line + b"\n"
                taken += len(line)
                if taken > _SAMPLE:
                    break
