"""How far the cells of a sheet reach and how much text they hold, told before anybody makes room.

Readers reserve a place for every cell between the first and the last, and copy a text once for
every cell that refers to it. Both are counted here by an XML parser, as the reader will count them:
a search for patterns would miss what is written in an unusual way (ECMA-376 §18.3, ODF 1.3 §9).
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import lru_cache
from xml.parsers import expat

_DIGITS = "0123456789"
_FURTHEST = 10**6  # more columns than any program has


class NotPlain(ValueError):
    """XML that no spreadsheet program writes: not well-formed, with a DTD, with rows in disorder."""


@dataclass(slots=True)
class Extent:
    """The last row and column that hold a value, how many cells do, and the bytes of their texts.

    ``shared`` is how many cells of an XLSX sheet refer to a shared text; ``text`` is known of ODS.
    """

    rows: int = 0
    columns: int = 0
    values: int = 0
    shared: int = 0
    text: int = 0


def xlsx_extent(xml: bytes) -> Extent:
    """Return the extent of a worksheet of an XLSX; raises ``NotPlain``."""
    return _parsed(xml, _Worksheet()).extent


def shared_text(sheet: bytes, strings: bytes) -> int:
    """Return the bytes of all shared texts of a sheet, each as often as it is referred to.

    What counts is how long a text is as XML; an index that there is not counts as 0. Raises
    ``NotPlain``.
    """
    lengths = _parsed(strings, _Strings()).lengths
    return _parsed(sheet, _References(lengths)).total


def ods_extent(xml: bytes) -> Extent:
    """Return the extent of the widest and longest table of an ODS; raises ``NotPlain``."""
    return _parsed(xml, _Tables()).extent


def _parsed(xml: bytes, handler):
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    handler.listen(parser)
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise NotPlain(str(error)) from error
    return handler


def _refuse(*_: object) -> None:
    raise NotPlain("a document type")


class _Worksheet:
    """Follows rows and cells; a cell without an address stands after the one before it."""

    def __init__(self) -> None:
        self.extent = Extent()
        self.row, self.column = 0, 0
        self.cell: dict[str, str] = {}

    def listen(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self.start

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self.cell = attributes
            self.column += 1
        elif local in ("v", "is", "f"):
            self.value()
        elif local == "row":
            self.row = int(attributes.get("r") or self.row + 1)
            self.column = 0

    def value(self) -> None:
        """Count the cell that is open."""
        extent, row = self.extent, self.row
        if place := self.cell.get("r"):
            letters = place.rstrip(_DIGITS)
            row, self.column = int(place[len(letters) :]), column_number(letters)
        if row < extent.rows:
            raise NotPlain("rows in disorder")
        extent.rows = row
        extent.columns = max(extent.columns, self.column)
        extent.values += 1
        extent.shared += self.cell.get("t") == "s"


@lru_cache(maxsize=20_000)
def column_number(letters: str) -> int:
    """Return the number of a column from its letters: 1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = min(_FURTHEST, number * 26 + ord(letter) - ord("A") + 1)
    return number


class _Strings:
    """Measures each shared text of an XLSX."""

    def __init__(self) -> None:
        self.lengths = array("Q")
        self.began = 0

    def listen(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end

    def start(self, name: str, _: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            self.began = self.parser.CurrentByteIndex

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] == "si":
            self.lengths.append(self.parser.CurrentByteIndex - self.began)


class _References:
    """Sums the lengths of the shared texts that the cells of a sheet refer to."""

    def __init__(self, lengths: array[int]) -> None:
        self.lengths, self.total = lengths, 0
        self.shared, self.index = False, ""

    def listen(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self.shared = attributes.get("t") == "s"
        elif local == "v" and self.shared:
            self.index = ""
            self.parser.CharacterDataHandler = self.characters

    def characters(self, text: str) -> None:
        self.index += text

    def end(self, name: str) -> None:
        if self.shared and name.rpartition(":")[2] == "v":
            self.parser.CharacterDataHandler = None
            index = int(self.index or 0)
            self.total += self.lengths[index] if 0 <= index < len(self.lengths) else 0


class _Tables:
    """Follows the rows and cells of ODS, which may stand for many of their kind."""

    def __init__(self) -> None:
        self.extent = Extent()
        self.rows = self.row_times = self.row_text = 0
        self.column = self.width = self.cell_times = self.began = self.spaces = 0
        self.valued = False

    def listen(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.rows = 0
        elif name == "table:table-row":
            self.row_times = _times(attributes, "table:number-rows-repeated")
            self.column = self.width = self.row_text = 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self.cell_times = _times(attributes, "table:number-columns-repeated")
            self.column += self.cell_times
            self.began = self.parser.CurrentByteIndex
            self.valued = any(each.startswith("office:") for each in attributes)
            self.spaces = 0
        elif name == "text:s":
            self.spaces += _times(attributes, "text:c")

    def end(self, name: str) -> None:
        if name in ("table:table-cell", "table:covered-table-cell") and self.valued:
            self.width = self.column
            length = self.parser.CurrentByteIndex - self.began + self.spaces
            self.row_text += self.cell_times * length
        elif name == "table:table-row":
            self.rows += self.row_times
            if self.width:
                self.extent.rows = max(self.extent.rows, self.rows)
                self.extent.columns = max(self.extent.columns, self.width)
                self.extent.values += 1
                self.extent.text += self.row_times * self.row_text


def _times(attributes: dict[str, str], name: str) -> int:
    return max(1, int(attributes.get(name) or 1))
