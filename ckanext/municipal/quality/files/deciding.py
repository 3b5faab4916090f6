"""What a column holds, decided by the evidence of its values, each with how often it occurs.

Nothing is decided by a single cell: a type needs nine of ten values, a decimal mark and an order of
day and month need values that can be read one way only. Where evidence is missing or divided, that is
told, and the column stays text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ckanext.municipal.lib.greek import fold
from ckanext.municipal.lib.numbers import Evidence, evidence
from ckanext.municipal.quality.files import forms
from ckanext.municipal.quality.files.forms import Form
from ckanext.municipal.quality.files.names import IDENTIFIERS, Subject, subject_of

_LONGEST_WORD = 12  # characters of a word for yes, no or nothing, spaces included
SHARE = 0.9  # of the values that say something, for a column to have their type
MIXED = 0.5  # and from here on for a column of text to be told mixed

_WHOLE = re.compile(r"\s*[+-]?(?:0|[1-9][0-9]{0,17})\s*", re.ASCII)
_ZERO_LED = re.compile(r"0[0-9][0-9./ -]*", re.ASCII)
_EXPONENT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]{1,3}")
_LOST = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{2}")  # what a spreadsheet makes of a long code
_DATE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?P<time>[ T]\d{1,2}:\d{2}.*)?", re.ASCII)
_NUMBER_SIGNS = re.compile(r"[0-9.,'’()+\-\u2212\u2013\s€A-Za-zΑ-ώ]+")
_DIGIT = re.compile("[0-9]")
_MISSING = frozenset(fold(word) for word in forms.MISSING_WORDS)
_YES_NO = (
    ("ναι", "οχι"), ("true", "false"), ("yes", "no"), ("αληθησ", "ψευδησ"), ("αληθεσ", "ψευδεσ"),
    ("σωστο", "λαθοσ"), ("ενεργο", "ανενεργο"),
)  # fmt: skip


class Doubt(StrEnum):
    """What could not be told from the values."""

    NONE = ""
    DECIMALS = "decimals"  # 1.234 may be thousands or not
    MARKS = "marks"  # some with a comma, some with a point
    ORDERS = "orders"  # some day first, some month first
    MIXED = "mixed"  # most are numbers or dates, too many are not


@dataclass(frozen=True, slots=True)
class Decision:
    """The form of a column, what was in doubt, and an example of it."""

    form: Form
    doubt: Doubt = Doubt.NONE
    example: str = ""


def is_missing_word(text: str) -> bool:
    """Return whether a cell says in a word that there is nothing."""
    return len(text) <= _LONGEST_WORD and fold(text.strip()) in _MISSING


def decide(name: str, values: Mapping[str, int], *, typed: bool = False) -> Decision:
    """Return what a column holds: ``values`` are its different cells and how often each occurs.

    ``typed``: the file had types, so that numbers have a point and dates are ISO.
    """
    said = {value: count for value, count in values.items() if not is_missing_word(value)}
    total = sum(said.values())
    if not total or subject_of(name) in IDENTIFIERS:
        return Decision(forms.TEXT)
    if answer := _boolean(said, total):
        return Decision(answer)
    numbers, dates = _numbers(said), _dates(said)
    if _are_codes(name, said, numbers):
        return Decision(forms.TEXT)
    if _share(dates, said, total) >= SHARE:
        return _date(dates)
    if numbers and _share(numbers, said, total) >= SHARE:
        return _number(name, numbers, typed)
    return _text(said, total, dates, numbers)


def _text(said: Mapping[str, int], total: int, *kinds: Mapping[str, object]) -> Decision:
    """Decide for text, in doubt where half of it is of another kind."""
    for kind in kinds:
        if kind and _share(kind, said, total) >= MIXED and not _has_codes(said):
            return Decision(forms.TEXT, Doubt.MIXED, next(v for v in said if v not in kind))
    return Decision(forms.TEXT)


def _share(kind: Mapping[str, object], said: Mapping[str, int], total: int) -> float:
    return sum(said[value] for value in kind) / total


def _are_codes(name: str, said: Mapping[str, int], numbers: Mapping[str, Evidence]) -> bool:
    """Tell codes from numbers: some begin with a zero, or the name says code and some are none."""
    figures = [value for value in said if _WHOLE.fullmatch(value)]
    if any(value.isdecimal() and _ZERO_LED.fullmatch(value) for value in said):
        return True
    others = sum(not _EXPONENT.fullmatch(value) for value in said) - len(figures)
    return subject_of(name) is Subject.CODE and others > 0 and len(numbers) > 0


def _has_codes(said: Mapping[str, int]) -> bool:
    return any(_ZERO_LED.fullmatch(value) for value in said)


def _boolean(said: Mapping[str, int], total: int) -> Form | None:
    written: dict[str, list[str]] = {}
    for value in said:
        if len(value) <= _LONGEST_WORD:
            written.setdefault(fold(value.strip()), []).append(value)
    for yes, no in _YES_NO:
        both = written.get(yes, []), written.get(no, [])
        if all(both) and sum(said[value] for part in both for value in part) >= SHARE * total:
            return forms.boolean(*both)
    return None


def _numbers(said: Mapping[str, int]) -> dict[str, Evidence]:
    """Return the values that are numbers in some way of writing, and what each tells of the mark."""
    found: dict[str, Evidence] = {}
    for value in said:
        if not _DIGIT.search(value) or not _NUMBER_SIGNS.fullmatch(value):
            continue
        if _WHOLE.fullmatch(value):
            found[value] = Evidence.NONE
        elif _ZERO_LED.fullmatch(value) and not re.fullmatch(r"0[.,][0-9]+", value):
            continue
        elif _EXPONENT.fullmatch(value):
            found[value] = Evidence.POINT if "." in value else Evidence.NONE
        elif (seen := evidence(value)) is not Evidence.NONE:
            found[value] = seen
        elif _is_dressed_whole(value):
            found[value] = Evidence.NONE
    return found


def _is_dressed_whole(value: str) -> bool:
    from ckanext.municipal.lib.numbers import NotANumber, number

    try:
        return number(value, ",") is not None
    except NotANumber:
        return False


def _number(name: str, numbers: Mapping[str, Evidence], typed: bool) -> Decision:
    if all(_WHOLE.fullmatch(value) or _LOST.fullmatch(value) for value in numbers):
        long = any(len(value) > 9 for value in numbers)
        fractions = not long and any(not _WHOLE.fullmatch(value) for value in numbers)
        if not fractions:
            return Decision(forms.INTEGER)
    if typed:
        return Decision(forms.number("."))
    seen = Counter(_clear(name, value, told) for value, told in numbers.items())
    comma, point = seen[Evidence.COMMA], seen[Evidence.POINT]
    exponents = any(_EXPONENT.fullmatch(value) for value in numbers)
    if not comma and not point:
        if seen[Evidence.EITHER]:
            example = next(v for v, e in numbers.items() if e is Evidence.EITHER)
            return Decision(forms.TEXT, Doubt.DECIMALS, example)
        return Decision(forms.number("." if exponents else ","))
    mark, rare = (",", Evidence.POINT) if comma >= point else (".", Evidence.COMMA)
    if comma and point:
        example = next(value for value, seen in numbers.items() if seen is rare)
        return Decision(forms.number(mark), Doubt.MARKS, example)
    return Decision(forms.number(mark))


def _clear(name: str, value: str, told: Evidence) -> Evidence:
    """Return what a number tells of the mark; degrees are never thousands."""
    if told is Evidence.EITHER and subject_of(name) in (Subject.LATITUDE, Subject.LONGITUDE):
        return Evidence.COMMA if "," in value else Evidence.POINT
    return told


def _dates(said: Mapping[str, int]) -> dict[str, re.Match[str]]:
    """Return the values that have the shape of a date, whether or not there is such a day."""
    return {
        value: match
        for value in said
        if (match := _DATE.fullmatch(value.strip())) and _has_year(match)
    }


def _has_year(match: re.Match[str]) -> bool:
    """Tell a date from a code such as 6011.01.01."""
    years = [int(match[at]) for at in (1, 4) if len(match[at]) == 4]
    return len(years) == 1 and 1500 <= years[0] <= 2200


def _date(dates: Mapping[str, re.Match[str]]) -> Decision:
    timed = any(match["time"] for match in dates.values())
    year_first = sum(len(match[1]) == 4 for match in dates.values())
    make = forms.moment if timed else forms.date
    if 2 * year_first >= len(dates):
        separators = _separators(m for m in dates.values() if len(m[1]) == 4)
        return Decision(make("ymd", separators))
    day_last = [m for m in dates.values() if len(m[4]) == 4]
    day_first = sum(int(m[1]) > 12 >= int(m[3]) for m in day_last)
    month_first = sum(int(m[3]) > 12 >= int(m[1]) for m in day_last)
    order = "mdy" if month_first > day_first else "dmy"
    form = make(order, _separators(iter(day_last)))
    if day_first and month_first:
        rare = 1 if order == "mdy" else 3
        example = next(m[0] for m in day_last if int(m[rare]) > 12)
        return Decision(form, Doubt.ORDERS, example)
    return Decision(form)


def _separators(matches: Iterator[re.Match[str]]) -> list[str]:
    return [sign for sign, _ in Counter(match[2] for match in matches).most_common()]
