"""Telephone numbers: Greek ones in any grouping, foreign ones with their country code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ckanext.municipal.lib.privacy.registry import before, spans, takes_out
from ckanext.municipal.lib.privacy.shadow import Shadow, Span, said
from ckanext.municipal.lib.texts import N_

# A full stop between a digit and a blank ends a sentence.
_GAP = r"(?:(?!(?<=[0-9])\.\s)[ \n.\-_/()]){0,3}"
_MORE = rf"(?:{_GAP}[0-9])"
_GREECE = rf"(?:\(?(?:\+ ?\(?|0 ?0 ?)?3 ?0{_GAP})?"
_GREEK = re.compile(
    rf"(?<![0-9])\(?{_GREECE}(?:(?P<mobile>6{_GAP}9)|2{_GAP}[1-8]){_MORE}{{8}}(?![0-9])"
)
_FOREIGN = re.compile(rf"(?<![0-9])\(?(?:\+ ?|00 ?(?=[1-9] ?[0-9]))[1-9]{_MORE}{{7,13}}(?![0-9])")
# A number of the United States, whose cities publish requests as well.
_AMERICAN = re.compile(
    r"(?<![0-9])(?:1[ .-])?\(?[2-9][0-9]{2}(?:\) ?|[ .-])[0-9]{3}[ .-][0-9]{4}(?![0-9])"
)
_ANY = re.compile(rf"(?<![0-9])[0-9]{_MORE}{{5,14}}(?![0-9])")
_MONEY = re.compile(rf"\s?(?:€|\$|{said('ευρώ, euro*, eur')})")

_ANNOUNCED = re.compile(
    said(
        """τηλ., τηλέφωνο, τηλεφώνου, τηλέφωνα, τηλέφωνό, κιν., κινητό, κινητού, κινητά, σταθερό, φαξ, καλέστε,
        τηλεφωνήστε, tilefono, tilephono, kinito, viber, whatsapp, sms, tel., telephone, phone, mobile, cell, fax, call,
        text me"""
    )
    + r"(?:\W{0,4}(?<!\w)"
    + said(
        """μου, μας, με, είναι, στο, το, τα, νο, αριθμός, επικοινωνίας, οικίας, σπιτιού, εργασίας, κινητό, σταθερό, mou,
        einai, sto, me, my, us, is, at, on, no, number, phone"""
    )
    + r"){0,4}\W{0,4}\Z"
)
# 2310/123456: in a number of the fixed network a slash stands only after the area code.
_AFTER_AREA = re.compile(r"\(?2(?:[0-9]{2}|[0-9]{3}|[0-9]{3}0)\)? ?/[^/]*\Z")
_DECIMAL = re.compile(r"[0-9]{2}\.[0-9]{8}")
_DATE = re.compile(
    r"(?<![0-9])(?:(?:0?[1-9]|[12][0-9]|3[01])([./-])(?:0?[1-9]|1[0-2])\1(?:[0-9]{4}|[0-9]{2})"
    r"|(?:19|20)[0-9]{2}([./-])(?:0[1-9]|1[0-2])\2(?:0[1-9]|[12][0-9]|3[01]))(?![0-9])"
)


@takes_out(
    "phone",
    N_("[phone]"),
    digits=6,
    examples=(
        "Καλέστε με στο {2310 123456} το πρωί",
        "κιν. {(+30) 697-123.45.67}",
        "My number is {+44 20 7946 0958}",
        "τηλ {123456}",
        "Από τις 21/03/2024 12 κάδοι, 25 μέρες τώρα, αίτημα 1234567",
    ),
)
def phone(shadow: Shadow) -> Iterator[Span]:
    """Ten digits that begin as Greek numbers do, + or 00 with a country code, six or more digits
    after a word that announces a number."""
    text = _without_dates(shadow.text)
    for found in _GREEK.finditer(text):
        sure = found[0].count("/") < 2 if found["mobile"] else _is_fixed(found[0])
        if sure and not _MONEY.match(text, found.end()):
            yield found.span()
    for pattern in (_FOREIGN, _AMERICAN):
        yield from (span for span in spans(pattern, text) if not _MONEY.match(text, span[1]))
    for start, end in spans(_ANY, text):
        if _ANNOUNCED.search(before(shadow, start)):
            yield start, end


def _without_dates(text: str) -> str:
    """Blank out dates, of the same length: their digits are no part of a number beside them."""
    return _DATE.sub(lambda date: date[0] if _in_chain(date) else "d" * len(date[0]), text)


def _in_chain(date: re.Match[str]) -> bool:
    """Tell whether a date is a part of more digits with the same sign between them."""
    sign = date[1] or date[2]
    around = date.string[max(0, date.start() - 1) : date.end() + 1]
    return around.startswith(sign) or (
        around.endswith(sign) and date.string[date.end() + 1 : date.end() + 2].isdecimal()
    )


def _is_fixed(written: str) -> bool:
    """Tell whether ten digits are written as a number of the fixed network, and are not two
    numbers with a slash, degrees or a list of houses."""
    slashed = "/" in written and not _AFTER_AREA.search(written)
    return not slashed and not _DECIMAL.fullmatch(written) and not _is_list(written)


def _is_list(written: str) -> bool:
    """Tell whether these are numbers of houses one after the other (22-24-26-28-30)."""
    groups = [int(group) for group in re.findall(r"[0-9]+", written)]
    return len(groups) > 3 and all(one < other for one, other in pairwise(groups))
