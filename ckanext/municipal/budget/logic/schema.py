"""Which parameters each action takes."""

from __future__ import annotations

from typing import Any

from ckan.types import Schema

from ckanext.municipal.budget.logic import validators as v
from ckanext.municipal.budget.phases import Side
from ckanext.municipal.budget.published import own_municipality
from ckanext.municipal.portal.logic.parameters import (
    needed,
    one_of,
    optional,
    schema,
    whole_number,
    with_default,
    words,
)

_MOST = 32_000  # as DataStore's own search
_SIDES = tuple(side.value for side in Side)


def _municipality() -> list[Any]:
    return with_default(own_municipality(), words)


def years() -> Schema:
    """Parameters of ``municipal_budget_years``."""
    return schema(municipality=_municipality())


def _year(**fields: list[Any]) -> Schema:
    return schema(
        municipality=_municipality(),
        year=needed(v.fiscal_year),
        as_of=optional(v.moment),
        **fields,
    )


def lines() -> Schema:
    """Parameters of ``municipal_budget_lines``."""
    return _year(
        side=optional(one_of(*_SIDES)),
        service=optional(words),
        code=optional(words),
        path=optional(v.path),
        by=with_default("chart", one_of("chart", "service")),
        q=optional(words),
        sort=with_default("code", v.sort_by),
        limit=with_default(100, whole_number(0, _MOST)),
        offset=with_default(0, whole_number(0, 10_000_000)),
    )


def tree() -> Schema:
    """Parameters of ``municipal_budget_tree``."""
    return _year(
        side=with_default(Side.EXPENDITURE.value, one_of(*_SIDES)),
        by=with_default("chart", one_of("chart", "service")),
        depth=with_default(1, whole_number(0, 9)),
        path=optional(v.path),
    )


def execution() -> Schema:
    """Parameters of ``municipal_budget_execution``."""
    return _year(
        side=with_default(Side.EXPENDITURE.value, one_of(*_SIDES)),
        code=optional(words),
        service=optional(words),
        line=optional(words),
    )


def compare() -> Schema:
    """Parameters of ``municipal_budget_compare``."""
    return schema(
        municipality=_municipality(),
        years=optional(v.fiscal_years),
        side=with_default(Side.EXPENDITURE.value, one_of(*_SIDES)),
        level=with_default("4", v.level),
        limit=with_default(1000, whole_number(0, _MOST)),
        offset=with_default(0, whole_number(0, 10_000_000)),
    )
