"""What is odd about many requests, told once with how many and which: one finding a rule and value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ckanext.municipal.harvest.report import Report
from ckanext.municipal.issues.request import SourceRequest
from ckanext.municipal.quality.findings import Finding, Place, Rule

_IDS_TOLD = 50
_VALUES_TOLD = 200
_OTHERS = "…"


@dataclass(slots=True)
class _Group:
    place: Place
    count: int = 0
    ids: list[str] = field(default_factory=list)


class Oddities:
    """Counts what is noted of requests, by rule and value, in the order in which it was met.

    Of a rule at most 200 values are told apart; all others are one more. ``least`` keeps values
    that are rarer from being told.
    """

    def __init__(self) -> None:
        self._groups: dict[Rule, dict[str, _Group]] = {}
        self._least: dict[Rule, int] = {}

    def note(
        self,
        rule: Rule,
        request: SourceRequest,
        value: str = "",
        *,
        field: str = "",
        least: int = 1,
    ) -> None:
        """Count a request for a rule and a value; ``field`` is where in the request it stands."""
        groups = self._groups.setdefault(rule, {})
        self._least[rule] = least
        if value not in groups and len(groups) >= _VALUES_TOLD:
            value = _OTHERS
        group = groups.setdefault(value, _Group(replace(request.place, field=field)))
        group.count += 1
        if len(group.ids) <= _IDS_TOLD and (not group.ids or group.ids[-1] != request.id):
            group.ids.append(request.id)

    def tell(self, report: Report) -> None:
        """Say everything that was counted to a report, and begin to count anew."""
        for rule, groups in self._groups.items():
            for value, group in groups.items():
                if group.count >= self._least[rule]:
                    values = {"count": group.count, "value": value, "ids": _listed(group.ids)}
                    report.finding(Finding(rule, group.place, values))
        self._groups.clear()


def _listed(ids: list[str]) -> str:
    told = ids[:_IDS_TOLD]
    return ", ".join([*told, _OTHERS] if len(ids) > len(told) else told)
