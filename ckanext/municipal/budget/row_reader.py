"""One row of an export -> a budget line, a totals row, nothing, or a reason to set it aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ckanext.municipal.budget import charts
from ckanext.municipal.budget import reading_rules as rules
from ckanext.municipal.budget.lines import BudgetLine
from ckanext.municipal.budget.phases import PHASE_IDS, PHASES, Side
from ckanext.municipal.budget.source import BudgetSource, FileRule, Suppression
from ckanext.municipal.lib.greek import header_key
from ckanext.municipal.lib.numbers import NotANumber, amount
from ckanext.municipal.quality.findings import Finding, Place, Rule

ServiceCodes = Callable[[str], str | None]
Cell = Any  # what lib.tables gives: str, int, float, Decimal, date or None
_TOTAL = re.compile(r"(γενικ\w+ )?(μερικ\w+ )?(συνολ\w*|αθροισμ\w*|total|grand total|sum)\b")
_TOTAL_LATIN = re.compile(r"\s*(grand\s+|sub)?(total|sum)\b", re.IGNORECASE)
_PLACEHOLDER = {header_key("Δεν υπάρχουν αποτελέσματα"), header_key("Δεν βρέθηκαν αποτελέσματα")}
_GROUP = re.compile(r"[0-9]{1,3}")
_JUNK = {"nan", "null", "none", "n/a", "#n/a", "p.m", "p.m."}
_LONGEST_JUNK = max(map(len, _JUNK))
_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")
_EXAMPLES = {
    charts.KAE_2004: "6011.01.01",
    charts.GLK_2018: "2130102001",
    charts.KAE_REGION: "02.00.073.0832.01",
    "auto": "6011.01.01",
}


@dataclass(frozen=True, slots=True)
class TotalsRow:
    """A row that sums others: its row in the file, text, the code that it sums ("" for all) and
    its amounts by phase."""

    row: int
    label: str
    prefix: str
    amounts: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line, and the fiscal year that its row says (None if rows do not say it)."""

    line: BudgetLine
    year: int | None


class RowFault(Exception):
    """Why a row is set aside, as a finding."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.message("en"))


class RowReader:
    """Reads the rows of one sheet; counts what the file as a whole is told about.

    ``columns``: canonical column -> index; ``marks``: phase -> decimal mark; ``side``: the side
    of the whole sheet, None if its rows tell it; ``services``: name of a service -> code or None.
    """

    def __init__(
        self,
        source: BudgetSource,
        rule: FileRule,
        *,
        columns: Mapping[str, int],
        marks: Mapping[str, str],
        side: Side | None,
        services: ServiceCodes,
        place: Place,
    ) -> None:
        self.source, self.rule, self.columns, self.marks = source, rule, columns, marks
        self.side, self.place = side, place
        self.headings = self.withheld = 0
        self.junk: Counter[str] = Counter()
        self.unknown_services: dict[str, int] = {}
        self.other_side: Counter[str] = Counter()
        self._services = services
        self._aliases = {header_key(k): v for k, v in source.service_aliases.items()}
        self._sides = {header_key(k): Side(v) for k, v in rule.side.values.items()}
        self._phases = [phase for phase in PHASE_IDS if phase in columns]

    def read(self, number: int, cells: Sequence[Cell]) -> ReadLine | TotalsRow | None:
        """Read one row, ``number`` being its line in the file; None for a row that says nothing.

        Raises `RowFault`.
        """
        code, label = self._text(cells, "code"), self._text(cells, "label")
        if _lost_zeros(cells[self.columns["code"]]):
            raise self.fault(rules.NUMERIC_CODE, number, "code", value=code)
        amounts = {phase: cells[self.columns[phase]] for phase in self._phases}
        filled = any(not _blank(value) for value in amounts.values())
        if self._says_nothing(cells, code, filled):
            return None
        if self._is_total(cells, code):
            text = code if _is_total_text(code) else self._first_text(cells)
            prefix = code if _GROUP.fullmatch(code) else ""
            return TotalsRow(number, label or text, prefix, self._total(number, amounts))
        account = self._account(number, cells, code, label, filled)
        side = self._side(number, cells, account)
        read = self._amounts(number, amounts, side)
        year = self._year(number, cells)
        service, service_label = self._service(number, cells, account)
        suppress = self.source.suppress
        if suppress and any(_suppressed(one, service, account, label) for one in suppress):
            label, self.withheld = "", self.withheld + 1
        line = BudgetLine(
            side=side,
            chart=account.chart,
            service_code=service,
            service_label=service_label,
            code_raw=account.raw,
            code=account.code,
            sub_account=account.sub_account,
            label=label,
            source_row=number,
            **read,
        )
        return ReadLine(line, year)

    def is_note(self, cells: Sequence[Cell]) -> bool:
        """Tell whether a row is a sentence and nothing else, and count it if it is."""
        texts = [text for cell in cells if (text := _text(cell))]
        if len(texts) > 1 or any(character.isdigit() for text in texts for character in text[:1]):
            return False
        self.headings += bool(texts)
        return True

    def whose(self, cells: Sequence[Cell]) -> tuple[Side | None, int | None]:
        """Return the side and the year of a row that cannot be read, as far as it tells them."""
        side = self.side or self._sides.get(header_key(self._text(cells, "side")))
        year = self._text(cells, "year") if self.rule.year == "column" else ""
        return side, int(year) if _YEAR.fullmatch(year) else None

    def fault(self, rule: Rule, number: int, column: str, **values: Any) -> RowFault:
        """Return the reason to set one row aside."""
        place = Place(self.place.file, self.place.sheet, number, column)
        return RowFault(Finding(rule, place, values))

    def _text(self, cells: Sequence[Cell], column: str) -> str:
        index = self.columns.get(column)
        return _text(cells[index]) if index is not None and index < len(cells) else ""

    def _first_text(self, cells: Sequence[Cell]) -> str:
        return next((_text(cell) for cell in cells if _text(cell)), "")

    def _says_nothing(self, cells: Sequence[Cell], code: str, filled: bool) -> bool:
        if filled:
            return False
        texts = [text for cell in cells if (text := _text(cell))]
        if any(header_key(text) in _PLACEHOLDER for text in texts):
            self.headings += 1
            return True
        if code and not _GROUP.fullmatch(code):
            return False
        if texts and not _is_total_text(code):
            self.headings += 1
        return True

    def _is_total(self, cells: Sequence[Cell], code: str) -> bool:
        if _GROUP.fullmatch(code) or _is_total_text(code):
            return True
        words = ("service", "service_code", "label")
        return not code and any(_is_total_text(self._text(cells, name)) for name in words)

    def _total(self, number: int, cells: Mapping[str, Cell]) -> dict[str, Decimal]:
        known = ((phase, self._amount(number, phase, cell)) for phase, cell in cells.items())
        return {phase: value for phase, value in known if value is not None}

    def _account(
        self, number: int, cells: Sequence[Cell], code: str, label: str, filled: bool
    ) -> charts.AccountCode:
        if not code:
            raise self.fault(rules.NO_CODE, number, "code", value=self._first_text(cells)[:60])
        chart = self.source.chart
        try:
            return charts.parse(code, None if chart == "auto" else chart)
        except charts.NotAnAccountCode:
            rule = rules.BAD_CODE if label or filled else rules.ORPHAN
            example = _EXAMPLES[chart]
            raise self.fault(rule, number, "code", value=code[:60], example=example) from None

    def _side(self, number: int, cells: Sequence[Cell], account: charts.AccountCode) -> Side:
        side = self.side
        if side is None and self.rule.side.by == "code":
            side = account.side
        elif side is None:
            side = self._sides.get(header_key(self._text(cells, "side")))
        if side is None:
            value = self._text(cells, "side") or account.raw
            raise self.fault(rules.BAD_SIDE, number, "side", value=value[:60])
        return side

    def _year(self, number: int, cells: Sequence[Cell]) -> int | None:
        if self.rule.year != "column":
            return None
        text = self._text(cells, "year")
        if not _YEAR.fullmatch(text):
            raise self.fault(rules.BAD_YEAR, number, "year", value=text[:60])
        return int(text)

    def _amounts(self, number: int, cells: Mapping[str, Cell], side: Side) -> dict[str, Any]:
        amounts = {}
        for phase, cell in cells.items():
            value = self._amount(number, phase, cell)
            if value is None or side in PHASES[phase].sides:
                amounts[phase] = value
            elif value:
                self.other_side[phase] += 1
        return amounts

    def _amount(self, number: int, phase: str, cell: Cell) -> Decimal | None:
        if cell is None or cell == "":
            return None
        if isinstance(cell, str) and cell.strip().lower() in _JUNK:
            self.junk[cell.strip()] += 1
            return None
        try:
            return amount(cell, self.marks.get(phase, ","))
        except NotANumber as problem:
            said = {"value": _text(cell)[:60], "problem": rules.said(problem)}
            raise self.fault(rules.BAD_AMOUNT, number, phase, **said) from None

    def _service(
        self, number: int, cells: Sequence[Cell], account: charts.AccountCode
    ) -> tuple[str, str]:
        """Return the code and the name of a row's service, both "" where it has none."""
        name = self._text(cells, "service")
        code = self._text(cells, "service_code")
        if self.source.service_from == "none":
            return "", name
        if self.source.service_from == "code" or not (code or name):
            return self._aliases.get(header_key(account.service), account.service), name
        if code:
            return self._aliases.get(header_key(code), code), name
        known = self._aliases.get(header_key(name))
        known = self._services(name) if known is None else known
        if known is None:
            self.unknown_services.setdefault(name, number)
            known = header_key(name)
        return known, name


def _text(cell: Cell) -> str:
    """A cell as trimmed text; the junk words and runs of spaces that exports hold are let go."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = " ".join(str(cell).split())
    return "" if len(text) <= _LONGEST_JUNK and text.lower() in _JUNK else text


def _lost_zeros(cell: Cell) -> bool:
    """Whether a code is a number of a spreadsheet that cannot be the code as it was written."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        return False
    return cell != int(cell) or not 1000 <= cell < 10**10


def _blank(cell: Cell) -> bool:
    return cell is None or cell == "" or not _text(cell)


def _is_total_text(text: str) -> bool:
    if not text or text[0].isdigit():
        return False
    return bool(_TOTAL.match(header_key(text)) or _TOTAL_LATIN.match(text))


def _suppressed(one: Suppression, service: str, account: charts.AccountCode, label: str) -> bool:
    words = header_key(one.label)
    return (
        (not one.service or one.service == service)
        and account.account.startswith(one.code)
        and (not words or words in header_key(label))
    )
