"""What was found in a file: every finding is counted, the first of each kind are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ckanext.municipal.quality.findings import Finding, Place, Rule, Severity

Key = tuple[str, str, str]
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(slots=True)
class Report:
    """The findings of a file, a ``sheet`` at a time; at most ``keep`` of a rule and column are kept.

    ``counts`` has the true number of each rule, sheet and column. ``at_least`` are those that were
    not counted to the end, since there were too many different values.
    """

    file: str
    keep: int = 100
    sheet: str = ""
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[Key] = field(default_factory=Counter)
    at_least: set[Key] = field(default_factory=set)

    def add(self, rule: Rule, row: int | None = None, of: str = "", **values: Any) -> None:
        """Add one finding about a row, a column, or the whole table."""
        self.many(rule, of, 1, [(row, values)])

    def many(
        self,
        rule: Rule,
        of: str,
        count: int,
        places: Iterable[tuple[int | None, Mapping[str, Any]]],
        *,
        at_least: bool = False,
    ) -> None:
        """Add findings of one rule about a column, of which ``count`` there are."""
        key = (rule.id, self.sheet, of)
        room = self.keep - min(self.keep, self.counts[key])
        for row, values in places:
            if room <= 0:
                break
            room -= 1
            told = {"field": of, **values}
            self.findings.append(Finding(rule, Place(self.file, self.sheet, row, of), told))
        self.counts[key] += count
        if at_least:
            self.at_least.add(key)

    def sorted(self) -> tuple[Finding, ...]:
        """Return the findings, the worst first, then by sheet and row."""
        return tuple(
            sorted(
                self.findings,
                key=lambda f: (
                    _ORDER.index(f.rule.severity),
                    f.place.sheet,
                    f.rule.id,
                    f.place.field,
                    f.place.row or 0,
                ),
            )
        )
