"""Checks of single texts: which are looked at, by a cheap pattern, and what then is wrong with them.

A judge has a pattern that Python and the database (RE2) read alike. The database counts the cells
that match any of the patterns, and only those are judged, each different text once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.municipal.lib.encodings import mojibake
from ckanext.municipal.lib.greek import mixed_script_words, repair_lookalikes
from ckanext.municipal.lib.identifiers import (
    NotAnIdentifier,
    check_afm,
    check_amka,
    check_iban,
)
from ckanext.municipal.quality.files import forms
from ckanext.municipal.quality.files.columns import Column
from ckanext.municipal.quality.files.names import Subject
from ckanext.municipal.quality.findings import Rule
from ckanext.municipal.quality.rules import structure
from ckanext.municipal.quality.rules import values as rules
from ckanext.municipal.store.schema import Type

Values = Mapping[str, Any]
SHOWN = 80
_GREEK = "\u0370-\u03ff\u1f00-\u1fff"
_LOOKALIKES = "A-Za-z\u0400-\u04ff\u2206\u220f\u2211\u00b5\u2126"
# What Greek becomes when its bytes are read as another code page; judged by `mojibake`.
_MISREAD = (
    "\u0080-\u009f\u00a1-\u00aa\u00ac-\u00af\u00b1-\u00b6\u00b8-\u00ba\u00bc-\u00ff"
    "\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u201a\u201e\u2020\u2021\u2030\u2039\u203a\u2122"
)
_CONTROLS = "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f"


@dataclass(frozen=True, slots=True)
class Judge:
    """One check of texts: its rule, the pattern of suspects, the columns it is for, the judgement.

    ``judge`` returns the values of a finding's message, or None where nothing is wrong.
    """

    rule: Rule
    pattern: str
    judge: Callable[[str, Column], Values | None]
    applies: Callable[[Column], bool] = lambda column: True


def shown(text: str) -> str:
    """Return a text as short as a message can show it."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _as_it_is(text: str, _: Column) -> Values:
    return {"value": shown(text)}


def _mojibake(text: str, _: Column) -> Values | None:
    found = mojibake(text)
    return {"value": shown(text), "repaired": shown(found.text)} if found else None


def _lookalike(text: str, _: Column) -> Values | None:
    for word in mixed_script_words(text):
        repaired = repair_lookalikes(word)
        if repaired != word:
            return {"word": shown(word), "repaired": shown(repaired), "value": shown(text)}
    return None


def _scientific(text: str, _: Column) -> Values | None:
    exponent = int(text.upper().partition("E+")[2])
    return {"value": text} if exponent >= 5 else None


def _may_be_id(column: Column) -> bool:
    return column.is_text or column.form.type is Type.INTEGER


JUDGES = (
    Judge(rules.SPACES, f"^[{forms.SPACES}]|[{forms.SPACES}]$", _as_it_is),
    Judge(structure.BAD_BYTES, "\ufffd", _as_it_is),
    Judge(rules.CONTROL, f"[{_CONTROLS}]", _as_it_is),
    Judge(rules.MOJIBAKE, f"[{_MISREAD}]|[ΞΟ][^{_GREEK}\\s\\w.,;:()/'\"-]", _mojibake),
    Judge(
        rules.LOOKALIKE,
        f"[{_LOOKALIKES}][{_GREEK}]|[{_GREEK}][{_LOOKALIKES}]",
        _lookalike,
    ),
    Judge(
        rules.SCIENTIFIC,
        r"^[0-9](?:[.,][0-9]+)?[Ee]\+[0-9]{1,2}$",
        _scientific,
        _may_be_id,
    ),
    Judge(
        rules.FORMULA,
        r"^=[A-Za-zΑ-ώ(@+-]|^[@+-][A-Za-zΑ-ώ]+\(|^[=@+-][A-Za-z]+\|",
        _as_it_is,
    ),
    Judge(
        rules.FORMULA_ERROR,
        r"^#(?:REF!|DIV/0!|N/A|NAME\?|VALUE!|NUM!|NULL!|ΑΝΑΦ!|ΔΙΑΙΡ/0!|Δ/Υ|ΟΝΟΜΑ\?|ΤΙΜΗ!|ΑΡΙΘ!|ΚΕΝΟ!)$",
        _as_it_is,
    ),
    Judge(
        rules.MISSING_WORD,
        r"^(?:nan|NaN|NAN|null|NULL|Null|none|None|NONE|n/a|N/A)$",
        _as_it_is,
        lambda column: column.is_text,
    ),
)
"""Checks that are made of every text that matches; a few have columns of their own."""


def suspect_pattern(column: Column) -> str:
    """Return the pattern of the texts of a column that any judge wants to see."""
    return "|".join(f"(?:{judge.pattern})" for judge in judges_for(column))


def judges_for(column: Column) -> list[Judge]:
    """Return the judges whose checks are made of a column's texts."""
    return [judge for judge in JUDGES if judge.applies(column)]


def judgements(text: str, column: Column) -> Iterator[tuple[Rule, Values]]:
    """Yield what is wrong with a text."""
    for judge in judges_for(column):
        if re.search(judge.pattern, text) and (values := judge.judge(text, column)) is not None:
            yield judge.rule, values


# --- Identifiers ---------------------------------------------------------------------------------


def _afm(text: str) -> tuple[Rule, Values] | None:
    return _lost_or_wrong(text, 8, check_afm, rules.AFM)


def _amka(text: str) -> tuple[Rule, Values] | None:
    return _lost_or_wrong(text, 10, check_amka, rules.AMKA)


def _lost_or_wrong(
    text: str, short: int, check: Callable[[str], str], rule: Rule
) -> tuple[Rule, Values] | None:
    """Tell a number that lost its leading zero from a wrong one; it is not repeated if personal."""
    try:
        check(text)
    except NotAnIdentifier as error:
        if len(text) == short and text.isdecimal() and _fits(check, "0" + text):
            return rules.LOST_ZEROS, {"value": text if rule is rules.AFM else "•" * short}
        return rule, {"problem": error}
    return None


def _fits(check: Callable[[str], str], text: str) -> bool:
    try:
        check(text)
    except NotAnIdentifier:
        return False
    return True


def _iban(text: str) -> tuple[Rule, Values] | None:
    try:
        check_iban(text)
    except NotAnIdentifier as error:
        return rules.IBAN, {"problem": error}
    return None


def _postcode(text: str) -> tuple[Rule, Values] | None:
    if re.fullmatch(r"[1-8][0-9]{2} ?[0-9]{2}", text):
        return None
    return rules.POSTCODE, {"value": shown(text)}


def _municipal_code(text: str) -> tuple[Rule, Values] | None:
    if re.fullmatch(r"[0-9]{3}|[0-9]{5}|[0-9]{7}|[0-9]{9}", text) and _is_unit("0" + text):
        return rules.LOST_ZEROS, {"value": text}
    return None if _is_unit(text) else (rules.MUNICIPAL_CODE, {"value": shown(text)})


def _is_unit(text: str) -> bool:
    digits = re.fullmatch(r"([0-9]{2})(?:[0-9]{2}){1,4}", text)
    return bool(digits) and 1 <= int(digits[1]) <= 92


@dataclass(frozen=True, slots=True)
class IdentifierCheck:
    """How an identifier is checked: SQL that most right values fulfil, then the judgement."""

    right: str
    judge: Callable[[str], tuple[Rule, Values] | None]


_AFM_SUM = " + ".join(f"((n // {10**place}) % 10) * {1 << place}" for place in range(1, 9))
_LUHN = " + ".join(
    f"((n // {10**place}) % 10)"
    if place % 2 == 0
    else f"((n // {10**place}) % 10 * 2) % 10 + ((n // {10**place}) % 10) // 5"
    for place in range(11)
)


def _summed(digits: int, condition: str) -> str:
    """Return SQL of a condition on the digits of a cell as a number ``n``."""
    number = f"(CASE WHEN strlen({{c}}) = {digits} THEN TRY_CAST({{c}} AS BIGINT) END)"
    return f"coalesce({condition.replace('n //', f'{number} //')}, false)"


IDENTIFIER_CHECKS = {
    Subject.AFM: IdentifierCheck(
        _summed(9, f"({_AFM_SUM}) % 11 % 10 = (n // 1) % 10 AND (n // 10) % 100000000 > 0"), _afm
    ),
    Subject.AMKA: IdentifierCheck(
        _summed(11, f"({_LUHN}) % 10 = 0 AND (n // 1000000000) BETWEEN 1 AND 28"
                    " AND (n // 10000000) % 100 BETWEEN 1 AND 12"),
        _amka,
    ),
    Subject.IBAN: IdentifierCheck(
        "coalesce(regexp_full_match({c}, 'GR[0-9]{25}')"
        " AND TRY_CAST(substr({c}, 5) || '1627' || substr({c}, 3, 2) AS HUGEINT) % 97 = 1, false)",
        _iban,
    ),
    Subject.POSTCODE: IdentifierCheck(
        "regexp_full_match({c}, '[1-8][0-9]{2} ?[0-9]{2}')", _postcode
    ),
    Subject.MUNICIPAL_CODE: IdentifierCheck(
        "regexp_full_match({c}, '(?:0[1-9]|[1-8][0-9]|9[0-2])(?:[0-9]{2}){1,4}')", _municipal_code
    ),
}  # fmt: skip
