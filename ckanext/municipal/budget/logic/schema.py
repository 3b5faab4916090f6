"""Which parameters each action takes."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk
from ckan.types import Schema

from ckanext.municipal.budget.logic import validators as v
from ckanext.municipal.budget.phases import Side
from ckanext.municipal.budget.published import own_municipality

_MOST = 32_000  # as DataStore's own search
_SIDES = tuple(side.value for side in Side)


def _get(name: str) -> Any:
    return tk.get_validator(name)


def _optional(*validators: Any) -> list[Any]:
    return [_get("ignore_missing"), *validators]


def _with_default(value: Any, *validators: Any) -> list[Any]:
    return [_get("default")(value), *validators]


def _municipality() -> list[Any]:
    return _with_default(own_municipality(), v.words)


def _schema(**fields: list[Any]) -> Schema:
    return {**fields, "__extras": [v.unknown_parameter]}


def years() -> Schema:
    """Parameters of ``municipal_budget_years``."""
    return _schema(municipality=_municipality())


def _year(**fields: list[Any]) -> Schema:
    return _schema(
        municipality=_municipality(),
        year=[_get("not_missing"), _get("not_empty"), v.fiscal_year],
        as_of=_optional(v.moment),
        **fields,
    )


def lines() -> Schema:
    """Parameters of ``municipal_budget_lines``."""
    return _year(
        side=_optional(v.one_of(*_SIDES)),
        service=_optional(v.words),
        code=_optional(v.words),
        path=_optional(v.path),
        by=_with_default("chart", v.one_of("chart", "service")),
        q=_optional(v.words),
        sort=_with_default("code", v.sort_by),
        limit=_with_default(100, v.whole_number(0, _MOST)),
        offset=_with_default(0, v.whole_number(0, 10_000_000)),
    )


def tree() -> Schema:
    """Parameters of ``municipal_budget_tree``."""
    return _year(
        side=_with_default(Side.EXPENDITURE.value, v.one_of(*_SIDES)),
        by=_with_default("chart", v.one_of("chart", "service")),
        depth=_with_default(1, v.whole_number(0, 9)),
        path=_optional(v.path),
    )


def execution() -> Schema:
    """Parameters of ``municipal_budget_execution``."""
    return _year(
        side=_with_default(Side.EXPENDITURE.value, v.one_of(*_SIDES)),
        code=_optional(v.words),
        service=_optional(v.words),
        line=_optional(v.words),
    )


def compare() -> Schema:
    """Parameters of ``municipal_budget_compare``."""
    return _schema(
        municipality=_municipality(),
        years=_optional(v.fiscal_years),
        side=_with_default(Side.EXPENDITURE.value, v.one_of(*_SIDES)),
        level=_with_default("4", v.level),
        limit=_with_default(1000, v.whole_number(0, _MOST)),
        offset=_with_default(0, v.whole_number(0, 10_000_000)),
    )
