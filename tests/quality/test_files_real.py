"""Real files of cities: what is right in them is not called wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.municipal.quality.files.checking import check
from ckanext.municipal.quality.findings import Severity

# What these files really have wrong.
_ERRORS = {"expenditure-2017.derived.csv": {"value-misfit": 12}}
_KINDS = {".csv", ".xlsx", ".json"}


def test_no_real_file_has_an_error_that_is_none(shared: Path):
    files = sorted(f for f in (shared / "data").rglob("*") if f.suffix in _KINDS)
    assert len(files) > 40
    for path in files:
        verdict = check(path)
        severity = {f.rule.id: f.rule.severity for f in verdict.findings}
        errors = {
            rule: count
            for (rule, _sheet, _field), count in verdict.counts.items()
            if severity[rule] is Severity.ERROR
        }
        assert verdict.readable, path.name
        assert errors == _ERRORS.get(path.name, {}), path.name


@pytest.mark.parametrize(
    ("name", "rule", "count"),
    [
        ("issues/stlouis/2009.csv", "row-duplicate", 43),
        ("budget/expenditure-2017.derived.csv", "letters-look-alike", 2),
        ("budget/thessaloniki-2016/expenses/2016_04_01_22.54.csv", "encoding-not-utf8", 1),
    ],
)
def test_what_is_known_to_be_wrong_is_found(shared: Path, name: str, rule: str, count: int):
    verdict = check(shared / "data" / name)
    assert sum(n for (found, *_), n in verdict.counts.items() if found == rule) == count
