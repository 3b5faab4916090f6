"""What the YAML of a source of `kind: table` says: which column is which field, and how it is written."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ckanext.municipal.harvest.source_form import Form
from ckanext.municipal.lib.greek import header_key
from ckanext.municipal.lib.projection import Projection, UnknownSystem

MOMENTS = ("requested", "acknowledged", "updated", "closed")
PLACES = ("lat", "long", "x", "y")
PATH = "category_path"
FIELDS = (
    *("id", "status", "category", PATH, *MOMENTS, "close_note", "agency", "title", "description"),
    *("address", "district", *PLACES, "votes", "comments", "photo", "channel", "duplicate_of"),
)
DATES = ("day_first", "month_first", "iso")
_KEYS = (
    *("files", "columns", "optional", "refuse", "not_public", "crs", "dates", "decimal"),
    *("encoding", "delimiter", "sheet"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """How a table is read. ``columns`` has for each field the headings under which it is looked for.

    Of several headings the first filled cell counts, but for ``category_path``: there they are the
    levels, from the top down. ``optional`` headings (by `header_key`) need not be there.
    ``not_public`` are the statuses (by `header_key`) of requests of which nothing is read.
    ``files`` is a pattern of the names of the files that are read, "" for all that look like
    tables. ``crs`` is the system of ``x`` and ``y``, and of a GeoJSON's points if it is not WGS 84.
    ``dates`` is one of `DATES`, or patterns of `datetime.strptime`. ``decimal`` is the mark of
    coordinates, "auto" for either.
    """

    columns: Mapping[str, tuple[str, ...]]
    optional: frozenset[str] = frozenset()
    not_public: frozenset[str] = frozenset()
    files: str = ""
    crs: str = ""
    dates: str | tuple[str, ...] = DATES[0]
    decimal: str = "auto"
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | int | None = None


def settings(form: Form) -> Settings:
    """Read the keys of a source of this kind; every fault is noted in the form."""
    form.only(_KEYS)
    columns = _columns(form.form("columns"), form.names("refuse"))
    crs = _crs(form)
    if {"x", "y"} & set(columns) and not crs:
        form.wrong("crs", crs, "the system of x and y, such as EPSG:2100")
    return Settings(
        columns=MappingProxyType(columns),
        optional=frozenset(map(header_key, form.names("optional"))),
        not_public=frozenset(map(header_key, form.names("not_public"))),
        files=_pattern(form),
        crs=crs,
        dates=_dates(form),
        decimal=form.choice("decimal", ("auto", ",", "."), "auto"),
        encoding=_encoding(form),
        delimiter=_delimiter(form),
        sheet=_sheet(form),
    )


def _columns(form: Form, refused: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    form.only(FIELDS)
    columns = {
        field: found for field in FIELDS if field in form.content if (found := _names(form, field))
    }
    if "id" not in form.content:
        form.text("id", "the heading of the column with the number of the request")
    for one, other in (("lat", "long"), ("x", "y")):
        if (one in columns) != (other in columns):
            form.wrong(one, form.content.get(one), f"the columns of both {one} and {other}")
    closed = {header_key(name) for name in refused}
    for field, names in columns.items():
        for name in names:
            if header_key(name) in closed:
                form.wrong(field, name, "a column that is not among those that “refuse” names")
    return columns


def _names(form: Form, field: str) -> tuple[str, ...]:
    value = form.content[field]
    names = tuple(value) if isinstance(value, list) else (value,)
    if names and all(isinstance(name, str) and header_key(name) for name in names):
        return names
    form.wrong(field, value, "the heading of a column, or a list of headings")
    return ()


def _crs(form: Form) -> str:
    code = form.text("crs", "a coordinate system, such as EPSG:2100", "")
    if code:
        try:
            Projection(code)
        except UnknownSystem:
            form.wrong("crs", code, "the code of a system in metres or feet, such as EPSG:2100")
            return ""
    return code


def _pattern(form: Form) -> str:
    pattern = form.text("files", "a regular expression", "")
    try:
        re.compile(pattern)
    except re.error:
        form.wrong("files", pattern, "a regular expression that names of files fit as a whole")
        return ""
    return pattern


def _dates(form: Form) -> str | tuple[str, ...]:
    if not isinstance(form.content.get("dates"), list):
        return form.choice("dates", DATES, DATES[0])
    patterns = form.names("dates")
    if not patterns or not all("%" in pattern for pattern in patterns):
        form.wrong("dates", patterns, "patterns such as '%d.%m.%y %H:%M'")
    return patterns


def _encoding(form: Form) -> str | None:
    encoding = form.text("encoding", "an encoding, such as cp1253", "")
    try:
        return codecs.lookup(encoding).name if encoding else None
    except LookupError:
        form.wrong("encoding", encoding, "an encoding, such as utf-8 or cp1253")
        return None


def _delimiter(form: Form) -> str | None:
    delimiter = form.content.get("delimiter")
    if delimiter is None or (isinstance(delimiter, str) and len(delimiter) == 1):
        return delimiter
    form.wrong("delimiter", delimiter, "one character, such as ';' or \"\\t\"")
    return None


def _sheet(form: Form) -> str | int | None:
    sheet = form.content.get("sheet")
    if sheet is None or (isinstance(sheet, str | int) and not isinstance(sheet, bool)):
        return sheet
    form.wrong("sheet", sheet, "the name of a sheet, or its place from 0")
    return None
