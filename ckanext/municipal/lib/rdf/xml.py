"""RDF/XML within limits: of text, depth, and XML that is a value.

rdflib joins the pieces of a text one by one, so that a thousand bytes whose entities expand to a
million cost minutes, and parses XML that is a value anew with every tag in it.
"""

from __future__ import annotations

from typing import Any
from xml.sax.expatreader import ExpatParser

from rdflib.plugins.parsers.rdfxml import RDFXMLHandler

from ckanext.municipal.lib.rdf.limits import RdfRefused
from ckanext.municipal.lib.texts import N_

MAX_TEXT = 20_000_000
"""Characters of text in a document, its entities expanded."""

MAX_DEPTH = 200
MAX_XML_TAGS = 200
MAX_XML_TEXT = 100_000
"""Tags and characters of the XML that is a value (``rdf:parseType="Literal"``) in a document."""


class BoundedSax(ExpatParser):
    """Python's parser, which expands entities that stand for a plain text, as prefixes do.

    However they are used, they cannot make more than MAX_TEXT. Raises ``RdfRefused``.
    """

    _references = _longest = 0

    def reset(self) -> None:
        """Begin a document."""
        super().reset()
        parser: Any = self._parser  # type: ignore[attr-defined]
        parser.EntityDeclHandler = self._declared
        self._references = self._longest = 0

    def feed(self, data: Any, isFinal: bool = False) -> None:  # noqa: N803 - the name in xml.sax
        """Parse a piece, once it is clear how much it can expand to."""
        self._references += data.count(b"&" if isinstance(data, bytes) else "&")
        self._check()
        super().feed(data, isFinal)

    def _declared(self, _name: str, _parameter: bool, value: str | None, *_: Any) -> None:
        if value and ("&" in value or "%" in value):
            raise RdfRefused(N_("The document has entities that stand for others. Write them out."))
        self._longest = max(self._longest, len(value or ""))
        self._check()

    def _check(self) -> None:
        if self._references * self._longest > MAX_TEXT:
            raise _too_much_text()


class BoundedRdfXml(RDFXMLHandler):
    """rdflib's reader of RDF/XML, given each text whole, within the limits of this module."""

    def __init__(self, store: Any) -> None:
        """Take the graph that is read into."""
        super().__init__(store)
        self._pieces: list[str] = []
        self._length = self._xml_tags = self._xml_text = 0

    def characters(self, content: str) -> None:
        """Keep a piece of text until the next tag."""
        self._length += len(content)
        if self._length > MAX_TEXT:
            raise _too_much_text()
        self._pieces.append(content)

    def startElementNS(self, *arguments: Any) -> None:  # noqa: N802 - the name in xml.sax
        """Hand on the text before a tag, and the tag."""
        self._hand_on()
        if len(self.stack) > MAX_DEPTH:
            raise RdfRefused(N_("The document is nested too deeply. It is not read."))
        super().startElementNS(*arguments)

    def endElementNS(self, *arguments: Any) -> None:  # noqa: N802 - the name in xml.sax
        """Hand on the text before an end tag, and the tag."""
        self._hand_on()
        super().endElementNS(*arguments)

    def literal_element_start(self, *arguments: Any) -> None:
        """Take a tag of XML that is a value."""
        self._xml_tags += 1
        self._check_xml()
        super().literal_element_start(*arguments)

    def literal_element_char(self, data: str) -> None:
        """Take a text of XML that is a value."""
        self._xml_text += len(data)
        self._check_xml()
        super().literal_element_char(data)

    def _check_xml(self) -> None:
        if self._xml_tags > MAX_XML_TAGS or self._xml_text > MAX_XML_TEXT:
            raise RdfRefused(N_("The document has too much XML in its texts. Write plain texts."))

    def _hand_on(self) -> None:
        if self._pieces:
            text = "".join(self._pieces)
            self._pieces.clear()
            super().characters(text)


def _too_much_text() -> RdfRefused:
    return RdfRefused(
        N_("The document has more than {limit} characters of text. Harvest it in pages."),
        limit=MAX_TEXT,
    )
