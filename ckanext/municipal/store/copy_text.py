"""Typed rows to the text form of PostgreSQL's COPY (its manual: COPY, "Text Format"). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ckanext.municipal.store import lexical
from ckanext.municipal.store.schema import Field, TableSchema, Type

_NULL = r"\N"
_ESCAPES = (("\\", r"\\"), ("\t", r"\t"), ("\n", r"\n"), ("\r", r"\r"))


def encode(schema: TableSchema, rows: Iterable[lexical.Row]) -> Iterator[bytes]:
    """Yield the rows as COPY text in UTF-8, a few thousand rows a piece.

    Raises MissingValue, WrongValue or WrongShape, naming the row (from 1), its key and the field.
    """
    for columns in lexical.columns(schema, rows):
        texts = [
            _escaped(field, column) for field, column in zip(schema.fields, columns, strict=True)
        ]
        piece = "\n".join(map("\t".join, zip(*texts, strict=True)))
        yield f"{piece}\n".encode()


def _escaped(field: Field, column: lexical.Column) -> list[str]:
    if field.type in (Type.TEXT, Type.JSON):
        together = "".join(filter(None, column))
        for special, escape in _ESCAPES:
            if special in together:
                column = [text and text.replace(special, escape) for text in column]
    return [_NULL if text is None else text for text in column]


class Stream:
    """A file that COPY can read from: pieces of bytes, never joined."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""
        self.error: BaseException | None = None

    def read(self, size: int) -> bytes:
        """Return at most ``size`` bytes, none at the end.

        What goes wrong while making them is kept in ``error``: PostgreSQL's driver would turn it
        into a cancelled query.
        """
        if not self._rest:
            try:
                self._rest = next(self._pieces, b"")
            except BaseException as error:
                self.error = error
                raise
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece
