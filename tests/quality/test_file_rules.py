"""Rules of files: the example of each breaks it, what is right breaks none, faults are found where they are."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from planted import FAULTS, Fault, plant, table, written

from ckanext.municipal.portal.geojson import Box
from ckanext.municipal.quality.files.checking import Options, Verdict, check
from ckanext.municipal.quality.findings import Severity
from ckanext.municipal.quality.rules import RULES

CITY = Box(19.0, 34.0, 30.0, 42.0)
# What an example of a rule cannot but break as well: a wrong number is still somebody's number.
_ALSO = {"personal-data"}


def checked(path: Path, data: bytes, **options: Any) -> Verdict:
    path.write_bytes(data)
    return check(path, options=Options(box=CITY, keep=5_000, **options))


@pytest.mark.parametrize("rule_id", RULES)
def test_the_example_of_a_rule_breaks_it_and_no_other(rule_id: str, tmp_path: Path):
    example = RULES[rule_id].example
    before = None
    if example.before:
        last = checked(tmp_path / "before.csv", example.before.encode())
        before = last.tables[0].schema.as_json()
    verdict = checked(tmp_path / example.name, example.data, schema=example.schema, before=before)
    found = {finding.rule.id for finding in verdict.findings}
    assert rule_id in found
    assert found - _ALSO <= {rule_id}
    for finding in verdict.findings:
        for language in ("el", "en"):
            assert "{" not in finding.message(language)
            assert finding.remedy(language)


@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1253", "utf-16"])
@pytest.mark.parametrize("rows", [12, 300, 3_000])
def test_a_table_without_a_fault_has_no_error_and_no_warning(
    language: str, encoding: str, rows: int, tmp_path: Path
):
    verdict = checked(tmp_path / "good.csv", written(table(language, rows, rows), encoding))
    told = {f.rule.id for f in verdict.findings if f.rule.severity is not Severity.NOTE}
    assert told - _ALSO == set()
    [one] = verdict.tables
    assert one.schema.rows == rows
    types = [field.type.value for field in one.schema.fields]
    assert types == ["text", "text", "date", "numeric", "text", "text", "numeric", "numeric"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.rule)
def test_planted_faults_are_found_and_nothing_else(fault: Fault, tmp_path: Path):
    right: dict[str, int] = defaultdict(int)
    for language in ("el", "en"):
        for rows, times in ((60, 1), (400, 2), (1_500, 7), (6_000, 20), (20_000, 60)):
            seed = random.Random(f"{fault.rule}{language}{rows}").randint(0, 10**6)
            made = table(language, rows, seed)
            planted = plant(made, fault, times, seed)
            verdict = checked(tmp_path / "planted.csv", written(made))
            found = {f.place.row for f in verdict.findings if f.rule.id == fault.rule}
            right["planted"] += len(planted)
            right["found"] += len(found)
            right["both"] += len(found & planted)
            others = {f.rule.id for f in verdict.findings if f.rule.severity is Severity.ERROR}
            assert others - {fault.rule} == set(), (language, rows)
    assert right["both"] >= 0.98 * right["planted"], dict(right)
    assert right["both"] >= 0.98 * right["found"], dict(right)
