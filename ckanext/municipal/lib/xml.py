"""XML of others -> elements: nothing is fetched or opened, and work and memory have an end.

A document that brings a DTD is refused at its first line: every entity that could expand without
end, and every file or address that a parser could be led to, is declared in one. The rest is held
by limits of size, depth and number.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.texts import N_

MB = 1024 * 1024
MAX_BYTES = 50 * MB
MAX_DEPTH = 64
MAX_ELEMENTS = 300_000
_PIECE = 64 * 1024
_MAX_TOKEN = MB
_XINCLUDE = "{http://www.w3.org/2001/XInclude}"


class XmlRefused(ReadableError):
    """A document that is not XML, or not of a kind that is read."""


def parse(data: bytes, max_bytes: int = MAX_BYTES, max_elements: int = MAX_ELEMENTS) -> Element:
    """Return the root of a document, as ElementTree has it; comments and instructions are left out.

    XML 1.0 in UTF-8, UTF-16 or a code page of one byte a letter. Raises `XmlRefused` for a
    document type, XInclude, more than `MAX_DEPTH` levels, a text or tag of more than 1 MB, and
    whatever is not well-formed.
    """
    if len(data) > max_bytes:
        raise XmlRefused(
            N_("The XML is larger than {limit} MB. Divide it into several files."),
            limit=max_bytes // MB,
        )
    builder = _Builder(max_elements)
    parser = XMLParser(target=builder)  # noqa: S314 - the builder refuses what makes it unsafe
    try:
        # In pieces: a refusal stops the parser only after what it was given.
        for start in range(0, len(data), _PIECE):
            parser.feed(data[start : start + _PIECE])
            builder.check_progress()
        return parser.close()
    except ParseError as error:
        line, column = error.position
        raise XmlRefused(
            N_("The XML is broken at line {line}, column {column}. Export it again."),
            line=line,
            column=column + 1,
        ) from error
    except (LookupError, ValueError) as error:
        if isinstance(error, XmlRefused):
            raise
        raise XmlRefused(
            N_("The XML is in an encoding that is not read. Export it in UTF-8.")
        ) from error


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


class _Builder(TreeBuilder):
    """Builds the tree within the limits; XMLParser tells it of each thing as it comes."""

    def __init__(self, max_elements: int) -> None:
        super().__init__()
        self._left, self._depth = max_elements, 0
        self._told, self._silent = False, 0

    def check_progress(self) -> None:
        """Refuse a document of which nothing came for long.

        Expat before 2.6 starts a tag anew with every piece, and one tag may hold a million
        attributes.
        """
        self._silent = 0 if self._told else self._silent + 1
        self._told = False
        if self._silent * _PIECE > _MAX_TOKEN:
            raise XmlRefused(
                N_("The XML has a text or a tag longer than {limit} MB. It is not read."),
                limit=_MAX_TOKEN // MB,
            )

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse a document type, before anything in it is read."""
        raise XmlRefused(
            N_("The XML brings a document type (DOCTYPE), which is not read. Remove it.")
        )

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        """Open an element."""
        self._left -= 1
        self._depth += 1
        self._told = True
        if self._left < 0:
            raise XmlRefused(N_("The XML has too many elements. Divide it into several files."))
        if self._depth > MAX_DEPTH:
            raise XmlRefused(
                N_("The XML is nested more than {depth} levels deep. It is not read."),
                depth=MAX_DEPTH,
            )
        if tag.startswith(_XINCLUDE):
            raise XmlRefused(
                N_("The XML wants other documents in itself (XInclude). Put their text into it.")
            )
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        """Close an element."""
        self._depth -= 1
        self._told = True
        return super().end(tag)
