"""Rules about the labels of one statement."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from ckanext.municipal.budget.lines import BudgetLine
from ckanext.municipal.budget.rules.examples import line, statement
from ckanext.municipal.budget.rules.registry import Codes, Scope, at_line, checks
from ckanext.municipal.budget.statement import Statement
from ckanext.municipal.lib.greek import header_key, mixed_script_words
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Finding, Rule, Severity

_HINTS = Path(__file__).parents[2] / "schemas" / "codelists" / "label-hints.csv"
# Numbers that belong to one person: ΑΦΜ, ΑΜΚΑ, a phone, an e-mail address, an account.
_IDENTIFIER = re.compile(
    r"(?<![0-9.,/])(?:[0-9]{9}|[0-9]{11}|(?:\+30)?(?:2[0-9]{9}|69[0-9]{8}))(?![0-9.,/])"
    r"|[^\s@]+@[^\s@]+\.[a-z]{2,}|\bGR[0-9]{2}(?: ?[0-9]{4}){5}",
    re.IGNORECASE,
)
_NUMBER = {"el": "αριθμό ή διεύθυνση προσώπου", "en": "a number or address of a person"}


@checks(
    Scope.STATEMENT,
    "homoglyphs",
    Severity.WARNING,
    message=N_("Service {service}, code {code}: “{words}” mixes letters of two alphabets."),
    remedy=N_("Type the word again with the Greek keyboard; as it is, no search finds it."),
    example=lambda: statement(line("6011", "ΕΞΟΔΑ ΓΡΑΦΕΙΟΥA")),
)
def homoglyphs(rule: Rule, of: Statement, codes: Codes) -> Iterator[Finding]:
    """A word of a label with letters that only look Greek."""
    for one in of.lines:
        words = mixed_script_words(f"{one.label} {one.service_label}")
        if words:
            shown = ", ".join(dict.fromkeys(words))
            yield at_line(rule, of, one, "label", words=shown, value=shown)


@checks(
    Scope.STATEMENT,
    "label-drift",
    Severity.NOTE,
    message=N_("Code {code} has {labels} labels in different services: “{first}”, “{other}”."),
    remedy=N_("Give the code one label, or each of its meanings a sub-account of its own."),
    example=lambda: statement(
        line("6011.01", "ΜΙΣΘΟΙ", "10"), line("6011.01", "ΜΙΣΘΟΙ (ΑΝΤΑΠ)", "20")
    ),
)
def label_drift(rule: Rule, of: Statement, codes: Codes) -> Iterator[Finding]:
    """An account whose label is not the same in every service; told once, at the second label."""
    seen: dict[str, dict[str, BudgetLine]] = defaultdict(dict)
    for one in of.lines:
        if one.label:
            seen[one.account].setdefault(header_key(one.label), one)
    for lines in seen.values():
        if len(lines) > 1:
            first, other, *_ = lines.values()
            values = {"labels": len(lines), "first": first.label, "other": other.label}
            yield at_line(rule, of, other, "label", value=other.label, **values)


@checks(
    Scope.STATEMENT,
    "label-missing",
    Severity.NOTE,
    message=N_("{lines} lines have no label; the first is service {service}, code {code}."),
    remedy=N_("Add the label in the accounting system; until then the code's own name is shown."),
    example=lambda: statement(line("6011", "", budgeted=1)),
)
def label_missing(rule: Rule, of: Statement, codes: Codes) -> Iterator[Finding]:
    """Lines without a label (those that the source withholds have none either)."""
    lines = [one for one in of.lines if not one.label]
    if lines:
        yield at_line(rule, of, lines[0], "label", lines=len(lines))


@checks(
    Scope.STATEMENT,
    "label-may-name-person",
    Severity.WARNING,
    message=N_("Service {service}, code {code}: the label speaks of {hint} and may name a person."),
    remedy=N_("Read the label; if it names a person, add the line under “suppress” of the source."),
    example=lambda: statement(line("6737.03", "ΔΙΑΘΕΣΗ ΕΣΟΔΩΝ ΚΛΗΡΟΔΟΤΗΜΑΤΟΣ ΤΑΔΕ")),
)
def label_may_name_person(rule: Rule, of: Statement, codes: Codes) -> Iterator[Finding]:
    """A label about courts, bequests or the like, or with a number that belongs to a person.

    The finding does not repeat the label.
    """
    for one in of.lines:
        hint = _hint(one.label)
        if hint:
            yield at_line(rule, of, one, "label", hint=hint)


def _hint(label: str) -> Mapping[str, str] | None:
    if _IDENTIFIER.search(label):
        return _NUMBER
    key = f" {header_key(label)}"
    return next((said for stem, said in _hints() if f" {stem}" in key), None)


@cache
def _hints() -> tuple[tuple[str, Mapping[str, str]], ...]:
    with _HINTS.open(encoding="utf-8", newline="") as lines:
        return tuple(
            (header_key(row["stem"]), {"el": row["el"], "en": row["en"]})
            for row in csv.DictReader(lines)
        )
