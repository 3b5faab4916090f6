"""Numbers as people and spreadsheets write them, read exactly (``Decimal``) or refused.

``1.234`` is a thousand or one and a bit: only the rest of the column tells. So the decimal mark is
decided over a column (`decimal_mark`) and each cell is then read with it (`amount`, `number`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.texts import N_

MAX_DIGITS = 18  # more is no amount of money, and no float keeps it
Value = str | int | float | Decimal | None

_NULL_WORDS = {"", "-", "--", "nan", "null", "none", "n/a", "#n/a"}
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2010": "-", "\u2011": "-"})
_LONGEST = 64  # characters of a number with its spaces and currency
_CURRENCY = r"(?:€|EUR|eur|[Εε]υρ[ώω]|ΕΥΡ[ΩΏ])"
_DRESS = re.compile(
    rf" ?(?P<open>\()? ?(?P<sign>[+-])? ?(?P<before>{_CURRENCY})? ?(?P<inner>[+-])?"
    rf" ?(?P<digits>[0-9.,'’ ]*[0-9]) ?(?P<trailing>-)? ?(?P<after>{_CURRENCY})?"
    r" ?(?P<close>\))? ?"
)
_PLAIN = {mark: re.compile(rf"[0-9]*(?:{re.escape(mark)}[0-9]+)?") for mark in ",."}
_GROUPED = {
    mark: re.compile(
        rf"[1-9][0-9]{{0,2}}(?:(?P<g>{groups})[0-9]{{3}})(?:(?P=g)[0-9]{{3}})*"
        rf"(?:{re.escape(mark)}[0-9]+)?"
    )
    for mark, groups in ((",", r"[.'’ ]"), (".", r"[,'’ ]"))
}
# Nine cells of ten look like this; they take the short way (a sixth of the time).
_CENTS = {
    mark: re.compile(rf"(?:[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})*|[0-9]{{1,12}}){point}[0-9]{{2}}")
    for mark, group, point in ((",", r"\.", ","), (".", ",", r"\."))
}
_PLAINLY = {",": str.maketrans(",", ".", "."), ".": str.maketrans("", "", ",")}
# Real exports have a slip here and there; it must be rare to be one.
_SLIPS = 20


class NotANumber(ReadableError):
    """A cell that should hold a number holds something else."""


class AmbiguousNumbers(ReadableError):
    """A column from which the decimal mark cannot be told."""


class Evidence(Enum):
    """What one cell says about the decimal mark of its column."""

    NONE = ""
    COMMA = ","
    POINT = "."
    EITHER = "?"


def decimal_mark(values: Iterable[Value], *, places: int | None = None) -> str:
    """Return the decimal mark of a column, ``","`` or ``"."``, from all its cells.

    Evidence is a cell that can be read one way only: both marks (``1.234,56``), a repeated mark
    (``1.234.567``), or other than three digits after the only mark (``1234,5``). One mark may
    contradict the other in one cell of twenty at most: such slips are refused by `amount` later.
    ``places`` says how many decimals the column has at most (2 for money): below 3, ``1.234`` is
    evidence too. Whole numbers alone give ``","``: the mark does not matter there.

    Raises AmbiguousNumbers when both marks have evidence, or ``1.234`` is all there is.
    """
    counts = dict.fromkeys(Evidence, 0)
    example = ""
    for value in values:
        seen = evidence(value, places) if isinstance(value, str) else Evidence.NONE
        counts[seen] += 1
        if seen is Evidence.EITHER and not example:
            example = str(value).strip()
    comma, point = counts[Evidence.COMMA], counts[Evidence.POINT]
    if comma and point and max(comma, point) < _SLIPS * min(comma, point):
        raise AmbiguousNumbers(
            N_(
                "Some numbers of this column have a decimal comma ({comma}), some a decimal point"
                " ({point}). Write them all the same way, or state the decimal mark of the source."
            ),
            comma=comma,
            point=point,
        )
    if counts[Evidence.EITHER] and not comma and not point:
        raise AmbiguousNumbers(
            N_(
                "“{example}” may be thousands or decimals, and no other number of the column"
                " tells which. State the decimal mark of the source."
            ),
            example=example,
        )
    return "." if point > comma else ","


def evidence(value: str, places: int | None = None) -> Evidence:
    """Return what one cell says about the decimal mark of its column; see `decimal_mark`."""
    for mark in ",.":
        if _is_cents(value, mark):
            return Evidence(mark)
    dressed = _DRESS.fullmatch(_squeezed(value))
    if not dressed:
        return Evidence.NONE
    digits = dressed["digits"]
    marks = [mark for mark in ",." if _matches(digits, mark, places)]
    if len(marks) == 1 and not digits.isdigit() and ("," in digits or "." in digits):
        return Evidence(marks[0])
    return (
        Evidence.EITHER if len(marks) == 2 and ("," in digits or "." in digits) else Evidence.NONE
    )


def _is_cents(value: str, mark: str) -> bool:
    return len(value) <= MAX_DIGITS and bool(_CENTS[mark].fullmatch(value))


def _squeezed(value: str) -> str:
    """Return text with plain minus signs, and each run of spaces of any kind as one space."""
    return " ".join(value.translate(_MINUS).split())


def _matches(digits: str, mark: str, places: int | None) -> bool:
    if places is not None and mark in digits and len(digits.rpartition(mark)[2]) > places:
        return False
    return bool(_PLAIN[mark].fullmatch(digits) or _GROUPED[mark].fullmatch(digits))


def amount(value: Value, mark: str, *, places: int = 2) -> Decimal | None:
    """Return a cell as an amount of money, exact to ``places`` decimals, or None if it is blank.

    Text is read with the decimal mark of its column; every form of `number` is taken. What a
    spreadsheet's binary fractions leave behind (up to a millionth) is rounded away; a real
    fraction of a cent is refused, for it is the mark of a misread number.

    Raises NotANumber.
    """
    if places == 2 and isinstance(value, str) and _is_cents(value, mark):
        return Decimal(value.translate(_PLAINLY[mark]))
    exact = number(value, mark)
    if exact is None:
        return None
    rounded = round(exact, places)
    if abs(rounded - exact) > Decimal("0.000001"):
        raise NotANumber(
            N_("“{text}” has more than {places} decimals. Write the amount in euros and cents."),
            text=_shown(value),
            places=places,
        )
    return rounded + 0  # no negative zero


def number(value: Value, mark: str) -> Decimal | None:
    """Return a cell as an exact number, or None if it is blank.

    Blank is empty, spaces, a dash alone, ``nan``, ``null``, ``none``, ``n/a``: never zero. Text may
    have groups of three digits (by the other mark, space, thin space or apostrophe, all the same),
    a sign on either side, brackets for negative, a euro sign or word. Numbers of a spreadsheet
    are taken to the 15 digits it shows.

    Raises NotANumber for anything else: exponents, groups in wrong places, two signs, letters,
    more than 18 digits, infinity.
    """
    if value is None or (isinstance(value, str) and value.strip().lower() in _NULL_WORDS):
        return None
    if isinstance(value, str):
        return _from_text(value, mark)
    if isinstance(value, bool):
        raise _not_a_number(value)
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return _bounded(Decimal(format(value, ".15g")), value)
    return _bounded(Decimal(value), value)


def _from_text(value: str, mark: str) -> Decimal | None:
    plain = _squeezed(value)
    if plain in _NULL_WORDS:
        return None
    dressed = _DRESS.fullmatch(plain) if len(plain) <= _LONGEST else None
    if not dressed or not _matches(dressed["digits"], mark, None):
        raise _not_a_number(value)
    negatives = [dressed[name] for name in ("open", "sign", "inner", "trailing") if dressed[name]]
    if len(negatives) > 1 or bool(dressed["open"]) != bool(dressed["close"]):
        raise _not_a_number(value)
    if dressed["before"] and dressed["after"]:
        raise _not_a_number(value)
    whole, _, fraction = dressed["digits"].partition(mark)
    digits = re.sub(r"[^0-9]", "", whole) or "0"
    exact = Decimal(f"{digits}.{fraction}" if fraction else digits)
    return _bounded(-exact if negatives and negatives != ["+"] else exact, value)


def _bounded(exact: Decimal, value: Value) -> Decimal:
    if not exact.is_finite():
        raise _not_a_number(value)
    digits = exact.as_tuple().digits
    exponent = int(exact.as_tuple().exponent)
    if max(len(digits), len(digits) + exponent) > MAX_DIGITS or exponent < -MAX_DIGITS:
        raise NotANumber(
            N_("“{text}” has more than {digits} digits. Check that the column is a number."),
            text=_shown(value),
            digits=MAX_DIGITS,
        )
    return exact + 0


def _not_a_number(value: Value) -> NotANumber:
    return NotANumber(
        N_("“{text}” is not a number. Write digits such as 1.234,56, or leave the cell empty."),
        text=_shown(value),
    )


def _shown(value: Value) -> str:
    written = str(value)
    return written if len(written) <= 40 else written[:39] + "…"
