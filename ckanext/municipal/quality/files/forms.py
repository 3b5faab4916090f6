"""The ways in which values are written, each as SQL that reads a column of text as typed values.

A form reads a cell in steps: ``read`` is what nine cells of ten look like and costs little, ``sound``
says whether what came out is meant, ``dressed`` takes what people write beside (spaces, currencies,
brackets), and is asked only where the first gave nothing. What none reads is no value of this form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ckanext.municipal.lib.tables.raw import literal
from ckanext.municipal.store.schema import Type

SPACES = " \\t\\r\\n\u00a0\u2000-\u200b\u202f\u3000\ufeff"
"""What separates words or nothing, as a class of RE2."""
MISSING_WORDS = (
    "-", "--", "nan", "null", "none", "n/a", "#n/a", "na", "δ/υ", "μ/δ", "άγνωστο", "?", ".", "…", "...",
)  # fmt: skip
_CURRENCY = "€|EUR|eur|[Εε]υρ[ώω]|ΕΥΡ[ΩΏ]"
_MINUS = "[-\u2212\u2013\u2014\u2010\u2011]"
_FIRST_YEAR = "DATE '1000-01-01'"  # a year of two digits is none


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing values of one type.

    ``read`` and ``dressed`` are SQL with ``{c}`` for the cell, NULL where it is not so written;
    ``sound`` is a condition with ``{r}`` for what was read; ``duck`` is the type of the database.
    ``mark`` is the decimal mark of numbers, ``order`` that of dates ("dmy", "mdy", "ymd"), ``words``
    those of booleans.
    """

    type: Type
    duck: str
    read: str
    sound: str = ""
    dressed: str = ""
    mark: str = ""
    order: str = ""
    formats: tuple[str, ...] = ()
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()

    def reading(self, cell: str) -> str:
        """Return the SQL of what is read of a cell plainly written."""
        return self.read.replace("{c}", cell)

    def plain(self, cell: str, read: str) -> str:
        """Return the SQL of what was read, where it is meant."""
        if not self.sound:
            return read
        sound = self.sound.replace("{c}", cell).replace("{r}", read)
        return f"CASE WHEN {sound} THEN {read} END"

    def value(self, cell: str, plain: str) -> str:
        """Return the SQL of a cell's value, once it is known what is plainly written."""
        if not self.dressed:
            return plain
        return f"coalesce({plain}, {self.dressed.replace('{c}', cell)})"


TEXT = Form(Type.TEXT, "VARCHAR", "{c}")
INTEGER = Form(
    Type.INTEGER,
    "BIGINT",
    "TRY_CAST({c} AS BIGINT)",
    # Casting takes 1.5 for 2 and 1_000 for 1000; what comes out as it went in was an integer.
    "CAST({r} AS VARCHAR) = {c}",
    f"CASE WHEN regexp_full_match({{c}}, '[{SPACES}]*[+-]?(?:0|[1-9][0-9]{{0,17}})[{SPACES}]*')"
    f" THEN TRY_CAST(regexp_replace({{c}}, '[{SPACES}+]', '', 'g') AS BIGINT) END",
)


def number(mark: str) -> Form:
    """Return the form of numbers with a decimal ``mark``; groups of digits may have the other."""
    groups = "." if mark == "," else ","
    point, group = f"[{mark}]", f"[{groups}]"
    exponent = "(?:[eE][+-]?[0-9]{1,3})?" if mark == "." else ""
    plain = (
        f"[+-]?(?:[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+|(?:0|[1-9][0-9]*)?)"
        f"(?:{point}[0-9]+)?{exponent}"
    )
    digits = f"replace({{c}}, '{groups}', '')"
    digits = digits if mark == "." else f"replace({digits}, ',', '.')"
    return Form(
        Type.NUMERIC,
        "DOUBLE",
        f"CASE WHEN regexp_full_match({{c}}, '{plain}') THEN TRY_CAST({digits} AS DOUBLE) END",
        dressed=_dressed_number(mark, groups),
        mark=mark,
    )


def _dressed_number(mark: str, groups: str) -> str:
    between = f"[{groups}'’{SPACES}]"
    gap = f"[{SPACES}]*"
    shape = (
        f"{gap}(?:{_CURRENCY})?{gap}[(+]?{_MINUS}?{gap}(?:{_CURRENCY})?{gap}"
        f"(?:[0-9]{{1,3}}(?:{between}[0-9]{{3}})+|(?:0|[1-9][0-9]*))(?:[{mark}][0-9]+)?"
        f"{gap}{_MINUS}?{gap}(?:{_CURRENCY})?{gap}[)]?{gap}"
    ).replace("'", "''")
    digits = f"regexp_replace({{c}}, '[^0-9{mark}]', '', 'g')"
    digits = digits if mark == "." else f"replace({digits}, ',', '.')"
    sign = f"CASE WHEN regexp_matches({{c}}, '{_MINUS}|[(]') THEN -1 ELSE 1 END"
    return (
        f"CASE WHEN regexp_full_match({{c}}, '{shape}') THEN {sign} * TRY_CAST({digits} AS DOUBLE)"
        " END"
    )


def date(order: str, separators: Iterable[str]) -> Form:
    """Return the form of dates with day, month and year in an order, divided by any of the signs."""
    formats = tuple(_date_format(order, each) for each in separators)
    if order == "ymd":
        read = "CASE WHEN strlen({c}) <= 10 THEN TRY_CAST({c} AS DATE) END"
    else:
        read = f"CAST(try_strptime({{c}}, [{_list(formats)}]) AS DATE)"
    return Form(
        Type.DATE,
        "DATE",
        read,
        f"{{r}} >= {_FIRST_YEAR}",
        order=order,
        formats=formats,
    )


def moment(order: str, separators: Iterable[str]) -> Form:
    """Return the form of dates with a time of day, which may be missing from some."""
    days = [_date_format(order, each) for each in separators]
    formats = tuple(f"{day}{time}" for time in (" %H:%M:%S", " %H:%M", "") for day in days)
    iso = order == "ymd"
    read = "TRY_CAST({c} AS TIMESTAMP)" if iso else f"try_strptime({{c}}, [{_list(formats)}])"
    return Form(
        Type.TIMESTAMP,
        "TIMESTAMP",
        read,
        f"{{r}} >= {_FIRST_YEAR}",
        order=order,
        formats=formats,
    )


def _date_format(order: str, separator: str) -> str:
    return separator.join({"d": "%d", "m": "%m", "y": "%Y"}[each] for each in order)


def boolean(true: Sequence[str], false: Sequence[str]) -> Form:
    """Return the form of yes and no in given words, however they are capitalised or accented."""
    folded = f"lower(strip_accents(regexp_replace({{c}}, '[{SPACES}]', '', 'g')))"
    yes, no = _list({_plain(word) for word in true}), _list({_plain(word) for word in false})
    return Form(
        Type.BOOLEAN,
        "BOOLEAN",
        f"CASE WHEN {{c}} IN ({_list(true)}) THEN true WHEN {{c}} IN ({_list(false)}) THEN false END",
        dressed=f"CASE WHEN {folded} IN ({yes}) THEN true WHEN {folded} IN ({no}) THEN false END",
        true=tuple(true),
        false=tuple(false),
    )


def _plain(word: str) -> str:
    from ckanext.municipal.lib.greek import fold

    return fold(word)


def _list(texts: Iterable[str]) -> str:
    return ", ".join(literal(each) for each in sorted(texts)) or "NULL"
