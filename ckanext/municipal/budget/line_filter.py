"""Budget lines picked, ordered and cut into pages. Pure: a year has a few thousand lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from ckanext.municipal.budget.lines import BudgetLine
from ckanext.municipal.budget.names import code_names, service_names
from ckanext.municipal.budget.phases import Side, executed
from ckanext.municipal.budget.tree import execution, steps
from ckanext.municipal.lib.greek import collation_key, fold


def pick(
    lines: Iterable[BudgetLine],
    *,
    service: str | None = None,
    code: str | None = None,
    path: tuple[str, ...] = (),
    by: str = "chart",
    words: str | None = None,
) -> list[BudgetLine]:
    """Return the lines that fit everything asked for.

    ``service`` is a service's code, ``code`` the beginning of an account with its sub-account
    (``60``, ``6011.01``) or of the code as the export writes it, ``path`` a node of the tree
    made ``by`` chart or service, ``words`` texts that must all be in the line, accents and case aside.
    """
    wanted = fold(words or "").split()
    return [
        line
        for line in lines
        if (service is None or line.service_code == service)
        and (not code or line.account.startswith(code) or line.code_raw.startswith(code))
        and (not path or tuple(each for _, each in steps(line, by))[: len(path)] == path)
        and (not wanted or _holds(line, wanted))
    ]


def ordered(lines: Iterable[BudgetLine], by: str) -> list[BudgetLine]:
    """Return lines by code, service, label, execution or a phase; ``-`` before it: largest first.

    Lines that lack the value come last either way; equal ones go by service and code.
    """
    name, falls = by.removeprefix("-"), by.startswith("-")
    value = _VALUES.get(name, lambda line: line.amount(name))
    settled = sorted(lines, key=lambda line: (line.side, line.account, line.service_code))
    known = [line for line in settled if value(line) is not None]
    known.sort(key=value, reverse=falls)
    return known + [line for line in settled if value(line) is None]


def _execution(line: BudgetLine) -> Any:
    done = executed(line.side)
    return execution({done: line.amount(done), "revised": line.revised}, line.side)


_VALUES: dict[str, Callable[[BudgetLine], Any]] = {
    "code": lambda line: (line.side, line.account, line.service_code),
    "service": lambda line: (line.service_code, line.account),
    "label": lambda line: collation_key(line.label),
    "execution": _execution,
}


def _holds(line: BudgetLine, words: list[str]) -> bool:
    said = fold(f"{line.label} {line.code_raw} {line.account}")
    names = _folded_code(line.chart, line.side, line.code)
    service = _folded_service(line.service_code, line.service_label)
    return all(word in said or word in names or word in service for word in words)


# A year has some hundred accounts and a dozen services, each the same for many lines.
@lru_cache(maxsize=4096)
def _folded_code(chart: str, side: Side, code: str) -> str:
    return fold(" ".join((code_names(chart, side, code) or {}).values()))


@lru_cache(maxsize=1024)
def _folded_service(code: str, label: str) -> str:
    return fold(" ".join((label, *(service_names(code, label) or {}).values())))
