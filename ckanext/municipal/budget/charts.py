"""Charts of accounts: what a budget line's code (Κ.Α., λογαριασμός) says, and its ancestors.

Three charts are met in Greek exports, and their codes never look alike:

========== ============================== ======================================================
kae-2004   ``30/7341.31.01``, ``6011``    municipalities until 31-12-2025 (KYA 7028/3-2-2004,
           ``6117.006``, ``10-6031``      ΦΕΚ Β 253): service, four-digit KAE, free sub-account
glk-2018   ``255.2130102001``             municipalities from 1-1-2026 (PD 54/2018, ΦΕΚ Α 103;
           ``2410202001``, ``1310101``    KYA 41522/2025, ΦΕΚ Β 4157): service, seven digits,
                                          three digits of analysis
kae-region ``02.00.073.0832.01``          regions: side (02 expenditure, 06 revenue), unit, body,
                                          four-digit KAE of the state's own list, 01 current or
                                          02 past year
========== ============================== ======================================================

Codes are text from the first byte to the last: ``0111.01.01`` read as a number is another code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ckanext.municipal.budget.phases import Side

KAE_2004 = "kae-2004"
GLK_2018 = "glk-2018"
KAE_REGION = "kae-region"


class NotAnAccountCode(ValueError):
    """The text is no code of the chart asked for (or of any chart)."""


class MixedCharts(ValueError):
    """Codes of more than one chart in one statement; ``seen``: each chart's first code."""

    def __init__(self, seen: dict[str, str]) -> None:
        super().__init__(", ".join(f"{chart}: {raw}" for chart, raw in seen.items()))
        self.seen = seen


@dataclass(frozen=True, slots=True)
class AccountCode:
    """A parsed code: its chart, service ("" if the code does not carry one), code without the
    sub-account, sub-account ("" if none), the text as the municipality writes it, and the side
    that the code itself tells (None if the chart does not say)."""

    chart: str
    service: str
    code: str
    sub_account: str
    raw: str
    side: Side | None = None

    @property
    def account(self) -> str:
        """The code with its sub-account and without its service: what two exports agree on."""
        return f"{self.code}.{self.sub_account}" if self.sub_account else self.code


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: the shape of its codes, the lengths of its levels, and how a match is read."""

    id: str
    pattern: re.Pattern[str]
    levels: tuple[int, ...]
    read: Callable[[re.Match[str]], AccountCode]


def _kae(match: re.Match[str]) -> AccountCode:
    code = match["code"]
    sub_account = ".".join(part for part in (match["sub"], match["subsub"]) if part)
    side = Side.REVENUE if code[0] in "012345" else Side.EXPENDITURE
    return AccountCode(
        KAE_2004, match["service"] or match["long"] or "", code, sub_account, match.string, side
    )


def _glk(match: re.Match[str]) -> AccountCode:
    code = match["code"]
    side = Side.REVENUE if code[0] == "1" else Side.EXPENDITURE
    return AccountCode(
        GLK_2018, match["service"] or "", code, match["sub"] or "", match.string, side
    )


def _region(match: re.Match[str]) -> AccountCode:
    side = Side.EXPENDITURE if match["side"] == "02" else Side.REVENUE
    service = f"{match['unit']}.{match['body']}"
    return AccountCode(KAE_REGION, service, match["code"], match["sub"], match.string, side)


# The three-digit service before a slash is how OpenBudgets.eu writes revenue (100/0111.01.01).
CHARTS: dict[str, Chart] = {
    KAE_2004: Chart(
        KAE_2004,
        re.compile(
            r"(?:(?P<service>[0-9]{2})[-./]|(?P<long>[0-9]{3})/)?(?P<code>[0-9]{4})"
            r"(?:\.(?P<sub>[0-9]{1,4})(?:\.(?P<subsub>[0-9]{1,2}))?)?"
        ),
        (1, 2, 3, 4),
        _kae,
    ),
    GLK_2018: Chart(
        GLK_2018,
        re.compile(r"(?:(?P<service>[0-9]{3})\.)?(?P<code>[12][0-9]{6})(?:\.?(?P<sub>[0-9]{3}))?"),
        (1, 2, 3, 5, 7),
        _glk,
    ),
    KAE_REGION: Chart(
        KAE_REGION,
        re.compile(
            r"(?P<side>02|06)\.(?P<unit>[0-9]{2})\.(?P<body>[0-9]{3})\."
            r"(?P<code>[0-9]{4})\.(?P<sub>[0-9]{2})"
        ),
        (1, 2, 3, 4),
        _region,
    ),
}


def parse(text: str, chart: str | None = None) -> AccountCode:
    """Read one code, of one chart or (``chart`` None) of the only chart it can belong to.

    Blanks around it are dropped and full-width digits taken as digits; ``raw`` keeps the rest as
    it was. Raises `NotAnAccountCode`, also for a code of another chart than the one asked for.
    """
    cleaned = unicodedata.normalize("NFKC", text).strip()
    for candidate in CHARTS.values() if chart is None else (CHARTS[chart],):
        match = candidate.pattern.fullmatch(cleaned)
        if match:
            return candidate.read(match)
    raise NotAnAccountCode(text)


def detect(codes: Iterable[AccountCode]) -> str | None:
    """Return the one chart that codes belong to, None for no codes; raises `MixedCharts`."""
    seen: dict[str, str] = {}
    for code in codes:
        seen.setdefault(code.chart, code.raw)
    if len(seen) > 1:
        raise MixedCharts(seen)
    return next(iter(seen), None)


def levels(chart: str, code: str) -> tuple[str, ...]:
    """Return a code cut at each level of its chart, the class first and the code itself last.

    ``levels("kae-2004", "6011") == ("6", "60", "601", "6011")``; a code shorter than the chart's
    full length gives the levels that it reaches.
    """
    cuts = [code[:length] for length in CHARTS[chart].levels if length <= len(code)]
    return tuple(cuts)


def ancestors(chart: str, code: str) -> tuple[str, ...]:
    """Return the codes above a code in its chart, the class first."""
    return tuple(cut for cut in levels(chart, code) if cut != code)
