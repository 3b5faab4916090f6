"""Which texts an XML Schema datatype knows, for the datatypes that DCAT-AP names.

XML Schema 1.1 part 2, https://www.w3.org/TR/xmlschema11-2/: dates are of the proleptic Gregorian
calendar, an hour 24 is the midnight at the end of its day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable

_YEAR = r"(?P<year>-?(?:[1-9]\d{3,}|0\d{3}))"
_MONTH = r"-(?P<month>0[1-9]|1[0-2])"
_DAY = r"-(?P<day>0[1-9]|[12]\d|3[01])"
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_CLOCK = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_SECONDS = r"\d+(?:\.\d+)?S"
_TIMES = rf"T(?=\d)(?:\d+H)?(?:\d+M)?(?:{_SECONDS})?"

_FORMS = {
    "xsd:date": _YEAR + _MONTH + _DAY + _ZONE,
    "xsd:dateTime": _YEAR + _MONTH + _DAY + "T" + _CLOCK + _ZONE,
    "xsd:decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    "xsd:duration": rf"-?P(?=\d|T)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:{_TIMES})?",
    "xsd:gYear": _YEAR + _ZONE,
    "xsd:gYearMonth": _YEAR + _MONTH + _ZONE,
    "xsd:hexBinary": r"(?:[0-9a-fA-F]{2})*",
    "xsd:nonNegativeInteger": r"\+?\d+|-0+",
}
_MATCHERS: dict[str, Callable[[str], re.Match[str] | None]] = {
    datatype: re.compile(form, re.ASCII).fullmatch for datatype, form in _FORMS.items()
}


def well_formed(text: str, datatype: str) -> bool:
    """Tell whether a datatype (``xsd:date``) knows a text; one that is not listed here knows any."""
    if datatype not in _MATCHERS:
        return True
    match = _MATCHERS[datatype](text)
    if match is None:
        return False
    parts = match.groupdict()
    if "day" not in parts:
        return True
    # The calendar repeats every 400 years, and Python knows none before the year 1.
    year = int(parts["year"]) % 400 + 400
    return int(parts["day"]) <= monthrange(year, int(parts["month"]))[1]
