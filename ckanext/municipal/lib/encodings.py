"""Bytes to text: which encoding a file is in, decided by rules made for Greek.

General detectors take ISO-8859-7 for windows-1253, which turns ``Άρδευση`` into ``’ρδευση``, and do
not know the DOS code page 737. Here every reading is scored by how Greek words are built.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.greek_score import greek_score
from ckanext.municipal.lib.texts import N_

CODE_PAGES = ("cp1253", "iso8859-7", "cp737")  # the first of equals wins
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_BYTE_WORDS = re.compile(rb"[A-Za-z\x80-\xff]+")
_UTF8_SEQUENCES = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_UTF16_BLOCKS = frozenset((0x00, 0x03, 0x1F, 0x20, 0x21))  # Latin, Greek, polytonic, “”…€ and №
_GREEK_WORD = re.compile(r"[\u0370-\u03ff]{4}")
_SAMPLE = 64 * 1024


class Undecodable(ReadableError):
    """Bytes that are no text in any encoding tried; ``offset`` is that of the first wrong byte."""

    @property
    def offset(self) -> int:
        """Return where the first wrong byte is, from 0."""
        return self.values.get("offset", 0)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without its byte order mark, the encoding it was in, and whether it had such a mark."""

    text: str
    encoding: str
    bom: bool = False


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Return the text of a file and its encoding.

    Tried in order: the byte order mark (UTF-8, UTF-16, UTF-32); UTF-16 without one, by where its
    zero bytes are; UTF-8; then windows-1253, ISO-8859-7 and DOS 737, the best Greek of which wins.
    Where two code pages give the same text the choice does not matter and the first is named.
    A stated ``encoding`` is the only one tried.

    Raises Undecodable with the place of the first wrong byte.
    """
    for mark, marked in _BOMS:
        if data.startswith(mark) and (encoding is None or _is_same_family(encoding, marked)):
            return Decoded(_strict(data[len(mark) :], marked, len(mark)), marked, bom=True)
    if encoding is not None:
        return Decoded(_strict(data, encoding, 0), encoding)
    if b"\0" in data:
        return _without_mark(data)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data):
            raise _undecodable(data, error.start, "UTF-8") from None
    return _code_page(data)


def _is_same_family(stated: str, marked: str) -> bool:
    return stated.lower().replace("_", "-").startswith(marked[:5])


def _strict(data: bytes, encoding: str, before: int) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(data, error.start, encoding, before) from None
    except LookupError:
        raise Undecodable(
            N_("There is no text encoding “{encoding}”. Write for example utf-8 or cp1253."),
            encoding=encoding,
        ) from None


def _without_mark(data: bytes) -> Decoded:
    """Read UTF-16 without byte order mark: text whose every second byte is a block's number."""
    for encoding, high in (("utf-16-le", 1), ("utf-16-be", 0)):
        blocks = data[high:_SAMPLE:2]
        known = sum(block in _UTF16_BLOCKS for block in blocks)
        if len(data) % 2 == 0 and known >= 0.9 * len(blocks) and _has_text(data, high):
            return Decoded(_strict(data, encoding, 0), encoding)
    raise _undecodable(data, data.index(0), "UTF-8")


def _has_text(data: bytes, high: int) -> bool:
    """Return whether the lower bytes are characters, not zeros as in binary files."""
    lower = data[1 - high : _SAMPLE : 2]
    return lower.count(0) <= len(lower) // 10


def _is_damaged_utf8(data: bytes) -> bool:
    """Return whether this is UTF-8 with a few wrong bytes (cut off, glued), not a code page."""
    good = sum(len(sequence) for sequence in _UTF8_SEQUENCES.findall(data[: 16 * _SAMPLE]))
    high = sum(byte > 0x7F for byte in data[: 16 * _SAMPLE])
    return good > 0.9 * high


def _code_page(data: bytes) -> Decoded:
    words = Counter(word[0] for word in _BYTE_WORDS.finditer(data))
    foreign = [word for word in words if not word.isascii()]
    scores: dict[str, int] = {}
    failed: dict[str, int] = {}
    for page in CODE_PAGES:
        try:
            scores[page] = sum(greek_score(word.decode(page)) for word in foreign)
        except UnicodeDecodeError:
            failed[page] = _first_failure(data, page)
    best = max(scores, key=lambda page: scores[page], default="")
    if best and scores[best] >= 0:
        return Decoded(data.decode(best), best)
    offset = max(failed.values(), default=next(i for i, byte in enumerate(data) if byte > 0x7F))
    raise _undecodable(data, offset, "UTF-8 / windows-1253 / ISO-8859-7 / DOS 737")


def _first_failure(data: bytes, page: str) -> int:
    try:
        data.decode(page)
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _undecodable(data: bytes, start: int, encoding: str, before: int = 0) -> Undecodable:
    return Undecodable(
        N_(
            "Byte {offset} (line {line}, value 0x{byte}) is not text in {encoding}. Save the file"
            " again as “CSV UTF-8”, or state the encoding of the source."
        ),
        offset=before + start,
        line=data.count(b"\n", 0, start) + 1,
        byte=f"{data[start]:02X}" if start < len(data) else "--",
        encoding=encoding,
    )


@dataclass(frozen=True, slots=True)
class Mojibake:
    """Text that was read in the wrong encoding before it was saved, and what it should say."""

    text: str
    written_in: str
    read_as: str


_MISREADINGS = (
    ("utf-8", "cp1253"),
    ("utf-8", "cp1252"),
    ("utf-8", "iso8859-7"),
    ("cp1253", "cp1252"),
    ("cp737", "cp1253"),
)


def mojibake(text: str) -> Mojibake | None:
    """Return what text should say if it is Greek that was once read in a wrong encoding.

    ``Î”Î®Î¼Î¿Ï‚``, ``ΞΞ®ΞΌΞΏΟ‚`` and ``ÄÞìïò`` all give ``Δήμος``. None for text in order, where
    the repair would not be clearly better Greek, and where no word of four letters comes out.
    """
    if text.isascii():
        return None
    for written_in, read_as in _MISREADINGS:
        try:
            repaired = _encode_loosely(text, read_as).decode(written_in)
        except UnicodeError:
            continue
        if _GREEK_WORD.search(repaired) and _gain(repaired, text) > 0:
            return Mojibake(repaired, written_in, read_as)
    return None


def _gain(repaired: str, text: str) -> int:
    """Return how much better Greek the repair is; a repair that holds any wrong word gains none."""
    scores = [greek_score(word) for word in repaired.split() if not word.isascii()]
    before = sum(greek_score(word) for word in text.split() if not word.isascii())
    return sum(scores) - max(before, 0) if min(scores, default=-1) >= 0 else 0


def _encode_loosely(text: str, encoding: str) -> bytes:
    """Encode; bytes the code page leaves undefined stand as C1 controls, as browsers read them."""
    return b"".join(bytes((ord(c),)) if "\x80" <= c <= "\x9f" else c.encode(encoding) for c in text)
